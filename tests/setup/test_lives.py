"""A life that is told leaves the same rows as one that was lived: the engine is the measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cem import clock
from cem.demo.content import DemoPerson
from cem.demo.fate import Fate, PastCase, PastContact
from cem.demo.history import PastFeedback
from cem.domain.ratings import Rating
from cem.domain.reasons import Reason
from cem.domain.vocabulary import (
    AnswerHow,
    Channel,
    DeliveryKind,
    ExcuseReason,
    LedgerState,
    Outcome,
    Priority,
    ResolutionCode,
    Severity,
    Via,
)
from cem.engine import cases, organisation, replies
from cem.engine.case_endings import Resolution, close, dismiss, resolve
from cem.engine.intake_lookup import Known, Receipt
from cem.engine.rows import Rows
from cem.extensions import db
from cem.models import (
    AuditRow,
    Breach,
    Case,
    CaseEvent,
    Contact,
    Delivery,
    LedgerEntry,
    LedgerMove,
    Note,
    Promise,
    Reply,
    Touchpoint,
)
from cem.setup.letters import Letters
from cem.setup.past import Past, number_in_order
from tests.world import CAST, MONDAY, World

CONTACT, RESOLVED = "note-general-zh-Hans-1", "note-checkin-zh-Hans-1"
TAP = PastFeedback(
    number=1,
    channel=Channel.KIOSK,
    site="bund",
    touchpoint="front-desk",
    occurred_at=MONDAY,
    received_at=MONDAY,
    rating=Rating("faces5", 1),
    text=None,
    language="zh-Hans",
    kind=None,
    topic=None,
    risk=None,
    customer=None,
    author=None,
    survey=None,
    source_system=None,
    source_id=None,
    fate=Fate(LedgerState.OWED, "lin"),
)
CASE = PastCase(Severity.HIGH, Priority.P2, Reason("very_dissatisfied"), "lin", ("lin",))

TABLES: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "case": (
        Case,
        "number state severity priority reason owner_id owner_reason step next_step_at last_paged_at due_at "
        "acknowledged_at answered_at acknowledgement_expires_at resolved_at resolution ended_at received_at",
    ),
    "promise": (Promise, "kind round target_seconds hours started_at due_at state fulfilled_at ended_at"),
    "event": (CaseEvent, "kind by from_state to_state at"),
    "entry": (LedgerEntry, "state owner_id due_at next_step_at how reason changed_at"),
    "move": (LedgerMove, "from_state to_state how reason owner_id due_at by at"),
    "delivery": (Delivery, "kind transport to state step message created_at"),
    "breach": (Breach, "owner_id due_at at"),
    "note": (Note, "kind text by at"),
    "contact": (Contact, "via outcome by at"),
    "reply": (Reply, "via text by at"),
    "audit": (AuditRow, "actor action at"),
}  # type: ignore[assignment]


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def lived(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that the engine has written, but for warnings: a history leaves out what nobody reads now."""
    db.session.rollback()
    return {
        name: _sorted(
            [
                tuple(getattr(row, column) for column in columns.split())
                for row in db.session.scalars(select(table))
                if getattr(row, "kind", None) is not DeliveryKind.WARNING
            ]
        )
        for name, (table, columns) in TABLES.items()
    }


