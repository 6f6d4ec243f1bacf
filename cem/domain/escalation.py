"""Who is told next, and when, while nobody has acknowledged: a ladder that never ends.

`next_step` says when; `people_for` says who, one person per rung. A step with nobody to ask is left out at
once, and says so, instead of letting its time run out in silence (behaviour 13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cem.domain.calendars import Calendar, due_at
from cem.domain.localtime import utc
from cem.domain.promises import EXPIRES_WITHIN, Policy, PromiseTable
from cem.domain.reasons import Reason
from cem.domain.roster import Active, Present, Roster, everybody, present
from cem.domain.vocabulary import Hours, Priority

DUTY, DEPUTY, MANAGER, REGION = "duty", "deputy", "manager", "region"


@dataclass(frozen=True, slots=True)
class Step:
    """`who` is `duty`, `deputy`, `manager`, `region`, or the id of a user."""

    who: str


@dataclass(frozen=True, slots=True)
class Ladder:
    steps: tuple[Step, ...] = (Step(DUTY), Step(DEPUTY), Step(MANAGER), Step(REGION))

    @classmethod
    def from_document(cls, document: Sequence[str]) -> Ladder:
        return cls(tuple(Step(who) for who in document))

    def to_document(self) -> list[str]:
        return [step.who for step in self.steps]


@dataclass(frozen=True, slots=True)
class Rung:
    """A step with the person it comes to."""

    step: Step
    person: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class People:
    """The rungs in order, each with another person, never empty; and the steps left out, with why."""

    rungs: tuple[Rung, ...]
    skipped: tuple[Reason, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(rung.person for rung in self.rungs)

    def at(self, step_index: int) -> Rung:
        """Who is told at that step; after the last rung it is the last one, again and again."""
        return self.rungs[min(step_index, len(self.rungs) - 1)]


@dataclass(frozen=True, slots=True)
class NextStep:
    """`step_index` counts pages: 0 is the first; it goes on rising while the last rung is repeated."""

    at: datetime
    step_index: int
    reason: Reason


def people_for(
    ladder: Ladder,
    roster: Roster,
    now: datetime,
    active: Active = everybody,
    named: Mapping[str, Sequence[str]] | None = None,
) -> People:
    """The people of the ladder at `now`; where nobody is on duty that is said, and the manager asked at once.

    `named` gives the people of a step in place of the roster.
    """
    rungs: list[Rung] = []
    skipped: list[Reason] = []
    duty = present(roster, now, active)
    for step in ladder.steps:
        able = [user for user in _asked(step, roster, duty, named or {}) if active(user)]
        if step.who == DUTY and duty.source in ("manager", "fallback"):
            skipped.append(Reason("ladder.nobody", {"step": DUTY}))
        fresh = [user for user in able if user not in {rung.person for rung in rungs}]
        if fresh:
            rungs.append(Rung(step, fresh[0], Reason("ladder.step", {"step": step.who})))
        else:
            code = "ladder.already_asked" if able else "ladder.nobody"
            skipped.append(Reason(code, {"step": step.who}))
    if not rungs:
        rungs.append(Rung(Step(DUTY), roster.fallback, Reason("ladder.fallback")))
    return People(tuple(rungs), tuple(skipped))


def passes_on(people: People, step_index: int, asked: str, reached: Active) -> Reason | None:
    """Why the step after this one is not waited for; None where it is.

    `asked` was asked at this step and has the app alone, unheard in a pocket: they have their turn,
    and the next is asked at once, if somebody further up is `reached` outside the app (behaviour 13). Where
    nobody is, going on would tell everybody at once and reach nobody sooner.
    """
    further = (rung.person for rung in people.rungs[step_index + 1 :] if rung.person != asked)
    if reached(asked) or not any(reached(person) for person in further):
        return None
    return Reason("app_only", {"user": asked})


def next_step(
    priority: Priority,
    policy: Policy,
    started_at: datetime,
    step_index: int,
    last_at: datetime | None,
    calendar: Calendar | None,
    acknowledge_due_at: datetime | None,
) -> NextStep:
    """When the ladder goes on after page number `step_index` (-1: none yet) was due at `last_at`.

    `started_at` is when the ladder began: when the case came in, was raised, or was opened again. What a
    standstill of the hub left behind is caught up with one step at a time, not with all steps at once.
    """
    table = policy[priority]
    hours = calendar if table.hours == Hours.BUSINESS else None
    if step_index < 0 or last_at is None:
        return NextStep(started_at, 0, Reason("ladder.first_page"))
    planned = _planned(table, step_index, started_at, hours, acknowledge_due_at)
    if planned is not None and planned > last_at:
        code = "ladder.acknowledge_missed" if table.ladder.steps[step_index] is None else "ladder.next"
        return NextStep(planned, step_index + 1, Reason(code, {"step": step_index + 1}))
    later = due_at(last_at, _gap(table, step_index), hours)
    code = "ladder.again" if step_index >= len(table.ladder.steps) else "ladder.caught_up"
    return NextStep(later, step_index + 1, Reason(code, {"step": step_index + 1}))


def acknowledgement_expires_at(
    priority: Priority, policy: Policy, acknowledged_at: datetime, calendar: Calendar | None
) -> datetime | None:
    """When an acknowledgement that no contact followed stops counting; None where it never does.

    In the priority's own hours, and seven days on the clock at most, however few hours a calendar has.
    """
    table = policy[priority]
    if table.acknowledgement_expires is None:
        return None
    hours = calendar if table.hours == Hours.BUSINESS else None
    due = due_at(acknowledged_at, table.acknowledgement_expires, hours)
    return min(due, utc(acknowledged_at) + EXPIRES_WITHIN)


def _asked(step: Step, roster: Roster, duty: Present, named: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if step.who in named:
        return named[step.who]
    posts = {DEPUTY: roster.deputy, MANAGER: roster.manager, REGION: roster.region}
    if step.who == DUTY:
        return duty.people
    if step.who in posts:
        others = duty.people[1:] if step.who == DEPUTY else ()
        return [*others, *filter(None, [posts[step.who]])]
    return (step.who,)


def _gap(table: PromiseTable, step_index: int) -> timedelta:
    """How long after the page before, where the plan has no time of its own left."""
    steps = table.ladder.steps
    before = steps[step_index - 1] if 0 < step_index <= len(steps) else timedelta()
    after = steps[step_index] if step_index < len(steps) else None
    if after is None or before is None:
        return table.ladder.every
    return after - before


def _planned(
    table: PromiseTable,
    step_index: int,
    started_at: datetime,
    hours: Calendar | None,
    acknowledge_due_at: datetime | None,
) -> datetime | None:
    """When the step after `step_index` is due by the plan; None when the plan is at its end."""
    if step_index >= len(table.ladder.steps):
        return None
    delay = table.ladder.steps[step_index]
    if delay is not None:
        return due_at(started_at, delay, hours)
    return acknowledge_due_at or due_at(started_at, table.acknowledge, hours)
