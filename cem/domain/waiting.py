"""What may wait, until when, and in whose company: quiet hours, digests, bundles, and whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cem.domain.delivery import is_mailed_daily
from cem.domain.localtime import DAY, instant, local_date, span, wall_time
from cem.domain.vocabulary import DeliveryKind, HeldFor

TOGETHER: Final = timedelta(minutes=1)
"""What follows to the same person within it, and is not the first page of a case, becomes one message."""

_NOT_AT_NIGHT: Final = frozenset({DeliveryKind.WARNING, DeliveryKind.BREACH})
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_FIRST: Final = frozenset({DeliveryKind.PAGE, DeliveryKind.GROUP})


@dataclass(frozen=True, slots=True)
class Habits:
    """When a person wants what may wait, as `HH:MM` in their zone."""

    timezone: str
    quiet_from: str | None = None
    quiet_to: str | None = None
    digest_at: str = "08:00"


@dataclass(frozen=True, slots=True)
class Turn:
    """A message that waits for room: whose it is, and whether it is the first page of its case."""

    id: str
    person: str
    first: bool


def jumps(kind: DeliveryKind) -> bool:
    """The first page of a case, or of a group, goes ahead of what waits and is never bundled away."""
    return kind in _FIRST


def importance(kind: DeliveryKind) -> str:
    """What may be told together: what asks somebody to act, or what they should know."""
    return "act" if kind in (_FIRST | {DeliveryKind.ESCALATION}) else "know"


def held_for_habits(
    kind: DeliveryKind, habits: Habits, now: datetime, *, storm: bool = False
) -> tuple[datetime, HeldFor] | None:
    """Until when it waits for the person's own hours, and why. Never what calls somebody to act."""
    if is_mailed_daily(kind, storm=storm):
        return _next(habits.digest_at, habits.timezone, now), HeldFor.DIGEST
    if kind in _NOT_AT_NIGHT and (ends := _quiet_until(habits, now)) is not None:
        return ends, HeldFor.QUIET
    return None


def held_for_company(last: datetime | None, now: datetime) -> datetime | None:
    """Until when it waits for others, if the last message to the same person left at `last`. None: now."""
    return last + TOGETHER if last is not None and last + TOGETHER > now else None


def in_turn(waiting: Sequence[Turn], last: Mapping[str, datetime]) -> list[str]:
    """First pages before all others; among each, whoever was told least recently, and then in turn.

    `waiting` are the oldest first, `last` is when each person was told by this route.
    """
    order: list[str] = []
    for first in (True, False):
        queues: dict[str, list[str]] = {}
        for each in waiting:
            if each.first is first:
                queues.setdefault(each.person, []).append(each.id)
        people = sorted(queues, key=lambda person: (last.get(person, _LONG_AGO), queues[person][0]))
        while queues:
            for person in [each for each in people if each in queues]:
                order.append(queues[person].pop(0))
                if not queues[person]:
                    del queues[person]
    return order


def _next(at: str, zone: str, now: datetime) -> datetime:
    day = local_date(now, zone)
    today = instant(zone, day, wall_time(at))
    return today if today > now else instant(zone, day + DAY, wall_time(at))


def _quiet_until(habits: Habits, now: datetime) -> datetime | None:
    if habits.quiet_from is None or habits.quiet_to is None:
        return None
    today = local_date(now, habits.timezone)
    for day in (today - DAY, today):
        quiet = span(habits.timezone, day, wall_time(habits.quiet_from), wall_time(habits.quiet_to))
        if quiet.start <= now < quiet.end:
            return quiet.end
    return None
