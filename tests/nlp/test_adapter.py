"""What the upper layers of the encoder were taught: kept, put into the graph beside them, and learned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nlp.models import adapter, convert, store
from nlp.models.adapter import Adapter
from nlp.models.carried import Carried
from nlp.models.embedder import Embedder, Passage
from nlp.models.names import LAYER
from nlp.told import ANY_RISK, TOLD, Told
from tests.nlp.weights import EXTRA, HIDDEN, LAYERS, WIDE, need, write_tiny

FIRST = LAYERS - 1
NAME = LAYER.format(FIRST) + "intermediate.dense.weight"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_tiny(tmp_path / "tiny.bin")
    return tmp_path / "tiny.bin"


def taught(version: int = 1, size: float = 0.2) -> Adapter:
    random = np.random.default_rng(version)
    left, right, weight = (
        random.normal(0.0, size, shape).astype(np.float32)
        for shape in ((WIDE, 2), (2, HIDDEN), (TOLD, HIDDEN))
    )
    return Adapter(version, FIRST, {NAME: (left, right)}, weight, np.arange(TOLD, dtype=np.float32))


def ship(made: Adapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package carried it."""
    file = tmp_path / f"adapter-{made.version}.npz"
    adapter.write(made, file)
    monkeypatch.setattr(adapter, "FILE", file)
    adapter.shipped.cache_clear()
    adapter.checksum.cache_clear()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    adapter.shipped.cache_clear()
    adapter.checksum.cache_clear()


def embedded(tmp_path: Path, source: Path) -> tuple[np.ndarray, int]:
    embedder = Embedder(store.ensure(tmp_path / "models", source=source))
    return np.stack([rows[0] for rows in embedder.embed([Passage("good"), Passage("好吃")])]), embedder.told


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    adapter.write(taught(7), tmp_path / "kept.npz")
    found = adapter.read(tmp_path / "kept.npz")
    assert (found.version, found.first, list(found.changes)) == (7, FIRST, [NAME])
    np.testing.assert_allclose(found.weight, taught(7).weight, atol=1e-3)
    np.testing.assert_allclose(found.changes[NAME][0], taught(7).changes[NAME][0], atol=1e-3)


def test_a_change_is_added_to_its_weight_and_to_no_other() -> None:
    values = np.ones((WIDE, HIDDEN), np.float32)
    left, right = taught().changes[NAME]
    found = taught().changed(NAME, values)
    assert found is not None
    np.testing.assert_allclose(found, values + left @ right)
    assert taught().changed(NAME.replace(f".{FIRST}.", ".0."), values) is None


def test_a_model_of_another_size_has_no_adapter(tmp_path: Path, source: Path) -> None:
    assert adapter.fitting(Carried(source).shape) is None
    rows, told = embedded(tmp_path, source)
    assert (rows.shape[1], told) == (HIDDEN, 0)


def test_the_taught_layers_tell_what_their_weights_say_and_the_meaning_stays(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = embedded(tmp_path, source)
    ship(taught(), tmp_path, monkeypatch)
    rows, told = embedded(tmp_path, source)
    assert told == TOLD
    np.testing.assert_array_equal(rows[:, :HIDDEN], before)
    ship(Adapter(2, FIRST, {}, taught().weight, taught().bias), tmp_path, monkeypatch)
    unchanged, _ = embedded(tmp_path, source)
    assert np.abs(rows - unchanged)[:, HIDDEN:].max() > 0.05, "the change of the layer is in what it tells"
    told_of, by_hand = unchanged[:, HIDDEN:] - taught().bias, before @ taught().weight.T
    lengths = np.linalg.norm(told_of, axis=1) * np.linalg.norm(by_hand, axis=1)
    assert ((told_of * by_hand).sum(axis=1) / lengths).min() > 0.99, "else of the mean that the meaning is of"


def test_the_folder_is_made_again_for_another_adapter(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(taught(1), tmp_path, monkeypatch)
    folder = store.ensure(tmp_path / "models", source=source)
    assert convert.is_whole(folder)
    ship(taught(2), tmp_path, monkeypatch)
    assert store.present(tmp_path / "models") is None
    assert store.ensure(tmp_path / "models", source=source) == folder and convert.is_whole(folder)


def test_the_shipped_one_belongs_to_the_encoder_and_tells_every_number() -> None:
    made = adapter.shipped()
    assert made.weight.shape == (TOLD, 384) and made.bias.shape == (TOLD,)
    assert adapter.FILE.stat().st_size < 2_500_000
    for left, right in made.changes.values():
        assert left.shape[1] == right.shape[0] and np.isfinite(left).all() and np.isfinite(right).all()


def test_feelings_are_log_odds_of_praise_and_of_neither() -> None:
    row = np.zeros(TOLD, np.float32)
    row[:ANY_RISK] = 1.0, 5.0, 3.0
    told = Told.of(row)
    assert (told.log_odds, told.neutral) == (2.0, 3.0)
    assert Told.of(row[:0]) == Told(), "a model that was taught nothing"


def test_the_longer_a_text_the_less_they_say() -> None:
    row = np.eye(TOLD, dtype=np.float32)[2]
    said = [Told.of(row).of_sentence("贵" * length).log_odds for length in (0, 1, 20, 60, 400)]
    assert said == sorted(said, reverse=True) and said[0] == 1.0 and 0.0 < said[-1] < 0.2


def test_sentences_teach_what_they_say(tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("full", *EXTRA)
    from nlp import teach
    from nlp.corpus.taught import Taught

    monkeypatch.setattr(teach, "FIRST", FIRST)
    monkeypatch.setattr(teach, "EPOCHS", 100)
    monkeypatch.setattr(teach, "RATE", 5e-3)
    monkeypatch.setattr(teach, "BATCH", 4)
    folder = store.ensure(tmp_path / "models", source=source)
    said = {"good": 1, "good!": 2, "好吃": 1, "好": 1, "é": -1, "é!": -2, "🙂": -1, "🙂!": -1}
    rows = [
        Taught(text=text, level=level, risks=("fraud",) if level == -2 else (), kind="plain")
        for text, level in said.items()
    ]
    shares: list[float] = []
    ship(teach.teach(folder, rows, 3, shares.append), tmp_path, monkeypatch)
    assert shares == sorted(shares) and shares[-1] == 1.0
    embedder = Embedder(store.ensure(tmp_path / "models", source=source))
    told = [Told.of(found[0, HIDDEN:]) for found in embedder.embed([Passage(text) for text in said])]
    assert [one.log_odds > 0 for one in told] == [level > 0 for level in said.values()]
