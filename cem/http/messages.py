"""What a delivery says, in its reader's words: where, how urgent and by when; never what was said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import force_locale, gettext, ngettext
from sqlalchemy import select

from cem.domain.vocabulary import DeliveryKind
from cem.domain.waiting import importance
from cem.extensions import db
from cem.http import i18n, words
from cem.http.group_messages import about_group, time_of, where_of
from cem.http.notices import text_of_notice
from cem.models import (
    Case,
    Delivery,
    Feedback,
    Promise,
    Robot,
    Site,
    User,
)
from cem.models.sealed import look_up_hash
from cem.transports.base import Message

NAMED: Final = 10
"""Cases that one message names; a text message is short."""


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about. `number` is None where there is no case."""

    number: int | None
    priority: str
    where: str
    due: str
    promise: str = ""
    level: int = 0


def parcel(delivery: Delivery, url: str) -> Message:
    """The message that leaves, without where it goes and with which secret."""
    carried = _carried(delivery)
    return Message(
        id=str(delivery.id),
        kind=kind_of(delivery),
        to=delivery.to,
        text=_all_of(delivery, carried, url) if carried else text_of(delivery),
        link=link_of(delivery, url) if not carried else None,
        ids=ids_of(delivery),
        at=at_of(delivery),
        receipt=f"{url}/receipts/{delivery.id}/{proof_of(delivery.id)}",
    )


def _carried(delivery: Delivery) -> list[Delivery]:
    """Those that travel with it to the same robot."""
    ids = [UUID(id) for id in delivery.message.get("carries", ())]
    if not ids:
        return []
    return list(db.session.scalars(select(Delivery).where(Delivery.id.in_(ids)).order_by(Delivery.id)))


def _all_of(carrier: Delivery, carried: list[Delivery], url: str) -> str:
    """One message that holds several, each with where to act on it."""
    everything = [carrier, *carried]
    with force_locale(i18n.locale_of(_reader(carrier)[0])):
        head = ngettext("%(num)d message in one:", "%(num)d messages in one:", len(everything))
    return "\n".join([head, *(f"{text_of(each)}\n{link_of(each, url)}" for each in everything)])


def proof_of(delivery_id: UUID) -> str:
    """What only this hub can say of a message, and whoever it told: who knows it may send its receipt."""
    return look_up_hash(f"receipt:{delivery_id}").hex()[:32]


def text_of(delivery: Delivery) -> str:
    """The message in its reader's language and time zone; a program is told the event's name."""
    if delivery.kind is DeliveryKind.EVENT:
        return kind_of(delivery)
    code, zone = _reader(delivery)
    with force_locale(i18n.locale_of(code)):
        if delivery.message.get("trial"):
            return gettext("A test: messages from Answered reach %(name)s.", name=delivery.to)
        if delivery.group_id is not None:
            return about_group(delivery, code, ZoneInfo(zone))
        if delivery.message.get("bundle"):
            return told_together(delivery)
        if delivery.case_ids:
            return digest_of(len(delivery.case_ids))
        if "notice" in delivery.message:
            return text_of_notice(delivery.message, code)
        about = _about(delivery, code, ZoneInfo(zone))
        if delivery.robot_id is not None:
            return told_to_group(delivery.kind, about, words.person(delivery.message.get("user")))
        return about_one(delivery.kind, about)


def kind_of(delivery: Delivery) -> str:
    """Its code; a program is told that of the event."""
    is_event = delivery.kind is DeliveryKind.EVENT
    return str(delivery.message["event"]) if is_event else delivery.kind.value


def at_of(delivery: Delivery) -> datetime:
    """When what it tells of happened."""
    at = delivery.message.get("told", {}).get("at")
    return datetime.fromisoformat(at) if at else delivery.created_at


def link_of(delivery: Delivery, url: str) -> str:
    """Where its reader can act on it."""
    if len(delivery.message.get("groups", ())) > 1:
        return f"{url}/desk?of=places"
    if delivery.group_id is not None:
        return f"{url}/desk/groups/{delivery.group_id}"
    if delivery.message.get("notice") == "reading.drifted":
        return f"{url}/admin/model#drift"
    number = db.session.scalar(select(Case.number).where(Case.id == delivery.case_id))
    return f"{url}/desk/cases/{number}" if number else f"{url}/desk"


def ids_of(delivery: Delivery) -> dict[str, Any]:
    """What it is about, for programs."""
    if delivery.kind is DeliveryKind.EVENT:
        return dict(delivery.message["told"])
    named = {
        "case": delivery.case_id,
        "group": delivery.group_id,
        "feedback": delivery.feedback_id,
        "delivery": delivery.id,
    }
    return {name: str(id) for name, id in named.items() if id is not None}


