"""The words of notices: what people are told that is about no case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext

from cem.domain.vocabulary import SwapState
from cem.extensions import db
from cem.http import i18n, words
from cem.models import Site, Swap


def text_of_notice(message: dict[str, Any], code: str) -> str:
    """The notice in the language of the moment; times are those of the place."""
    if message["notice"] == "reading.drifted":
        return _drifted(message)
    if message["notice"] == "address.asked":
        return gettext(
            "%(name)s asks you to prove where you are reached outside the app: under Me, how I am reached.",
            name=words.person(message["by"].removeprefix("user:")),
        )
    site = db.session.get_one(Site, UUID(message["site"]))
    where, zone = i18n.localized(site.name, code), ZoneInfo(site.timezone)
    if message["notice"] == "roster.uncovered":
        return _uncovered(message, where, zone)
    if message["notice"] == "page.unreached":
        return gettext(
            "%(where)s: %(name)s was paged and is reached in the app only, so the next was asked at once. "
            "Ask them to prove an address, on the page of the roster.",
            where=where,
            name=words.person(message["who"]),
        )
    if message["notice"] == "duty.soon":
        start, end = (_time(datetime.fromisoformat(message[name]), zone) for name in ("start", "end"))
        return gettext(
            "%(where)s: soon you are on duty, from %(start)s to %(end)s.", where=where, start=start, end=end
        )
    return _of_swap(message, where, zone)


def _of_swap(message: dict[str, Any], where: str, zone: ZoneInfo) -> str:
    swap = db.session.get_one(Swap, UUID(message["swap"]))
    mine = message.get("to") == str(swap.user_id)
    about = {
        "where": where,
        "start": _time(swap.start_at, zone),
        "end": _time(swap.end_at, zone),
        "name": words.person(str(swap.user_id)),
        "other": words.person(str(swap.decided_by)) if swap.decided_by else "",
    }
    if message["notice"] == "swap.asked":
        return gettext("%(where)s: %(name)s asks you to take their duty from %(start)s to %(end)s.", **about)
    if message["notice"] == "swap.waits":
        return _waits(about, mine)
    if message["notice"] == "swap.expired":
        return _expired(about, mine)
    if swap.state is SwapState.ACCEPTED:
        return gettext("%(where)s: %(other)s takes your duty from %(start)s to %(end)s.", **about)
    return gettext(
        "%(where)s: %(other)s cannot take your duty from %(start)s to %(end)s. It is still yours.", **about
    )


def _waits(about: dict[str, str], mine: bool) -> str:
    if mine:
        return gettext(
            "%(where)s: nobody has answered yet whether they take your duty from %(start)s to %(end)s. "
            "It is still yours.",
            **about,
        )
    return gettext(
        "%(where)s: %(name)s still waits for your answer: can you take their duty from %(start)s to %(end)s?",
        **about,
    )


def _expired(about: dict[str, str], mine: bool) -> str:
    if mine:
        return gettext(
            "%(where)s: nobody answered, so your duty from %(start)s to %(end)s stays yours.", **about
        )
    return gettext(
        "%(where)s: the request of %(name)s for %(start)s to %(end)s is over. They keep the duty.", **about
    )


def _drifted(message: dict[str, Any]) -> str:
    number = date.fromisoformat(message["week"]).isocalendar().week
    return gettext(
        "Week %(number)s is unlike the weeks before: what customers write has changed, or how it is read. "
        "See “Drift” on the page about the model.",
        number=number,
    )


def _uncovered(message: dict[str, Any], where: str, zone: ZoneInfo) -> str:
    about = {"where": where, "name": words.person(message["answers"])}
    start = _time(datetime.fromisoformat(message["start"]), zone)
    if message["until"] is None:
        return gettext(
            "%(where)s: nobody is on duty from %(start)s on. It all comes to %(name)s.", start=start, **about
        )
    until = _time(datetime.fromisoformat(message["until"]), zone)
    return gettext(
        "%(where)s: nobody is on duty from %(start)s to %(until)s. It all comes to %(name)s.",
        start=start,
        until=until,
        **about,
    )


def _time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")
