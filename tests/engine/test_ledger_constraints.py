"""What the database itself refuses: a feedback without an entry, and an entry in no whole state."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cem.domain.vocabulary import Channel
from cem.extensions import db
from cem.ids import new_id
from cem.models import Feedback
from tests.world import MONDAY, World


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
