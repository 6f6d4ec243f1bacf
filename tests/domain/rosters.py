"""Rosters as documents, for whoever asks who is on duty."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cem.domain.roster import Roster

SHANGHAI, BERLIN, NEW_YORK = "Asia/Shanghai", "Europe/Berlin", "America/New_York"
EVERY_DAY = list(range(7))
DAY_AND_NIGHT = [
    {"user": "dora", "weekdays": EVERY_DAY, "start": "07:00", "end": "22:00"},
    {"user": "nils", "weekdays": EVERY_DAY, "start": "22:00", "end": "07:00"},
]


def roster(
    shifts: list[dict[str, Any]] | None = None,
    overrides: list[dict[str, Any]] | None = None,
    zone: str = SHANGHAI,
    **posts: str,
) -> Roster:
    return Roster.from_document(
        {
            "timezone": zone,
            "shifts": DAY_AND_NIGHT if shifts is None else shifts,
            "overrides": overrides or [],
            "fallback": "frida",
            "manager": "mona",
            **posts,
        }
    )


def local(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def override(kind: str, user: str, start: str, end: str, by: str | None = None) -> dict[str, Any]:
    written = {"kind": kind, "user": user, "start": f"{start}+08:00", "end": f"{end}+08:00"}
    return written | ({"with": by} if by else {})


def friday(kind: str, user: str, by: str | None = None) -> dict[str, Any]:
    return override(kind, user, "2026-01-09T12:00", "2026-01-09T18:00", by)
