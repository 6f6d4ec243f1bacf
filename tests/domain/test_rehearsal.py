"""A draft on the days that were: pages, broken promises, load and gaps follow from history and the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cem.domain import rules_document
from cem.domain.calendars import Calendar
from cem.domain.escalation import Ladder
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.ratings import Rating
from cem.domain.rehearsal import House, Past, Played, Regime, Usual, uncovered
from cem.domain.rehearsal import play as play_one
from cem.domain.rehearsal_tally import ITEMS_A_DAY, Tally
from cem.domain.roster import Roster, everybody
from cem.domain.rules import Rules, Signal
from cem.domain.vocabulary import Channel, Kind, Priority, PromiseKind

TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10:00 on a Monday in Shanghai."""
SINCE, UNTIL = TEN - timedelta(days=1), TEN + timedelta(days=6)
ALL_DAY = {"timezone": "Asia/Shanghai", "week": [[["00:00", "24:00"]]] * 7, "exceptions": []}
SHIFTS = [{"user": "lin", "weekdays": [0, 1, 2, 3, 4, 5, 6], "start": "07:00", "end": "22:00"}]
ROSTER = {
    "timezone": "Asia/Shanghai",
    "shifts": SHIFTS,
    "fallback": "he",
    "manager": "shen",
    "deputy": "zhou",
}


def house(rules: Rules = (), **roster: object) -> House:
    return House(
        "group/bund/",
        Roster.from_document(ROSTER | roster),
        Ladder(),
        DEFAULT_POLICY,
        Calendar.from_document(ALL_DAY),
        rules,
    )


def tap(value: int, took: int | None, at: datetime = TEN, id: str = "1", about: str | None = None) -> Past:
    """A face, and after how many minutes it was really taken and settled (None: it had no case)."""
    signal = Signal(
        Channel.KIOSK, Kind.RATING, "group/bund/", at + timedelta(hours=8), Rating("faces5", value)
    )
    done = None if took is None else dict.fromkeys(PromiseKind, timedelta(minutes=took))
    return Past(id, "bund", signal, at, late=False, wordless=True, about=about, done=done)


@dataclass
class Rehearsed:
    """A tally, and beside it each case under both regimes."""

    tally: Tally
    cases_before: dict[str, Played]
    cases_after: dict[str, Played]


def play(before: House, after: House, *past: Past, usual: Usual | None = None) -> Rehearsed:
    found = Rehearsed(Tally(), {}, {})
    for each in past:
        sides = [play_one(each, regime(house), UNTIL, usual or Usual(())) for house in (before, after)]
        found.tally.add(each.id, *sides)
        for cases, side in zip((found.cases_before, found.cases_after), sides, strict=True):
            if side is not None:
                cases[each.id] = side
    return found


def regime(house: House) -> Regime:
    return Regime({"bund": house}, everybody, lambda user, path: True)


def raising(severity: str) -> Rules:
    return rules_document.read(
        {"rules": [{"name": "faces", "when": {"channels": ["kiosk"]}, "then": {"severity": severity}}]}
    )


def test_a_rule_that_raises_pages_more_people_and_breaks_sooner_promises() -> None:
    played = play(house(), house(raising("critical")), tap(2, took=40))
    before, after = played.cases_before["1"], played.cases_after["1"]
    assert (before.priority, len(before.pages), before.broken) == (Priority.P3, 1, frozenset())
    assert after.priority is Priority.P1
    assert len(after.pages) == 5, "at 0, 2, 5, 10 and 25 minutes, until it was taken at 40"
    assert after.broken == {PromiseKind.ACKNOWLEDGE, PromiseKind.FIRST_CONTACT}
    assert played.tally.changed == 1 and played.tally.moves == {("p3", "p1"): 1}
    loads = played.tally.after
    assert loads.load("lin").pages == 1 and loads.load("zhou").pages == 1


