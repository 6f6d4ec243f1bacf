"""When and where the guests of each branch say something: hours of the local day, weekdays, channels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random
from typing import Final

from cem.demo.chance import pick
from cem.demo.content import DemoPlace, DemoTouchpoint, calendar
from cem.domain.localtime import instant
from cem.domain.vocabulary import Channel

Weights = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Traffic:
    """`daily` feedbacks on an ordinary day; `touchpoints` by code; `weekdays` from Monday as factors."""

    daily: float
    touchpoints: tuple[tuple[str, float], ...]
    weekdays: tuple[float, ...]


TRAFFIC: Final = {
    "bund": Traffic(
        13.8,
        (
            ("front-desk", 18),
            ("breakfast", 26),
            ("tingjiang", 9),
            ("leisure", 5),
            ("checkout", 14),
            ("room", 19),
            ("bar-24", 5),
            ("concierge", 4),
        ),
        (0.95, 0.9, 0.95, 1.0, 1.05, 1.2, 1.15),
    ),
    "hengshan": Traffic(
        10.9,
        (("counter", 44), ("waiting", 18), ("table", 25), ("takeaway", 13)),
        (0.8, 0.85, 0.9, 0.9, 1.15, 1.4, 1.3),
    ),
    "soho": Traffic(
        7.9,
        (("counter", 34), ("waiting", 9), ("bar", 19), ("table", 24), ("takeaway", 14)),
        (0.7, 0.8, 0.9, 1.0, 1.35, 1.45, 0.9),
    ),
}

_MEALS: Final[Weights] = ((11, 2), (12, 8), (13, 6), (14, 2), (17, 2), (18, 8), (19, 9), (20, 6), (21, 3))
_HOURS: Final[dict[str, Weights]] = {
    "front_desk": ((1, 1), (8, 2), (11, 3), (13, 4), (14, 7), (15, 8), (16, 6), (18, 4), (21, 3), (23, 2)),
    "room": ((0, 2), (2, 1), (3, 1), (7, 4), (8, 4), (10, 2), (14, 2), (20, 4), (21, 5), (22, 6), (23, 4)),
    "breakfast": ((6, 3), (7, 8), (8, 10), (9, 8), (10, 2)),
    "bar": ((17, 3), (18, 5), (19, 5), (20, 6), (21, 7), (22, 6)),
    "leisure": ((7, 4), (8, 3), (10, 2), (16, 3), (18, 4), (20, 4), (21, 2)),
    "concierge": ((7, 2), (9, 4), (10, 4), (14, 3), (17, 4), (19, 2)),
    "checkout": ((6, 1), (7, 3), (8, 5), (9, 6), (10, 7), (11, 9), (12, 4)),
    "takeaway": ((12, 7), (13, 5), (18, 5), (19, 7), (20, 5), (21, 3)),
    "waiting": ((12, 6), (13, 2), (18, 7), (19, 7), (20, 2)),
    "table": _MEALS,
    "counter": _MEALS,
}

_AT_A_KIOSK: Final = (
    (Channel.KIOSK, 80.0),
    (Channel.LINK, 8.0),
    (Channel.QR, 8.0),
    (Channel.REVIEW, 3.0),
    (Channel.EMAIL, 1.0),
    (Channel.CALL, 1.0),
)
_ELSEWHERE: Final = (
    (Channel.LINK, 54.0),
    (Channel.QR, 40.0),
    (Channel.REVIEW, 13.0),
    (Channel.EMAIL, 4.0),
    (Channel.SMS, 4.0),
    (Channel.CALL, 3.0),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One time at which somebody at a branch has something to say."""

    at: datetime
    place: DemoPlace
    touchpoint: DemoTouchpoint


def moments(rng: Random, place: DemoPlace, day: date) -> Iterator[Moment]:
    """The moments of one local day at one branch, in no order; none while it is closed."""
    traffic = TRAFFIC[place.code]
    if not calendar(place.code).ranges(day):
        return
    for _ in range(round(max(rng.gauss(traffic.daily * traffic.weekdays[day.weekday()], 2.2), 1.0))):
        touchpoint = _touchpoint(rng, place, traffic)
        yield Moment(instant(place.timezone, day, clock_time(rng, touchpoint.kind)), place, touchpoint)


def clock_time(rng: Random, touchpoint_kind: str) -> time:
    """A plausible time of the local day at that kind of touchpoint."""
    return time(pick(rng, _HOURS[touchpoint_kind]), rng.randrange(60), rng.randrange(60))


def busy(touchpoint_kind: str, hour: int) -> bool:
    """Whether guests are there in that hour of the local day."""
    return any(known == hour for known, _ in _HOURS[touchpoint_kind])


def channel(rng: Random, touchpoint: DemoTouchpoint) -> Channel:
    return pick(rng, _AT_A_KIOSK if touchpoint.kiosk else _ELSEWHERE)


def _touchpoint(rng: Random, place: DemoPlace, traffic: Traffic) -> DemoTouchpoint:
    code = pick(rng, traffic.touchpoints)
    return next(each for each in place.touchpoints if each.code == code)
