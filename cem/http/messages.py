"""What a delivery says, in its reader's words: where, how urgent and by when; never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import force_locale, gettext, ngettext
from sqlalchemy import select

from cem.domain.vocabulary import DeliveryKind
from cem.extensions import db
from cem.http import i18n
from cem.models import Case, Delivery, Feedback, Site, Touchpoint, User


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about. `number` is None where there is no case."""

    number: int | None
    priority: str
    where: str
    due: str


def text_of(delivery: Delivery) -> str:
    """The message in its reader's language and time zone."""
    reader = db.session.get(User, delivery.user_id) if delivery.user_id else None
    code, zone = (reader.locale, reader.timezone) if reader else ("en", "UTC")
    with force_locale(i18n.locale_of(code)):
        if delivery.case_ids:
            return digest_of(len(delivery.case_ids))
        return about_one(delivery.kind, _about(delivery, code, ZoneInfo(zone)))


def digest_of(count: int) -> str:
    """What came in late, told of together."""
    return ngettext(
        "%(num)d case came in late and waits for you.",
        "%(num)d cases came in late and wait for you.",
        count,
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
        case DeliveryKind.BREACH if about.number is None:
            return gettext("%(where)s: a feedback without an answer is overdue.", **words)
        case DeliveryKind.BREACH:
            return gettext("%(where)s: a promise of case %(number)s was not kept.", **words)
        case _:
            return gettext("%(where)s: case %(number)s is with you now.", **words)


def _about(delivery: Delivery, code: str, zone: ZoneInfo) -> About:
    case = db.session.get(Case, delivery.case_id) if delivery.case_id else None
    feedback = db.session.get(Feedback, delivery.feedback_id) if delivery.feedback_id else None
    source = case or feedback
    where = "" if source is None else _where(source.site_id, source.touchpoint_id, code)
    if case is None:
        return About(None, "", where, "")
    return About(case.number, case.priority.value.upper(), where, _time(case.due_at, zone))


def _where(site_id: object, touchpoint_id: object, code: str) -> str:
    site = db.session.scalar(select(Site.name).where(Site.id == site_id)) or {}
    touchpoint = db.session.scalar(select(Touchpoint.name).where(Touchpoint.id == touchpoint_id)) or {}
    names = [i18n.localized(name, code) for name in (site, touchpoint) if name]
    return " · ".join(names)


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M") if at else ""
