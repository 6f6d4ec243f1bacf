"""Value lifts, never lowers, whatever rules, promises and hours are written; nobody falls below the floor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cem.domain import calendars, rules_document
from cem.domain.calendars import Calendar
from cem.domain.promises import DEFAULT_POLICY, Policy, made
from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid, Refused
from cem.domain.rules import Rules, Signal, judge
from cem.domain.severity import priority, ranks, triage
from cem.domain.vocabulary import Channel, Hours, Kind, Priority, PromiseKind, Tier

TIERS = (Tier.C, Tier.B, Tier.A)
"""From the least to the most valued. An unknown customer is of no value that could be compared."""
START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def hours(*ranges: list[str], days: int = 7) -> Calendar:
    week = [list(ranges)] * days + [[]] * (7 - days)
    return Calendar.from_document({"timezone": "Asia/Shanghai", "week": week, "exceptions": []})


CALENDARS = st.sampled_from(
    [
        hours(["00:00", "24:00"]),
        hours(["09:00", "17:00"], days=5),
        hours(["06:00", "12:00"], ["13:00", "23:30"]),
        hours(["20:00", "04:00"]),
    ]
)
SOONER = st.dictionaries(st.sampled_from([*PromiseKind]), st.integers(1, 960), max_size=3)
RULES = st.lists(
    st.fixed_dictionaries(
        {
            "when": st.fixed_dictionaries(
                {},
                optional={
                    "tiers": st.lists(st.sampled_from(["a", "b", "c", "unknown"]), min_size=1, unique=True),
                    "ratings": st.just(["very_dissatisfied", "dissatisfied", "middling"]),
                    "weekdays": st.lists(st.integers(0, 6), min_size=1, unique=True),
                },
            ),
            "then": st.fixed_dictionaries(
                {
                    "promises": st.dictionaries(
                        st.sampled_from([*PromiseKind]), st.integers(1, 960), max_size=3
                    )
                },
                optional={"severity": st.sampled_from(["critical", "high", "normal"])},
            ),
        }
    ),
    max_size=4,
)
MINUTES = st.integers(5, 480)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any that may be published."""
    document: dict[str, Any] = DEFAULT_POLICY.to_document()
    for rank in document:
        kept = sorted(draw(st.lists(MINUTES, min_size=3, max_size=3)))
        document[rank] |= dict(zip(PromiseKind, kept, strict=True)) | {
            "hours": draw(st.sampled_from([*Hours]))
        }
    try:
        return Policy.from_document(document)
    except Refused:
        return DEFAULT_POLICY


def read(rules: list[dict[str, Any]]) -> Rules:
    """Those that may be published."""
    found: list[dict[str, Any]] = []
    for number, rule in enumerate(rules):
        one = {**rule, "name": f"rule {number}"}
        try:
            rules_document.read({"rules": [one]})
        except (Invalid, Refused):
            continue
        found.append(one)
    return rules_document.read({"rules": found})


def decided(
    rules: Rules, policy: Policy, calendar: Calendar, value: int, tier: Tier
) -> tuple[Priority, list[datetime]] | None:
    """The priority, and when each promise would be due."""
    signal = Signal(Channel.KIOSK, Kind.RATING, "group/bund/", START, Rating("faces5", value), None, tier)
    verdict = judge(rules, signal, triage(signal.rating, None))
    if verdict.triage is None:
        return None
    within, sooner = ranks(verdict.triage.severity, tier), verdict.guidance.promises
    dues = [made(policy, within, kind, START, calendar, sooner.get(kind)).due_at for kind in PromiseKind]
    return priority(verdict.triage.severity, tier)[0], dues


@settings(max_examples=150, deadline=None)
@given(RULES, policies(), CALENDARS, st.integers(1, 3))
def test_a_more_valued_customer_is_never_less_urgent_nor_promised_later(
    written: list[dict[str, Any]], policy: Policy, calendar: Calendar, value: int
) -> None:
    rules = read(written)
    found = [decided(rules, policy, calendar, value, tier) for tier in TIERS]
    for less, more in pairwise(found):
        if less is None:
            continue
        assert more is not None, "what is a case for one is a case for whoever is worth more"
        assert [*Priority].index(more[0]) <= [*Priority].index(less[0])
        assert all(sooner <= later for sooner, later in zip(more[1], less[1], strict=True))


@settings(max_examples=100, deadline=None)
@given(RULES, policies(), CALENDARS, st.integers(1, 2), st.sampled_from([*Tier]))
def test_nobody_is_promised_less_than_the_floor(
    written: list[dict[str, Any]], policy: Policy, calendar: Calendar, value: int, tier: Tier
) -> None:
    found = decided(read(written), policy, calendar, value, tier)
    assume(found is not None)
    assert found is not None
    floor = DEFAULT_POLICY[Priority.P4]
    for kind, due_at in zip(PromiseKind, found[1], strict=True):
        assert due_at <= calendars.due_at(START, floor.target(kind), calendar)


def test_where_the_house_never_closes_a_lifted_case_is_not_solved_later_than_the_plain_one() -> None:
    """Two days by the clock are more than the forty business hours of the priority it was lifted from."""
    always = hours(["00:00", "24:00"])
    plain, lifted = (decided((), DEFAULT_POLICY, always, 2, tier) for tier in (Tier.C, Tier.A))
    assert plain is not None and lifted is not None
    assert (plain[0], lifted[0]) == (Priority.P3, Priority.P2)
    assert lifted[1][2] == plain[1][2] == START + timedelta(hours=40)


@pytest.mark.parametrize(
    ("kind", "minutes"), [("acknowledge", 481), ("first_contact", 961), ("resolve", 4801)]
)
def test_a_rule_slower_than_the_floor_is_refused_by_the_name_of_the_promise(kind: str, minutes: int) -> None:
    rule = {"name": "Slow", "when": {}, "then": {"promises": {kind: minutes}}}
    with pytest.raises(Refused, match="rule_slower_than_floor") as refusal:
        rules_document.read({"rules": [rule]})
    assert refusal.value.reason.args["promises"] == [kind]
    rules_document.read({"rules": [rule | {"then": {"promises": {kind: minutes - 1}}}]})
