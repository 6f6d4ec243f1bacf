"""Where each carried tensor stands in a `BertModel`, so that others can load the folder too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nlp.models.carried import Carried, Floats, Rows

LAYER = "encoder.layer.{}."
_MATRICES = (
    ("q", "attention.self.query"),
    ("k", "attention.self.key"),
    ("v", "attention.self.value"),
    ("ao", "attention.output.dense"),
    ("fi", "intermediate.dense"),
    ("fo", "output.dense"),
)
_NORMS = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))


def state(carried: Carried, rows: Rows) -> Iterator[tuple[str, Floats]]:
    """Every tensor under its name in `BertModel`, one at a time; of the table of pieces only `rows`."""
    hidden = carried.shape.hidden
    yield "embeddings.word_embeddings.weight", carried.matrix("emb.word", hidden, rows)
    yield "embeddings.position_embeddings.weight", carried.table("emb.pos", hidden)
    types = carried.table("emb.type", hidden)
    yield "embeddings.token_type_embeddings.weight", np.resize(types, (carried.shape.types, hidden))
    yield from _norm(carried, "emb.ln", "embeddings.LayerNorm")
    for layer in range(carried.shape.layers):
        yield from _layer(carried, layer)


def _layer(carried: Carried, layer: int) -> Iterator[tuple[str, Floats]]:
    for short, name in _MATRICES:
        columns = carried.shape.feed_forward if short == "fo" else carried.shape.hidden
        full = LAYER.format(layer) + name
        yield f"{full}.weight", carried.matrix(f"l{layer}.{short}.w", columns)
        yield f"{full}.bias", carried.vector(f"l{layer}.{short}.b")
    for short, name in _NORMS:
        yield from _norm(carried, f"l{layer}.{short}", LAYER.format(layer) + name)


def _norm(carried: Carried, short: str, name: str) -> Iterator[tuple[str, Floats]]:
    yield f"{name}.weight", carried.vector(f"{short}.w")
    yield f"{name}.bias", carried.vector(f"{short}.b")
