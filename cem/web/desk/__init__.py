"""The duty desk: what is mine, one case, and everything that can be done about it."""

from __future__ import annotations

from typing import Final

from flask import Flask

from cem.domain.vocabulary import Role
from cem.http import access

ENDPOINTS: Final = (
    "queue", "rows", "stream", "owed", "entries", "case", "case_now", "act", "perform", "feedback",
    "feedback_form", "reply", "excuse", "group", "group_now", "group_form", "take_group",
    "separate_from_group", "split_group", "answer_group", "send_to_group", "outcome_of_group",
    "resolve_group", "correct", "correct_form", "review", "review_form", "reviewed", "similar_cases",
    "alike", "part_alike", "case_reply", "send_case_reply", "case_draft_page", "draft_for_case",
    "feedback_draft_page", "draft_for_feedback",
)  # fmt: skip


def register(app: Flask) -> None:
    from cem.web.desk import (  # noqa: F401
        alike_routes,
        case_routes,
        correction_routes,
        feedback_routes,
        group_answer_routes,
        group_routes,
        letter_routes,
        review_routes,
        similar_routes,
    )
    from cem.web.desk.routes import desk

    app.register_blueprint(desk)
    for name in ENDPOINTS:
        access.rule(f"desk.{name}", access.roles(Role.MANAGER, Role.STAFF, Role.EXECUTIVE))
