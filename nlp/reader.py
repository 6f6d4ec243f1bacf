"""What a process reads with: the wished profile as soon as it can be had, and `fast` until then.

One backend for all packs: a model is in memory once.
"""

from __future__ import annotations

from nlp.backends.base import Backend
from nlp.models import Unavailable
from nlp.packs import load_pack
from nlp.pipeline import Pipeline, space_of
from nlp.registry import FAST, Wish, load_backend
from nlp.topics import TopicFinder


class Reader:
    """Not for several threads at once. Raises `ValueError` for a profile that there is not."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.missing: Unavailable | None = None
        self._topics: dict[str, TopicFinder] = {}
        self._backend: Backend
        self._take()

    def renew(self, *, anyway: bool = False) -> bool:
        """Look again for what was not there yet, or `anyway` for what could not be had for any reason.

        Whether another model reads from now on.
        """
        if self.missing is None:
            return self._take_newer_head()
        if not (anyway or self.missing.code == "not_made"):
            return self._take_newer_head()
        before = self.model
        self._take()
        return self.model != before

    @property
    def stands_in(self) -> bool:
        """Whether `fast` reads because what was wished for is not there yet: to be read again later."""
        return self.missing is not None

    @property
    def model(self) -> str:
        """`name@version`, as every finding carries it."""
        return self._backend.name

    @property
    def space(self) -> str | None:
        """What the meanings that it makes can be compared with; None where it reads words alone."""
        return space_of(self._backend)

    def pipeline(self, pack: str) -> Pipeline:
        if pack not in self._topics:
            self._topics[pack] = TopicFinder(load_pack(pack))
        return Pipeline(self._backend, self._topics[pack], self.missing)

    @property
    def backend(self) -> Backend:
        return self._backend

    def _take_newer_head(self) -> bool:
        """A head that was promoted or taken back reads at once; the encoder stays in memory."""
        look = getattr(self._backend, "newer", None)
        newer: Backend | None = look() if look else None
        if newer is not None:
            self._backend = newer
        return newer is not None

    def _take(self) -> None:
        try:
            self._backend, self.missing = load_backend(self.wish), None
        except Unavailable as missing:
            self._backend, self.missing = load_backend(Wish(FAST, self.wish.models)), missing
