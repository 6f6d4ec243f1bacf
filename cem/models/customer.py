"""Customers, as far as they let themselves be known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cem.domain.vocabulary import Tier
from cem.extensions import db
from cem.models.sealed import Sealed
from cem.models.types import Code, Id, UtcDateTime


class Customer(db.Model):
    """Name, phone and e-mail are sealed; a keyed hash beside them finds the customer again."""

    __tablename__ = "customer"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    name: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    email: Mapped[str | None] = mapped_column(Sealed)
    email_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    tier: Mapped[Tier] = mapped_column(Code(Tier), default=Tier.UNKNOWN)
    language: Mapped[str | None] = mapped_column(String(20))
    contact_consent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Purchase(db.Model):
    __tablename__ = "purchase"

    id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id", ondelete="RESTRICT"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))

    __table_args__ = (Index(None, "customer_id", "at"),)
