"""Who works here, and which programs speak for us."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import Role, Scope
from cem.extensions import db
from cem.models.types import Code, Id, UtcDateTime


class User(db.Model):
    """A person who signs in. `scope_path` is the part of the place tree that they may see.

    Between `quiet_from` and `quiet_to` what may wait is held, and news until `digest_at` (`HH:MM` in their
    time zone).
    """

    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    username: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(Code(Role))
    scope_path: Mapped[str] = mapped_column(String(500))
    locale: Mapped[str] = mapped_column(String(20), default="zh-Hans")
    theme: Mapped[str] = mapped_column(String(10), default="system")
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_to: Mapped[str | None] = mapped_column(String(5))
    digest_at: Mapped[str] = mapped_column(String(5), default="08:00")
    demo: Mapped[bool] = mapped_column(default=False)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("scope_path LIKE '%/'", name="scope_path_ends"),)

    def sees(self, path: str) -> bool:
        """Whether a place lies in this person's part of the tree."""
        return path.startswith(self.scope_path)


class ApiToken(db.Model):
    """A program's right to call. Only the hash is kept; `site_path` narrows it to a part of the tree."""

    __tablename__ = "api_token"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[Scope] = mapped_column(Code(Scope))
    site_path: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def sees(self, path: str) -> bool:
        return path.startswith(self.site_path)
