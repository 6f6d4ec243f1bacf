"""How the managers of the past dealt with their cases: mostly in time, now and then too late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from cem.demo.chance import around, pick
from cem.demo.content import calendar, ladder, roster
from cem.demo.fate import Fate, PastCase, PastContact
from cem.demo.pool import reply_for
from cem.demo.said import Said
from cem.domain.calendars import Calendar, due_at
from cem.domain.escalation import people_for
from cem.domain.localtime import zone
from cem.domain.promises import DEFAULT_POLICY
from cem.domain.severity import Triage, priority
from cem.domain.vocabulary import (
    AnswerHow,
    Channel,
    ExcuseReason,
    Hours,
    LedgerState,
    Outcome,
    Priority,
    PromiseKind,
    ResolutionCode,
    Via,
)

_MEDIANS: Final = {
    Priority.P1: (2.0, 9.0, 150.0),
    Priority.P2: (5.0, 22.0, 380.0),
    Priority.P3: (45.0, 90.0, 420.0),
    Priority.P4: (90.0, 180.0, 600.0),
}
"""Minutes, of the priority's own hours, to the acknowledgement, from there to the contact, then on."""

_VIA: Final = {
    Channel.KIOSK: Via.IN_PERSON,
    Channel.EMAIL: Via.EMAIL,
    Channel.SMS: Via.SMS,
    Channel.CALL: Via.PHONE,
}
NOT_REACHED: Final = {
    "zh-Hans": "没人接，稍后再打。",
    "zh-Hant": "沒人接，稍後再打。",
    "en": "No answer, trying again later.",
}
UNREACHABLE: Final = {
    "zh-Hans": "三次都没接通。",
    "zh-Hant": "三次都沒接通。",
    "en": "Three tries on three occasions, no answer.",
}
_EXCUSES: Final = ((ExcuseReason.DUPLICATE, 6.0), (ExcuseReason.TEST, 3.0), (ExcuseReason.STAFF, 2.0))
EVIDENCE: Final = {
    ExcuseReason.DUPLICATE: ("同一台评价机两秒内点了两次。", "The same kiosk, two taps within two seconds."),
    ExcuseReason.TEST: (
        "换评价机支架时试点的，维修单已附。",
        "Tapped while the stand was being changed, see the work order.",
    ),
    ExcuseReason.STAFF: ("监控里是同事在擦屏幕。", "The recording shows a colleague wiping the screen."),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast work goes: `speed` 1 is ordinary; below it people hurry and stay after hours."""

    speed: float
    calendar: Calendar | None

    def after(self, rng: Random, start: datetime, median: float, spread: float = 0.75) -> datetime:
        return due_at(start, around(rng, median, spread) * self.speed, self.calendar)


def begun(said: Said, triage: Triage, until: datetime) -> PastCase:
    """The case as it stood while nobody had acknowledged, at `until`."""
    level, _ = priority(triage.severity, said.tier)
    paged = _paged(said, level, until)
    return PastCase(triage.severity, level, triage.reason, said.on_duty(said.at), paged)


def acknowledged(said: Said, triage: Triage, at: datetime) -> PastCase:
    """The case when the first one who was told has acknowledged, at `at`."""
    case = begun(said, triage, at)
    by = case.paged[0]
    return replace(case, acknowledged_at=at, acknowledged_by=by, owner=by)


def dealt_with(rng: Random, said: Said, triage: Triage, speed: float, until: datetime) -> Fate:
    """The whole life of a case; what would come after `until` is left out."""
    level, _ = priority(triage.severity, said.tier)
    pace = Pace(speed, _hours(said, level) if speed == 1 else None)
    taken = _taken(rng, said, triage, level, pace)
    if said.channel is Channel.KIOSK and rng.random() < 0.06:
        fate = _mistaken(rng, said, taken, pace)
    elif said.customer and said.customer.phone and rng.random() < 0.1:
        fate = _unreachable(rng, said, taken, pace)
    else:
        fate = _answered(rng, said, taken, pace)
    assert fate.case
    return replace(fate, case=_as_known(said, fate.case, fate.at, until))


def first_contact_due(said: Said, level: Priority) -> datetime:
    return _due(said, level, PromiseKind.FIRST_CONTACT)


def _taken(rng: Random, said: Said, triage: Triage, level: Priority, pace: Pace) -> PastCase:
    hour = said.at.astimezone(zone(said.place.timezone)).hour
    slower = (1.35 if said.place.code == "soho" else 1.0) * (1.25 if hour < 6 else 1.0)
    at = pace.after(rng, said.at, _MEDIANS[level][0] * slower)
    case = begun(said, triage, at)
    by = case.paged[0] if rng.random() < 0.7 else rng.choice(case.paged)
    return replace(case, acknowledged_at=at, acknowledged_by=by, owner=by)


def _paged(said: Said, level: Priority, until: datetime) -> tuple[str, ...]:
    """Who had been told by `until`: the ladder of its priority, one person a step."""
    people = people_for(ladder(said.place.code), roster(said.place.code), said.at).ids
    missed = _due(said, level, PromiseKind.ACKNOWLEDGE)
    delays = DEFAULT_POLICY[level].ladder.steps
    times = [said.at, *(missed if delay is None else said.at + delay for delay in delays)]
    return tuple(person for person, at in zip(people, times, strict=False) if at <= until)


def _answered(rng: Random, said: Said, case: PastCase, pace: Pace) -> Fate:
    assert case.acknowledged_at
    _, contact, resolve = _MEDIANS[case.priority]
    first = pace.after(rng, case.acknowledged_at, contact)
    slow = 5.0 if rng.random() < 0.05 else 1.0
    last = pace.after(rng, first, resolve * slow, 0.8)
    if said.channel is Channel.REVIEW:
        reply = reply_for(rng, "reply", said.reply_topic, said.language)
        return _fate(
            case, AnswerHow.PUBLIC, first, Via.PUBLIC_REPLY, reply.key, _resolved(rng, said, case, last)
        )
    if said.channel is Channel.KIOSK and rng.random() < 0.25:
        closed = _resolved(rng, said, case, first, silent=False)
        return _fate(case, AnswerHow.PERSONAL, first, Via.MESSAGE, closed.reply, closed)
    via = _via(said)
    contacts = _contacts(rng, said, case, via, first)
    done = _resolved(rng, said, replace(case, contacts=contacts), last, silent=via is Via.IN_PERSON)
    return _fate(case, AnswerHow.PERSONAL, first, via, None, done)


def _contacts(rng: Random, said: Said, case: PastCase, via: Via, at: datetime) -> tuple[PastContact, ...]:
    """The contact that reached the guest at `at`, and on the phone at times a try before it."""
    assert case.acknowledged_at
    note = reply_for(rng, "note", "general", _own_language(said))
    reached = PastContact(at, case.owner, via, Outcome.REACHED, note.key)
    if via is not Via.PHONE or rng.random() > 0.25:
        return (reached,)
    before = case.acknowledged_at + (at - case.acknowledged_at) * 0.4
    return (
        PastContact(before, case.owner, via, Outcome.NOT_REACHED, NOT_REACHED[_own_language(said)]),
        reached,
    )


def _resolved(rng: Random, said: Said, case: PastCase, at: datetime, *, silent: bool = True) -> PastCase:
    """Resolved with a note, and with a reply unless `silent` because the guest was answered before."""
    note = reply_for(rng, "note", said.topic, _own_language(said))
    reply = reply_for(rng, "reply", said.reply_topic, said.language)
    return replace(
        case,
        resolved_at=at,
        resolution=ResolutionCode(note.code if silent else reply.code),
        note=note.key,
        reply=None if silent else reply.key,
        closed_at=at + around(rng, 2 * 24 * 60, 0.3),
    )


def _mistaken(rng: Random, said: Said, case: PastCase, pace: Pace) -> Fate:
    assert case.acknowledged_at
    at, reason = pace.after(rng, case.acknowledged_at, 12.0), pick(rng, _EXCUSES)
    return excused(said, case.owner, at, reason, replace(case, dismissed_at=at))


def _unreachable(rng: Random, said: Said, case: PastCase, pace: Pace) -> Fate:
    """Three tries, each well apart from the one before, and nobody answered."""
    language, at, tries = _own_language(said), case.acknowledged_at or said.at, []
    for _ in range(3):
        at = max(pace.after(rng, at, 150.0, 0.3), at + timedelta(minutes=15))
        tries.append(PastContact(at, case.owner, Via.PHONE, Outcome.NOT_REACHED, NOT_REACHED[language]))
    end = at + timedelta(minutes=5)
    fate = excused(said, case.owner, end, ExcuseReason.UNREACHABLE, replace(case, dismissed_at=end))
    return replace(fate, case=replace(case, contacts=tuple(tries), dismissed_at=end))


def excused(said: Said, by: str, at: datetime, reason: ExcuseReason, case: PastCase | None) -> Fate:
    english = _own_language(said) == "en"
    words = EVIDENCE[reason][english] if reason in EVIDENCE else UNREACHABLE[_own_language(said)]
    return Fate(LedgerState.EXCUSED, by, at=at, by=by, excuse=reason, evidence=words, case=case)


def mistake(rng: Random) -> ExcuseReason:
    return pick(rng, _EXCUSES)


def _fate(case: PastCase, how: AnswerHow, at: datetime, via: Via, reply: str | None, end: PastCase) -> Fate:
    return Fate(LedgerState.ANSWERED, case.owner, how, at, case.owner, via, reply, case=end)


def _as_known(said: Said, case: PastCase, answered_at: datetime | None, until: datetime) -> PastCase:
    """Without what lies after `until`, and with the promises that were broken by then."""
    if case.resolved_at and case.resolved_at > until:
        case = replace(case, resolved_at=None, resolution=None, note=None, reply=None, closed_at=None)
    if case.closed_at and case.closed_at > until:
        case = replace(case, closed_at=None)
    kept = {
        PromiseKind.ACKNOWLEDGE: case.acknowledged_at,
        PromiseKind.FIRST_CONTACT: case.dismissed_at or answered_at,
        PromiseKind.RESOLVE: case.dismissed_at or case.resolved_at,
    }
    late = (kind for kind, at in kept.items() if (at or until) >= _due(said, case.priority, kind))
    return replace(case, breached=tuple(late))


def _due(said: Said, level: Priority, kind: PromiseKind) -> datetime:
    return due_at(said.at, DEFAULT_POLICY[level].target(kind), _hours(said, level))


def _hours(said: Said, level: Priority) -> Calendar | None:
    return calendar(said.place.code) if DEFAULT_POLICY[level].hours is Hours.BUSINESS else None


def _via(said: Said) -> Via:
    by_phone = said.customer is not None and said.customer.phone is not None
    return _VIA.get(said.channel, Via.PHONE if by_phone else Via.MESSAGE)


def _own_language(said: Said) -> str:
    """The language in which colleagues write to each other there."""
    return "en" if said.place.code == "soho" else "zh-Hans"
