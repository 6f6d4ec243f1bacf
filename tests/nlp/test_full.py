"""The `full` profile: any model that sentence-transformers loads, and what is said where none can be had."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlp import corpus
from nlp.models import Unavailable, adapter, convert, quietly
from nlp.models.embedder import Embedder, Passage
from nlp.models.store import NAME
from nlp.pipeline import TextIn, load
from nlp.registry import Wish, load_backend, prepare
from tests.nlp.test_models_for_real import TEXTS
from tests.nlp.weights import EXTRA, POSITIONS, need, write_tiny


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Somebody's own model in a folder, and few sentences to fit its head on."""
    need("full", *EXTRA)
    write_tiny(tmp_path / "tiny.bin")
    folder = tmp_path / "Own Model"
    folder.mkdir()
    convert.convert(tmp_path / "tiny.bin", folder)
    length = {"max_seq_length": POSITIONS, "do_lower_case": False}
    (folder / "sentence_bert_config.json").write_text(json.dumps(length))
    few = corpus.sentences("train")[::40]
    monkeypatch.setattr(corpus, "sentences", lambda part: few)
    return str(folder)


def test_any_folder_is_a_model_and_its_head_is_fitted_once(tiny: str, tmp_path: Path) -> None:
    wish = Wish("full", tmp_path / "models", tiny)
    with pytest.raises(Unavailable, match="no head has been fitted"):
        load_backend(wish)
    shares: list[float] = []
    prepare(wish, shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0
    (head,) = (tmp_path / "models" / "heads").glob("own-model-*.json")
    made = head.stat().st_mtime_ns
    prepare(wish, quietly)
    assert head.stat().st_mtime_ns == made
    pipeline = load("full", models=tmp_path / "models", model=tiny)
    assert pipeline.missing is None and pipeline.model == "full-own-model@1"
    assert all(-1 <= found.sentiment.score <= 1 for found in pipeline.analyse([TextIn("很好吃"), TextIn("")]))


def test_it_embeds_as_standard_does(models: Path) -> None:
    need("full", *EXTRA)
    from nlp.backends.full import TorchEmbedder

    passages = [Passage(text) for text in TEXTS]
    theirs = np.concatenate(TorchEmbedder(str(models / NAME), adapter.shipped()).embed(passages))
    ours = np.stack([rows[0] for rows in Embedder(models / NAME).embed(passages)])
    assert np.sum((ours * theirs)[:, : -adapter.TOLD], axis=1).min() >= 0.994
    told = np.abs(ours - theirs)[:, -adapter.TOLD :]
    assert told.mean() < 0.25, "what the taught layers tell is the same but for eight bits"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    need("full", *EXTRA)
    pipeline = load("full", models=tmp_path, model=str(tmp_path / "nowhere"))
    assert pipeline.model == "fast@2"
    assert pipeline.missing is not None and "nowhere" in str(pipeline.missing)


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    pipeline = load("full", models=tmp_path)
    assert pipeline.model == "fast@2"
    assert pipeline.missing is not None and pipeline.missing.code == "no_extra"
    assert "pip install" in str(pipeline.missing)
