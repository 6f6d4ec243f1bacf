"""How each feedback of the past left the ledger: thanked, answered by a person, in public, or excused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from cem.demo.casework import Pace, acknowledged, begun, dealt_with, excused, first_contact_due, mistake
from cem.demo.chance import seeded
from cem.demo.content import calendar, roster
from cem.demo.fate import Fate
from cem.demo.pool import reply_for
from cem.demo.said import Said
from cem.domain.ledger import thanked_on_the_spot
from cem.domain.vocabulary import AnswerHow, Channel, LedgerState, Via

_SPEEDS: Final = (1.0, 0.5, 0.2, 0.05, 0.01)
"""At the end of the history people hurry, so that nothing but the chosen few is left."""

_VIA: Final = {
    Channel.REVIEW: Via.PUBLIC_REPLY,
    Channel.EMAIL: Via.EMAIL,
    Channel.SMS: Via.SMS,
    Channel.CALL: Via.PHONE,
}


def settle(seed: int, said: Said, until: datetime) -> Fate:
    """Settled before `until`, at the ordinary speed where that is enough."""
    if thanked_on_the_spot(said.rating, said.words, other_words=False):
        return Fate(LedgerState.ANSWERED, said.on_duty(said.at), AnswerHow.THANKED, said.at)
    for speed in _SPEEDS:
        fate = _settled(seeded(seed, "fate", said.number), said, speed, until)
        if fate.at and fate.at < until:
            break
    return fate


def left_open(said: Said, until: datetime, taken_after: timedelta | None) -> Fate:
    """Still owed at `until`; its case, if it has one, acknowledged `taken_after` it came, or not yet."""
    triage, owner = said.triage(), said.on_duty(said.at)
    if triage is None:
        return Fate(LedgerState.OWED, owner)
    case = begun(said, triage, until)
    if taken_after is not None:
        case = acknowledged(said, triage, said.at + taken_after)
    overdue = first_contact_due(said, case.priority) <= until
    return Fate(LedgerState.OWED, case.owner, overdue=overdue, case=case)


def _settled(rng: Random, said: Said, speed: float, until: datetime) -> Fate:
    triage = said.triage()
    if triage:
        return dealt_with(rng, said, triage, speed, until)
    pace = Pace(speed, calendar(said.place.code) if speed == 1 else None)
    if said.channel is Channel.KIOSK:
        return _tapped(rng, said, pace)
    return _written(rng, said, pace)


def _tapped(rng: Random, said: Said, pace: Pace) -> Fate:
    """A middling tap without words and without a name: the board answers it for all to see."""
    if rng.random() < 0.05:
        at = pace.after(rng, said.at, 60.0)
        return excused(said, said.on_duty(at), at, mistake(rng), None)
    at = pace.after(rng, said.at, 9 * 60.0, 0.35)
    fate = _reply(rng, said, at, AnswerHow.PUBLIC, Via.PUBLIC_REPLY, "board")
    deputy = roster(said.place.code).deputy
    return replace(fate, by=deputy, owner=deputy or fate.owner)


def _written(rng: Random, said: Said, pace: Pace) -> Fate:
    via = _VIA.get(said.channel, Via.MESSAGE)
    how = AnswerHow.PUBLIC if via is Via.PUBLIC_REPLY else AnswerHow.PERSONAL
    return _reply(rng, said, pace.after(rng, said.at, 4 * 60.0), how, via, "reply")


def _reply(rng: Random, said: Said, at: datetime, how: AnswerHow, via: Via, use: str) -> Fate:
    by = said.on_duty(at)
    topic = "general" if use == "board" else said.reply_topic
    key = reply_for(rng, use, topic, said.language).key
    return Fate(LedgerState.ANSWERED, by, how, at, by, via, key)
