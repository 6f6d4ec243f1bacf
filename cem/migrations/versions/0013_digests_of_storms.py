"""When the owner of a group is told how it stands, and what they were told last"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_group", sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case_group", sa.Column("digested", sa.JSON(), nullable=True))
    due = sa.text("digest_at IS NOT NULL")
    op.create_index(
        "ix_case_group_digest_due", "case_group", ["digest_at"], sqlite_where=due, postgresql_where=due
    )


def downgrade() -> None:
    op.drop_index("ix_case_group_digest_due", table_name="case_group")
    op.drop_column("case_group", "digested")
    op.drop_column("case_group", "digest_at")
