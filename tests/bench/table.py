"""What was measured, as a table for people and a file for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was measured: figures by name, in the order in which they are read."""

    name: str
    figures: dict[str, float]

    def __str__(self) -> str:
        return f"{self.name}\n    " + "  ".join(
            f"{name} {_written(value)}" for name, value in self.figures.items()
        )


def write(lines: Sequence[Line], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(line) for line in lines], indent=2) + "\n", encoding="utf-8")


def _written(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
