"""What a message about a group says: one for all of its cases, and every five minutes how they stand."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext, ngettext
from sqlalchemy import func, select

from cem.domain.reasons import Reason
from cem.domain.storms import CauseKind
from cem.domain.vocabulary import CaseState, DeliveryKind
from cem.engine import groups
from cem.engine.group_digest import common_topics
from cem.extensions import db
from cem.http import i18n, words
from cem.http.topic_words import topic_name
from cem.models import Case, CaseGroup, Delivery, GroupMember, Site, Touchpoint


def about_group(delivery: Delivery, code: str, zone: ZoneInfo) -> str:
    """Many at once for one cause: one message for all of them."""
    if delivery.kind is DeliveryKind.DIGEST:
        return _digest(delivery, code)
    if (several := groups.told_of(delivery))[1:]:
        return _several(several, code)
    count, facts = len(delivery.case_ids or ()), _facts(delivery, code, zone)
    if delivery.robot_id is not None:
        name = words.person(delivery.message.get("user"))
        return ngettext(
            "%(where)s: %(num)d very dissatisfied customer at once (%(priority)s). It waits for %(name)s.",
            "%(where)s: %(num)d very dissatisfied customers at once (%(priority)s). They wait for %(name)s.",
            count,
            name=name,
            **facts,
        )
    if delivery.kind is DeliveryKind.ESCALATION:
        return ngettext(
            "%(where)s: nobody has taken %(num)d case that came at once (%(priority)s) yet. It is yours.",
            "%(where)s: nobody has taken %(num)d cases that came at once (%(priority)s) yet. They are yours.",
            count,
            **facts,
        )
    return ngettext(
        "%(where)s: %(num)d very dissatisfied customer at once (%(priority)s). One page: take it by %(due)s.",
        "%(where)s: %(num)d very dissatisfied customers at once (%(priority)s). "
        "One page for all: take them by %(due)s.",
        count,
        **facts,
    )


def _several(ids: list[UUID], code: str) -> str:
    """The same at several places, those that nobody has taken yet."""
    found = db.session.scalars(select(CaseGroup).where(CaseGroup.id.in_(ids)).order_by(CaseGroup.id)).all()
    waiting = [group for group in found if group.waits] or list(found)
    untaken = select(func.count()).select_from(Case).join(GroupMember, GroupMember.case_id == Case.id)
    in_them = GroupMember.group_id.in_([group.id for group in waiting])
    count = db.session.scalar(untaken.where(in_them, Case.state == CaseState.OPEN))
    return gettext(
        "%(places)s at once: nobody has taken %(count)s cases yet. They are yours.",
        places=gettext(", ").join(_where(group, code) for group in waiting),
        count=count,
    )


def _digest(delivery: Delivery, code: str) -> str:
    """How many joined, what they have in common, and what of it is done."""
    group = db.session.get_one(CaseGroup, delivery.group_id)
    told = delivery.message
    stands = gettext(
        "%(where)s: %(count)s at once so far, %(more)s of them new; %(taken)s taken, %(answered)s answered.",
        where=_where(group, code),
        count=told["count"],
        more=told["more"],
        taken=told["taken"],
        answered=told["answered"],
    )
    return " ".join([stands, words.sentence(Reason.from_dict(group.reason)), *_spoken_of(group, code)])


def _spoken_of(group: CaseGroup, code: str) -> list[str]:
    found = common_topics(db.session, group.id)
    if not found:
        return []
    pack = db.session.scalar(select(Site.pack).where(Site.id == group.site_id))
    names = [f"{i18n.localized(topic_name(pack, topic), code)} {count}" for topic, count in found]
    return [gettext("They speak of: %(topics)s.", topics=gettext(", ").join(names))]


def _facts(delivery: Delivery, code: str, zone: ZoneInfo) -> dict[str, str]:
    """Where the group is, how urgent, and when the first of its cases has to be taken."""
    group = db.session.get_one(CaseGroup, delivery.group_id)
    due_at = db.session.scalar(
        select(func.min(Case.due_at))
        .join(GroupMember, GroupMember.case_id == Case.id)
        .where(GroupMember.group_id == group.id, Case.state == CaseState.OPEN)
    )
    priority = group.priority.value.upper()
    return {"where": _where(group, code), "priority": priority, "due": time_of(due_at, zone)}


def _where(group: CaseGroup, code: str) -> str:
    touchpoint = UUID(group.cause_code) if group.cause_kind is CauseKind.TOUCHPOINT else None
    return where_of(group.site_id, touchpoint, code)


def where_of(site_id: UUID, touchpoint_id: UUID | None, code: str) -> str:
    site = db.session.get_one(Site, site_id)
    touchpoint = db.session.get(Touchpoint, touchpoint_id) if touchpoint_id else None
    return " · ".join(i18n.localized(place.name, code) for place in (site, touchpoint) if place)


def time_of(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M") if at else ""
