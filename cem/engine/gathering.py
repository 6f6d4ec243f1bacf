"""A case meets others like it: it joins their group, or starts one with them.

It happens where the pages are planned, not where feedback is stored: see docs/adr/0004.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, insert, select

from cem.domain import storms
from cem.domain.actors import HUB
from cem.domain.case import LIVE
from cem.domain.findings import Findings
from cem.domain.ratings import Rating
from cem.domain.storms import DIGEST_EVERY, QUIET, WINDOW, Cause, Signal, Storm
from cem.domain.vocabulary import CaseState
from cem.engine import groups
from cem.engine.organisation import of
from cem.engine.transaction import Tx
from cem.ids import new_id
from cem.models import Case, CaseGroup, Feedback, GroupMember, findings_that_hold

LOOKED_AT: Final = 200
"""Cases of the last minutes that are compared; a group has long begun where there are more."""
_STRONGLY_NEGATIVE: Final = -2


def gather(tx: Tx, case_id: UUID) -> bool:
    """Whether this case is paged together with others: it is in a group, joins one, or starts one now."""
    row = tx.session.execute(_signal_of(), {"case": case_id}).one_or_none()
    if row is None or row.state not in LIVE:
        return False
    if row.group_id is not None:
        return groups.of_case(tx, case_id) is not None
    signal = _signal(row)
    if storms.apart(signal) is not None:
        return False
    running = {Cause(each.cause_kind, each.cause_code): each for each in _running(tx, row.site_id)}
    cause = storms.joins(signal, running.keys())
    if cause is not None:
        _join(tx, running[cause], row)
        return True
    storm = storms.starts(signal, _before(tx, row))
    if storm is not None:
        _start(tx, storm, row.site_id)
    return storm is not None


def _running(tx: Tx, site_id: UUID) -> Sequence[CaseGroup]:
    """The groups of a site that still take members, locked."""
    statement = select(CaseGroup).where(
        CaseGroup.site_id == site_id, CaseGroup.calm_at.is_(None), CaseGroup.joined_at > tx.now - QUIET
    )
    return tx.session.scalars(statement.order_by(CaseGroup.id).with_for_update(key_share=True)).all()


def _before(tx: Tx, row: Any) -> list[Signal]:
    """The cases of the last minutes at this site that are in no group and were in none."""
    statement = _signals().where(
        Case.site_id == row.site_id,
        Case.opened_at > row.opened_at - WINDOW,
        Case.opened_at <= row.opened_at,
        Case.id < row.id,
        Case.state.in_(LIVE),
        GroupMember.group_id.is_(None),
    )
    found = tx.session.execute(statement.order_by(Case.id.desc()).limit(LOOKED_AT))
    return [_signal(each) for each in found]


def _join(tx: Tx, group: CaseGroup, row: Any) -> None:
    """One more. Where somebody has taken the group already, it is paged again, once for all that follow."""
    tx.session.execute(insert(GroupMember), [_member(tx, group.id, row.id)])
    values = {"joined_at": tx.now, "look_at": tx.now + QUIET, "priority": min(group.priority, row.priority)}
    values["digest_at"] = group.digest_at or tx.now + DIGEST_EVERY
    again = row.state is CaseState.OPEN and group.acknowledged_at is not None
    groups.change(tx, group, **values, **(groups.beginning(tx) if again else {}))
    if row.state is CaseState.OPEN:
        groups.next_steps(tx, [row.id], group.next_step_at or tx.now)
    groups.append(tx, {row.id: row.state}, "grouped", HUB, {"group": str(group.id)})
    path = of(tx).by_id[row.site_id].path
    tx.say("case.changed", case=row.id, site_path=path, owner=row.owner_id, state=row.state.value)


def _start(tx: Tx, storm: Storm, site_id: UUID) -> None:
    """The group's first page is due at once: the next sweep sends it."""
    ids = sorted(UUID(id) for id in storm.cases)
    of_these = select(Case.id, Case.priority, Case.state).where(Case.id.in_(ids), Case.state.in_(LIVE))
    locked = of_these.order_by(Case.id).with_for_update(key_share=True)
    rows = tx.session.execute(locked).all()
    states = {row.id: row.state for row in rows}
    group = CaseGroup(
        id=new_id(tx.now),
        site_id=site_id,
        cause_kind=storm.cause.kind,
        cause_code=storm.cause.code,
        reason=storm.reason.as_dict(),
        priority=min(row.priority for row in rows),
        started_at=tx.now,
        joined_at=tx.now,
        look_at=tx.now + QUIET,
        step=-1,
        next_step_at=tx.now,
        digest_at=tx.now + DIGEST_EVERY,
    )
    tx.session.add(group)
    tx.session.flush()
    tx.session.execute(insert(GroupMember), [_member(tx, group.id, id) for id in states])
    groups.next_steps(tx, list(states), tx.now)
    groups.append(tx, states, "grouped", HUB, {"group": str(group.id)})
    groups.announce(tx, list(states), groups.path_of(tx, group))


def _member(tx: Tx, group_id: UUID, case_id: UUID) -> dict[str, Any]:
    return {"group_id": group_id, "case_id": case_id, "joined_at": tx.now}


def _signals() -> Select[Any]:
    statement: Any = (
        select(
            Case.id,
            Case.state,
            Case.site_id,
            Case.touchpoint_id,
            Case.opened_at,
            Case.priority,
            Case.severity,
            Case.tier,
            Case.owner_id,
            Feedback.rating_scale,
            Feedback.rating_value,
            GroupMember.group_id,
            findings_that_hold().label("findings"),
        )
        .join(Feedback, Feedback.id == Case.feedback_id)
        .outerjoin(GroupMember, GroupMember.case_id == Case.id)
    )
    return statement  # type: ignore[no-any-return]


@cache
def _signal_of() -> Select[Any]:
    """It is asked of every case: putting the question together took longer than the answer."""
    return _signals().where(Case.id == bindparam("case"))


def _signal(row: Any) -> Signal:
    findings = Findings.from_dict(row.findings) if row.findings else None
    negative = [topic.code for topic in findings.topics if topic.sentiment == "negative"] if findings else []
    return Signal(
        case=str(row.id),
        at=row.opened_at,
        touchpoint=str(row.touchpoint_id) if row.touchpoint_id else None,
        topics=frozenset(negative),
        very_dissatisfied=_very(row, findings),
        severity=row.severity,
        tier=row.tier,
    )


def _very(row: Any, findings: Findings | None) -> bool:
    """By the rating; where there is none, by words that are as bad as words can be, read without a doubt."""
    if row.rating_scale is not None:
        return Rating(row.rating_scale, row.rating_value).very_dissatisfied
    sentiment = findings.sentiment if findings else None
    return sentiment is not None and sentiment.level <= _STRONGLY_NEGATIVE and not sentiment.abstained
