"""`/admin/model`: what reads the texts, since when and why, and the texts that it could not read."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from cem.domain.reasons import Invalid, NotFound
from cem.engine import set_aside, understanding
from cem.http import access, words
from cem.http.model_words import PROFILES, why_not
from cem.settings import Settings
from cem.web.admin import drifting, heads, reading
from cem.web.admin.blueprint import READERS, WRITERS, admin

VIEWS: Final[dict[str, Any]] = {
    "model": READERS,
    "try_again": WRITERS,
    "read_by_hand": WRITERS,
}
LEVELS: Final = (-2, -1, 0, 1, 2)


@admin.get("/model")
def model() -> str:
    return _page(request.args)


@admin.post("/model/set-aside/tries")
def try_again() -> Response:
    """One of them, or all that this person may see."""
    seen = reading.ids(access.visible_path())
    asked = request.form.get("task", "")
    chosen = [id for id in seen if asked in ("all", str(id))]
    done = set_aside.try_again(chosen, access.actor())
    return redirect(url_for("admin.model", again=done), 303)


@admin.post("/model/set-aside/<uuid:task_id>/reading")
def read_by_hand(task_id: UUID) -> Response | tuple[str, int]:
    if task_id not in reading.ids(access.visible_path()):
        raise NotFound
    level = request.form.get("level", type=int)
    try:
        set_aside.read_by_hand(
            task_id, 9 if level is None else level, request.form.getlist("risks"), access.actor()
        )
    except Invalid as invalid:
        return _page(request.form, task_id, invalid.fields), 422
    return redirect(url_for("admin.model", read=1), 303)


def _page(sent: Any, task_id: UUID | None = None, errors: dict[str, list[str]] | None = None) -> str:
    settings: Settings = current_app.extensions["cem_settings"]
    path = access.visible_path()
    uses = reading.uses()
    use = uses[0] if uses else None
    return render_template(
        "admin/model.html",
        wished=PROFILES[settings.profile],
        use=use,
        why=why_not(use.code if use and use.profile == settings.profile else None, settings),
        making=reading.making(settings),
        uses=uses,
        waiting=understanding.waiting(),
        heads=heads.heads(),
        learning=heads.new_corrections(),
        drift=drifting.page(request.args.get("model")),
        texts=reading.texts(path),
        others=reading.others() if path.count("/") <= 1 else [],
        profiles=PROFILES,
        risks=words.RISKS,
        sent=sent,
        wrong=(task_id, errors or {}),
    )
