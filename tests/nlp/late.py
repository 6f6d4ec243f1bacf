"""A `standard` that is not there until somebody says so: words alone, under another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from nlp import registry
from nlp.backends.base import Backend, Reading
from nlp.backends.lexical import LexicalBackend
from nlp.models import Progress, Unavailable
from nlp.registry import Profile, Wish
from nlp.texts import Document


class Late(LexicalBackend):
    name = "standard@9"

    def score(self, documents: Sequence[Document]) -> list[Reading]:
        """It finds the contrary of what words say, so that one can tell who has read."""
        return [replace(reading, log_odds=-reading.log_odds) for reading in super().score(documents)]


@dataclass
class LateModel:
    """`arrives()` puts it into the folder of models; `cannot_be_had()` says that nothing ever will."""

    file: Path
    trouble: Unavailable | None = None

    def arrives(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.touch()

    def cannot_be_had(self, code: str = "not_carried") -> None:
        self.trouble = Unavailable(code, "the package carries no weights")

    def load(self, wish: Wish) -> Backend:
        if not self.file.exists():
            raise Unavailable("not_made", "not yet")
        return Late()

    def prepare(self, wish: Wish, progress: Progress) -> None:
        if self.trouble:
            raise self.trouble
        for share in (0.0, 0.5, 1.0):
            progress(share)
        self.arrives()


@contextmanager
def late_standard(models: Path) -> Iterator[LateModel]:
    """In place of the real profile, for as long as it lasts."""
    model, real = LateModel(models / "late"), registry.PROFILES["standard"]
    registry.PROFILES["standard"] = Profile(model.load, model.prepare)
    try:
        yield model
    finally:
        registry.PROFILES["standard"] = real
