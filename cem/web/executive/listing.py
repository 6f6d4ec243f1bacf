"""The list behind a figure: its filters live in the address, and each can be taken away again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import abort, request, url_for
from flask_babel import gettext, lazy_gettext

from cem import clock
from cem.dashboards import emerging, items, ledger, queries
from cem.dashboards.items import Filter
from cem.dashboards.periods import ReportPeriod, between
from cem.domain.localtime import zone
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import LedgerState, PromiseKind
from cem.http.correctors import last_lines
from cem.http.i18n import localized
from cem.http.labels import CHANNELS, EXCUSES, FLAGS, flags
from cem.web.executive import sentences
from cem.web.executive.view import View

_l = lazy_gettext

STATES: Final[dict[str, Any]] = {
    "thanked": _l("Thanked"),
    "personal": _l("Answered in person"),
    "public": _l("Answered in public"),
    "owed": _l("Owed, not yet due"),
    "overdue": _l("Overdue"),
    "excused": _l("Excused"),
    items.DUE: _l("Owed an answer"),
}
METRIC_NAMES: Final = {"nps": "NPS", "csat": "CSAT"}
FACES: Final = frozenset({"faces5"})
LONG: Final = 320
"""Code points after which the words of a customer are folded."""


def wanted(view: View) -> Filter:
    """The filter that the address asks for; nonsense in it is a bad request."""
    metric, promise, state = (request.args.get(name) for name in ("metric", "promise", "state"))
    if metric not in (None, *METRIC_NAMES) or state not in (None, *items.STATES):
        abort(400)
    if promise not in (None, *(kind.value for kind in queries.KEPT_SHOWN)):
        abort(400)
    if (flag := request.args.get("flag")) not in (None, *FLAGS):
        abort(400)
    kind = PromiseKind(promise) if promise else None
    return Filter(view.path, _period(view), metric, kind, state, flag, _among())


def _among() -> tuple[UUID, ...] | None:
    """The texts behind a phrase that is new."""
    phrase = _phrase()
    return tuple(phrase[1]) if phrase else None


def _phrase() -> tuple[str, list[UUID]] | None:
    if (given := request.args.get("phrase")) is None:
        return None
    try:
        found = emerging.texts_with(UUID(given))
    except ValueError:
        abort(400)
    if found is None:
        raise NotFound
    return found


def page(view: View) -> dict[str, Any]:
    """Everything that the template needs."""
    asked = wanted(view)
    found = items.page(asked, _after())
    correctors = last_lines([row.id for row in found.rows])
    return {
        "title": STATES[asked.state] if asked.state else gettext("Ledger"),
        "total": found.total,
        "rows": [_row(row, clock.now(), correctors.get(row.id, ("",))[0]) for row in found.rows],
        "chips": _chips(asked),
        "states": _states(view, asked),
        "words": STATES,
        "good": asked.by_due_time and asked.period is None,
        "next": _with(after=_written(found.next)) if found.next else None,
        "first": _with() if "after" in request.args else None,
    }


def _period(view: View) -> ReportPeriod | None:
    """`from` and `to` are days of the group's calendar, half open like those of the API."""
    first, after = request.args.get("from"), request.args.get("to")
    if first is None and after is None:
        return None
    try:
        days = date.fromisoformat(first or ""), date.fromisoformat(after or "")
    except ValueError:
        abort(400)
    return between(*days, view.zone)


def _after() -> items.Place | None:
    given = request.args.get("after")
    if given is None:
        return None
    try:
        at, _, id = given.partition("~")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return items.Place(moment, UUID(id))
    except ValueError:
        abort(400)


def _written(place: items.Place) -> str:
    return f"{place.at.isoformat()}~{place.id}"


