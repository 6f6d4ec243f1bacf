"""Drafts of rules: changed, rehearsed, then published or thrown away"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _id(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "rule_draft",
        _id("id"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        _id("site_id"),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("began_with", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        _id("published_id", nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_rule_draft_site_id_site"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["published_id"],
            ["rule_version.id"],
            name=op.f("fk_rule_draft_published_id_rule_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_draft")),
    )
    live = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_rule_draft_live",
        "rule_draft",
        ["kind", "site_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )


def downgrade() -> None:
    op.drop_table("rule_draft")
