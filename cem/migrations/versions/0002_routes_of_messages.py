"""Robots, people's own addresses, and what became of each try to send"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _id(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=nullable)


def _at(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "robot",
        _id("id"),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("transport", sa.String(32), nullable=False),
        _id("site_id"),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("locale", sa.String(length=20), nullable=False),
        _at("created_at", nullable=False),
        _at("ended_at"),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_robot_site_id_site"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot")),
        sa.UniqueConstraint("name", name=op.f("uq_robot_name")),
    )
    op.create_index(op.f("ix_robot_site_id"), "robot", ["site_id"])
    op.create_table(
        "address",
        _id("id"),
        _id("user_id"),
        sa.Column("transport", sa.String(32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        _at("created_at", nullable=False),
        _at("verified_at"),
        _at("ended_at"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_address_user_id_user"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    current = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_address_current",
        "address",
        ["user_id", "transport"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(_id("robot_id", nullable=True))
        batch_op.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(_at("held_until"))
        batch_op.create_foreign_key(
            op.f("fk_delivery_robot_id_robot"), "robot", ["robot_id"], ["id"], ondelete="RESTRICT"
        )
    held = sa.text("state = 'held'")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.alter_column("tries", existing_type=sa.Integer(), server_default=None)
        batch_op.create_index(
            "ix_delivery_held", ["robot_id", "held_until"], sqlite_where=held, postgresql_where=held
        )
    op.create_table(
        "attempt",
        _id("id"),
        _id("delivery_id"),
        _id("robot_id", nullable=True),
        _at("began_at", nullable=False),
        _at("over_at"),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_attempt_delivery_id_delivery"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["robot_id"], ["robot.id"], name=op.f("fk_attempt_robot_id_robot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_delivery_id"), "attempt", ["delivery_id"])
    op.create_index(op.f("ix_attempt_robot_id_began_at"), "attempt", ["robot_id", "began_at"])


def downgrade() -> None:
    op.drop_table("attempt")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_held")
        batch_op.drop_constraint(op.f("fk_delivery_robot_id_robot"), type_="foreignkey")
        batch_op.drop_column("held_until")
        batch_op.drop_column("tries")
        batch_op.drop_column("robot_id")
    op.drop_table("address")
    op.drop_table("robot")
