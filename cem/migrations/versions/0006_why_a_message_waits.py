"""Why a message is held"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("held_for", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "held_for")
