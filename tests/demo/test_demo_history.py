"""The past of the demo company: enough of it, the same for the same seed, and settled but for a handful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from cem.demo.content import branches, people, replies
from cem.demo.customers import customers
from cem.demo.history import PastFeedback, history
from cem.domain.vocabulary import (
    AnswerHow,
    Channel,
    ExcuseReason,
    LedgerState,
    Priority,
    PromiseKind,
    Via,
)

UNTIL = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
DAYS = 95
PAST = tuple(history(7, UNTIL))
CASES = [(past, past.fate.case) for past in PAST if past.fate.case]


def faces(where: Callable[[PastFeedback], bool]) -> float:
    return mean(
        past.rating.value for past in PAST if past.rating and past.rating.scale == "faces5" and where(past)
    )


def test_at_least_two_thousand_feedbacks_of_ninety_five_days_come_oldest_first() -> None:
    assert len(PAST) >= 2_000
    assert list(PAST) == sorted(PAST, key=lambda past: past.received_at)
    assert all(UNTIL - timedelta(days=DAYS) <= past.received_at < UNTIL for past in PAST)
    assert UNTIL - PAST[0].received_at > timedelta(days=90)


def test_the_same_seed_tells_the_same_history_and_another_seed_another() -> None:
    assert tuple(history(7, UNTIL)) == PAST
    assert tuple(history(8, UNTIL)) != PAST


def test_every_day_and_every_branch_has_something_to_say() -> None:
    days = {past.received_at.date() for past in PAST}
    assert len(days) >= DAYS
    assert set(Counter(past.site for past in PAST)) == {place.code for place in branches()}


def test_nothing_is_said_at_night_where_nobody_is() -> None:
    zones = {place.code: ZoneInfo(place.timezone) for place in branches()}
    for past in PAST:
        hour = past.received_at.astimezone(zones[past.site]).hour
        if past.touchpoint == "breakfast":
            assert 6 <= hour <= 10
        if past.site != "bund":
            assert 11 <= hour <= 22


def test_most_taps_come_from_kiosks_and_carry_no_words_and_no_name() -> None:
    taps = [past for past in PAST if past.channel is Channel.KIOSK]
    assert len(taps) > len(PAST) / 2
    assert all(past.text is None and past.customer is None for past in taps)
    assert all(past.rating and past.rating.scale == "faces5" for past in taps)


def test_about_a_sixth_says_something_in_three_languages() -> None:
    said = [past for past in PAST if past.text]
    assert 0.15 <= len(said) / len(PAST) <= 0.25
    assert min(Counter(past.language for past in said).values()) >= 50
    assert {past.rating.scale for past in PAST if past.rating} == {"faces5", "nps", "csat5", "stars5"}


def test_long_texts_are_said_once() -> None:
    said = Counter(past.text for past in PAST if past.text and len(past.text) > 12)
    assert max(said.values()) == 1


def test_a_rating_or_a_text_is_always_there() -> None:
    assert all(past.rating or past.text for past in PAST)


def test_a_week_has_enough_answers_for_a_figure_with_an_interval() -> None:
    """Fewer than sixty, and the interval of a weekly NPS is wider than any change."""
    asked = [past for past in PAST if past.rating and past.rating.scale == "nps"]
    weeks = Counter((UNTIL - past.received_at) // timedelta(weeks=1) for past in asked)
    assert min(weeks[week] for week in range(DAYS // 7)) >= 60


def test_breakfast_got_worse_three_weeks_ago() -> None:
    worse = timedelta(days=21)
    late = faces(lambda p: p.touchpoint == "breakfast" and UNTIL - p.received_at < worse)
    before = faces(lambda p: p.touchpoint == "breakfast" and UNTIL - p.received_at >= worse)
    assert before - late > 0.6


def test_known_guests_are_customers_of_the_company() -> None:
    known = {customer.external_id for customer in customers(7, UNTIL)}
    named = {past.customer for past in PAST} - {None}
    assert len(named) >= 60 and named <= known


def test_reviews_come_from_elsewhere_each_with_an_identity_of_its_own() -> None:
    reviews = [past for past in PAST if past.channel is Channel.REVIEW]
    assert len({(past.source_system, past.source_id) for past in reviews}) == len(reviews)
    assert all(past.occurred_at < past.received_at and past.author for past in reviews)


@pytest.mark.parametrize("hour", range(0, 24, 4))
def test_at_any_hour_a_handful_is_owed_and_one_or_two_are_overdue(hour: int) -> None:
    until = datetime(2027, 2, 6, hour, 12, tzinfo=UTC)
    owed = [past for past in history(11, until, days=6) if past.fate.state is LedgerState.OWED]
    assert 5 <= len(owed) <= 8
    assert 1 <= sum(past.fate.overdue for past in owed) <= 2
    assert all(until - past.received_at < timedelta(hours=6) for past in owed)


def test_everything_else_is_answered_or_excused_before_the_end() -> None:
    for past in PAST:
        if past.fate.state is not LedgerState.OWED:
            assert past.fate.at and past.received_at <= past.fate.at < UNTIL


def test_only_a_satisfied_rating_without_words_is_thanked() -> None:
    for past in PAST:
        thanked = past.fate.how is AnswerHow.THANKED
        assert thanked == (past.text is None and past.rating is not None and past.rating.satisfied)


def test_an_answer_of_a_person_has_its_words_or_the_contact_that_reached() -> None:
    for past in PAST:
        fate = past.fate
        if fate.how in (AnswerHow.PERSONAL, AnswerHow.PUBLIC):
            reached = fate.case and any(
                c.outcome == "reached" and c.at == fate.at for c in fate.case.contacts
            )
            assert fate.reply in replies() or (fate.reply is None and reached)
            assert fate.by and (fate.how is AnswerHow.PUBLIC) == (fate.via is Via.PUBLIC_REPLY)


def test_an_excuse_has_its_evidence_and_unreachable_three_tries_on_three_occasions() -> None:
    every = [past for seed in (7, 8, 9) for past in history(seed, UNTIL)]
    excused = [past.fate for past in every if past.fate.state is LedgerState.EXCUSED]
    assert all(fate.evidence and fate.excuse for fate in excused)
    gone = [fate for fate in excused if fate.excuse is ExcuseReason.UNREACHABLE]
    assert gone
    for fate in gone:
        assert fate.case
        tries = [contact.at for contact in fate.case.contacts if contact.outcome == "not_reached"]
        assert len(tries) == 3
        assert all(b - a >= timedelta(minutes=10) for a, b in pairwise(tries))


def test_whoever_is_dissatisfied_has_a_case_and_nobody_else_but_for_words() -> None:
    for past in PAST:
        if past.rating and past.rating.dissatisfied:
            assert past.fate.case
        if past.rating and past.rating.satisfied:
            assert past.fate.case is None


def test_cases_go_forward_in_time() -> None:
    for past, case in CASES:
        steps = [
            past.received_at,
            case.acknowledged_at,
            *(contact.at for contact in case.contacts),
            case.resolved_at or case.dismissed_at,
            case.closed_at,
        ]
        known = [at for at in steps if at]
        assert known == sorted(known) and known[-1] <= UNTIL


def test_promises_are_mostly_kept_and_sometimes_broken() -> None:
    broken = Counter(kind for _, case in CASES for kind in case.breached)
    assert set(broken) == set(PromiseKind)
    assert all(1 <= count <= len(CASES) * 0.12 for count in broken.values())


def test_urgent_cases_climb_the_ladder_while_nobody_acknowledges() -> None:
    known = {person.username for person in people()}
    for past, case in CASES:
        assert case.paged and len(set(case.paged)) == len(case.paged) and set(case.paged) <= known
        assert case.acknowledged_by is None or case.acknowledged_by in case.paged
        waited = (case.acknowledged_at or UNTIL) - past.received_at
        if case.priority in (Priority.P1, Priority.P2) and waited > timedelta(minutes=10):
            assert len(case.paged) == 4


def test_a_resolution_is_never_over_the_guests_head() -> None:
    for past, case in CASES:
        if case.resolved_at:
            assert case.reply or (past.fate.at and past.fate.at <= case.resolved_at)
            assert case.resolution and case.note in replies()
