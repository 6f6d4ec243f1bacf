"""Drafts that are played against the past in the background, with their results"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BINARY(16).with_variant(sa.Uuid(), "postgresql")
    op.create_table(
        "rehearsal",
        sa.Column("id", id_type, nullable=False),
        sa.Column("draft_id", id_type, nullable=False),
        sa.Column("draft_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["rule_draft.id"],
            name=op.f("fk_rehearsal_draft_id_rule_draft"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    live = sa.text("state IN ('asked', 'running')")
    op.create_index(
        "ix_rehearsal_live", "rehearsal", ["draft_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_index(op.f("ix_rehearsal_draft_id_asked_at"), "rehearsal", ["draft_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("rehearsal")
