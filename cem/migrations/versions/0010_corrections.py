"""What people said of a text instead of what understanding said"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _id(name: str, nullable: bool = False) -> sa.Column:
    kind = sa.BINARY(16).with_variant(sa.Uuid(), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def _key(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_correction_{column}_{table}")
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "correction",
        _id("id"),
        _id("feedback_id"),
        sa.Column("of_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        _id("undoes", nullable=True),
        sa.Column("why", sa.String(length=20), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _key("feedback_id", "feedback"),
        _key("undoes", "correction"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("feedback_id", "version", name=op.f("uq_correction_feedback_id_version")),
    )
    op.create_index(op.f("ix_correction_at"), "correction", ["at"])
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.add_column(_id("corrected_by", nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_findings_corrected_by_correction"),
            "correction",
            ["corrected_by"],
            ["id"],
            ondelete="RESTRICT",
        )


def downgrade() -> None:
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_findings_corrected_by_correction"), type_="foreignkey")
        batch_op.drop_column("corrected_by")
    op.drop_table("correction")
