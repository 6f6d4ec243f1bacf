"""What customers write about that they did not before"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BINARY(16).with_variant(sa.Uuid(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "emerging_look",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emerging_look")),
    )
    op.create_index(op.f("ix_emerging_look_at"), "emerging_look", ["at"])
    op.create_table(
        "emerging_phrase",
        sa.Column("id", ID, nullable=False),
        sa.Column("look_id", ID, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("shown", sa.String(length=200), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["look_id"],
            ["emerging_look.id"],
            name=op.f("fk_emerging_phrase_look_id_emerging_look"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emerging_phrase")),
        sa.UniqueConstraint("look_id", "rank", name=op.f("uq_emerging_phrase_look_id_rank")),
    )
    op.create_table(
        "hidden_phrase",
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("phrase", name=op.f("pk_hidden_phrase")),
    )


def downgrade() -> None:
    op.drop_table("hidden_phrase")
    op.drop_table("emerging_phrase")
    op.drop_index(op.f("ix_emerging_look_at"), table_name="emerging_look")
    op.drop_table("emerging_look")
