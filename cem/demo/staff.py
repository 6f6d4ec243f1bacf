"""What the staff of the demo do with a case, by a fixed seed: mostly quickly, now and then too late.

    for step in plan_actions(seen, seeded(7, "staff", seen.id)):
        post(f"/api/v1/cases/{seen.id}/{step.action}", json=step.body)   # `after` from when the case opened

Every plan goes through the state machine without a refusal, if nobody else touches the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, Final

from cem.demo.casework import EVIDENCE, NOT_REACHED, mistake
from cem.demo.chance import around, pick
from cem.demo.pool import reply_for
from cem.domain.vocabulary import CaseAction, Channel, Outcome, PauseReason, Via

_ACKNOWLEDGED_AFTER: Final = {"p1": 1.0, "p2": 1.5, "p3": 35.0, "p4": 60.0}
_LATE: Final = {"p1": 5.0, "p2": 15.0, "p3": 240.0, "p4": 480.0}
"""Minutes after which the acknowledgement is too late."""
_RESOLVED_AFTER: Final = {"p1": 40.0, "p2": 75.0, "p3": 120.0, "p4": 150.0}

_VIA: Final = {
    Channel.KIOSK: ((Via.IN_PERSON, 1.0),),
    Channel.EMAIL: ((Via.EMAIL, 0.7), (Via.PHONE, 0.3)),
    Channel.SMS: ((Via.SMS, 0.6), (Via.PHONE, 0.4)),
    Channel.CALL: ((Via.PHONE, 1.0),),
}
_ANYWHERE: Final = ((Via.PHONE, 0.5), (Via.MESSAGE, 0.35), (Via.WECHAT, 0.15))
_HINTS: Final = {
    "wait": "waiting",
    "queue": "waiting",
    "clean": "cleanliness",
    "hygiene": "cleanliness",
    "noise": "noise",
    "quiet": "noise",
    "breakfast": "breakfast",
    "taste": "food",
    "food": "food",
    "dish": "food",
    "drink": "drinks",
    "price": "price",
    "cost": "price",
    "value": "price",
    "bill": "billing",
    "deliver": "delivery",
    "takeaway": "delivery",
    "check_in": "checkin",
    "checkin": "checkin",
    "check_out": "checkout",
    "checkout": "checkout",
    "room": "room",
    "facilit": "facilities",
    "wifi": "facilities",
    "decor": "ambience",
    "ambience": "ambience",
    "staff": "service",
    "attitude": "service",
    "service": "service",
}


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case as the API shows it. `topics` and `risks` are codes of its findings, the weightiest first;
    `colleagues` are user names to whom it may be handed."""

    id: str
    priority: str
    channel: str
    language: str
    topics: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffAction:
    """One call: `action` is the last part of the address, `after` counts from the opening of the case."""

    after: timedelta
    action: str
    body: dict[str, Any]


def plan_actions(case: CaseSeen, rng: Random) -> list[StaffAction]:
    """What the staff will do with it, in order."""
    taken = _taken_after(case, rng)
    fate = rng.random()
    if fate < 0.03 and case.channel == Channel.KIOSK:
        return [_dismissal(case, rng, taken)]
    steps = list(_first_steps(case, rng, taken))
    if fate > 0.97:
        return steps  # somebody meant to come back to it
    return [*steps, *_work(case, rng, steps[-1].after)]


def topic_of(case: CaseSeen) -> str:
    """Which of the demo's topics an answer should be about."""
    if case.risks:
        return case.risks[0]
    found = (topic for code in case.topics for hint, topic in _HINTS.items() if hint in code.lower())
    return next(found, "general")


def _taken_after(case: CaseSeen, rng: Random) -> timedelta:
    late = timedelta(minutes=_LATE[case.priority])
    if rng.random() < 0.08:
        return late * rng.uniform(1.1, 1.9)
    return min(around(rng, _ACKNOWLEDGED_AFTER[case.priority], 0.5), late * 0.9)


def _first_steps(case: CaseSeen, rng: Random, at: timedelta) -> Iterator[StaffAction]:
    yield StaffAction(at, CaseAction.ACKNOWLEDGEMENT.value, {})
    if case.colleagues and rng.random() < 0.08:
        to = rng.choice(case.colleagues)
        at += around(rng, 3.0, 0.3)
        yield StaffAction(at, CaseAction.ASSIGNMENT.value, {"user": to})
    if rng.random() < 0.12:
        note = reply_for(rng, "note", topic_of(case), _colleagues_language(case))
        yield StaffAction(at + around(rng, 2.0, 0.3), CaseAction.NOTES.value, {"text": note.text})


def _work(case: CaseSeen, rng: Random, at: timedelta) -> Iterator[StaffAction]:
    language = _colleagues_language(case)
    via = pick(rng, _VIA.get(Channel(case.channel), _ANYWHERE))
    summary = reply_for(rng, "note", "general", language).text
    if via is Via.PHONE and rng.random() < 0.2:
        at += around(rng, 6.0, 0.4)
        yield _contact(at, via, NOT_REACHED[language], Outcome.NOT_REACHED)
    at += around(rng, 10.0, 0.5)
    yield _contact(at, via, summary, Outcome.REACHED)
    if rng.random() < 0.05:
        at += around(rng, 4.0, 0.3)
        yield StaffAction(at, "pause", {"reason": PauseReason.WAITING_CUSTOMER.value})
        at += around(rng, 30.0, 0.4)
        yield StaffAction(at, CaseAction.RESUMPTION.value, {})
    at += around(rng, _RESOLVED_AFTER[case.priority], 0.5)
    yield StaffAction(at, CaseAction.RESOLUTION.value, _resolution(case, rng))
    if rng.random() < 0.3:
        yield StaffAction(at + around(rng, 60.0, 0.4), CaseAction.CLOSURE.value, {})


def _contact(at: timedelta, via: Via, summary: str, outcome: Outcome) -> StaffAction:
    body = {"via": via.value, "summary": summary, "outcome": outcome.value}
    return StaffAction(at, CaseAction.CONTACTS.value, body)


def _resolution(case: CaseSeen, rng: Random) -> dict[str, Any]:
    reply = reply_for(rng, "reply", topic_of(case), _reply_language(case))
    note = reply_for(rng, "note", topic_of(case), _colleagues_language(case))
    return {"code": reply.code, "summary": note.text, "reply": reply.text}


def _dismissal(case: CaseSeen, rng: Random, at: timedelta) -> StaffAction:
    reason = mistake(rng)
    evidence = EVIDENCE[reason][_colleagues_language(case) == "en"]
    return StaffAction(at, CaseAction.DISMISSAL.value, {"reason": reason.value, "evidence": evidence})


def _reply_language(case: CaseSeen) -> str:
    """The reply speaks the guest's language, as far as the company does."""
    if case.language in ("yue-Hant", "zh-Hant"):
        return "zh-Hant"
    return "zh-Hans" if case.language.startswith("zh") else "en"


def _colleagues_language(case: CaseSeen) -> str:
    return "en" if _reply_language(case) == "en" else "zh-Hans"
