"""The last evaluations of each profile: what the model card shows. Shipped ones, until this hub made its own.

A run is a document of `nlp.tables` with who made it: `profile`, `data` (`own`: our held out sentences, the
challenge list and the blind exam; `folder`: labelled files of somebody), `name`, `made_at` (ISO 8601) and
`corpus`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

Run = dict[str, Any]

SHIPPED = Path(__file__).parent / "heads" / "evaluation.json"
FORMAT = 1


def kept_at(instance: Path) -> Path:
    """Where a hub keeps its own."""
    return instance / "evaluation.json"


def shown(instance: Path) -> list[Run]:
    """The newest run of each profile and kind of data; one of this hub stands before a shipped one."""
    return sorted(_merged(read(SHIPPED), read(kept_at(instance))), key=_order)


def read(path: Path) -> list[Run]:
    """The runs of a file; none where it is not there, is broken or is of another format."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return list(content["runs"]) if content["format"] == FORMAT else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def keep(run: Run, path: Path) -> None:
    """Add a run to a file, in the place of the one of the same profile and kind of data."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    content = {"format": FORMAT, "runs": sorted(_merged(read(path), [run]), key=_order)}
    half.write_text(json.dumps(_rounded(content), ensure_ascii=False, indent=1) + "\n", "utf-8")
    half.replace(path)


def _merged(older: list[Run], newer: list[Run]) -> list[Run]:
    return list({_key(run): run for run in (*older, *newer)}.values())


def _key(run: Run) -> tuple[str, str]:
    return run["profile"], run["data"]


def _order(run: Run) -> tuple[bool, bool, str]:
    return run["profile"] == "fast", run["data"] != "own", run["profile"]


def _rounded(value: Any) -> Any:
    """Four places are more than was measured."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
