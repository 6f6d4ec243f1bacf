"""Every cell of the contract's table "What moves a case", by the engine, on both databases."""

from __future__ import annotations

import pytest

from cem.domain.reasons import Refused
from cem.domain.vocabulary import CaseState, Outcome, PauseReason, PromiseState, Via
from cem.engine import case_endings, cases, reopenings, verify
from cem.extensions import db
from cem.models import Case, CaseEvent, LedgerMove, OutboxRow
from tests.engine.case_table import NO, SAME, STATES, TABLE
from tests.engine.moves import DO, bring, complaint, solved
from tests.world import World

CELLS = [(state, action, row[n]) for action, row in TABLE.items() for n, state in enumerate(STATES)]


@pytest.mark.parametrize(("state", "action", "expected"), CELLS)
def test_every_cell_of_the_table(world: World, state: CaseState, action: str, expected: str) -> None:
    receipt, _neighbour = complaint(world), complaint(world)
    bring(world, receipt, state)
    case_id, before = world.case(receipt).id, trace(world)
    if expected == NO:
        with pytest.raises(Refused):
            DO[action](world, receipt, "lin")
        assert trace(world) == before, "what is refused changes nothing"
    else:
        DO[action](world, receipt, "lin")
        assert db.session.get_one(Case, case_id).state == (state if expected == SAME else expected)
    world.settle()
    assert verify.faults() == []


def trace(world: World) -> tuple[object, ...]:
    """Everything that a refusal must leave alone."""
    db.session.rollback()
    states = tuple((c.id, c.version, c.state) for c in db.session.scalars(db.select(Case).order_by(Case.id)))
    counts = (db.session.scalar(db.select(db.func.count()).select_from(t)) for t in (CaseEvent, LedgerMove))
    return states, *counts, db.session.scalar(db.select(db.func.count()).select_from(OutboxRow))


@pytest.mark.parametrize("state", [CaseState.ACKNOWLEDGED, CaseState.IN_PROGRESS])
def test_what_waits_for_others_is_resumed_where_it_was(world: World, state: CaseState) -> None:
    receipt = complaint(world)
    bring(world, receipt, state)
    DO["pause waiting_third_party"](world, receipt, "lin")
    assert world.promise(receipt, "resolve").state == PromiseState.PAUSED
    DO["resumption"](world, receipt, "lin")
    assert world.case(receipt).state == state
    assert world.promise(receipt, "resolve").state == PromiseState.RUNNING


def test_what_is_paused_is_not_paused_again(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.IN_PROGRESS)
    DO["pause waiting_third_party"](world, receipt, "lin")
    for reason in ("pause waiting_third_party", "pause waiting_customer"):
        with pytest.raises(Refused, match="case_already_paused"):
            DO[reason](world, receipt, "lin")


def test_talking_to_the_customer_does_not_end_the_wait_for_others(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.ACKNOWLEDGED)
    DO["pause waiting_third_party"](world, receipt, "lin")
    DO["contacts"](world, receipt, "lin")
    case = world.case(receipt)
    assert (case.state, case.paused_because) == (CaseState.IN_PROGRESS, PauseReason.WAITING_THIRD_PARTY)
    assert world.promise(receipt, "resolve").state == PromiseState.PAUSED
    DO["resumption"](world, receipt, "lin")
    assert world.promise(receipt, "resolve").state == PromiseState.RUNNING


def test_a_case_is_not_resolved_over_the_customers_head(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.ACKNOWLEDGED)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "no answer", Outcome.NOT_REACHED)
    with pytest.raises(Refused, match="resolution_needs_answer"):
        case_endings.resolve(world.seen(receipt, "lin"), solved())
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "spoke", Outcome.REACHED)
    case_endings.resolve(world.seen(receipt, "lin"), solved())
    assert world.case(receipt).state == CaseState.RESOLVED


def test_what_was_merged_in_after_a_reply_is_not_resolved_in_silence(world: World) -> None:
    first, second = complaint(world), complaint(world)
    from cem.engine import replies

    replies.reply(first.feedback_id, "sorry", Via.MESSAGE, world.actor("lin"))
    case_endings.merge(world.seen(second, "lin"), world.case(first).id)
    with pytest.raises(Refused, match="resolution_needs_answer"):
        case_endings.resolve(world.seen(first, "lin"), solved())
    case_endings.resolve(world.seen(first, "lin"), solved("sorry to both"))
    assert world.entry(second).state == "answered"


def test_a_person_who_acknowledges_becomes_the_owner(world: World) -> None:
    receipt = complaint(world)
    cases.acknowledge(world.seen(receipt, "shen"))
    assert world.case(receipt).owner_id == world.people["shen"] == world.entry(receipt).owner_id


