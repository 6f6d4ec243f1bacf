"""`/admin/rehearsal`: what a draft would have changed in the last ninety days, before it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select

from cem.domain.localtime import zone
from cem.domain.reasons import NotFound
from cem.domain.rehearsal import Load, Outcome, Played, Rehearsal
from cem.domain.vocabulary import PromiseKind
from cem.engine import rehearsing
from cem.extensions import db
from cem.http import access
from cem.http.promise_words import PROMISES
from cem.models import RuleDraft, Site
from cem.web.admin import choosing
from cem.web.admin.blueprint import READERS, admin
from cem.web.admin.drafting import PAGES

_l = lazy_gettext

VIEWS: Final[dict[str, Any]] = {"rehearsal": READERS}
KINDS: Final[Mapping[str, Any]] = {
    "routing": _l("Rules"),
    "roster": _l("Roster"),
    "ladder": _l("Ladder"),
    "policy": _l("Promises"),
    "calendar": _l("Calendar"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure before and after; `unit` stands behind both."""

    word: Any
    before: float
    after: float
    digits: int = 0

    @property
    def worse(self) -> bool:
        return round(self.after, 2) > round(self.before, 2)


@dataclass(frozen=True, slots=True)
class LoadRow:
    name: str
    before: Load
    after: Load


@dataclass(frozen=True, slots=True)
class Chart:
    """Two lines of pages a day in a box of `width` by 100; `top` is the most of any day."""

    before: str
    after: str
    width: int
    top: int
    first: date
    last: date


@admin.get("/rehearsal")
def rehearsal() -> str:
    waiting = _waiting()
    wanted = request.args.get("draft", "")
    if not wanted:
        return render_template("admin/rehearsal_choice.html", waiting=waiting, kinds=KINDS)
    draft, site = _chosen(wanted)
    played = rehearsing.rehearse(draft.id)
    return render_template(
        "admin/rehearsal.html",
        draft=draft,
        site=site,
        kind=KINDS[draft.kind],
        page=f"/admin/{PAGES[draft.kind]}?site={site.code}",
        played=played,
        figures=_figures(played),
        moves=_moves(played),
        loads=_loads(played, choosing.names()),
        chart=_chart(played, site.timezone),
        days=round(played.days),
    )


def _waiting() -> list[tuple[RuleDraft, Site]]:
    statement = (
        select(RuleDraft, Site)
        .join(Site, Site.id == RuleDraft.site_id)
        .where(RuleDraft.ended_at.is_(None))
        .order_by(RuleDraft.changed_at.desc())
    )
    rows = db.session.execute(statement)
    return [(draft, site) for draft, site in rows if access.sees(site.path) and draft.kind in PAGES]


def _chosen(wanted: str) -> tuple[RuleDraft, Site]:
    try:
        draft = db.session.get(RuleDraft, UUID(wanted))
    except ValueError as error:
        raise NotFound from error
    if draft is None or draft.kind not in PAGES:
        raise NotFound
    site = db.session.get_one(Site, draft.site_id)
    access.must_see(site.path)
    return draft, site


def _figures(played: Rehearsal) -> Sequence[Pair]:
    b, a = played.before, played.after
    per_day = 1 / max(played.days, 1)
    return [
        Pair(_l("Pages a day"), sum(b.pages.values()) * per_day, sum(a.pages.values()) * per_day, 1),
        Pair(_l("Cases"), len(b.cases), len(a.cases)),
        *(
            Pair(
                gettext("“%(promise)s” not kept", promise=PROMISES[kind.value]),
                b.breaches[kind],
                a.breaches[kind],
            )
            for kind in PromiseKind
        ),
        Pair(_l("Hours with nobody on the roster"), _hours(b), _hours(a)),
        Pair(_l("Cases that came in those hours"), b.nobody_on_duty, a.nobody_on_duty),
    ]


def _hours(outcome: Outcome) -> float:
    return outcome.uncovered / timedelta(hours=1)


def _moves(played: Rehearsal) -> list[tuple[str, str, int]]:
    """How many went from one priority to another; nothing is P0 or the like: a dash is no case."""
    found: Counter[tuple[str, str]] = Counter()
    for id in played.changed:
        before, after = played.before.cases.get(id), played.after.cases.get(id)
        ranks = _rank(before), _rank(after)
        if ranks[0] != ranks[1]:
            found[ranks] += 1
    return [(*pair, count) for pair, count in sorted(found.items())]


def _rank(case: Played | None) -> str:
    return case.priority.value.upper() if case else "—"


def _loads(played: Rehearsal, names: Mapping[str, str]) -> list[LoadRow]:
    """In the order of names: this ranks nobody."""
    people = {*played.before.loads, *played.after.loads}
    rows = [
        LoadRow(names.get(each, ""), played.before.load(each), played.after.load(each)) for each in people
    ]
    return sorted(rows, key=lambda row: row.name)


def _chart(played: Rehearsal, timezone: str) -> Chart:
    first, last = (at.astimezone(zone(timezone)).date() for at in (played.since, played.until))
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    top = max([1, *played.before.pages.values(), *played.after.pages.values()])
    before, after = (
        _line([pages[day] for day in days], top) for pages in (played.before.pages, played.after.pages)
    )
    return Chart(before, after, len(days), top, first, last)


def _line(counts: Sequence[int], top: int) -> str:
    """A step for each day."""
    steps = (f"H{day} V{100 - 96 * count / top:.1f} H{day + 1}" for day, count in enumerate(counts))
    return "M0 100 " + " ".join(steps)
