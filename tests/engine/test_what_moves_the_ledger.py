"""Every row of the contract's table "What moves the ledger", with its evidence, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cem import clock
from cem.domain.reasons import Refused
from cem.domain.vocabulary import AnswerHow, CaseState, ExcuseReason, LedgerState, Outcome, Via
from cem.engine import case_endings, cases, reopenings, replies, verify
from cem.extensions import db
from cem.models import LedgerMove
from tests.engine.moves import DO, bring, complaint, solved
from tests.world import World


def moves(receipt) -> list[tuple[str, str | None]]:
    db.session.rollback()
    rows = db.session.scalars(
        db.select(LedgerMove).where(LedgerMove.feedback_id == receipt.feedback_id).order_by(LedgerMove.id)
    )
    return [(row.to_state.value, row.how or row.reason) for row in rows]


def test_a_satisfied_tap_is_thanked(world: World) -> None:
    entry = world.entry(world.tap(5))
    assert (entry.state, entry.how, entry.owner_id, entry.due_at) == ("answered", "thanked", None, None)


def test_a_satisfied_rating_with_words_is_owed(world: World) -> None:
    assert world.entry(world.say("很好", value=5)).state == LedgerState.OWED


def test_what_opened_a_case_is_due_when_its_first_contact_is(world: World) -> None:
    receipt = complaint(world)
    entry, case = world.entry(receipt), world.case(receipt)
    assert (entry.state, entry.owner_id) == (LedgerState.OWED, case.owner_id)
    assert entry.due_at == world.promise(receipt, "first_contact").due_at == clock.now() + timedelta(hours=2)


def test_what_opened_none_is_due_three_business_days_later(world: World) -> None:
    entry = world.entry(world.tap(3))
    assert (entry.state, entry.case_id, entry.owner_id) == (LedgerState.OWED, None, world.people["lin"])
    assert (entry.due_at - clock.now()).days in (2, 3)


def test_a_reply_answers_in_person(world: World) -> None:
    receipt = complaint(world)
    reply_id = replies.reply(receipt.feedback_id, "对不起", Via.EMAIL, world.actor("lin"))
    entry = world.entry(receipt)
    assert (entry.state, entry.how) == (LedgerState.ANSWERED, AnswerHow.PERSONAL)
    assert entry.evidence == {"kind": "reply", "id": str(reply_id), "via": "email"}
    assert world.case(receipt).state == CaseState.IN_PROGRESS


def test_a_public_reply_answers_in_public(world: World) -> None:
    receipt = world.say("一般", value=3)
    replies.reply(receipt.feedback_id, "谢谢", Via.PUBLIC_REPLY, world.actor("lin"))
    assert world.entry(receipt).how == AnswerHow.PUBLIC


def test_a_contact_that_reached_answers(world: World) -> None:
    receipt = complaint(world)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "spoke")
    assert world.entry(receipt).how == AnswerHow.PERSONAL


@pytest.mark.parametrize("outcome", [Outcome.NOT_REACHED, Outcome.MESSAGE_LEFT])
def test_a_contact_that_did_not_reach_answers_nothing(world: World, outcome: Outcome) -> None:
    receipt = complaint(world)
    cases.contact(world.seen(receipt, "lin"), Via.PHONE, "tried", outcome)
    assert world.entry(receipt).state == LedgerState.OWED


def test_a_resolution_with_a_reply_answers(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.RESOLVED)
    assert world.entry(receipt).how == AnswerHow.PERSONAL


def test_an_excuse_keeps_its_reason_and_evidence(world: World) -> None:
    receipt = world.tap(3)
    replies.excuse(receipt.feedback_id, ExcuseReason.TEST, "we tried the kiosk", world.actor("lin"))
    entry = world.entry(receipt)
    assert (entry.state, entry.reason) == (LedgerState.EXCUSED, ExcuseReason.TEST)
    assert entry.evidence["text"] == "we tried the kiosk"


def test_a_dismissal_excuses(world: World) -> None:
    receipt = complaint(world)
    case_endings.dismiss(world.seen(receipt, "lin"), ExcuseReason.DUPLICATE, "twice")
    assert (world.entry(receipt).state, world.entry(receipt).reason) == ("excused", "duplicate")


def test_an_excused_complaint_needs_no_case(world: World) -> None:
    receipt = complaint(world)
    replies.excuse(receipt.feedback_id, ExcuseReason.ABUSE, "words", world.actor("lin"))
    assert world.case(receipt).state == CaseState.DISMISSED


def test_nobody_is_unreachable_before_three_tries_on_three_occasions(world: World) -> None:
    receipt = complaint(world)
    by = world.actor("lin")
    for tries in range(3):
        with pytest.raises(Refused, match="unreachable_needs_three_contacts"):
            replies.excuse(receipt.feedback_id, ExcuseReason.UNREACHABLE, "no answer", by)
        for _ in range(2):  # twice at once is one occasion
            cases.contact(world.seen(receipt, "lin"), Via.PHONE, f"try {tries}", Outcome.NOT_REACHED)
        world.fast_forward(minutes=11)
    replies.excuse(receipt.feedback_id, ExcuseReason.UNREACHABLE, "no answer", by)
    assert world.entry(receipt).reason == ExcuseReason.UNREACHABLE


def test_what_is_merged_is_owed_through_the_other_case(world: World) -> None:
    first, second = complaint(world), complaint(world)
    cases.assign(world.seen(first, "lin"), "shen")
    case_endings.merge(world.seen(second, "lin"), world.case(first).id)
    entry = world.entry(second)
    assert (entry.state, entry.case_id) == (LedgerState.OWED, world.case(first).id)
    assert (entry.owner_id, entry.due_at) == (world.people["shen"], world.entry(first).due_at)
    DO["contacts"](world, first, "shen")
    assert world.entry(second).how == world.entry(first).how == AnswerHow.PERSONAL


def test_what_is_merged_into_an_answered_case_is_due_with_its_end(world: World) -> None:
    first, second = complaint(world), complaint(world)
    DO["contacts"](world, first, "lin")
    case_endings.merge(world.seen(second, "lin"), world.case(first).id)
    entry = world.entry(second)
    assert (entry.state, entry.due_at) == (LedgerState.OWED, world.promise(first, "resolve").due_at)
    case_endings.resolve(world.seen(first, "lin"), solved())
    assert world.entry(second).how == AnswerHow.PERSONAL


def test_not_solved_owes_again_and_keeps_the_earlier_answer(world: World) -> None:
    receipt = complaint(world)
    bring(world, receipt, CaseState.RESOLVED)
    world.fast_forward(hours=1)
    reopenings.not_solved(receipt.feedback_id)
    entry = world.entry(receipt)
    assert (entry.state, entry.due_at) == (LedgerState.OWED, world.promise(receipt, "resolve", 2).due_at)
    states = [state for state, _ in moves(receipt)]
    assert states[0] == "owed" and states[-2:] == ["answered", "owed"]


@pytest.mark.parametrize("state", [CaseState.RESOLVED, CaseState.CLOSED, CaseState.DISMISSED])
def test_reopening_owes_again(world: World, state: CaseState) -> None:
    receipt = complaint(world)
    bring(world, receipt, state)
    reopenings.reopen(world.seen(receipt, "lin"), "it was not over")
    assert world.entry(receipt).state == LedgerState.OWED
    assert verify.faults() == []


def test_after_reopening_an_old_contact_is_no_answer(world: World) -> None:
    first, second = complaint(world), complaint(world)
    DO["contacts"](world, first, "lin")
    case_endings.merge(world.seen(second, "lin"), world.case(first).id)
    case_endings.resolve(world.seen(first, "lin"), solved())
    world.fast_forward(hours=1)
    reopenings.reopen(world.seen(first, "lin"), "it was not over")
    with pytest.raises(Refused, match="resolution_needs_answer"):
        case_endings.resolve(world.seen(first, "lin"), solved())
    replies.reply(first.feedback_id, "sorry again", Via.MESSAGE, world.actor("lin"))
    with pytest.raises(Refused, match="resolution_needs_answer"):
        case_endings.resolve(world.seen(first, "lin"), solved())
    case_endings.resolve(world.seen(first, "lin"), solved("to both"))
    assert world.entry(second).evidence["kind"] == "reply"


def test_a_pause_moves_the_due_time_by_as_long_as_it_lasted(world: World) -> None:
    receipt = complaint(world)
    before = world.entry(receipt).due_at
    DO["acknowledgement"](world, receipt, "lin")
    DO["pause waiting_third_party"](world, receipt, "lin")
    world.fast_forward(hours=3)
    DO["resumption"](world, receipt, "lin")
    assert world.entry(receipt).due_at == before + timedelta(hours=3)
    assert world.entry(receipt).due_at == world.promise(receipt, "first_contact").due_at


def test_one_text_answers_many_each_with_its_own_evidence(world: World) -> None:
    receipts = [complaint(world), world.tap(3), world.say("一般", value=3)]
    ids = [receipt.feedback_id for receipt in receipts]
    made = replies.reply_to_many(ids, "谢谢您", Via.MESSAGE, world.actor("lin"))
    evidence = {world.entry(receipt).evidence["id"] for receipt in receipts}
    assert evidence == {str(id) for id in made.values()} and len(evidence) == 3


def test_a_second_answer_only_adds_to_the_history(world: World) -> None:
    receipt = complaint(world)
    replies.reply(receipt.feedback_id, "sorry", Via.MESSAGE, world.actor("lin"))
    first = world.entry(receipt).evidence
    replies.reply(receipt.feedback_id, "and again", Via.MESSAGE, world.actor("lin"))
    assert world.entry(receipt).evidence == first


def test_what_is_answered_cannot_be_excused(world: World) -> None:
    receipt = complaint(world)
    replies.reply(receipt.feedback_id, "sorry", Via.MESSAGE, world.actor("lin"))
    with pytest.raises(Refused, match="entry_not_owed"):
        replies.excuse(receipt.feedback_id, ExcuseReason.TEST, "no", world.actor("lin"))
