"""The versions of the heads that were fitted here: kept beside each other, one of each profile in use."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from nlp.head_files import SHIPPED_WORDS, STANDARD, kept_at, promoted
from nlp.models import Unavailable


def keep(models: Path, head: dict[str, Any], profile: str = STANDARD) -> None:
    """Keep a version without using it."""
    _write(head, kept_at(models, head["version"], profile))


def kept(models: Path, version: int, fit: str, profile: str = STANDARD) -> dict[str, Any] | None:
    """The version if this very fit has made it."""
    try:
        head = _stored(kept_at(models, version, profile))
    except (OSError, ValueError):
        return None
    return head if head.get("fit") == fit else None


def promote(models: Path, head: dict[str, Any], profile: str = STANDARD) -> None:
    """It reads from now on. The one before stays under its version, whoever had promoted it."""
    now = promoted(models, profile)
    if now.is_file():
        before = _stored(now)
        if not kept_at(models, before["version"], profile).is_file():
            _write(before, kept_at(models, before["version"], profile))
    _write(head, now)


def go_back(models: Path, version: int, profile: str = STANDARD) -> None:
    """An earlier version reads from now on. Raises `Unavailable` where it is no longer there."""
    if version == _shipped(profile):
        promoted(models, profile).unlink(missing_ok=True)
        return
    try:
        _write(_stored(kept_at(models, version, profile)), promoted(models, profile))
    except (OSError, ValueError) as error:
        raise Unavailable("unfit", f"version {version} of the head is no longer there: {error!r}") from error


def _shipped(profile: str) -> int:
    if profile != STANDARD:
        return SHIPPED_WORDS
    from nlp.backends.encoder import shipped_head

    return shipped_head().version


def _stored(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _write(head: dict[str, Any], path: Path) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(json.dumps(head, indent=1) + "\n", "utf-8")
    half.replace(path)
