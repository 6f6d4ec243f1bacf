"""The `full` profile: any model that sentence-transformers loads, by its folder or its id on a model hub.

Without one it takes the folder of `standard`, whose head it shares. For any other model a head is fitted once
on the sentences of the package, by the model's own vectors, and kept in the folder of models.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import numpy as np

from nlp.backends.encoder import EncoderBackend, Head, head_in_use
from nlp.models import Progress, Unavailable, adapter
from nlp.models.adapter import Adapter
from nlp.models.carried import Floats
from nlp.models.embedder import Passage
from nlp.told import TOLD

TOKENS: Final = 128
BATCH: Final = 32
EXTRA: Final = "the nlp extra is not installed: pip install 'answered[nlp]'"


class TorchEmbedder:
    """Whole texts to unit vectors by sentence-transformers, on the device that it chooses.

    `adapter`: of these very weights; what the layers tell that it changes stands in a row behind the vector.
    """

    def __init__(self, model: str, adapter: Adapter | None = None) -> None:
        self._model = _loaded(model)
        self._model.max_seq_length = min(TOKENS, self._model.max_seq_length or TOKENS)
        self._prompt = self._model.prompts.get("query", "")
        self._adapter = adapter
        self._changed = _changed(self._model, adapter) if adapter else None
        self.told = TOLD if adapter else 0

    def embed(self, passages: Sequence[Passage]) -> list[Floats]:
        """For each passage (1, dimensions + `told`)."""
        if not passages:
            return []
        texts = [passage.text.encode("utf-8", "replace").decode("utf-8") for passage in passages]
        rows = self._means(self._model, texts, normalize=True)
        if self._adapter:
            told = self._means(self._changed, texts, normalize=False) @ self._adapter.weight.T
            rows = np.concatenate([rows, told + self._adapter.bias], axis=1)
        return [row[None, :] for row in rows]

    def _means(self, model: Any, texts: list[str], *, normalize: bool) -> Floats:
        rows = model.encode(
            texts,
            prompt=self._prompt,
            batch_size=BATCH,
            normalize_embeddings=normalize,
            show_progress_bar=False,
        )
        return np.asarray(rows, np.float32)


class FullBackend(EncoderBackend):
    """As `standard`, by the vectors of any model."""

    def __init__(self, embedder: TorchEmbedder, head: Head, model: str) -> None:
        super().__init__(embedder, head)  # type: ignore[arg-type]
        self.name = f"full-{_slug(model)}@{head.version}"


def load_full(models: Path, model: str | None) -> FullBackend:
    """Raises `Unavailable`: `not_made` where `prepare_full` has to come first."""
    if model is None:
        from nlp.models.store import ENCODER, present

        if (folder := present(models)) is None:
            raise Unavailable("not_made", f"the weights are not in {models} yet")
        return FullBackend(TorchEmbedder(str(folder), adapter.shipped()), head_in_use(models), ENCODER)
    kept = _head_file(models, model)
    if not kept.exists():
        raise Unavailable("not_made", f"no head has been fitted for {model} yet")
    head = Head.of(json.loads(kept.read_text("utf-8")))
    return FullBackend(TorchEmbedder(model), head, model)


def prepare_full(models: Path, model: str | None, progress: Progress) -> None:
    """Convert the carried weights, or load the named model, from its hub where need be, and fit its head."""
    _need_extra()
    if model is None:
        from nlp.models.store import ensure

        ensure(models, progress)
    elif not (kept := _head_file(models, model)).exists():
        _fit_head(model, kept, progress)


def _fit_head(model: str, kept: Path, progress: Progress) -> None:
    from nlp import corpus, train

    count, done = len(corpus.sentences("train")), 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        progress(0.9 * done / count)

    progress(0.0)
    head = train.candidate(TorchEmbedder(model), model, 1, advance=advance)  # type: ignore[arg-type]
    try:
        train.write(head, kept)
    except OSError as error:
        raise Unavailable("failed", f"the head could not be written to {kept.parent}: {error}") from error
    progress(1.0)


def _loaded(model: str) -> Any:
    _need_extra()
    from sentence_transformers import SentenceTransformer

    if model.startswith((".", "/", "~")) and not Path(model).expanduser().is_dir():
        raise Unavailable("failed", f"there is no folder {model}")
    try:
        return SentenceTransformer(model, local_files_only=Path(model).is_dir())
    except Exception as error:  # a missing folder, a hub that cannot be reached, weights of another kind
        raise Unavailable("failed", f"{model} cannot be loaded: {str(error).splitlines()[0]}") from error


def _changed(model: Any, adapter: Adapter) -> Any:
    """A second model whose upper layers are as they were taught; it gives means that are not normalised."""
    import torch
    from sentence_transformers import SentenceTransformer

    transformer, pooling = deepcopy(model[0]), model[1]
    with torch.no_grad():
        for name, weight in transformer.auto_model.named_parameters():
            if (values := adapter.changed(name, weight.cpu().numpy())) is not None:
                weight.copy_(torch.from_numpy(values))
    return SentenceTransformer(modules=[transformer, pooling])


def _need_extra() -> None:
    try:
        import sentence_transformers  # noqa: F401
    except ImportError as error:
        raise Unavailable("no_extra", EXTRA) from error


def _head_file(models: Path, model: str) -> Path:
    """Of this model and these sentences."""
    from nlp import corpus

    told = hashlib.sha256(f"{model} {corpus.checksum('train')}".encode()).hexdigest()[:12]
    return models / "heads" / f"{_slug(model)}-{told}.json"


def _slug(model: str) -> str:
    name = Path(model).name.lower() or "model"
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60] or "model"
