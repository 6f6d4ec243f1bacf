"""Whom a case can be handed to."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from cem.domain.vocabulary import Role
from cem.extensions import db
from cem.models import User
from cem.web.desk.case_rows import Rows

HANDLING: Final = (Role.MANAGER, Role.STAFF, Role.EXECUTIVE, Role.ADMIN)


def who_may_take(rows: Rows) -> list[tuple[str, str]]:
    """(user name, name) of everybody who sees the place and whom it is not about, but for its owner."""
    about = {one.staff for one in rows.feedback if one.staff}
    statement = (
        select(User)
        .where(User.ended_at.is_(None), User.role.in_(HANDLING), User.id != rows.case.owner_id)
        .order_by(User.scope_path.desc(), User.name)
    )
    seeing = [user for user in db.session.scalars(statement) if user.sees(rows.site.path)]
    return [(user.username, user.name) for user in seeing if user.username not in about]
