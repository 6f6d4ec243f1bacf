"""One business day of the demo company, compressed: what `make demo` sends through the public interface.

    for event in business_day(seed=7, texts=read_texts(path.read_text()) if path else None):
        post("/api/v1/feedback", json=event.body, idempotency_key=event.key)

`at` is the local time of day at the event's own branch; the three branches are replayed as if they kept
one clock. Without `texts` the company's own are used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from random import Random
from typing import Any, Final

from cem.demo.chance import pick, seeded
from cem.demo.content import DemoPlace, DemoTouchpoint, branches
from cem.demo.content import texts as own_texts
from cem.demo.mood import level, rating
from cem.demo.rhythm import TRAFFIC, clock_time
from cem.domain.ratings import Rating
from cem.domain.vocabulary import Channel

OWN_TEXTS: Final = 260
TAPS: Final = 640
FEWEST_TAPS: Final = 150
MOST: Final = 1_800

_HOMES: Final = {
    "zh-Hans": (("bund", 0.5), ("hengshan", 0.5)),
    "zh-Hant": (("bund", 0.3), ("hengshan", 0.15), ("soho", 0.55)),
    "en": (("bund", 0.3), ("hengshan", 0.1), ("soho", 0.6)),
}
_CHANNELS: Final = {
    "review": ((Channel.REVIEW, 0.7), (Channel.LINK, 0.2), (Channel.QR, 0.1)),
    "complaint": ((Channel.LINK, 0.4), (Channel.EMAIL, 0.35), (Channel.COMPLAINT, 0.25)),
}
_ORDINARY: Final = ((Channel.LINK, 0.5), (Channel.QR, 0.3), (Channel.SMS, 0.2))


@dataclass(frozen=True, slots=True)
class DayText:
    """A text to be said today. `place` names the branch's pack and the kind of touchpoint, where known."""

    id: str
    text: str
    language: str
    rating: Rating | None = None
    kind: str | None = None
    site: str | None = None
    place: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One submission. `body` is that of `POST /feedback`; `key` is the same for the same seed."""

    at: timedelta
    key: str
    body: Mapping[str, Any]

    @property
    def channel(self) -> str:
        return str(self.body["channel"])

    @property
    def site(self) -> str:
        return str(self.body["site"])


def read_texts(lines: str) -> tuple[DayText, ...]:
    """JSON lines `{id, text, language, rating?: {scale, value}, kind?}`; `ValueError` says which is bad."""
    return tuple(_read(number, line) for number, line in enumerate(lines.split("\n"), 1) if line.strip())


def business_day(seed: int, texts: Sequence[DayText] | None = None) -> list[DayEvent]:
    """The events of the day in order: every text once, and taps at the kiosks between them."""
    said = _own(seed) if texts is None else texts
    taps = max(min(TAPS, MOST - len(said)), FEWEST_TAPS)
    rng = seeded(seed, "day")
    moments = [*(_spoken(rng, text) for text in said), *(_tapped(rng) for _ in range(taps))]
    moments.sort(key=lambda moment: moment[0])
    return [DayEvent(at, f"day-{seed}-{number:04d}", body) for number, (at, body) in enumerate(moments, 1)]


def _read(number: int, line: str) -> DayText:
    try:
        raw = json.loads(line)
        given = raw.get("rating")
        scored = Rating(given["scale"], given["value"]) if given else None
        return DayText(raw["id"], raw["text"], raw["language"], scored, raw.get("kind"))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"line {number} is not a text of the day: {error}") from error


def _own(seed: int) -> tuple[DayText, ...]:
    rng = seeded(seed, "own texts")
    return tuple(
        DayText(
            id=f"own-{number}",
            text=text.text,
            language=text.language,
            rating=Rating("csat5", text.rating) if rng.random() < 0.8 else None,
            kind=text.kind,
            site=text.site,
            place=(text.site_kind, text.touchpoint_kind),
        )
        for number, text in enumerate(rng.sample(own_texts(), OWN_TEXTS), 1)
    )


def _spoken(rng: Random, text: DayText) -> tuple[timedelta, dict[str, Any]]:
    place = _branch(rng, text)
    touchpoint = _touchpoint(rng, place, text)
    channel = pick(rng, _CHANNELS.get(text.kind or "", _ORDINARY))
    body: dict[str, Any] = {
        "channel": channel.value,
        "site": place.code,
        "touchpoint": touchpoint.code,
        "text": text.text,
        "language": text.language,
        "source": {"system": "demo-day", "id": text.id},
    }
    if text.rating:
        body["rating"] = {"scale": text.rating.scale, "value": text.rating.value}
    if text.kind:
        body["kind"] = text.kind
    return _offset(clock_time(rng, touchpoint.kind)), body


def _tapped(rng: Random) -> tuple[timedelta, dict[str, Any]]:
    place = pick(rng, [(each, TRAFFIC[each.code].daily) for each in branches()])
    kiosks = {each.code: each for each in place.touchpoints if each.kiosk}
    touchpoint = kiosks[pick(rng, [each for each in TRAFFIC[place.code].touchpoints if each[0] in kiosks])]
    felt = level(rng, Channel.KIOSK, place.code, touchpoint.kind, timedelta())
    given = rating(rng, Channel.KIOSK, touchpoint.kind, felt)
    assert given
    body = {
        "channel": Channel.KIOSK.value,
        "site": place.code,
        "touchpoint": touchpoint.code,
        "rating": {"scale": given.scale, "value": given.value},
    }
    return _offset(clock_time(rng, touchpoint.kind)), body


def _branch(rng: Random, text: DayText) -> DemoPlace:
    """Where the text may have been said: at its own branch, else one of its kind that speaks its language."""
    homes = _HOMES.get(text.language, _HOMES["en"])
    code = text.site or pick(rng, homes)
    place = next(each for each in branches() if each.code == code)
    if text.place and place.pack != text.place[0]:
        place = pick(rng, [(each, 1.0) for each in _of_pack(text.place, homes)])
    return place


def _of_pack(wanted: tuple[str, str], homes: Sequence[tuple[str, float]]) -> list[DemoPlace]:
    pack, kind = wanted
    fitting = [
        each for each in branches() if each.pack == pack and kind in {t.kind for t in each.touchpoints}
    ]
    spoken = {code for code, _ in homes}
    return [each for each in fitting if each.code in spoken] or fitting


def _touchpoint(rng: Random, place: DemoPlace, text: DayText) -> DemoTouchpoint:
    known = [each for each in place.touchpoints if text.place and each.kind == text.place[1]]
    if known:
        return known[0]
    weights = dict(TRAFFIC[place.code].touchpoints)
    return pick(rng, [(each, weights[each.code]) for each in place.touchpoints])


def _offset(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
