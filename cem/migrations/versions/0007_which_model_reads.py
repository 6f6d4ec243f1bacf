"""Which model reads since when, and which findings a simpler one stood in for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_use",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_use")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stood_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    stood_in = sa.text("stood_in")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.alter_column("stood_in", existing_type=sa.Boolean(), server_default=None)
        batch_op.create_index(
            "ix_findings_stood_in", ["feedback_id"], sqlite_where=stood_in, postgresql_where=stood_in
        )
    live = sa.text("done_at IS NULL AND set_aside_at IS NULL")
    op.create_index(
        "ix_task_due_in_queue", "task", ["queue", "available_at"], sqlite_where=live, postgresql_where=live
    )


def downgrade() -> None:
    op.drop_index("ix_task_due_in_queue", table_name="task")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index("ix_findings_stood_in")
        batch_op.drop_column("stood_in")
    op.drop_table("model_use")
