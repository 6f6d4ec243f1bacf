"""The interface for programs: /api/v1 as the contract has it, its document, and the page that shows it."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Mount every resource, each with its rule of access, and the document that describes them."""
    from cem.http import programs
    from cem.web.api import (
        analyses,
        case_actions,
        case_draft,
        case_similar,
        cases,
        corrections,
        customers,
        docs,
        feedback,
        groups,
        ledger,
        metrics,
        monitoring,
        replies,
        sites,
        stream,
        topics,
        webhooks,
    )
    from cem.web.api.resource import describe

    programs.spare(app)
    api = describe(app)
    for module in (
        feedback,
        replies,
        corrections,
        cases,
        case_actions,
        case_draft,
        case_similar,
        groups,
        sites,
        ledger,
        metrics,
        topics,
        customers,
        analyses,
        stream,
        webhooks,
    ):
        api.register_blueprint(module.blueprint)
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(monitoring.blueprint)
