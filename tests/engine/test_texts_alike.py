"""Twenty paraphrases from one address are flagged; many guests about one dish are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from cem.domain.coordination import FLAG
from cem.domain.submission import Submission
from cem.domain.vocabulary import Channel
from cem.engine import coordination, triage
from cem.engine.meanings import Made
from cem.extensions import db
from cem.http.senders import Senders
from cem.models import AuditRow, Case, Feedback
from nlp.pipeline import Pipeline, TextIn, load
from tests.engine.readings import findings
from tests.nlp.alike import ONE_DISH, PARAPHRASES
from tests.nlp.weights import real_models
from tests.world import World


@pytest.fixture(scope="module")
def pipeline(pytestconfig: pytest.Config) -> Pipeline:
    return load("standard", models=real_models(pytestconfig))


def submit(world: World, texts: Sequence[str]) -> list[UUID]:
    return [world.say(text).feedback_id for text in texts]


def understand(world: World, pipeline: Pipeline, texts: Sequence[str]) -> list[UUID]:
    ids = submit(world, texts)
    understood = pipeline.understand([TextIn(text) for text in texts])
    meanings = {id: each.meaning for id, each in zip(ids, understood, strict=True) if each.meaning}
    assert pipeline.space is not None
    triage.apply([(id, findings("neutral")) for id in ids], meanings=Made(pipeline.space, meanings))
    return ids


def together(ids: Sequence[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    return {id: list(ids) for id in ids}


def flagged() -> set[UUID]:
    db.session.rollback()
    rows = db.session.execute(select(Feedback.id, Feedback.flags))
    return {id for id, flags in rows if FLAG in (flags or ())}


def test_twenty_paraphrases_from_one_address_are_flagged_and_parted_again(
    world: World, pipeline: Pipeline
) -> None:
    ids = understand(world, pipeline, PARAPHRASES)
    assert coordination.look(ids, together(ids)) == 20
    assert coordination.look(ids, together(ids)) == 0, "looking twice changes nothing"
    assert flagged() == set(ids)
    group = coordination.group_of(ids[3:4])
    assert group is not None and group.reason.args == {"count": 20, "hours": 1, "common": "address"}
    assert coordination.of_group(group.id, "group/west/") is None
    assert coordination.part(group.id, "group/", world.actor("lin")) == 20
    assert flagged() == set() and coordination.group_of(ids) is None
    assert coordination.look(ids, together(ids)) == 0, "a person has said that they are many"
    actions = db.session.scalars(select(AuditRow.action).where(AuditRow.action.startswith("feedback."))).all()
    assert {"feedback.alike", "feedback.not_alike"} <= set(actions)


def test_twenty_guests_about_one_dish_are_not(world: World, pipeline: Pipeline) -> None:
    ids = understand(world, pipeline, [*ONE_DISH, *PARAPHRASES[:3]])
    assert coordination.look(ids, together(ids)) == 3
    assert flagged() == set(ids[20:]), "the whole restaurant has one address"


def test_short_praise_and_what_has_nothing_in_common_is_not(world: World) -> None:
    short = submit(world, ["很好"] * 6 + ["good"] * 6)
    apart = submit(world, PARAPHRASES[:6])
    assert coordination.look([*short, *apart], together(short)) == 0


def test_one_name_or_one_customer_is_enough(world: World) -> None:
    def review(text: str, author: str) -> UUID:
        given = Submission(Channel.REVIEW, "bund", text=text, attributes={"author": author})
        return world.submit(given).feedback_id

    named = [review(text, "吃货小王") for text in PARAPHRASES[:3]] + [review(PARAPHRASES[3], "小王")]
    same = [world.say(text, tier_of="one").feedback_id for text in (PARAPHRASES[0], *PARAPHRASES[6:8])]
    assert coordination.look([*named, *same], {}) == 6
    assert flagged() == {*named[:3], *same}


def test_it_excuses_nothing_and_stops_no_page(world: World) -> None:
    ids = submit(world, PARAPHRASES[:4])
    coordination.look(ids, together(ids))
    triage.apply([(id, findings("negative", "food_poisoning")) for id in ids])
    world.settle()
    assert db.session.scalar(select(db.func.count()).select_from(Case)) == 4
    assert flagged() == set(ids) and world.told("page")


class Away:
    """A queue server that is not there."""

    def __getattr__(self, name: str) -> object:
        raise ConnectionError


def test_without_the_queue_server_nobody_is_told_and_nothing_fails(tmp_path: Path) -> None:
    gone = Senders(Away())  # type: ignore[arg-type]
    gone.note(UUID(int=1), "somebody")
    assert gone.sent_with([UUID(int=1)]) == {}