def test_a_token_that_acknowledges_leaves_the_owner(world: World) -> None:
    from cem.domain.actors import Actor
    from cem.engine.case_steps import Seen

    receipt = complaint(world)
    cases.acknowledge(Seen(world.case(receipt).id, Actor("token", "0")))
    assert world.case(receipt).owner_id == world.people["lin"]
    assert world.case(receipt).state == CaseState.ACKNOWLEDGED


def test_a_contact_with_an_open_case_acknowledges_it_too(world: World) -> None:
    receipt = complaint(world)
    cases.contact(world.seen(receipt, "zhou"), Via.IN_PERSON, "went up to the room")
    assert world.promise(receipt, "acknowledge").state == PromiseState.MET
    assert world.promise(receipt, "first_contact").state == PromiseState.MET
    kinds = set(db.session.scalars(db.select(OutboxRow.kind)))
    assert "case.acknowledged" in kinds


def test_a_try_that_reached_nobody_keeps_no_promise_of_contact(world: World) -> None:
    receipt = complaint(world)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "no answer", Outcome.NOT_REACHED)
    assert world.promise(receipt, "acknowledge").state == PromiseState.MET
    assert world.promise(receipt, "first_contact").state == PromiseState.RUNNING
    assert world.entry(receipt).state == "owed"


def test_a_case_closed_more_than_14_days_ago_is_followed_by_a_new_one(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.CLOSED)
    old = world.case(receipt).id
    world.fast_forward(days=14, minutes=1)
    new = reopenings.reopen(world.seen(receipt, "lin"), "it was not over")
    assert new != old
    followed = db.session.get_one(Case, new)
    assert (followed.state, followed.follows_id) == (CaseState.OPEN, old)
    assert db.session.get_one(Case, old).state == CaseState.CLOSED
    entry = world.entry(receipt)
    assert (entry.state, entry.case_id, entry.owner_id) == ("owed", new, followed.owner_id)


def test_a_case_is_followed_by_one_case_only(world: World) -> None:
    from cem.engine.case_steps import Seen

    receipt = complaint(world)
    bring(world, receipt, CaseState.CLOSED)
    seen = world.seen(receipt, "lin")
    world.fast_forward(days=15)
    reopenings.reopen(seen, "it was not over")
    with pytest.raises(Refused, match="somebody_was_first"):
        reopenings.reopen(Seen(seen.case_id, world.actor("zhou")), "nor for me")


def test_within_14_days_it_is_the_same_case(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.CLOSED)
    old = world.case(receipt).id
    world.fast_forward(days=14)
    assert reopenings.reopen(world.seen(receipt, "lin"), "it was not over") == old


def test_a_complaint_about_somebody_is_never_theirs(world: World) -> None:
    from cem.models import AuditRow

    receipt = world.tap(1, staff="lin")
    case = world.case(receipt)
    assert case.owner_id != world.people["lin"]
    assert case.owner_reason["code"] == "owner_by_recusal"
    for act in (
        lambda: cases.assign(world.seen(receipt, "shen"), "lin"),
        lambda: cases.acknowledge(world.seen(receipt, "lin")),
        lambda: cases.contact(world.seen(receipt, "lin"), Via.PHONE, "called"),
    ):
        with pytest.raises(Refused, match="recused"):
            act()
    assert "case.recusal" in set(db.session.scalars(db.select(AuditRow.action)))


def test_nobody_is_given_a_case_that_they_may_not_see(world: World) -> None:
    receipt = complaint(world)
    with pytest.raises(Refused, match="assignee_sees_nothing"):
        cases.assign(world.seen(receipt, "lin"), "outsider")


def test_a_case_is_not_merged_into_itself_or_into_one_that_has_ended(world: World) -> None:
    first, second = complaint(world), complaint(world)
    with pytest.raises(Refused, match="merge_into_itself"):
        case_endings.merge(world.seen(first, "lin"), world.case(first).id)
    bring(world, second, CaseState.RESOLVED)
    with pytest.raises(Refused, match="merge_needs_a_live_case"):
        case_endings.merge(world.seen(first, "lin"), world.case(second).id)


def test_who_saw_an_older_version_is_told_who_was_first(world: World) -> None:
    from cem.engine.case_steps import Seen

    receipt = complaint(world)
    case = world.case(receipt)
    stale = Seen(case.id, world.actor("zhou"), case.version)
    cases.assign(world.seen(receipt, "lin"), "shen")
    with pytest.raises(Refused) as refusal:
        cases.contact(stale, Via.PHONE, "called")
    assert refusal.value.reason.code == "somebody_was_first"
    assert refusal.value.reason.args["by"] == str(world.actor("lin"))
