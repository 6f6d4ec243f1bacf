"""How fast messages may leave by one robot, and what is done when one does not get through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cem.domain.vocabulary import TransportName

LIMITS: Final = {TransportName.WECOM: 20, TransportName.DINGTALK: 20, TransportName.FEISHU: 100}
"""Messages in any minute that the robot's provider takes; it drops or refuses what comes above."""

WINDOW: Final = timedelta(seconds=61)
"""A minute, and a second because the provider's clock is not ours."""

DEVICE_LIMITS: Final = (
    (1, timedelta(minutes=1)),
    (5, timedelta(minutes=15)),
    (11, timedelta(hours=1)),
    (21, timedelta(hours=3)),
)
"""Text messages to one telephone, and the time in which it gets no more: beyond that nobody reads them."""

PATIENCE: Final = timedelta(seconds=10)
"""How long one try may take, all in all: two of them and the pause between end before `SECOND_ROUTE`."""

SECOND_ROUTE: Final = timedelta(seconds=30)
"""A message that does not get through has set out on another route by then."""

_SOON: Final = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
_HOOK: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
_TRIES_BEFORE_THE_NEXT_ROUTE: Final = 2


def held_until(
    left: Sequence[datetime], now: datetime, limit: int, ahead: int = 0, window: timedelta = WINDOW
) -> datetime | None:
    """When a message may leave, if those `ahead` of it leave as soon as they may; None: now.

    `left` are the instants at which earlier ones had left for certain (their try was over; for one that is
    still under way, when it will be at the latest). Each keeps its place for a whole window: a bucket that
    refills would let the limit through twice within one minute.
    """
    free = sorted(max(now, at + window) for at in left)[-limit:]
    places = sorted([now] * (limit - len(free)) + free)
    rounds, place = divmod(ahead, limit)
    at = places[place] + rounds * window
    return at if at > now else None


def device_held_until(left: Sequence[datetime], now: datetime, ahead: int = 0) -> datetime | None:
    """When one telephone may ring again, by all of its limits; None: now."""
    held = [held_until(left, now, limit, ahead, window) for limit, window in DEVICE_LIMITS]
    return max((at for at in held if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that failed: how many there have been, and what the other side said of another."""

    transport: TransportName
    tries: int
    permanent: bool
    wait: timedelta | None = None


def retry_after(failure: Failure, *, another_route: bool) -> timedelta | None:
    """How long to wait before the next try; None: give up here, and take the other route if there is one."""
    if failure.permanent:
        return None
    if another_route and failure.tries >= _TRIES_BEFORE_THE_NEXT_ROUTE:
        return None
    waits = _HOOK if failure.transport is TransportName.WEBHOOK else _SOON
    if failure.tries > len(waits):
        return None
    return max(waits[failure.tries - 1], failure.wait or timedelta())
