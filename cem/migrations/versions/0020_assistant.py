"""An outside language model that rewords drafts: who allowed it, and every call"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    id_type = sa.BINARY(16).with_variant(sa.Uuid(), "postgresql")
    op.create_table(
        "assistant_switch",
        sa.Column("id", id_type, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_switch")),
    )
    op.create_table(
        "assistant_call",
        sa.Column("id", id_type, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("feedback_id", id_type, nullable=False),
        sa.Column("case_id", id_type, nullable=True),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_assistant_call_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_assistant_call_case_id_case"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistant_call")),
    )
    op.create_index(op.f("ix_assistant_call_by_at"), "assistant_call", ["by", "at"])
    op.create_index(op.f("ix_assistant_call_feedback_id"), "assistant_call", ["feedback_id"])
    op.create_index(op.f("ix_assistant_call_case_id"), "assistant_call", ["case_id"])


def downgrade() -> None:
    on = " ON feedback" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER IF EXISTS tr_feedback_erased{on}")
    op.drop_table("assistant_call")
    op.drop_table("assistant_switch")
