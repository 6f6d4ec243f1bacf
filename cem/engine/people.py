"""Who may come in: people are added, programs are given a right to call."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Executable, insert, select, update

from cem.domain.actors import HUB, Actor
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.submission import N_
from cem.domain.vocabulary import Role, Scope
from cem.engine.transaction import Tx, transaction
from cem.ids import new_id
from cem.models import ApiToken, Revision, Site, User


@dataclass(frozen=True, slots=True)
class NewUser:
    """`site` is the code of the place whose part of the tree they see; None is all of it."""

    username: str
    name: str
    role: Role
    password_hash: str
    site: str | None = None
    email: str | None = None
    locale: str = "zh-Hans"
    timezone: str = "Asia/Shanghai"


def add_user(new: NewUser, by: Actor = HUB) -> UUID:
    """Somebody begins to work here. Raises `Invalid` for a name that is taken, `NotFound` for no place."""
    with transaction() as tx:
        if tx.session.scalar(select(User.id).where(User.username == new.username)) is not None:
            raise Invalid({"username": [N_("This user name is taken.")]})
        id = new_id(tx.now)
        row = {
            "id": id,
            "username": new.username,
            "name": new.name,
            "email": new.email,
            "password_hash": new.password_hash,
            "role": new.role,
            "scope_path": path_of(tx, new.site),
            "locale": new.locale,
            "timezone": new.timezone,
            "created_at": tx.now,
        }
        tx.session.execute(insert(User), [row])
        tx.session.execute(count_change())
        tx.audit(str(by), "user.added", id, role=new.role.value)
        return id


def grant_token(name: str, scope: Scope, site: str | None, token_hash: str, by: Actor = HUB) -> UUID:
    """A program may call from now on. Raises `NotFound` for a place that is not there."""
    with transaction() as tx:
        id = new_id(tx.now)
        row = {
            "id": id,
            "name": name,
            "scope": scope,
            "token_hash": token_hash,
            "site_path": path_of(tx, site),
            "created_at": tx.now,
        }
        tx.session.execute(insert(ApiToken), [row])
        tx.audit(str(by), "token.granted", id, scope=scope.value)
        return id


def refuse_last_administrator(tx: Tx, user: User) -> None:
    """Whoever ends or moves the last one locks everybody out."""
    others = (User.role == Role.ADMIN, User.ended_at.is_(None), User.id != user.id)
    if user.role is Role.ADMIN and tx.session.scalar(select(User.id).where(*others).limit(1)) is None:
        raise Refused("last_administrator")


def count_change() -> Executable:
    """Tell every process that people, places or rules have changed."""
    return (
        update(Revision)
        .where(Revision.name == "organisation")
        .values(value=Revision.value + 1)
        .execution_options(synchronize_session=False)
    )


def path_of(tx: Tx, site: str | None) -> str:
    """The part of the tree below a place; below its root where none is named."""
    chosen = Site.code == site if site is not None else Site.parent_id.is_(None)
    path = tx.session.scalar(select(Site.path).where(chosen, Site.ended_at.is_(None)))
    if path is None:
        raise NotFound
    return path
