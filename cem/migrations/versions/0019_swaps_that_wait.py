"""A request for a swap is brought up again, and expires when the shift begins"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("swap", sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE swap SET next_step_at = start_at WHERE state = 'asked'")
    due = sa.text("next_step_at IS NOT NULL")
    op.create_index("ix_swap_due", "swap", ["next_step_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    op.drop_index("ix_swap_due", table_name="swap")
    op.execute("UPDATE swap SET state = 'withdrawn' WHERE state = 'expired'")
    op.drop_column("swap", "next_step_at")