def _with(**changed: str | None) -> str:
    """This list with something changed (None: taken away), from its first page on."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "after"}
    kept |= changed
    return url_for("executive.feedback", **{name: value for name, value in kept.items() if value is not None})


def _chips(asked: Filter) -> list[tuple[str, str]]:
    """What narrows the list besides place and state, and the address without it."""
    chips = []
    if asked.metric:
        chips.append((METRIC_NAMES[asked.metric], _with(metric=None)))
    if asked.promise:
        titles = {"first_contact": gettext("First contact"), "resolve": gettext("Solve")}
        chips.append((titles[asked.promise], _with(promise=None)))
    if phrase := _phrase():
        chips.append((gettext("“%(phrase)s”", phrase=phrase[0]), _with(phrase=None)))
    if asked.flag:
        chips.append((str(FLAGS[asked.flag]), _with(flag=None)))
    if asked.period:
        days = sentences.days(asked.period.first, asked.period.last)
        said = gettext("due %(days)s", days=days) if asked.promise else days
        chips.append((said, _with(**{"from": None, "to": None, "promise": None})))
    return chips


def _states(view: View, asked: Filter) -> list[dict[str, Any]]:
    """The six states as a choice; with their counts where nothing else narrows the list."""
    whole = replace(asked, state=None) == Filter(view.path)
    counts = _counts(view.path) if whole else {}
    return [
        {
            "kind": kind,
            "word": word,
            "count": counts.get(kind),
            "here": kind == asked.state,
            "href": _with(state=None if kind == asked.state else kind),
        }
        for kind, word in STATES.items()
        if kind in items.LEDGER or kind == asked.state
    ]


def _counts(path: str) -> dict[str, int]:
    found = ledger.totals(path)
    return dict(found.answered) | {
        "owed": found.owed - found.overdue,
        "overdue": found.overdue,
        "excused": found.excused_in_all,
    }


def _row(row: Any, now: datetime, corrector: str = "") -> dict[str, Any]:
    """One feedback in the words of whoever reads; its time is that of its place."""
    from nlp.pii import masked

    here = zone(row.timezone)
    text = masked(row.text or "")
    return {
        "at": row.occurred_at.astimezone(here),
        "now": now.astimezone(here),
        "where": " · ".join(localized(name) for name in (row.site, row.touchpoint) if name),
        "channel": CHANNELS[row.channel],
        "language": row.language,
        "text": text,
        "start": text[:LONG].rstrip() if len(text) > LONG * 1.25 else None,
        "face": row.rating_value if row.rating_scale in FACES else None,
        "rating": _rating(row.rating_scale, row.rating_value),
        "kind": kind(row, now),
        "flags": flags(row.flags),
        "corrected": corrector,
        "said": _said(row, now),
    }


def kind(row: Any, now: datetime) -> str:
    """Its seal in the ledger."""
    if row.state is LedgerState.OWED:
        return "overdue" if row.due_at <= now and row.paused_at is None else "owed"
    return "excused" if row.state is LedgerState.EXCUSED else str(row.how.value)


def _said(row: Any, now: datetime) -> str:
    """Who has to answer by when, or why nobody has to."""
    if row.state is LedgerState.OWED:
        if row.paused_at is not None:
            return gettext("%(name)s, paused", name=row.owner)
        left = _span(abs(row.due_at - now))
        if row.due_at <= now:
            return gettext("%(name)s, since %(span)s", name=row.owner, span=left)
        return gettext("%(name)s, within %(span)s", name=row.owner, span=left)
    return str(EXCUSES[row.reason]) if row.state is LedgerState.EXCUSED else ""


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return gettext("%(number)s min", number=minutes)
    if minutes < 48 * 60:
        return gettext("%(number)s h", number=minutes // 60)
    return gettext("%(number)s days", number=minutes // 1440)


def _rating(scale: str | None, value: int | None) -> str:
    if scale is None or value is None:
        return ""
    if scale == "nps":
        return f"NPS {value}"
    return gettext("%(value)s of %(most)s", value=value, most=7 if scale == "ces7" else 5)
