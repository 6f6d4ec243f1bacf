"""Which backend stands behind a profile. A new one is one line here and passes the shared contract test."""

from __future__ import annotations

from collections.abc import Callable

from nlp.backends.base import Backend


def _fast() -> Backend:
    from nlp.backends.lexical import LexicalBackend

    return LexicalBackend()


BACKENDS: dict[str, Callable[[], Backend]] = {"fast": _fast}


def load_backend(profile: str) -> Backend:
    """Raises `ValueError` for a profile that this installation does not have."""
    if profile not in BACKENDS:
        raise ValueError(f"unknown profile {profile!r}, there are {', '.join(sorted(BACKENDS))}")
    return BACKENDS[profile]()
