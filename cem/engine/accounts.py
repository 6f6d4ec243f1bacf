"""People's own accounts: how they prefer their pages, and the password that only they know."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from cem.engine.transaction import transaction
from cem.models import User


def change_password(user_id: UUID, password_hash: str, by: str) -> None:
    """Keep the new hash. Every session that was open until now ends, wherever it is."""
    with transaction() as tx:
        values = {"password_hash": password_hash, "session_version": User.session_version + 1}
        tx.session.execute(update(User).where(User.id == user_id).values(**values))
        tx.audit(by, "account.password_changed", user_id)


def renew_hash(user_id: UUID, password_hash: str) -> None:
    """The same password under today's parameters; nobody is signed out by that."""
    with transaction() as tx:
        tx.session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))


def prefer_language(user_id: UUID, locale: str) -> None:
    """The pages and the messages of this person come in this language."""
    with transaction() as tx:
        tx.session.execute(update(User).where(User.id == user_id).values(locale=locale))


def prefer_theme(user_id: UUID, theme: str) -> None:
    with transaction() as tx:
        tx.session.execute(update(User).where(User.id == user_id).values(theme=theme))


def choose_hours(user_id: UUID, quiet_from: str | None, quiet_to: str | None, digest_at: str) -> None:
    """When what may wait does: `HH:MM` in the person's time zone. Whoever chose them has checked them."""
    hours = {"quiet_from": quiet_from, "quiet_to": quiet_to, "digest_at": digest_at}
    with transaction() as tx:
        tx.session.execute(update(User).where(User.id == user_id).values(**hours))
