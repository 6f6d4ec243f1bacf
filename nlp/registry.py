"""Which backend stands behind a profile. A new one is one line here and passes the shared contract test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nlp.backends.base import Backend
from nlp.models import Unavailable


def _fast(models: Path | None, make: bool) -> Backend:
    from nlp.backends.lexical import LexicalBackend

    return LexicalBackend()


def _standard(models: Path | None, make: bool) -> Backend:
    try:
        from nlp.backends.encoder import load_encoder
    except ImportError as error:
        raise Unavailable("no_runtime", str(error)) from error

    if models is None:
        raise Unavailable("no_folder", "no folder for the weights was named")
    return load_encoder(models, make=make)


BACKENDS: dict[str, Callable[[Path | None, bool], Backend]] = {"fast": _fast, "standard": _standard}


def load_backend(profile: str, models: Path | None = None, *, make: bool = True) -> Backend:
    """Raises `ValueError` for a profile that there is not, `Unavailable` for one that cannot work here."""
    if profile not in BACKENDS:
        raise ValueError(f"unknown profile {profile!r}, there are {', '.join(sorted(BACKENDS))}")
    return BACKENDS[profile](models, make)
