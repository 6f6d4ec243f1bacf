"""Groups of cases that came at once for one cause, and the messages about them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _id(name: str, nullable: bool = False) -> sa.Column:
    kind = sa.BINARY(16).with_variant(sa.Uuid(), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def _at(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _where(words: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(words), "postgresql_where": sa.text(words)}


def upgrade() -> None:
    op.create_table(
        "case_group",
        _id("id"),
        _id("site_id"),
        sa.Column("cause_kind", sa.String(32), nullable=False),
        sa.Column("cause_code", sa.String(80), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("priority", sa.String(32), nullable=False),
        _at("started_at", nullable=False),
        _at("joined_at", nullable=False),
        _at("look_at", nullable=False),
        _at("calm_at"),
        _at("ended_at"),
        sa.Column("step", sa.Integer(), nullable=False),
        _at("next_step_at"),
        _at("last_paged_at"),
        _at("acknowledged_at"),
        sa.Column("acknowledged_by", sa.String(80), nullable=True),
        sa.CheckConstraint(
            "acknowledged_at IS NOT NULL OR ended_at IS NOT NULL OR next_step_at IS NOT NULL",
            name=op.f("ck_case_group_waiting_has_a_next_step"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_case_group_site_id_site"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_group")),
    )
    running = ["site_id", "cause_kind", "cause_code"]
    op.create_index("ix_case_group_running", "case_group", running, unique=True, **_where("calm_at IS NULL"))
    op.create_index(
        "ix_case_group_step_due", "case_group", ["next_step_at"], **_where("next_step_at IS NOT NULL")
    )
    op.create_index("ix_case_group_look_due", "case_group", ["look_at"], **_where("ended_at IS NULL"))
    op.create_table(
        "group_member",
        _id("case_id"),
        _id("group_id"),
        _at("joined_at", nullable=False),
        _at("left_at"),
        sa.Column("taken_by", sa.String(80), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_group_member_case_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["case_group.id"],
            name=op.f("fk_group_member_group_id_case_group"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_group_id"), "group_member", ["group_id"])
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(_id("group_id", nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_delivery_group_id_case_group"), "case_group", ["group_id"], ["id"], ondelete="RESTRICT"
        )
    op.create_index("ix_delivery_group", "delivery", ["group_id"], **_where("group_id IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_delivery_group", table_name="delivery")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_delivery_group_id_case_group"), type_="foreignkey")
        batch_op.drop_column("group_id")
    op.drop_table("group_member")
    op.drop_table("case_group")
