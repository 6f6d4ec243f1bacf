"""Fifty corrections make a new head: the gate decides, workers read with it at once, one click goes back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from cem.domain.corrections import Correction
from cem.domain.learning import ENOUGH, is_frozen
from cem.domain.reasons import Refused
from cem.domain.vocabulary import HeadState
from cem.engine import corrections, learning, triage, understanding
from cem.engine.intake_lookup import Receipt
from cem.engine.outbox import Claim
from cem.extensions import db
from cem.models import FindingsRow, HeadRow
from nlp import corpus, gate, train
from nlp.backends.encoder import head_in_use, shipped_head
from nlp.head_files import promoted
from tests.conftest import Databases
from tests.engine.readings import findings
from tests.nlp.weights import real_models
from tests.world import World
from workers.jobs import refit


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> str:
    """One of the two: fits take seconds, and test_learning_asked.py asks both."""
    return databases.sqlite(tmp_path)


@pytest.fixture
def few(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Real weights in a folder of its own, and few sentences, so that a fit takes a second or two."""
    models = tmp_path / "models"
    models.mkdir()
    for folder in real_models(pytestconfig).iterdir():
        if folder.is_dir():
            (models / folder.name).symlink_to(folder)
    everything, cases = corpus.sentences, corpus.challenges()[:4]
    monkeypatch.setattr(corpus, "sentences", lambda part=None: everything(part)[::12])
    monkeypatch.setattr(corpus, "challenges", lambda: cases)
    monkeypatch.setattr(train, "PARTS", 2)
    return models


@pytest.fixture
def hub(world: World, few: Path) -> Iterator[World]:
    """It reads with the encoder. Nothing is done in the background unless the test does it."""
    settings = world.app.extensions["cem_settings"]
    world.app.extensions["cem_settings"] = replace(settings, profile="standard", models=few)
    world.app.extensions.pop("cem_reader", None)
    yield world
    world.app.extensions.pop("cem_reader", None)


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vectors") / refit.FEATURES


def features_of(world: World) -> Path:
    return Path(world.app.extensions["cem_settings"].instance) / refit.FEATURES


def corrected(world: World, turned: bool = False) -> list[Receipt]:
    """Fifty sentences that people judged as they are; or all there are, three times, the wrong way round."""
    rows = [row for row in corpus.sentences("train") if row.level]
    rows = rows * 3 if turned else rows[:ENOUGH]
    assert len(rows) >= ENOUGH
    said = [(world.say(row.text), -row.level if turned else row.level) for row in rows]
    triage.apply([(receipt.feedback_id, findings("neutral", model="standard@1")) for receipt, _ in said])
    for receipt, level in said:
        corrections.correct(receipt.feedback_id, Correction(level), world.actor("lin"))
    return [receipt for receipt, _ in said]


def the_head() -> HeadRow:
    db.session.rollback()
    return db.session.scalars(select(HeadRow)).one()


def fit(times: int = 1) -> HeadRow:
    """A worker does the job, as often as it takes."""
    id = the_head().id
    for _ in range(times):
        refit.run([Claim(id, "refit", "nlp", {"head": str(id)}, 1)])
    return the_head()


def test_a_better_head_reads_at_once_and_older_findings_keep_their_version(
    hub: World, few: Path, vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "refusals", lambda before, after: ())
    receipts = corrected(hub)
    reader = understanding.reader()
    assert reader.model == f"standard@{shipped_head().version}"
    monkeypatch.setattr(refit, "AT_ONCE", 100)
    row = fit()
    assert row.state is HeadState.ASKED, "it takes turns with the texts"
    monkeypatch.setattr(refit, "AT_ONCE", 10_000)
    assert features_of(hub).is_file()
    row = fit(times=3)  # fitted, measured, and once more by a second worker
    assert row.state is HeadState.PROMOTED and row.before == shipped_head().version
    assert row.version == shipped_head().version + 1 == head_in_use(few).version
    shutil.copy(features_of(hub), vectors)
    frozen = sum(is_frozen(each.feedback_id) for each in receipts)
    assert row.report is not None
    assert (row.report["learned"], row.report["measured"]) == (ENOUGH - frozen, frozen)
    assert understanding.reader().model == f"standard@{row.version}"
    rows = db.session.scalars(select(FindingsRow.model).where(FindingsRow.corrected_by.is_not(None)))
    assert set(rows) == {"standard@1"}, "what was read before keeps the version that read it"

    assert learning.roll_back(row.id, few, hub.actor("admin")) == shipped_head().version
    assert understanding.reader().model == f"standard@{shipped_head().version}"
    assert not promoted(few).exists() and the_head().state is HeadState.ROLLED_BACK
    with pytest.raises(Refused):
        learning.roll_back(row.id, few, hub.actor("admin"))


def test_a_head_that_learned_the_contrary_is_refused_and_the_old_one_reads_on(
    hub: World, few: Path, vectors: Path
) -> None:
    corrected(hub, turned=True)
    if vectors.is_file():  # the test before has embedded the same texts
        shutil.copy(vectors, features_of(hub))
    row = fit(times=2)
    assert row.state is HeadState.REFUSED and row.report is not None
    codes = {refusal["code"] for refusal in row.report["refusals"]}
    parts = {refusal["part"] for refusal in row.report["refusals"]}
    assert "worse" in codes and "held_out" in parts
    assert head_in_use(few) == shipped_head()
    assert (few / "heads" / f"standard-{row.version}.json").is_file(), "it is kept all the same"
