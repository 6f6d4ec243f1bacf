"""How satisfied the guests are, by branch and over time, and the ratings that they give.

A level from 1 (very dissatisfied) to 5 stands behind every rating, whatever its scale. Three things are
built in for the charts to find: London is a little less satisfied than the others; waiting in Hengshan Road
has grown better over the last two months; the hotel's breakfast got much worse three weeks ago.
"""

from __future__ import annotations

import math
from datetime import timedelta
from random import Random
from typing import Final

from cem.demo.chance import pick
from cem.domain.ratings import Rating
from cem.domain.vocabulary import Channel

BREAKFAST_WORSE_FOR: Final = timedelta(days=21)
WAITING_BETTER_OVER: Final = timedelta(days=60)

_TAPPED: Final = ((1, 3.0), (2, 6.0), (3, 11.0), (4, 29.0), (5, 51.0))
_SAID: Final = ((1, 8.5), (2, 10.5), (3, 10.0), (4, 26.0), (5, 45.0))
"""Who takes the trouble to write is less satisfied than who taps."""

_NPS: Final = {1: (0, 2), 2: (3, 4), 3: (5, 6), 4: (7, 8), 5: (9, 10)}
_SCALES: Final = {
    Channel.KIOSK: "faces5",
    Channel.LINK: "nps",
    Channel.QR: "nps",
    Channel.REVIEW: "stars5",
    Channel.SMS: "csat5",
}
_WORDS: Final = {1: 0.97, 2: 0.92, 3: 0.8, 4: 0.65, 5: 0.55}


def level(rng: Random, channel: Channel, site: str, kind: str, age: timedelta) -> int:
    """The level of one guest `age` before the end of the history."""
    base = _TAPPED if channel is Channel.KIOSK else _SAID
    tilt = _tilt(site, kind, age)
    return pick(rng, [(value, weight * math.exp(tilt * (value - 3))) for value, weight in base])


def breakfast_is_worse(site: str, kind: str, age: timedelta) -> bool:
    return site == "bund" and kind == "breakfast" and age < BREAKFAST_WORSE_FOR


def rating(rng: Random, channel: Channel, kind: str, level: int) -> Rating | None:
    """The rating for a level on the channel's scale; None where people write or call without one."""
    shown = channel in (Channel.LINK, Channel.QR)  # a QR code opens the same page as a link
    scale = "csat5" if shown and kind == "takeaway" else _SCALES.get(channel)
    if scale is None:
        return None
    return Rating(scale, rng.randint(*_NPS[level]) if scale == "nps" else level)


def says_something(rng: Random, channel: Channel, level: int) -> bool:
    """Whether words come with it: never at a kiosk, always in a review, a mail or a call."""
    if channel is Channel.KIOSK:
        return False
    written = channel in (Channel.REVIEW, Channel.EMAIL, Channel.CALL)
    return written or rng.random() < _WORDS[level]


def _tilt(site: str, kind: str, age: timedelta) -> float:
    tilt = {"bund": 0.08, "soho": -0.14}.get(site, 0.0)
    if breakfast_is_worse(site, kind, age):
        tilt -= 0.75
    if site == "hengshan" and kind == "waiting":
        tilt -= 0.35 * min(age / WAITING_BETTER_OVER, 1.0)
    return tilt
