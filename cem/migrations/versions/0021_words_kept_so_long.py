"""The assistant's questions whose words are still kept are found by their age"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEPT = sa.text("request <> ''")


def upgrade() -> None:
    op.create_index(
        "ix_assistant_call_kept", "assistant_call", ["at"], sqlite_where=KEPT, postgresql_where=KEPT
    )


def downgrade() -> None:
    op.drop_index("ix_assistant_call_kept", "assistant_call")
