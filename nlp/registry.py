"""Which backend stands behind a profile. A new one is one line here and passes the shared contract test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nlp.backends.base import Backend
from nlp.models import Progress, Unavailable

FAST: Final = "fast"
"""The profile that always works and stands in for the others."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to read with. `models` is the folder of converted weights; `model` a folder or a
    hub id, for `full` alone."""

    profile: str = FAST
    models: Path | None = None
    model: str | None = None

    @property
    def folder(self) -> Path:
        if self.models is None:
            raise Unavailable("no_folder", "no folder for the weights was named")
        return self.models


def _fast(wish: Wish) -> Backend:
    if wish.models is None:
        from nlp.backends.lexical import LexicalBackend

        return LexicalBackend()
    from nlp.backends.reweighed import ReweighedWords, Scales, in_use
    from nlp.head_files import SHIPPED_WORDS

    try:
        return ReweighedWords(in_use(wish.models), wish.models)
    except Unavailable:
        return ReweighedWords(Scales(SHIPPED_WORDS, {}), wish.models)


def _standard(wish: Wish) -> Backend:
    try:
        from nlp.backends.encoder import load_encoder
    except ImportError as error:
        raise Unavailable("no_runtime", str(error)) from error

    return load_encoder(wish.folder, make=False)


def _prepare_nothing(wish: Wish, progress: Progress) -> None:
    """Words are in the package."""


def _prepare_standard(wish: Wish, progress: Progress) -> None:
    try:
        import nlp.backends.encoder  # noqa: F401
        from nlp.models.store import ensure
    except ImportError as error:
        raise Unavailable("no_runtime", str(error)) from error

    ensure(wish.folder, progress)


def _full(wish: Wish) -> Backend:
    try:
        from nlp.backends.full import load_full
    except ImportError as error:
        raise Unavailable("no_runtime", str(error)) from error

    return load_full(wish.folder, wish.model)


def _prepare_full(wish: Wish, progress: Progress) -> None:
    try:
        from nlp.backends.full import prepare_full
    except ImportError as error:
        raise Unavailable("no_runtime", str(error)) from error

    prepare_full(wish.folder, wish.model, progress)


@dataclass(frozen=True, slots=True)
class Profile:
    """`load` takes what is there, a second or so; `prepare` makes what is not, however long that takes."""

    load: Callable[[Wish], Backend]
    prepare: Callable[[Wish, Progress], None]


PROFILES: Final[dict[str, Profile]] = {
    FAST: Profile(_fast, _prepare_nothing),
    "standard": Profile(_standard, _prepare_standard),
    "full": Profile(_full, _prepare_full),
}


def load_backend(wish: Wish) -> Backend:
    """Raises `ValueError` for a profile that there is not, `Unavailable` for one that cannot work here, or
    not yet (`not_made`)."""
    return _profile(wish).load(wish)


def prepare(wish: Wish, progress: Progress) -> None:
    """Make what the profile needs, unless it is there; waits while another process does so.

    `progress` is told a share of 0..1. Raises as `load_backend` does.
    """
    _profile(wish).prepare(wish, progress)


def _profile(wish: Wish) -> Profile:
    if wish.profile not in PROFILES:
        raise ValueError(f"unknown profile {wish.profile!r}, there are {', '.join(sorted(PROFILES))}")
    return PROFILES[wish.profile]
