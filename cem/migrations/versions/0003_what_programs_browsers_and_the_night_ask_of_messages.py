"""Webhooks and browsers as routes, receipts, quiet hours"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CURRENT = "ended_at IS NULL"
ONE_OF_EACH = "ended_at IS NULL AND transport <> 'webpush'"


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True)


def _at(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _one_address_of_each(where: str) -> None:
    op.create_index(
        "ix_address_current",
        "address",
        ["user_id", "transport"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def upgrade() -> None:
    op.add_column("robot", sa.Column("old_secret", sa.LargeBinary(), nullable=True))
    op.add_column("robot", _at("old_secret_until"))
    op.add_column("robot", sa.Column("events", sa.JSON(), nullable=True))
    op.add_column("address", sa.Column("label", sa.String(length=100), nullable=True))
    op.drop_index("ix_address_current", "address")
    _one_address_of_each(ONE_OF_EACH)
    op.add_column("user", sa.Column("quiet_from", sa.String(length=5), nullable=True))
    op.add_column("user", sa.Column("quiet_to", sa.String(length=5), nullable=True))
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("digest_at", sa.String(length=5), nullable=False, server_default="08:00")
        )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.alter_column("digest_at", existing_type=sa.String(length=5), server_default=None)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(_id("address_id"))
        batch_op.add_column(_at("received_at"))
        batch_op.create_foreign_key(
            op.f("fk_delivery_address_id_address"), "address", ["address_id"], ["id"], ondelete="RESTRICT"
        )
    failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_delivery_failed", "delivery", ["created_at"], sqlite_where=failed, postgresql_where=failed
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_failed", "delivery")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_delivery_address_id_address"), type_="foreignkey")
        batch_op.drop_column("received_at")
        batch_op.drop_column("address_id")
    with op.batch_alter_table("user", schema=None) as batch_op:
        for name in ("digest_at", "quiet_to", "quiet_from"):
            batch_op.drop_column(name)
    op.drop_index("ix_address_current", "address")
    op.execute("DELETE FROM address WHERE transport = 'webpush'")
    _one_address_of_each(CURRENT)
    op.drop_column("address", "label")
    for name in ("events", "old_secret_until", "old_secret"):
        op.drop_column("robot", name)
