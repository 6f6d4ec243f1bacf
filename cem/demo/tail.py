"""The handful that is still open when the history ends, so that the first look at the desk finds work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cem.demo.content import branches
from cem.demo.rhythm import busy
from cem.domain.localtime import zone
from cem.domain.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """Said `ago` before the end with that level; `taken_after` is when somebody acknowledged, if ever."""

    ago: timedelta
    site: str
    touchpoint: str
    channel: Channel
    level: int
    words: bool = True
    taken_after: timedelta | None = None


def _ago(
    minutes: int, touchpoints: str, channel: Channel, level: int, taken: int | None = None
) -> tuple[timedelta, tuple[str, ...], Channel, int, timedelta | None]:
    after = None if taken is None else timedelta(minutes=taken)
    return timedelta(minutes=minutes), tuple(touchpoints.split()), channel, level, after


_WANTED: Final = (
    _ago(3, "hengshan/table soho/table bund/room", Channel.LINK, 1),
    _ago(11, "bund/breakfast bund/front-desk bund/tingjiang soho/bar bund/front-desk", Channel.KIOSK, 1),
    _ago(24, "soho/table hengshan/takeaway bund/room", Channel.QR, 2),
    _ago(52, "bund/checkout soho/takeaway hengshan/table bund/room", Channel.QR, 3),
    _ago(95, "hengshan/takeaway soho/table bund/room", Channel.REVIEW, 2, 20),
    _ago(170, "bund/room", Channel.LINK, 1, 9),
    _ago(330, "soho/takeaway hengshan/table bund/room", Channel.QR, 1, 12),
)
"""Minutes ago, where by preference, how, how bad, and minutes until it was acknowledged. The last two were
acknowledged and then nobody got in touch: they are overdue."""


def chosen(until: datetime) -> tuple[LeftOpen, ...]:
    """Each at the first of its places where guests are about at that hour, else at the last."""
    return tuple(
        LeftOpen(ago, *_open_one(places, until - ago), channel, level, channel is not Channel.KIOSK, taken)
        for ago, places, channel, level, taken in _WANTED
    )


def _open_one(places: tuple[str, ...], at: datetime) -> tuple[str, str]:
    for each in places:
        site, touchpoint = each.split("/")
        if _guests_about(site, touchpoint, at):
            return site, touchpoint
    return site, touchpoint


def _guests_about(site: str, touchpoint: str, at: datetime) -> bool:
    place = next(place for place in branches() if place.code == site)
    kind = next(each.kind for each in place.touchpoints if each.code == touchpoint)
    return busy(kind, at.astimezone(zone(place.timezone)).hour)
