"""Where the heads that were fitted here stand: one of them in use, the others kept beside it by version."""

from __future__ import annotations

from pathlib import Path

STANDARD, FAST = "standard", "fast"
SHIPPED_WORDS = 2
"""The version of `fast` that reads while nothing was learned."""


def promoted(models: Path, profile: str = STANDARD) -> Path:
    """The one in use, if one was fitted here."""
    return models / "heads" / f"{profile}.json"


def kept_at(models: Path, version: int, profile: str = STANDARD) -> Path:
    """Where one version stands, in use or not."""
    return models / "heads" / f"{profile}-{version}.json"


def stamp(models: Path | None, profile: str = STANDARD) -> tuple[int, int] | None:
    """Changes whenever another head is promoted."""
    if models is None:
        return None
    try:
        found = promoted(models, profile).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