def _reader(delivery: Delivery) -> tuple[str, str]:
    """The language and the time zone of whoever reads it."""
    if delivery.robot_id is not None:
        statement = select(Robot.locale, Site.timezone).join(Site, Site.id == Robot.site_id)
        locale, timezone = db.session.execute(statement.where(Robot.id == delivery.robot_id)).one()
        return locale, timezone
    reader = db.session.get(User, delivery.user_id) if delivery.user_id else None
    return (reader.locale, reader.timezone) if reader else ("en", "UTC")


def digest_of(count: int) -> str:
    """What came in late, told of together."""
    return ngettext(
        "%(num)d case came in late and waits for you.",
        "%(num)d cases came in late and wait for you.",
        count,
    )


def told_together(delivery: Delivery) -> str:
    """Several messages of the same importance to one person, in one."""
    ids = [UUID(id) for id in delivery.case_ids or ()]
    found = db.session.scalars(select(Case.number).where(Case.id.in_(ids)).order_by(Case.number)).all()
    numbers = gettext(", ").join(str(number) for number in found[:NAMED])
    if importance(delivery.kind) == "act":
        return ngettext(
            "%(num)d case that nobody has taken waits for you: %(numbers)s.",
            "%(num)d cases that nobody has taken wait for you: %(numbers)s.",
            len(found),
            numbers=numbers + ("…" if len(found) > NAMED else ""),
        )
    return ngettext(
        "There is news of %(num)d case: %(numbers)s.",
        "There is news of %(num)d cases: %(numbers)s.",
        len(found),
        numbers=numbers + ("…" if len(found) > NAMED else ""),
    )


def about_one(kind: DeliveryKind, about: About) -> str:
    """The message in the language of the moment."""
    words = {"number": about.number, "where": about.where, "priority": about.priority, "due": about.due}
    match kind:
        case DeliveryKind.PAGE:
            return gettext("%(where)s: case %(number)s (%(priority)s). Take it by %(due)s.", **words)
        case DeliveryKind.ESCALATION:
            return gettext(
                "%(where)s: nobody has taken case %(number)s (%(priority)s) yet. It is yours.", **words
            )
        case DeliveryKind.WARNING:
            return _warning(about)
        case DeliveryKind.BREACH if about.number is None:
            return gettext("%(where)s: a feedback without an answer is overdue.", **words)
        case DeliveryKind.BREACH:
            return gettext("%(where)s: a promise of case %(number)s was not kept.", **words)
        case _:
            return gettext("%(where)s: case %(number)s is with you now.", **words)


def _warning(about: About) -> str:
    words = {"number": about.number, "where": about.where, "promise": about.promise, "due": about.due}
    if about.level >= 100:
        return gettext("%(where)s: case %(number)s: “%(promise)s” is due now.", **words)
    return gettext(
        "%(where)s: case %(number)s: %(level)s%% of the time for “%(promise)s” is used. Due at %(due)s.",
        level=about.level,
        **words,
    )


def told_to_group(kind: DeliveryKind, about: About, name: str) -> str:
    """The message to a whole group, which says whose it is."""
    words = {"number": about.number, "where": about.where, "priority": about.priority, "due": about.due}
    if kind is DeliveryKind.ESCALATION:
        return gettext(
            "%(where)s: nobody has taken case %(number)s (%(priority)s) yet. %(name)s is asked now.",
            name=name,
            **words,
        )
    return gettext(
        "%(where)s: case %(number)s (%(priority)s) waits for %(name)s. To be taken by %(due)s.",
        name=name,
        **words,
    )


def _about(delivery: Delivery, code: str, zone: ZoneInfo) -> About:
    case = db.session.get(Case, delivery.case_id) if delivery.case_id else None
    feedback = db.session.get(Feedback, delivery.feedback_id) if delivery.feedback_id else None
    source = case or feedback
    where = "" if source is None else where_of(source.site_id, source.touchpoint_id, code)
    if case is None:
        return About(None, "", where, "")
    about = About(case.number, case.priority.value.upper(), where, time_of(case.due_at, zone))
    return about if delivery.kind is not DeliveryKind.WARNING else _of_promise(about, delivery, zone)


def _of_promise(about: About, delivery: Delivery, zone: ZoneInfo) -> About:
    promise = db.session.get_one(Promise, UUID(delivery.message["promise"]))
    word = str(words.PROMISES[promise.kind.value])
    level = int(delivery.message["level"])
    return replace(about, promise=word, level=level, due=time_of(promise.due_at, zone))
