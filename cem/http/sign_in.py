"""Who a person is: passwords, and the session that lasts only as long as the person may come in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app, session
from flask_login import login_user, logout_user
from sqlalchemy import select

from cem.domain.vocabulary import Role
from cem.engine import accounts
from cem.engine.intake_writer import Busy
from cem.extensions import db, login
from cem.models import User

AT_ONCE: Final = 2
"""Hashes that are computed at the same time: each takes 64 MiB."""
PATIENCE: Final = 10.0  # seconds that a sign-in waits for its turn

_hasher = PasswordHasher()  # argon2id, the second recommendation of RFC 9106
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in, as the whole request sees them; a value, so that no transaction takes it away."""

    id: UUID
    username: str
    name: str
    role: Role
    scope_path: str
    locale: str
    theme: str
    timezone: str
    session_version: int

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return True

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        """What the session keeps. A changed password makes another version, so older sessions end."""
        return f"{self.id}:{self.session_version}"


_COLUMNS: Final = (
    User.id,
    User.username,
    User.name,
    User.role,
    User.scope_path,
    User.locale,
    User.theme,
    User.timezone,
    User.session_version,
)


def init_app(app: Flask) -> None:
    """Tell Flask-Login how to find a person again."""
    login.user_loader(load)
    login.session_protection = None  # a phone changes its address all night long
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # static files must not carry a session


def load(session_id: str) -> Person | None:
    """The person behind a session; None where they were ended, locked, or signed out everywhere."""
    id, _, version = session_id.partition(":")
    if not version.isdigit():
        return None
    found = _find(User.id == UUID(id), User.session_version == int(version))
    return found[0] if found else None


def check(username: str, password: str) -> Person | None:
    """The person with this name and password. Takes as long, and answers the same, for nobody at all."""
    nobodys = _nobodys()
    person, known = _find(User.username == username) or (None, None)
    db.session.rollback()  # nothing is held while hashing
    right = _verified(known or nobodys, password)
    if not right or person is None or known is None:
        return None
    if _hasher.check_needs_rehash(known):
        accounts.renew_hash(person.id, hash_password(password))
    return person


def known_id(username: str) -> UUID | None:
    """For the audit trail: whose name was tried, where it is anybody's."""
    found: UUID | None = db.session.scalar(select(User.id).where(User.username == username))
    return found


def enter(person: Person) -> None:
    """Begin a session that nobody else can have prepared."""
    session.clear()
    session.permanent = True
    login_user(person)


def leave() -> None:
    logout_user()
    session.clear()


def hash_password(password: str) -> str:
    with _turn():
        return _hasher.hash(password)


def _find(*conditions: Any) -> tuple[Person, str | None] | None:
    statement = select(*_COLUMNS, User.password_hash, User.demo).where(User.ended_at.is_(None), *conditions)
    row = db.session.execute(statement).one_or_none()
    if row is None or (row.demo and not current_app.extensions["cem_settings"].demo):
        return None
    return Person(*row[: len(_COLUMNS)]), row.password_hash


def _verified(known: str, password: str) -> bool:
    with _turn():
        try:
            return _hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    """A hash that no password fits in practice, so that a missing account costs what a real one does."""
    with _turn():
        return _hasher.hash("nobody has this password: " + "7f3c" * 8)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _turns.release()
