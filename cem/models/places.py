"""The place tree, what stands in it, and the versioned rules that hold there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cem.extensions import db
from cem.models.types import Id, Json, UtcDateTime


class Site(db.Model):
    """A place: the group, a region or a branch. `path` names it and all above it: `group/east/bund/`."""

    __tablename__ = "site"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    path: Mapped[str] = mapped_column(String(500), unique=True)
    level: Mapped[str] = mapped_column(String(10))
    name: Mapped[dict[str, str]] = mapped_column(Json)
    timezone: Mapped[str] = mapped_column(String(64))
    pack: Mapped[str] = mapped_column(String(20), default="restaurant")
    fallback_id: Mapped[UUID] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    touchpoints: Mapped[list[Touchpoint]] = relationship(order_by="Touchpoint.code", back_populates="site")

    @property
    def takes_feedback(self) -> bool:
        return self.level == "branch" and self.ended_at is None


class Touchpoint(db.Model):
    __tablename__ = "touchpoint"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[dict[str, str]] = mapped_column(Json)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship(back_populates="touchpoints")
    links: Mapped[list[PublicLink]] = relationship(back_populates="touchpoint")

    __table_args__ = (UniqueConstraint("site_id", "code"),)


class PublicLink(db.Model):
    """A kiosk's or a link's random address. Ending it revokes it."""

    __tablename__ = "public_link"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    touchpoint_id: Mapped[UUID] = mapped_column(ForeignKey("touchpoint.id", ondelete="RESTRICT"))
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    touchpoint: Mapped[Touchpoint] = relationship(back_populates="links")


class Survey(db.Model):
    __tablename__ = "survey"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[dict[str, str]] = mapped_column(Json)


class SurveyVersion(db.Model):
    """What was asked, word for word; frozen when published."""

    __tablename__ = "survey_version"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("survey.id", ondelete="RESTRICT"))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("survey_id", "version"),)


class RuleVersion(db.Model):
    """One published version of a roster, a ladder, a policy of promises or a calendar; never changed."""

    __tablename__ = "rule_version"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    version: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(200))

    __table_args__ = (UniqueConstraint("kind", "site_id", "version"),)


class Revision(db.Model):
    """Counts the changes of people, places and rules, so that every process knows when to read them again."""

    __tablename__ = "revision"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int]
