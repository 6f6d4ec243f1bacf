"""Texts that are almost the same and have something in common"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "alike",
        _id("feedback_id"),
        _id("group_id"),
        sa.Column("common", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parted_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_alike_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_alike")),
    )
    op.create_index(op.f("ix_alike_group_id"), "alike", ["group_id"])


def downgrade() -> None:
    op.drop_table("alike")
