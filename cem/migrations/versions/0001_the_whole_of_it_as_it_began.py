"""The whole of it, as it began"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("site_path", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_number")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_unsealed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("number IS NULL"),
            postgresql_where=sa.text("number IS NULL"),
        )

    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "customer",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("contact_consent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("external_id", name=op.f("uq_customer_external_id")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_email_hash"), ["email_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_phone_hash"), ["phone_hash"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expanded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_unexpanded",
            ["id"],
            unique=False,
            sqlite_where=sa.text("expanded_at IS NULL"),
            postgresql_where=sa.text("expanded_at IS NULL"),
        )

    op.create_table(
        "revision",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revision")),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_code")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("username", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("scope_path", sa.String(length=500), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope_path LIKE '%/'", name=op.f("ck_user_scope_path_ends")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("pack", sa.String(length=20), nullable=False),
        sa.Column("fallback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["fallback_id"], ["user.id"], name=op.f("fk_site_fallback_id_user"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["site.id"], name=op.f("fk_site_parent_id_site"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("code", name=op.f("uq_site_code")),
        sa.UniqueConstraint("path", name=op.f("uq_site_path")),
    )
    op.create_table(
        "survey_version",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("survey_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_version_survey_id_survey"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_version")),
        sa.UniqueConstraint("survey_id", "version", name=op.f("uq_survey_version_survey_id_version")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("outbox_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_task_outbox_id_outbox"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("outbox_id", "job", name=op.f("uq_task_outbox_id_job")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_due",
            ["available_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND set_aside_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND set_aside_at IS NULL"),
        )

    op.create_table(
        "purchase",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("customer_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("site_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_purchase_customer_id_customer"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_purchase_site_id_site"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
    )
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_customer_id_at"), ["customer_id", "at"], unique=False)

    op.create_table(
        "rule_version",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("site_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_rule_version_site_id_site"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("kind", "site_id", "version", name=op.f("uq_rule_version_kind_site_id_version")),
    )
    op.create_table(
        "touchpoint",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("site_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_touchpoint_site_id_site"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touchpoint")),
        sa.UniqueConstraint("site_id", "code", name=op.f("uq_touchpoint_site_id_code")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("tracking_code", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("site_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("touchpoint_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("kind_given", sa.Boolean(), nullable=False),
        sa.Column("rating_scale", sa.String(length=10), nullable=True),
        sa.Column("rating_value", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("local_hour", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("survey_version_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("order_id", sa.String(length=200), nullable=True),
        sa.Column("staff", sa.String(length=200), nullable=True),
        sa.Column("attributes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("flags", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source_system", sa.String(length=200), nullable=True),
        sa.Column("source_id", sa.String(length=200), nullable=True),
        sa.Column("source_url", sa.String(length=2000), nullable=True),
        sa.CheckConstraint(
            "(rating_scale IS NULL) = (rating_value IS NULL)", name=op.f("ck_feedback_rating_whole")
        ),
        sa.CheckConstraint(
            "rating_value IS NOT NULL OR text IS NOT NULL", name=op.f("ck_feedback_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_feedback_customer_id_customer"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["id"],
            ["ledger_entry.feedback_id"],
            name="fk_feedback_id_ledger_entry",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_feedback_site_id_site"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["survey_version_id"],
            ["survey_version.id"],
            name=op.f("fk_feedback_survey_version_id_survey_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["touchpoint.id"],
            name=op.f("fk_feedback_touchpoint_id_touchpoint"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("source_system", "source_id", name=op.f("uq_feedback_source_system_source_id")),
        sa.UniqueConstraint("tracking_code", name=op.f("uq_feedback_tracking_code")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_received_at"), ["received_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_feedback_site_id_received_at"), ["site_id", "received_at"], unique=False
        )

    op.create_table(
        "public_link",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("touchpoint_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("survey_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_public_link_survey_id_survey"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["touchpoint.id"],
            name=op.f("fk_public_link_touchpoint_id_touchpoint"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_link")),
        sa.UniqueConstraint("token", name=op.f("uq_public_link_token")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("scale", sa.String(length=10), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("choices", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("survey_version_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("site_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("staff", sa.String(length=200), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_answer_feedback_id_feedback"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_answer_site_id_site"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["survey_version_id"],
            ["survey_version.id"],
            name=op.f("fk_answer_survey_version_id_survey_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_feedback_id"), ["feedback_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_answer_scale_site_id_occurred_at"),
            ["scale", "site_id", "occurred_at"],
            unique=False,
        )

    op.create_table(
        "case",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(32), nullable=False),
        sa.Column("priority", sa.String(32), nullable=False),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("site_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("touchpoint_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("customer_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("tier", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("owner_reason", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("policy_version_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_paged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledgement_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_because", sa.String(32), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopenings", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("follows_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.CheckConstraint(
            "state <> 'open' OR next_step_at IS NOT NULL", name=op.f("ck_case_open_has_a_next_step")
        ),
        sa.CheckConstraint(
            "state = 'open' OR next_step_at IS NULL", name=op.f("ck_case_only_open_escalates")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_case_customer_id_customer"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_case_feedback_id_feedback"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["case.id"], name=op.f("fk_case_follows_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["case.id"], name=op.f("fk_case_merged_into_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_case_owner_id_user"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["policy_version_id"],
            ["rule_version.id"],
            name=op.f("fk_case_policy_version_id_rule_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_case_site_id_site"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["touchpoint.id"],
            name=op.f("fk_case_touchpoint_id_touchpoint"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("number", name=op.f("uq_case_number")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(
            "ix_case_acknowledgement_due",
            ["acknowledgement_expires_at"],
            unique=False,
            sqlite_where=sa.text("acknowledgement_expires_at IS NOT NULL"),
            postgresql_where=sa.text("acknowledgement_expires_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_case_feedback_id"), ["feedback_id"], unique=False)
        batch_op.create_index(
            "ix_case_live",
            ["owner_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_case_site_id_opened_at"), ["site_id", "opened_at"], unique=False)
        batch_op.create_index(
            "ix_case_step_due",
            ["next_step_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "findings",
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_findings_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("feedback_id", "version", name=op.f("pk_findings")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_idempotency_key_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "ledger_move",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=True),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("how", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("owner_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_ledger_move_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_ledger_move_owner_id_user"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_move")),
    )
    with op.batch_alter_table("ledger_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_move_feedback_id"), ["feedback_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("transport", sa.String(32), nullable=False),
        sa.Column("user_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("to", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("case_ids", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("message", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_delivery_case_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_delivery_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_delivery_user_id_user"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_delivery_dedupe_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_delivery_user_id_created_at"), ["user_id", "created_at"], unique=False
        )

    op.create_table(
        "ledger_entry",
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("how", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'owed' AND owner_id IS NOT NULL AND due_at IS NOT NULL AND next_step_at IS NOT NULL AND how IS NULL AND reason IS NULL AND evidence IS NULL) OR (state = 'answered' AND how IN ('thanked', 'personal', 'public') AND reason IS NULL AND evidence IS NOT NULL) OR (state = 'excused' AND reason IN ('duplicate', 'test', 'abuse', 'staff', 'unreachable') AND how IS NULL AND evidence IS NOT NULL)",
            name=op.f("ck_ledger_entry_one_whole_state"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_ledger_entry_case_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_ledger_entry_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_ledger_entry_owner_id_user"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_ledger_entry_owed_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        )
        batch_op.create_index(
            "ix_ledger_entry_owed_owner",
            ["owner_id"],
            unique=False,
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        )
        batch_op.create_index(
            "ix_ledger_entry_step_due",
            ["next_step_at"],
            unique=False,
            sqlite_where=sa.text("state = 'owed' AND case_id IS NULL"),
            postgresql_where=sa.text("state = 'owed' AND case_id IS NULL"),
        )

    # SQLite has both keys of this pair in its tables; PostgreSQL gets the second when both tables are there
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(
            "fk_feedback_id_ledger_entry",
            "feedback",
            "ledger_entry",
            ["id"],
            ["feedback_id"],
            deferrable=True,
            initially="DEFERRED",
        )

    op.create_table(
        "note",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_note_case_id_case"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_case_id"), ["case_id"], unique=False)

    op.create_table(
        "pause",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_pause_case_id_case"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pause_case_id"), ["case_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("hours", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spent_seconds", sa.Double(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("paused_because", sa.String(32), nullable=True),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_promise_case_id_case"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("case_id", "kind", "round", name=op.f("uq_promise_case_id_kind_round")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(
            "ix_promise_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "reply",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("via", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_reply_case_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_reply_feedback_id_feedback"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_feedback_id"), ["feedback_id"], unique=False)

    op.create_table(
        "breach",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("promise_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("policy_version_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("owner_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_breach_case_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_breach_owner_id_user"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["policy_version_id"],
            ["rule_version.id"],
            name=op.f("fk_breach_policy_version_id_rule_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_breach_promise_id_promise"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("promise_id", name=op.f("uq_breach_promise_id")),
    )
    with op.batch_alter_table("breach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_breach_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_event",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=True),
        sa.Column("to_state", sa.String(32), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_case_event_case_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_case_event_note_id_note"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_case_id_id"), ["case_id", "id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("feedback_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("via", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("note_id", sa.BINARY(16).with_variant(sa.Uuid(), "postgresql"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_contact_case_id_case"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"],
            ["feedback.id"],
            name=op.f("fk_contact_feedback_id_feedback"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_contact_note_id_note"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_feedback_id"), ["feedback_id"], unique=False)

    counter = sa.table("counter", sa.column("name"), sa.column("value"))
    op.bulk_insert(counter, [{"name": "case", "value": 0}, {"name": "audit", "value": 0}])
    revision_ = sa.table("revision", sa.column("name"), sa.column("value"))
    op.bulk_insert(revision_, [{"name": "organisation", "value": 1}])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_feedback_id_ledger_entry", "feedback", type_="foreignkey")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_feedback_id"))
        batch_op.drop_index(batch_op.f("ix_contact_case_id"))

    op.drop_table("contact")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_event_case_id_id"))

    op.drop_table("case_event")
    with op.batch_alter_table("breach", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breach_case_id"))

    op.drop_table("breach")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_feedback_id"))

    op.drop_table("reply")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_promise_due",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.drop_table("promise")
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pause_case_id"))

    op.drop_table("pause")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_case_id"))

    op.drop_table("note")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ledger_entry_step_due",
            sqlite_where=sa.text("state = 'owed' AND case_id IS NULL"),
            postgresql_where=sa.text("state = 'owed' AND case_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_ledger_entry_owed_owner",
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        )
        batch_op.drop_index(
            "ix_ledger_entry_owed_due",
            sqlite_where=sa.text("state = 'owed'"),
            postgresql_where=sa.text("state = 'owed'"),
        )
        batch_op.drop_index(batch_op.f("ix_ledger_entry_case_id"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_user_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_delivery_created_at"))
        batch_op.drop_index(batch_op.f("ix_delivery_case_id"))

    op.drop_table("delivery")
    with op.batch_alter_table("ledger_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_move_feedback_id"))

    op.drop_table("ledger_move")
    op.drop_table("idempotency_key")
    op.drop_table("findings")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_case_step_due",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_case_site_id_opened_at"))
        batch_op.drop_index(
            "ix_case_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_case_feedback_id"))
        batch_op.drop_index(
            "ix_case_acknowledgement_due",
            sqlite_where=sa.text("acknowledgement_expires_at IS NOT NULL"),
            postgresql_where=sa.text("acknowledgement_expires_at IS NOT NULL"),
        )

    op.drop_table("case")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_scale_site_id_occurred_at"))
        batch_op.drop_index(batch_op.f("ix_answer_feedback_id"))

    op.drop_table("answer")
    op.drop_table("public_link")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_site_id_received_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_received_at"))
        batch_op.drop_index(batch_op.f("ix_feedback_customer_id"))

    op.drop_table("feedback")
    op.drop_table("touchpoint")
    op.drop_table("rule_version")
    with op.batch_alter_table("purchase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_customer_id_at"))

    op.drop_table("purchase")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_due",
            sqlite_where=sa.text("done_at IS NULL AND set_aside_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL AND set_aside_at IS NULL"),
        )

    op.drop_table("task")
    op.drop_table("survey_version")
    op.drop_table("site")
    op.drop_table("user")
    op.drop_table("survey")
    op.drop_table("revision")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_unexpanded",
            sqlite_where=sa.text("expanded_at IS NULL"),
            postgresql_where=sa.text("expanded_at IS NULL"),
        )

    op.drop_table("outbox")
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_customer_email_hash"))

    op.drop_table("customer")
    op.drop_table("counter")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_unsealed",
            sqlite_where=sa.text("number IS NULL"),
            postgresql_where=sa.text("number IS NULL"),
        )

    op.drop_table("audit")
    op.drop_table("api_token")
