"""How far the making of a model is, written beside the models so that every process and hub can tell."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

State = Literal["making", "failed", "made"]
_FILE = "making.json"


@dataclass(frozen=True, slots=True)
class Note:
    """`share` is 0..1; `code` and `detail` are those of `Unavailable`, where it failed."""

    state: State
    share: float = 0.0
    code: str | None = None
    detail: str | None = None


def write(models: Path, note: Note) -> None:
    """Replace the last note. A folder that cannot be written to has none."""
    with contextlib.suppress(OSError):
        models.mkdir(parents=True, exist_ok=True)
        new = models / f".{_FILE}-{os.getpid()}"
        new.write_text(json.dumps(asdict(note)), "utf-8")
        new.replace(models / _FILE)


def read(models: Path) -> Note | None:
    try:
        return Note(**json.loads((models / _FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
