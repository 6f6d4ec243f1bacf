"""The same thing sent again is stored once, whoever is faster, on both databases and with real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from cem.database import writing_engine
from cem.engine.intake_writer import IntakeWriter
from cem.extensions import db
from cem.models import Feedback
from surveys.channels import api
from tests.web.api_caller import Caller, caller, feedback
from tests.world import World


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app)


@pytest.fixture
def another_process(world: World) -> Iterator[IntakeWriter]:
    """A second web process has a writer of its own, on the same database."""
    engine = writing_engine(world.app)
    writer = IntakeWriter(lambda: engine)
    yield writer
    writer.drain()


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What they return, begun at the same moment."""
    gate, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number: int) -> None:
        gate.wait()
        results[number] = calls[number]()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def how_many() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Feedback)) or 0


def test_the_same_key_and_body_again_is_the_same_answer(program: Caller) -> None:
    body = feedback(rating={"scale": "csat5", "value": 1})
    first, again = program.send(body, "k"), program.send(body, "k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert how_many() == 1


def test_the_order_and_the_spelling_of_a_body_do_not_matter(program: Caller) -> None:
    program.send(feedback(text="好"), "k")
    spelled = b'{"text": "\\u597d",  "site":"bund","rating":{"value":5,"scale":"csat5"}, "channel":"api"}'
    headers = {"Idempotency-Key": "k"}
    again = program.request(
        "POST", "/feedback", data=spelled, content_type="application/json", headers=headers
    )
    assert again.status_code == 200


def test_the_same_key_with_another_body_is_refused(program: Caller) -> None:
    program.send(feedback(), "k")
    other = program.send(feedback(text="another"), "k")
    assert other.status_code == 409
    assert other.json["error"]["code"] == "key_used_with_another_body"
    assert how_many() == 1


def test_a_key_belongs_to_its_token(world: World, program: Caller) -> None:
    program.send(feedback(), "k")
    assert caller(world.app).send(feedback(text="theirs"), "k").status_code == 201


def test_the_same_thing_from_the_same_source_is_stored_once(program: Caller) -> None:
    source = {"system": "maps", "id": "r-1"}
    first = program.send(feedback(source=source), "a")
    again = program.send(feedback(source=source, text="edited"), "b")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["id"] == first.json["id"]
    assert program.send(feedback(source=source, text="edited"), "b").status_code == 200
    assert program.send(feedback(source=source), "b").status_code == 409, "the key is used by now"


def test_ids_are_repeated_and_states_are_of_now(program: Caller) -> None:
    body = feedback(rating={"scale": "csat5", "value": 1})
    first = program.send(body, "k").json
    program.post(f"/cases/{first['case']['id']}/acknowledgement")
    again = program.send(body, "k").json
    assert again["id"] == first["id"]
    assert again["case"]["state"] == "acknowledged"


def test_sent_twice_at_once_it_is_one_row_and_both_learn_its_id(program: Caller) -> None:
    answers = at_once(*[lambda: program.send(feedback(), "k")] * 8)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert how_many() == 1


def test_two_bodies_under_one_key_at_once_one_is_stored_and_the_other_refused(program: Caller) -> None:
    answers = at_once(
        lambda: program.send(feedback(text="one"), "k"), lambda: program.send(feedback(text="two"), "k")
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert how_many() == 1


@pytest.mark.parametrize("more", [{}, {"source": {"system": "maps", "id": "r"}}], ids=["key", "source"])
def test_two_processes_at_once_store_one_row(
    world: World, another_process: IntakeWriter, more: dict[str, Any]
) -> None:
    for round in range(10):
        keys = ("same", "same") if not more else ("one", "another")
        bodies = feedback(
            text=str(round), **{name: value | {"id": str(round)} for name, value in more.items()}
        )
        sent = [api.parse(bodies, api.Sender("token:t"), f"{key} {round}") for key in keys]
        receipts = at_once(
            lambda sent=sent: world.writer.submit(sent[0]), lambda sent=sent: another_process.submit(sent[1])
        )
        assert receipts[0].feedback_id == receipts[1].feedback_id
        assert sorted(receipt.created for receipt in receipts) == [False, True]
    assert how_many() == 10


def test_many_share_transactions_and_each_learns_its_own_fate(world: World) -> None:
    sender = api.Sender("token:t")
    sent = [api.parse(feedback(text=str(number)), sender, str(number)) for number in range(50)]
    lost = api.parse(feedback(site="atlantis"), sender, "lost")
    results = world.writer.submit_many([*sent[:25], lost, *sent[25:], sent[0]])
    assert isinstance(results[25], Exception)
    created = [result.created for result in results if not isinstance(result, Exception)]
    assert created == [True] * 50 + [False]
