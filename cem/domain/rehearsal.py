"""A changed rule, roster or promise, played against what really came in: what would have been different?

Pure: the past goes in, figures come out. What people did is taken from history: a case would have been taken,
followed by a contact, and solved after as much time as it really was. Where a case did not exist then, the
usual times of its priority stand in (`Usual`). So a rehearsal says what the rules change, not what people
would have done differently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from cem.domain import calendars
from cem.domain.calendars import Calendar, Pause
from cem.domain.escalation import Ladder, next_step, people_for
from cem.domain.ledger import needs_a_case, thanked_on_the_spot
from cem.domain.localtime import zone
from cem.domain.promises import Policy
from cem.domain.roster import Roster, gaps, present
from cem.domain.routing import holders, route, route_by_rules
from cem.domain.rules import Rules, Signal, Verdict, judge
from cem.domain.severity import priority, triage
from cem.domain.vocabulary import Hours, LedgerState, Priority, PromiseKind

LATE_ARRIVAL: Final = timedelta(hours=24)
MOST_PAGES: Final = 50
"""Of one case: what nobody ever took would else be paged without end."""
HOUR: Final = timedelta(hours=1)

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


@dataclass(slots=True)
class Load:
    """What one person would have had: cases of their own, pages, and those of them between 22 and 7."""

    cases: int = 0
    pages: int = 0
    at_night: int = 0


@dataclass(frozen=True, slots=True)
class Played:
    """One case as it would have been."""

    feedback: str
    place: str
    priority: Priority
    owner: str
    pages: int
    broken: frozenset[PromiseKind]
    reason: str


@dataclass(slots=True)
class Outcome:
    """What a regime makes of the past."""

    cases: dict[str, Played] = field(default_factory=dict)
    pages: Counter[date] = field(default_factory=Counter)
    loads: dict[str, Load] = field(default_factory=dict)
    nobody_on_duty: int = 0
    uncovered: timedelta = timedelta()

    @property
    def breaches(self) -> Counter[PromiseKind]:
        return Counter(kind for case in self.cases.values() for kind in case.broken)

    @property
    def priorities(self) -> Counter[Priority]:
        return Counter(case.priority for case in self.cases.values())

    def load(self, person: str) -> Load:
        return self.loads.setdefault(person, Load())


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The same days under the rules that hold and under those that would."""

    since: datetime
    until: datetime
    feedback: int
    before: Outcome
    after: Outcome

    @property
    def days(self) -> float:
        return (self.until - self.since) / timedelta(days=1)

    @property
    def changed(self) -> tuple[str, ...]:
        """The feedback that would have been somebody else's, more urgent, or a case at all."""
        ids = {**self.before.cases, **self.after.cases}
        return tuple(id for id in ids if _differs(self.before.cases.get(id), self.after.cases.get(id)))


class Usual:
    """How long the cases of a priority usually took, for those that history does not know."""

    def __init__(self, known: Iterable[tuple[Priority, Done]]) -> None:
        times: dict[tuple[Priority | None, PromiseKind], list[timedelta]] = {}
        for rank, done in known:
            for kind, took in done.items():
                times.setdefault((rank, kind), []).append(took)
                times.setdefault((None, kind), []).append(took)
        self._typical = {key: sorted(found)[len(found) // 2] for key, found in times.items()}

    def of(self, rank: Priority) -> Done:
        found = {
            kind: self._typical.get((rank, kind), self._typical.get((None, kind))) for kind in PromiseKind
        }
        return {kind: took for kind, took in found.items() if took is not None}


def rehearse(
    past: Sequence[Past], before: Regime, after: Regime, since: datetime, until: datetime, usual: Usual
) -> Rehearsal:
    """Both regimes on the same past."""
    outcomes = [replay(past, regime, since, until, usual) for regime in (before, after)]
    return Rehearsal(since, until, len(past), *outcomes)


def replay(past: Sequence[Past], regime: Regime, since: datetime, until: datetime, usual: Usual) -> Outcome:
    """What would have become of all of it. Each feedback is judged at the instant at which it came in."""
    outcome = Outcome()
    for each in past:
        house = regime.houses.get(each.place)
        if house is not None:
            _play(outcome, each, house, regime, until, usual)
    for house in (each for each in regime.houses.values() if each.takes_feedback):
        found = gaps(house.roster, since, until, regime.active)
        outcome.uncovered += sum((gap.end - gap.start for gap in found), timedelta())
    return outcome


def _play(outcome: Outcome, past: Past, house: House, regime: Regime, until: datetime, usual: Usual) -> None:
    verdict = judge(house.rules, past.signal, triage(past.signal.rating, past.signal.findings))
    found = verdict.triage
    thanked = thanked_on_the_spot(past.signal.rating, None if past.wordless else " ", other_words=False)
    state = LedgerState.ANSWERED if thanked else LedgerState.OWED
    if found is None or thanked or not needs_a_case(state, found.severity):
        return
    rank, _ = priority(found.severity, past.signal.tier)
    done = usual.of(rank) if past.done is None else past.done
    owner = _owner(past, house, regime, verdict)
    outcome.nobody_on_duty += present(house.roster, past.received_at, regime.active).source in (
        "manager",
        "fallback",
    )
    broken = _broken(past, house, rank, verdict, done, until)
    pages = _page(outcome, past, house, regime, rank, owner, done, until)
    outcome.load(owner).cases += 1
    outcome.cases[past.id] = Played(past.id, past.place, rank, owner, pages, broken, found.reason.code)


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
    past: Past, house: House, rank: Priority, verdict: Verdict, done: Done, until: datetime
) -> frozenset[PromiseKind]:
    """Which promises would have been broken by the end of the rehearsed days."""
    table = house.policy[rank]
    calendar = house.calendar if table.hours is Hours.BUSINESS else None
    broken = set()
    for kind in PromiseKind:
        target = min(table.target(kind), verdict.guidance.promises.get(kind, table.target(kind)))
        due_at = calendars.due_after(past.received_at, target, calendar, past.pauses)
        kept_at = past.received_at + done[kind] if kind in done else until
        if due_at is not None and kept_at >= due_at:
            broken.add(kind)
    return frozenset(broken)


def _page(
    outcome: Outcome,
    past: Past,
    house: House,
    regime: Regime,
    rank: Priority,
    owner: str,
    done: Done,
    until: datetime,
) -> int:
    """Page the owner, then up the ladder until it was taken. How many pages that were."""
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
        _told(outcome, house, person, at)
        pages += 1
        following = next_step(rank, house.policy, past.received_at, step, at, house.calendar, due_at)
        at, step = following.at, following.step_index
    return pages


def _on_step(past: Past, house: House, regime: Regime, at: datetime, step: int) -> str:
    able = people_for(house.ladder, house.roster, at, lambda user: regime.active(user) and user != past.about)
    return able.at(step).person


def _told(outcome: Outcome, house: House, person: str, at: datetime) -> None:
    local = at.astimezone(zone(house.roster.timezone))
    outcome.pages[local.date()] += 1
    load = outcome.load(person)
    load.pages += 1
    load.at_night += local.hour >= 22 or local.hour < 7


def _differs(before: Played | None, after: Played | None) -> bool:
    if before is None or after is None:
        return True
    return (before.priority, before.owner, before.broken) != (after.priority, after.owner, after.broken)
