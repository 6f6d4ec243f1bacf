"""A changed rule, roster or promise, played against what really came in: what would have been different?

Pure: one feedback goes in, one case as it would have been comes out (`rehearsal_tally` adds them up). What
people did is taken from history: a case would have been taken, followed by a contact, and solved after as
much time as it really was. Where a case did not exist then, the usual times of its priority stand in
(`Usual`). So a rehearsal says what the rules change, not what people would have done differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from cem.domain import calendars
from cem.domain.calendars import Calendar, Pause
from cem.domain.escalation import Ladder, next_step, people_for
from cem.domain.ledger import needs_a_case, thanked_on_the_spot
from cem.domain.localtime import zone
from cem.domain.promises import Policy, made
from cem.domain.roster import Roster, gaps, present
from cem.domain.routing import holders, route, route_by_rules
from cem.domain.rules import Rules, Signal, Verdict, judge
from cem.domain.severity import priority, ranks, triage
from cem.domain.vocabulary import Hours, LedgerState, Priority, PromiseKind

LATE_ARRIVAL: Final = timedelta(hours=24)
MOST_PAGES: Final = 50
"""Of one case: what nobody ever took would else be paged without end."""

Done = Mapping[PromiseKind, timedelta]
"""How long after it was received each promise was really kept."""
Active = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Past:
    """One feedback of history. `about` is the person it is about, by id. `done` is None where it had no case;
    a promise that is missing in it was never kept."""

    id: str
    place: str
    signal: Signal
    received_at: datetime
    late: bool
    wordless: bool
    about: str | None = None
    done: Done | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """The rules of one place, as they hold or as they would."""

    path: str
    roster: Roster
    ladder: Ladder
    policy: Policy
    calendar: Calendar
    rules: Rules
    takes_feedback: bool = True


@dataclass(frozen=True, slots=True)
class Regime:
    """All places by code, who works here, and who may own what where."""

    houses: Mapping[str, House]
    active: Active
    may_own: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Page:
    """One notification as it would have been: whose, on which local day, and whether between 22 and 7."""

    person: str
    day: date
    at_night: bool


@dataclass(frozen=True, slots=True)
class Played:
    """One case as it would have been; `day` is the local day on which it came in."""

    place: str
    day: date
    priority: Priority
    owner: str
    pages: tuple[Page, ...]
    broken: frozenset[PromiseKind]
    reason: str
    nobody_on_duty: bool


class Usual:
    """How long the cases of a priority usually took, for those that history does not know."""

    def __init__(self, known: Iterable[tuple[Priority, Done]]) -> None:
        times: dict[tuple[Priority | None, PromiseKind], list[timedelta]] = {}
        for rank, done in known:
            for kind, took in done.items():
                times.setdefault((rank, kind), []).append(took)
                times.setdefault((None, kind), []).append(took)
        self._typical = {key: sorted(found)[len(found) // 2] for key, found in times.items()}

    @classmethod
    def from_document(cls, document: Iterable[Sequence[Any]]) -> Usual:
        usual = cls(())
        usual._typical = {
            (Priority(rank) if rank else None, PromiseKind(kind)): timedelta(seconds=seconds)
            for rank, kind, seconds in document
        }
        return usual

    def to_document(self) -> list[list[Any]]:
        return [
            [rank.value if rank else None, kind.value, took.total_seconds()]
            for (rank, kind), took in self._typical.items()
        ]

    def of(self, rank: Priority) -> Done:
        found = {
            kind: self._typical.get((rank, kind), self._typical.get((None, kind))) for kind in PromiseKind
        }
        return {kind: took for kind, took in found.items() if took is not None}


def play(past: Past, regime: Regime, until: datetime, usual: Usual) -> Played | None:
    """What would have become of one feedback, judged at the instant at which it came in; None: no case."""
    house = regime.houses.get(past.place)
    if house is None:
        return None
    verdict = judge(house.rules, past.signal, triage(past.signal.rating, past.signal.findings))
    found = verdict.triage
    thanked = thanked_on_the_spot(past.signal.rating, None if past.wordless else " ", other_words=False)
    state = LedgerState.ANSWERED if thanked else LedgerState.OWED
    if found is None or thanked or not needs_a_case(state, found.severity):
        return None
    rank, _ = priority(found.severity, past.signal.tier)
    done = usual.of(rank) if past.done is None else past.done
    owner = _owner(past, house, regime, verdict)
    source = present(house.roster, past.received_at, regime.active).source
    return Played(
        past.place,
        past.received_at.astimezone(zone(house.roster.timezone)).date(),
        rank,
        owner,
        tuple(_pages(past, house, regime, rank, owner, done, until)),
        _broken(past, house, verdict, done, until),
        found.reason.code,
        source in ("manager", "fallback"),
    )


def uncovered(house: House, since: datetime, until: datetime, active: Active) -> timedelta:
    """How long nobody stood on the roster of a place that takes feedback."""
    if not house.takes_feedback:
        return timedelta()
    return sum((gap.end - gap.start for gap in gaps(house.roster, since, until, active)), timedelta())


def _owner(past: Past, house: House, regime: Regime, verdict: Verdict) -> str:
    now, recused = past.received_at, frozenset({past.about} if past.about else ())
    instead = route(house.roster, house.ladder, now, regime.active, recused)
    named = verdict.guidance.owner
    if named is None:
        return instead.owner
    at = regime.houses.get(named.site or "", house)
    people = holders(named, at.roster, now, regime.active)
    return route_by_rules(
        verdict.guidance, people, instead, lambda user: regime.may_own(user, house.path), past.about
    ).owner


def _broken(
    past: Past, house: House, verdict: Verdict, done: Done, until: datetime
) -> frozenset[PromiseKind]:
    """Which promises would have been broken by the end of the rehearsed days."""
    assert verdict.triage is not None, "a case has a severity"
    within, sooner = ranks(verdict.triage.severity, past.signal.tier), verdict.guidance.promises
    broken = set()
    for kind in PromiseKind:
        promise = made(house.policy, within, kind, past.received_at, house.calendar, sooner.get(kind))
        calendar = house.calendar if promise.hours is Hours.BUSINESS else None
        due_at = calendars.due_after(past.received_at, promise.target, calendar, past.pauses)
        kept_at = past.received_at + done[kind] if kind in done else until
        if due_at is not None and kept_at >= due_at:
            broken.add(kind)
    return frozenset(broken)


def _pages(
    past: Past,
    house: House,
    regime: Regime,
    rank: Priority,
    owner: str,
    done: Done,
    until: datetime,
) -> Iterator[Page]:
    """Page the owner, then up the ladder until it was taken."""
    took = done.get(PromiseKind.ACKNOWLEDGE, done.get(PromiseKind.FIRST_CONTACT))
    taken_at = past.received_at + took if took is not None else until
    table = house.policy[rank]
    calendar = house.calendar if table.hours is Hours.BUSINESS else None
    due_at = calendars.due_at(past.received_at, table.acknowledge, calendar)
    at, step, pages = past.received_at, 0, 0
    if past.late:
        at, step = due_at, 1
    while at < taken_at and pages < MOST_PAGES:
        person = owner if step == 0 else _on_step(past, house, regime, at, step)
        yield _told(house, person, at)
        pages += 1
        following = next_step(rank, house.policy, past.received_at, step, at, house.calendar, due_at)
        at, step = following.at, following.step_index


def _on_step(past: Past, house: House, regime: Regime, at: datetime, step: int) -> str:
    able = people_for(house.ladder, house.roster, at, lambda user: regime.active(user) and user != past.about)
    return able.at(step).person


def _told(house: House, person: str, at: datetime) -> Page:
    local = at.astimezone(zone(house.roster.timezone))
    return Page(person, local.date(), local.hour >= 22 or local.hour < 7)
