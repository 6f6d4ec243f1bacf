"""`/desk/review`: texts that the machine should learn from, one touch each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from cem.domain.corrections import Correction, level_of
from cem.domain.findings import Findings, Label
from cem.domain.reasons import Invalid, NotFound
from cem.domain.review import A_DAY, SHARES, Pick, pick
from cem.domain.submission import N_
from cem.engine import corrections
from cem.http import access
from cem.http.access import visible_path
from cem.http.labels import LEVELS
from cem.http.words import sentence
from cem.web.desk import alike_routes, queries, reading_view, review_queries
from cem.web.desk.correction_routes import must_handle
from cem.web.desk.routes import desk, page, reader
from cem.web.desk.rows import entry_row

LABELS: Final[dict[str, Label]] = {"negative": "negative", "neutral": "neutral", "positive": "positive"}


@desk.get("/desk/review")
def review() -> str:
    at = reader()
    done = review_queries.done_today(str(access.actor()), _morning(at.now))
    found = review_queries.candidates(visible_path(), at.now, current_user.username)
    picks = pick(found, A_DAY, at.now.date(), done)
    count = sum(done.values())
    return page(
        "desk/review.html",
        at,
        one=_shown(picks[0]) if picks else None,
        done=count,
        of=min(A_DAY, count + len(picks)) if picks else count,
        last=request.args.get("last", type=_uuid),
        over=count >= A_DAY,
        kinds=_kinds(done, picks),
    )


@desk.get("/desk/review/<uuid:id>")
def review_form(id: UUID) -> Response:
    """Reached by going back after a touch."""
    return redirect(url_for("desk.review"), 303)


@desk.post("/desk/review/<uuid:id>")
def reviewed(id: UUID) -> Response:
    row = _open(id)
    what, why = request.form.get("what", ""), request.form.get("why")
    if what == "undo":
        corrections.undo(id, access.actor())
        return redirect(url_for("desk.review"), 303)
    level = _level(what, row)
    corrections.correct(id, Correction(level), access.actor(), why if why in SHARES else None)
    return redirect(url_for("desk.review", last=id), 303)


def _open(id: UUID) -> Any:
    row = queries.one_feedback(id)
    if row is None or row.findings is None:
        raise NotFound
    access.must_see(row.path)
    must_handle(id)
    return row


def _level(what: str, row: Any) -> int:
    """`right` says that what was shown (`seen`) is right, whatever has been read since."""
    if what == "right" and (seen := request.form.get("seen", type=int)) in LEVELS:
        return int(seen or 0)
    if what in LABELS:
        return level_of(LABELS[what], Findings.from_dict(row.findings).sentiment)
    raise Invalid({"what": [N_("Touch one of the keys.")]})


def _shown(chosen: Pick) -> dict[str, Any]:
    row = queries.one_feedback(chosen.id)
    assert row is not None, "it was found a moment ago"
    sentiment = Findings.from_dict(row.findings).sentiment
    view = entry_row(row, reader())
    rated = gettext("Gave %(value)s", value=row.rating_value) if row.rating_value is not None else ""
    return {
        "id": chosen.id,
        "row": view,
        "rated": rated,
        "level": sentiment.level,
        "label": sentiment.label,
        "word": LEVELS[sentiment.level],
        "alike": alike_routes.shown([chosen.id] if row.flags else []),
        "why": chosen.code,
        "reason": sentence(chosen.reason),
        "reading": reading_view.view(row, Findings.from_dict(row.findings), row.pack, {}, reader()),
    }


def _kinds(done: Mapping[str, int], picks: Sequence[Pick]) -> list[tuple[str, int]]:
    """How many texts of each share the day has, those that were looked at among them."""
    words = {
        "uncertain": gettext("least sure"),
        "disagreement": gettext("two readings disagree"),
        "random": gettext("drawn by lot"),
    }
    coming = Counter(each.code for each in picks)
    return [(words[code], done.get(code, 0) + coming[code]) for code in SHARES]


def _morning(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _uuid(raw: str) -> UUID:
    return UUID(raw)
