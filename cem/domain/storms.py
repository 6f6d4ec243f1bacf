"""Many at once for one cause: they are told of together, and each is answered on its own.

Five very dissatisfied customers within three minutes at one site for one cause make a storm. A valuable
customer and a danger to people are never folded into one: each rings on its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cem.domain.reasons import Reason
from cem.domain.vocabulary import Severity, Tier

WINDOW: Final = timedelta(minutes=3)
QUIET: Final = timedelta(minutes=30)
"""A group takes no more members once nobody has joined for so long."""

DIGEST_EVERY: Final = timedelta(minutes=5)
"""Whose storm it is hears how it stands so often, instead of a message for each of its cases."""


class CauseKind(StrEnum):
    """A touchpoint, a topic of the words, a place where no touchpoint was named, or the whole of a place."""

    TOUCHPOINT = "touchpoint"
    TOPIC = "topic"
    PLACE = "place"
    SITE = "site"


ENOUGH: Final = {CauseKind.TOUCHPOINT: 5, CauseKind.TOPIC: 5, CauseKind.PLACE: 5, CauseKind.SITE: 10}
"""How many make a storm. That a whole site has one takes more: it may be chance that brings five together."""

_REASONS: Final = {
    CauseKind.TOUCHPOINT: "storm.touchpoint",
    CauseKind.TOPIC: "storm.topic",
    CauseKind.PLACE: "storm.place",
    CauseKind.SITE: "storm.site",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """`code` is a touchpoint's id or a topic's code; a place needs none."""

    kind: CauseKind
    code: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A case as a storm sees it. `topics` are those that its words speak badly of."""

    case: str
    at: datetime
    touchpoint: str | None
    topics: frozenset[str]
    very_dissatisfied: bool
    severity: Severity
    tier: Tier


@dataclass(frozen=True, slots=True)
class Storm:
    """`cases` are the members that a new group starts with, the oldest first."""

    cause: Cause
    cases: tuple[str, ...]
    reason: Reason


def apart(signal: Signal) -> Reason | None:
    """Why this one is never folded into a group; None where it may be."""
    if signal.severity is Severity.CRITICAL:
        return Reason("apart.danger")
    if signal.tier is Tier.A:
        return Reason("apart.tier_a")
    if not signal.very_dissatisfied:
        return Reason("apart.not_very_dissatisfied")
    return None


def causes(signal: Signal) -> Iterator[Cause]:
    """What it may have in common with others, the narrowest first."""
    if signal.touchpoint is not None:
        yield Cause(CauseKind.TOUCHPOINT, signal.touchpoint)
    for topic in sorted(signal.topics):
        yield Cause(CauseKind.TOPIC, topic)
    if signal.touchpoint is None:
        yield Cause(CauseKind.PLACE)
    yield Cause(CauseKind.SITE)


def joins(signal: Signal, running: Collection[Cause]) -> Cause | None:
    """The storm, of those that blow at its site, that this one belongs to."""
    if apart(signal) is not None:
        return None
    return next((cause for cause in causes(signal) if cause in running), None)


def starts(signal: Signal, before: Sequence[Signal]) -> Storm | None:
    """The storm that this one makes together with those `before` it at its site; None while there is none."""
    if apart(signal) is not None:
        return None
    near = [each for each in before if signal.at - WINDOW < each.at <= signal.at and apart(each) is None]
    near = [*sorted(near, key=lambda each: each.at), signal]
    for cause in causes(signal):
        together = [each.case for each in near if cause in causes(each)]
        if len(together) >= ENOUGH[cause.kind]:
            args = {"count": len(together), "minutes": int(WINDOW.total_seconds() // 60), "code": cause.code}
            return Storm(cause, tuple(together), Reason(_REASONS[cause.kind], args))
    return None


@dataclass(frozen=True, slots=True)
class Figures:
    """How a group stands: how many are in it, are taken, and are owed no answer any more."""

    count: int
    taken: int
    answered: int

    @property
    def done(self) -> bool:
        return self.taken == self.answered == self.count


@dataclass(frozen=True, slots=True)
class Digest:
    """Whether its owner is told now, and when it is looked at next; None: there is nothing left to tell."""

    told: bool
    next_at: datetime | None


def digest(now: datetime, figures: Figures, told: Figures | None, *, calm: bool) -> Digest:
    """Every five minutes while it grows or waits; once nobody joins any more, only where something moved.

    The last one says that all of it is done.
    """
    moved = figures != told
    if figures.done:
        return Digest(moved, None)
    return Digest(moved or not calm, now + DIGEST_EVERY)
