"""`/desk`: the queue, what is owed without a case, and the stream that keeps them fresh."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from cem import clock
from cem.dashboards import ledger
from cem.dashboards.ledger import LedgerTotals
from cem.engine import organisation
from cem.extensions import db
from cem.http import labels, streams
from cem.http.access import visible_path
from cem.web.desk import group_view, queries
from cem.web.desk import stream as hearing
from cem.web.desk.duty import duty
from cem.web.desk.rows import Reader, groups, in_order
from cem.web.times import span, zone

desk = Blueprint("desk", __name__)

LEDGER_DAYS: Final = 30
PLACES: Final = "places"
UNTAKEN: Final = "untaken"


@desk.after_request
def _keep_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def reader() -> Reader:
    now = clock.now().astimezone(zone())
    return Reader.current(now, organisation.current(db.session.connection()))


def page(template: str, at: Reader, **shown: Any) -> str:
    """A page of the desk, or a fragment of one: with its head, its tally and its list."""
    return render_template(template, **(shown | {"now": at.now, "today": span(at.now), "duty": duty(at)}))


def listed(at: Reader, current: int | None = None) -> dict[str, Any]:
    """What the list needs: whose cases, their groups, and the numbers above them."""
    of = request.args.get("of")
    path, today = visible_path(), span(at.now)
    asked = {PLACES: queries.cases_in, UNTAKEN: queries.cases_untaken}.get(of or "", queries.cases_of)
    mine, everything = queries.count_of(at.id, path)
    return {
        "storms": [] if of == UNTAKEN else group_view.rows(at.id, path, at, everybodys=of == PLACES),
        "groups": groups(asked(at.id, path), at, of),
        "tally": queries.tally(path, at.now, today.start),
        "of": of if of in (PLACES, UNTAKEN) else None,
        "mine": mine,
        "everything": everything,
        "owed_count": queries.count_owed_without_a_case(at.id, path),
        "current": f"case-{current}" if current else "",
        "current_number": current,
    }


def fragment(html: str) -> Response:
    """A part of a page, with the server's time for its clocks."""
    response = make_response(html)
    response.headers["X-Now"] = clock.now().isoformat(timespec="milliseconds")
    return response


@desk.get("/desk")
def queue() -> str:
    at = reader()
    totals = ledger.totals(visible_path(), since=at.now - timedelta(days=LEDGER_DAYS))
    return page("desk/queue.html", at, totals=totals, days=LEDGER_DAYS, **listed(at))


@desk.get("/desk/rows")
def rows() -> Response:
    at = reader()
    current = request.args.get("current", type=int)
    return fragment(page("desk/_rows.html", at, **listed(at, current)))


@desk.get("/desk/stream")
def stream() -> Response:
    person = current_user._get_current_object()
    wanted = hearing.wants(person)
    backlog = hearing.missed(request.headers.get("Last-Event-ID"), wanted)
    return streams.open(wanted, hearing.still_allowed(person), backlog)


@desk.get("/desk/owed")
def owed() -> str:
    at = reader()
    found = queries.owed_without_a_case(at.id, visible_path())
    return page("desk/owed.html", at, rows=in_order(found, at))


@desk.get("/desk/ledger/<any(overdue, owed, answered, thanked, personal, public, excused):state>")
def entries(state: str) -> str:
    """The feedback behind a number of the tally, or of the ledger of the last days."""
    at, skip = reader(), max(0, request.args.get("after", 0, type=int))
    lately = state not in ("overdue", "owed", "answered") or "lately" in request.args
    since = at.now - timedelta(days=LEDGER_DAYS) if lately else None
    found, total = queries.entries_in(
        visible_path(), state, at.now, span(at.now).start if state == "answered" else since, skip
    )
    shown = {
        "rows": in_order(found, at),
        "total": total,
        "state": state,
        "days": LEDGER_DAYS if lately else None,
    }
    behind = skip + len(found)
    return page("desk/entries.html", at, **shown, skip=skip, behind=behind if behind < total else None)


@desk.app_context_processor
def _words() -> dict[str, Any]:
    return {"role_words": labels.ROLES, "ledger_counts": _counts, "ledger_lists": _lists}


def _lists() -> dict[str, str]:
    """Where each of the six leads to: what came in within the days of the ledger on the desk."""
    states = ("thanked", "personal", "public", "owed", "overdue", "excused")
    lately = {state: {"lately": 1} if state in ("owed", "overdue") else {} for state in states}
    return {state: url_for("desk.entries", state=state, **lately[state]) for state in states}


def _counts(totals: LedgerTotals) -> dict[str, int]:
    """The six parts of the bar: what is overdue stands apart from what is owed."""
    owed = totals.owed - totals.overdue
    return {**totals.answered, "owed": owed, "overdue": totals.overdue, "excused": totals.excused_in_all}
