"""One row of a CSV file: reviews and the like that somebody exported elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid
from cem.domain.submission import N_, GivenCustomer, Source, Submission
from cem.domain.vocabulary import Channel

COLUMNS: Final = (
    "id",
    "site",
    "touchpoint",
    "rating",
    "scale",
    "text",
    "language",
    "occurred_at",
    "author",
    "url",
    "customer",
)
STARS: Final = "stars5"
"""The scale of a review that names none."""


def parse(raw: Mapping[str, str], channel: Channel, zone_of: Callable[[str], str | None]) -> Submission:
    """The feedback in a row. An empty field is one that was not given.

    A time without an offset is one of the site's own clock, which `zone_of` knows. Raises `Invalid`.
    """
    row = {name: value for name, value in raw.items() if value and value.strip()}
    if "site" not in row:
        raise Invalid({"site": [N_("Say which site it is about.")]})
    site = row["site"].strip()
    return Submission(
        channel=channel,
        site=site,
        touchpoint=_word(row, "touchpoint"),
        rating=_rating(row, channel),
        text=row.get("text"),
        language=_word(row, "language"),
        occurred_at=_instant(row["occurred_at"].strip(), zone_of(site)) if "occurred_at" in row else None,
        customer=GivenCustomer(external_id=row["customer"].strip()) if "customer" in row else None,
        source=Source(channel.value, row["id"].strip(), _word(row, "url")) if "id" in row else None,
        attributes=_attributes(row),
    )


def _word(row: Mapping[str, str], name: str) -> str | None:
    return row[name].strip() if name in row else None


def _attributes(row: Mapping[str, str]) -> dict[str, Any] | None:
    """Who wrote it, as shown there; and its address where no id makes it a source."""
    kept = {"author": row.get("author"), "url": None if "id" in row else row.get("url")}
    return {name: value.strip() for name, value in kept.items() if value} or None


def _rating(row: Mapping[str, str], channel: Channel) -> Rating | None:
    if "rating" not in row:
        return None
    scale = _word(row, "scale") or (STARS if channel is Channel.REVIEW else None)
    if scale is None:
        raise Invalid({"scale": [N_("A rating needs its scale.")]})
    try:
        value = float(row["rating"])
        if value != int(value):
            raise ValueError("half a star")
        return Rating(scale, int(value))
    except (ValueError, OverflowError):
        raise Invalid({"rating": [N_("There is no such value on this scale.")]}) from None


def _instant(raw: str, zone: str | None) -> datetime:
    try:
        at = datetime.fromisoformat(raw)
    except ValueError:
        raise Invalid({"occurred_at": [N_("This is no time; write it as 2026-11-22T18:30+08:00.")]}) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone or "UTC"))
