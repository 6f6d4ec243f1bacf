"""`/admin/model/card`: what reads the customers' words, how well, and where it fails."""

from __future__ import annotations

from typing import Any, Final

from flask import current_app, render_template, request

from cem.http import security
from cem.settings import Settings
from cem.web.admin import card
from cem.web.admin.blueprint import READERS, admin

VIEWS: Final[dict[str, Any]] = {"model_card": READERS}


@admin.get("/model/card")
def model_card() -> str:
    security.allow_chart_styles()
    settings: Settings = current_app.extensions["cem_settings"]
    return render_template(
        "admin/card.html", card=card.page(settings.instance, settings.profile, request.args.get("run"))
    )