def told(world: World, past: PastFeedback, until: datetime) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that the history writes for it."""
    rows = Rows()
    with db.engines[None].connect() as connection:
        here = organisation.current(connection)
        touchpoints = {row.id: row.name for row in connection.execute(select(Touchpoint.id, Touchpoint.name))}
    people = {str(world.people[name]): _person(name) for name in CAST}
    letters = Letters(people, touchpoints)
    whole = Past(rows, here, Known(), letters, {}, [])
    whole.tell([past], {}, until)
    number_in_order(rows)
    rows.tables[Delivery] = letters.rows(whole.unseen())
    return {
        name: _sorted(
            [tuple(row.get(column) for column in columns.split()) for row in rows.tables.get(table, [])]
        )
        for name, (table, columns) in TABLES.items()
    }


def _person(username: str) -> DemoPerson:
    name, role, path = CAST[username]
    return DemoPerson(username, name, role.value, path, "zh-Hans", "Asia/Shanghai", "", "", {})


def _sorted(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """In one order, and without the ids that a message may hold: the two are about different feedbacks."""
    return sorted((tuple(map(_without_ids, row)) for row in rows), key=repr)


def _without_ids(value: Any) -> Any:
    return {"feedback": "it"} if isinstance(value, dict) and "feedback" in value else value


def to(world: World, minutes: float) -> None:
    world.fast_forward(seconds=(at(minutes) - clock.now()).total_seconds())


def text_of(key: str) -> str:
    from cem.demo.content import replies as written

    return written()[key].text


@pytest.fixture
def tapped(world: World) -> tuple[World, Receipt]:
    receipt = world.tap(1)
    world.settle()
    return world, receipt


def test_nobody_acts_and_the_ladder_goes_on(tapped: tuple[World, Receipt]) -> None:
    world, _ = tapped
    to(world, 50)
    past = replace(TAP, fate=replace(TAP.fate, case=CASE))
    assert told(world, past, at(50)) == lived(world)


def test_taken_contacted_and_solved(tapped: tuple[World, Receipt]) -> None:
    world, receipt = tapped
    to(world, 3)
    cases.acknowledge(world.seen(receipt, "zhou"))
    to(world, 20)
    cases.contact(world.seen(receipt, "zhou"), Via.IN_PERSON, text_of(CONTACT))
    to(world, 90)
    resolve(world.seen(receipt, "zhou"), Resolution(ResolutionCode.APOLOGISED, text_of(RESOLVED)))
    to(world, 200)
    close(world.seen(receipt, "zhou"))
    case = replace(
        CASE,
        owner="zhou",
        acknowledged_at=at(3),
        acknowledged_by="zhou",
        contacts=(PastContact(at(20), "zhou", Via.IN_PERSON, Outcome.REACHED, CONTACT),),
        resolved_at=at(90),
        resolution=ResolutionCode.APOLOGISED,
        note=RESOLVED,
        closed_at=at(200),
    )
    fate = Fate(LedgerState.ANSWERED, "zhou", AnswerHow.PERSONAL, at(20), "zhou", Via.IN_PERSON, case=case)
    assert told(world, replace(TAP, fate=fate), at(200)) == lived(world)


def test_taken_and_forgotten_it_expires_and_the_promises_break(tapped: tuple[World, Receipt]) -> None:
    world, receipt = tapped
    to(world, 9)
    cases.acknowledge(world.seen(receipt, "lin"))
    to(world, 520)
    case = replace(CASE, acknowledged_at=at(9), acknowledged_by="lin")
    past = replace(TAP, fate=replace(TAP.fate, case=case))
    assert told(world, past, at(520)) == lived(world)


def test_it_was_a_mistake(tapped: tuple[World, Receipt]) -> None:
    world, receipt = tapped
    to(world, 3)
    cases.acknowledge(world.seen(receipt, "lin"))
    to(world, 14)
    dismiss(world.seen(receipt, "lin"), ExcuseReason.TEST, "a new stand")
    case = replace(CASE, acknowledged_at=at(3), acknowledged_by="lin", dismissed_at=at(14))
    fate = Fate(
        LedgerState.EXCUSED,
        "lin",
        at=at(14),
        by="lin",
        excuse=ExcuseReason.TEST,
        evidence="a new stand",
        case=case,
    )
    assert told(world, replace(TAP, fate=fate), at(14)) == lived(world)


def test_solved_with_a_reply_in_one_step(tapped: tuple[World, Receipt]) -> None:
    world, receipt = tapped
    to(world, 1)
    cases.acknowledge(world.seen(receipt, "lin"))
    to(world, 30)
    reply = "reply-checkin-zh-Hans-1"
    resolve(
        world.seen(receipt, "lin"),
        Resolution(ResolutionCode.CORRECTED, text_of(RESOLVED), reply=text_of(reply)),
    )
    case = replace(
        CASE,
        acknowledged_at=at(1),
        acknowledged_by="lin",
        resolved_at=at(30),
        resolution=ResolutionCode.CORRECTED,
        note=RESOLVED,
        reply=reply,
    )
    fate = Fate(LedgerState.ANSWERED, "lin", AnswerHow.PERSONAL, at(30), "lin", Via.MESSAGE, reply, case=case)
    assert told(world, replace(TAP, fate=fate), at(30)) == lived(world)


def test_a_middling_tap_is_handed_over_at_the_end_of_the_duty_and_reminded_of(world: World) -> None:
    world.tap(3)
    world.settle()
    days = 60 * 24 * 6
    to(world, days)
    assert told(world, replace(TAP, rating=Rating("faces5", 3)), at(days)) == lived(world)


def test_a_middling_tap_is_answered_in_public(world: World) -> None:
    receipt = world.tap(3)
    world.settle()
    to(world, 600)
    reply = "reply-checkin-zh-Hans-1"
    replies.reply(receipt.feedback_id, text_of(reply), Via.PUBLIC_REPLY, world.actor("shen"))
    fate = Fate(LedgerState.ANSWERED, "shen", AnswerHow.PUBLIC, at(600), "shen", Via.PUBLIC_REPLY, reply)
    past = replace(TAP, rating=Rating("faces5", 3), fate=fate)
    assert told(world, past, at(600)) == lived(world)
