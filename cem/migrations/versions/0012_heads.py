"""Heads that were fitted on corrections, and what the gate said of each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "head",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rolled_back_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
    )
    asked = sa.text("state = 'asked'")
    op.create_index(
        "ix_head_asked", "head", ["state"], unique=True, sqlite_where=asked, postgresql_where=asked
    )
    op.create_index(op.f("ix_head_asked_at"), "head", ["asked_at"])


def downgrade() -> None:
    op.drop_table("head")
