"""Warnings of promises, how breaches ended, requests to swap a shift, and proofs of addresses"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _id(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=nullable)


def _at(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.add_column("promise", _at("warn_at"))
    op.add_column("promise", sa.Column("warn_level", sa.Integer(), nullable=True))
    warned = sa.text("warn_at IS NOT NULL")
    op.create_index(
        "ix_promise_warning_due", "promise", ["warn_at"], sqlite_where=warned, postgresql_where=warned
    )
    op.add_column("ledger_entry", _at("paused_at"))
    op.create_table(
        "breach_end",
        _id("breach_id"),
        _at("at", nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("over_seconds", sa.Double(), nullable=False),
        _key("breach_end", "breach_id", "breach"),
        sa.PrimaryKeyConstraint("breach_id", name=op.f("pk_breach_end")),
    )
    op.create_table(
        "swap",
        _id("id"),
        _id("site_id"),
        _id("user_id"),
        _id("asked_id", nullable=True),
        _at("start_at", nullable=False),
        _at("end_at", nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        _at("created_at", nullable=False),
        _at("decided_at"),
        _id("decided_by", nullable=True),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_swap_ends_after_it_starts")),
        _key("swap", "site_id", "site"),
        _key("swap", "user_id", "user"),
        _key("swap", "asked_id", "user"),
        _key("swap", "decided_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap")),
    )
    asked = sa.text("state = 'asked'")
    op.create_index(
        "ix_swap_open", "swap", ["site_id", "end_at"], sqlite_where=asked, postgresql_where=asked
    )
    op.create_table(
        "proof",
        _id("id"),
        _id("address_id"),
        _at("created_at", nullable=False),
        _at("expires_at", nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _at("used_at"),
        _key("proof", "address_id", "address"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index(op.f("ix_proof_address_id"), "proof", ["address_id"])


def downgrade() -> None:
    op.drop_table("proof")
    op.drop_table("swap")
    op.drop_table("breach_end")
    op.drop_column("ledger_entry", "paused_at")
    op.drop_index("ix_promise_warning_due", table_name="promise")
    op.drop_column("promise", "warn_level")
    op.drop_column("promise", "warn_at")
