"""What the demo company is made of, read from the files beside this module."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cem.domain.calendars import Calendar
from cem.domain.escalation import Ladder
from cem.domain.roster import Roster

_HERE = Path(__file__).parent

Names = dict[str, str]
"""One name in `zh-Hans`, `zh-Hant` and `en`."""


@dataclass(frozen=True, slots=True)
class DemoTouchpoint:
    """Each has an address for a kiosk and one for a link; `kiosk` and `link` say which its guests use."""

    code: str
    kind: str
    kiosk: bool
    link: bool
    name: Names


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A place of the tree, parents before children. `fallback` is a user name."""

    code: str
    level: str
    parent: str | None
    pack: str
    timezone: str
    fallback: str
    name: Names
    touchpoints: tuple[DemoTouchpoint, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`site` is the place whose part of the tree they see."""

    username: str
    name: str
    role: str
    site: str
    locale: str
    timezone: str
    email: str
    phone: str
    title: Names


@dataclass(frozen=True, slots=True)
class DemoText:
    """What a guest said, with what its writer meant: `rating` 1..5, a demo `topic`, and a `risk` code if any.

    `site` pins it to one branch; `period` `late` to the weeks in which the hotel's breakfast is worse.
    """

    text: str
    language: str
    rating: int
    site_kind: str
    touchpoint_kind: str
    kind: str
    topic: str
    risk: str | None = None
    site: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class DemoReply:
    """What a manager wrote: a `reply` to the guest, a `note` for colleagues, or a `board` entry for many.

    `code` is the resolution code it goes with; `topic` is a demo topic or a risk code.
    """

    key: str
    use: str
    topic: str
    language: str
    code: str
    text: str


@lru_cache
def places() -> tuple[DemoPlace, ...]:
    return tuple(_place(raw) for raw in _json("places.json"))


def branches() -> tuple[DemoPlace, ...]:
    return tuple(place for place in places() if place.level == "branch")


@lru_cache
def people() -> tuple[DemoPerson, ...]:
    return tuple(DemoPerson(**raw) for raw in _json("people.json"))


@lru_cache
def roster_documents() -> dict[str, Any]:
    """By place: `{"roster": ..., "ladder": {"steps": [...]}}`, with user names where the hub keeps ids."""
    return dict(_json("rosters.json"))


@lru_cache
def calendar_documents() -> dict[str, Any]:
    """By place, as `Calendar.from_document` reads them."""
    return dict(_json("calendars.json"))


@lru_cache
def routing_document() -> dict[str, Any]:
    """Rules of the group, switched off: what every pack starts with holds until somebody decides."""
    return dict(_json("rules.json"))


@lru_cache
def roster(site: str) -> Roster:
    return Roster.from_document(roster_documents()[site]["roster"])


@lru_cache
def ladder(site: str) -> Ladder:
    return Ladder.from_document(roster_documents()[site]["ladder"]["steps"])


@lru_cache
def calendar(site: str) -> Calendar:
    return Calendar.from_document(calendar_documents()[site])


@lru_cache
def survey_documents() -> tuple[dict[str, Any], ...]:
    """Each with `code`, `channel` (kiosk or link), `touchpoint_kinds`, `version`, `name`, `definition`."""
    return tuple(_json("surveys.json"))


def survey_for(channel: str, touchpoint_kind: str) -> str | None:
    """The code of the survey that a kiosk or a link shows at that kind of touchpoint."""
    fitting = (
        s["code"]
        for s in survey_documents()
        if s["channel"] == channel and touchpoint_kind in s["touchpoint_kinds"]
    )
    return next(fitting, None)


@lru_cache
def texts() -> tuple[DemoText, ...]:
    return tuple(DemoText(**raw) for raw in _lines("texts.jsonl"))


@lru_cache
def replies() -> dict[str, DemoReply]:
    """By key."""
    return {raw["key"]: DemoReply(**raw) for raw in _lines("replies.jsonl")}


@lru_cache
def names() -> dict[str, Any]:
    return dict(_json("names.json"))


def _place(raw: dict[str, Any]) -> DemoPlace:
    touchpoints = tuple(DemoTouchpoint(**each) for each in raw["touchpoints"])
    return DemoPlace(**{**raw, "touchpoints": touchpoints})


def _json(name: str) -> Any:
    return json.loads((_HERE / name).read_text(encoding="utf-8"))


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]
