"""What no program can do to the records, because the database itself refuses it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cem.domain.vocabulary import Channel
from cem.engine import audit, cases
from cem.extensions import db
from cem.ids import new_id
from cem.models import Feedback
from tests.world import MONDAY, World


def run(statement: str, **values: Any) -> int:
    with db.engines[None].begin() as connection:
        return connection.execute(text(statement), values).rowcount


def refused(statement: str, **values: Any) -> str:
    with pytest.raises(DBAPIError) as error:
        run(statement, **values)
    return str(error.value.orig)


@pytest.fixture
def history(world: World) -> World:
    """A case that was taken late: it has moves, events, a breach and audit rows."""
    receipt = world.say("房间很吵", value=1)
    world.fast_forward(minutes=20)
    cases.acknowledge(world.seen(receipt, "lin"))
    audit.seal()
    return world


@pytest.mark.parametrize("table", ["ledger_move", "case_event", "breach", "audit"])
def test_history_is_never_deleted(history: World, table: str) -> None:
    assert "history is only appended to" in refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ["ledger_move", "case_event", "breach", "audit"])
def test_history_is_never_changed(history: World, table: str) -> None:
    assert refused(f"UPDATE {table} SET at = at")


def test_history_cannot_be_emptied_at_once(history: World) -> None:
    if db.engines[None].dialect.name == "postgresql":
        assert refused("TRUNCATE audit")


def test_an_audit_row_is_sealed_once(world: World) -> None:
    from cem.domain.actors import HUB

    audit.record(HUB, "test.happened")
    assert refused("UPDATE audit SET actor = 'somebody else'")
    assert refused("UPDATE audit SET number = 1, hash = :hash, actor = 'else'", hash=bytes(32))
    assert audit.seal() == 1
    assert refused("UPDATE audit SET number = 2, hash = :hash", hash=bytes(32))
    assert refused("UPDATE audit SET number = NULL, hash = NULL")
    assert audit.first_break() is None


def test_what_a_customer_said_is_never_edited(world: World) -> None:
    world.say("房间很吵", value=2)
    assert "erased or left" in refused("UPDATE feedback SET text = '很好'")
    assert "erased or left" in refused("UPDATE feedback SET text = NULL")
    assert "erased or left" in refused("UPDATE feedback SET rating_value = 5")
    assert "erased or left" in refused("UPDATE answer SET value = 5")


def test_what_was_not_said_is_not_put_into_a_mouth(world: World) -> None:
    world.tap(2)
    assert refused("UPDATE feedback SET text = ''")
    assert refused("UPDATE feedback SET text = '很好'")


def test_erasing_overwrites_the_words_and_keeps_the_row(world: World) -> None:
    receipt = world.say("我叫王小明")
    assert run("UPDATE feedback SET text = ''") == 1
    assert world.entry(receipt).state == "owed"


def test_feedback_and_its_entry_are_never_deleted(world: World) -> None:
    world.tap(5)
    for table in ("feedback", "answer", "ledger_entry"):
        assert "is kept" in refused(f"DELETE FROM {table}")


def test_the_rest_of_a_feedback_may_become_known_later(world: World) -> None:
    world.say("房间很吵", value=2)
    assert run("UPDATE feedback SET language = 'zh-Hans'") == 1


def test_a_feedback_without_a_ledger_entry_is_refused_by_the_database(world: World) -> None:
    row = {
        "id": new_id(MONDAY),
        "tracking_code": "AAAA-BBBB-CCCC",
        "channel": Channel.API,
        "site_id": world.places["bund"],
        "kind": "review",
        "kind_given": False,
        "text": "alone",
        "occurred_at": MONDAY,
        "received_at": MONDAY,
        "local_day": MONDAY.date(),
        "local_hour": 10,
    }
    with pytest.raises(IntegrityError), db.engines[None].begin() as connection:
        connection.execute(insert(Feedback), [row])


@pytest.mark.parametrize("missing", ["owner_id", "due_at", "next_step_at"])
def test_what_is_owed_without_owner_due_or_next_step_is_refused(world: World, missing: str) -> None:
    world.tap(2)
    with pytest.raises(IntegrityError), db.engines[None].begin() as connection:
        connection.execute(text(f"UPDATE ledger_entry SET {missing} = NULL"))


@pytest.mark.parametrize(
    "change",
    [
        "state = 'answered'",
        "state = 'excused'",
        "state = 'lost'",
        "state = 'answered', how = 'ignored', evidence = '{}'",
        "state = 'excused', reason = 'holiday', evidence = '{}'",
        "how = 'personal'",
    ],
)
def test_an_entry_in_no_whole_state_is_refused(world: World, change: str) -> None:
    world.tap(2)
    with pytest.raises(DBAPIError), db.engines[None].begin() as connection:
        connection.execute(text(f"UPDATE ledger_entry SET {change}"))


def test_an_owner_cannot_be_deleted(world: World) -> None:
    world.tap(2)
    with pytest.raises(IntegrityError), db.engines[None].begin() as connection:
        connection.execute(text("""DELETE FROM "user" WHERE username = 'lin'"""))
