"""What texts mean, so that cases like one can be found"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SOLVED = sa.text("resolution IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "meaning",
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("space", sa.String(length=120), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_meaning_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("feedback_id", "space", name=op.f("pk_meaning")),
    )
    op.create_index(
        "ix_case_solved",
        "case",
        ["feedback_id", "number", "site_id"],
        sqlite_where=SOLVED,
        postgresql_where=SOLVED,
    )


def downgrade() -> None:
    on = " ON feedback" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER IF EXISTS tr_feedback_erased{on}")
    op.drop_index("ix_case_solved", table_name="case")
    op.drop_table("meaning")
