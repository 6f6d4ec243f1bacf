"""The versions of the head that were fitted here: kept beside each other, one of them in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nlp import train
from nlp.backends.encoder import head_in_use, promoted, shipped_head
from nlp.models import Unavailable


def kept_at(models: Path, version: int) -> Path:
    """Where one version stands, in use or not."""
    return promoted(models).with_name(f"standard-{version}.json")


def keep(models: Path, head: dict[str, Any]) -> None:
    """Keep a version without using it."""
    train.write(head, kept_at(models, head["version"]))


def kept(models: Path, version: int, fit: str) -> dict[str, Any] | None:
    """The version if this very fit has made it."""
    try:
        head = train.stored(kept_at(models, version))
    except (OSError, ValueError):
        return None
    return head if head.get("fit") == fit else None


def promote(models: Path, head: dict[str, Any]) -> None:
    """It reads from now on. The one before stays under its version, whoever had promoted it."""
    now = promoted(models)
    if now.is_file():
        before = head_in_use(models).version
        if not kept_at(models, before).is_file():
            train.write(train.stored(now), kept_at(models, before))
    train.write(head, now)


def go_back(models: Path, version: int) -> None:
    """An earlier version reads from now on. Raises `Unavailable` where it is no longer there."""
    if version == shipped_head().version:
        promoted(models).unlink(missing_ok=True)
        return
    try:
        train.write(train.stored(kept_at(models, version)), promoted(models))
    except (OSError, ValueError) as error:
        raise Unavailable("unfit", f"version {version} of the head is no longer there: {error!r}") from error