def test_what_changes_nothing_is_said_to_change_nothing() -> None:
    played = play(house(), house(), tap(1, took=3), tap(5, took=None, id="2"))
    assert played.tally.changed == 0 and played.tally.feedback == 2
    assert set(played.cases_after) == {"1"}, "a satisfied face is thanked on the spot"


def test_a_gap_in_the_roster_is_counted_in_hours_and_in_cases() -> None:
    night = [*SHIFTS, {"user": "zhou", "weekdays": [0, 1, 2, 3, 4, 5, 6], "start": "22:00", "end": "07:00"}]
    at_two = TEN - timedelta(hours=8)
    played = play(house(), house(shifts=night), tap(1, took=1, at=at_two))
    gaps = [uncovered(each, SINCE, UNTIL, everybody) for each in (house(), house(shifts=night))]
    assert gaps == [timedelta(hours=9 * 7), timedelta()]
    before, after = played.tally.before, played.tally.after
    assert (before.nobody_on_duty, after.nobody_on_duty) == (1, 0)
    assert (played.cases_before["1"].owner, played.cases_after["1"].owner) == ("shen", "zhou")
    assert after.load("zhou").at_night == 1


def test_faster_promises_break_where_people_were_slower() -> None:
    sooner = rules_document.read(
        {"rules": [{"name": "soon", "when": {}, "then": {"promises": {"resolve": 30}}}]}
    )
    played = play(house(), house(sooner), tap(1, took=20), tap(1, took=40, id="2"))
    assert played.tally.before.breaches[PromiseKind.RESOLVE] == 0
    assert played.tally.after.breaches[PromiseKind.RESOLVE] == 1


def test_what_had_no_case_takes_as_long_as_is_usual() -> None:
    opening = rules_document.read(
        {"rules": [{"name": "middling", "when": {"ratings": ["middling"]}, "then": {"severity": "high"}}]}
    )
    usual = Usual([(Priority.P2, dict.fromkeys(PromiseKind, timedelta(minutes=4)))])
    played = play(house(), house(opening), tap(3, took=None), usual=usual)
    assert played.cases_before == {}
    assert len(played.cases_after["1"].pages) == 2, "at 0 and at 2 minutes; it was taken after 4"


def test_nobody_is_paged_about_themselves_and_late_arrivals_page_nobody_at_first() -> None:
    played = play(house(), house(), tap(1, took=1, about="lin"))
    assert played.cases_after["1"].owner == "shen"
    late = replace(tap(1, took=10), late=True)
    assert play(house(), house(), late).cases_after["1"].pages == ()


def test_the_pages_of_a_case_that_nobody_ever_took_have_an_end() -> None:
    never = replace(tap(1, took=None), done={})
    assert len(play(house(), house(), never).cases_after["1"].pages) == 50


def test_of_a_day_the_items_that_ask_most_are_kept_and_what_changes_comes_first() -> None:
    taps = [tap(1, took=each, id=f"{each:02}") for each in range(1, 20)]
    only_first = rules_document.read(
        {"rules": [{"name": "r", "when": {"channels": ["kiosk"]}, "then": {"promises": {"acknowledge": 3}}}]}
    )
    tally = play(house(), house(only_first), *taps).tally
    (day,) = tally.worst_days()
    kept = tally.days[day]
    assert len(kept) == ITEMS_A_DAY and all(item.differs for item in kept)
    assert tally.after.broken[day] == 17 and tally.feedback == 19
    assert tally.changed == 12, "those taken after three minutes and before fifteen"


def test_what_was_added_up_survives_being_written_down() -> None:
    tally = play(house(), house(raising("critical")), tap(2, took=40), tap(1, took=3, id="2")).tally
    assert Tally.from_document(tally.to_document()) == tally
    usual = Usual([(Priority.P2, dict.fromkeys(PromiseKind, timedelta(minutes=4)))])
    assert Usual.from_document(usual.to_document()).of(Priority.P1) == usual.of(Priority.P1)
