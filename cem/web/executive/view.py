"""Which part of the tree and which periods a person looks at: from the address, within what they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, request, url_for

from cem import clock
from cem.dashboards.periods import Grain, ReportPeriod, full_periods
from cem.domain.localtime import zone
from cem.domain.reasons import NotFound
from cem.engine import organisation
from cem.engine.organisation import Place
from cem.extensions import db
from cem.http import access


@dataclass(frozen=True, slots=True)
class View:
    """`zone` is the group's: everybody's weeks begin at the same instant. `places` can be chosen."""

    place: Place
    places: Sequence[Place]
    grain: Grain
    zone: str

    @property
    def path(self) -> str:
        return self.place.path

    @property
    def now(self) -> datetime:
        """The present, on the group's clock."""
        return clock.now().astimezone(zone(self.zone))

    @property
    def branches(self) -> list[Place]:
        return [each for each in self.places if each.takes_feedback and each.path.startswith(self.path)]

    def periods(self) -> tuple[ReportPeriod, ...]:
        return full_periods(self.grain, clock.now(), self.zone)

    def here(self, endpoint: str = "executive.page", **changed: str) -> str:
        """The address of a page of this view, with something changed."""
        kept = {"period": self.grain.value} if endpoint == "executive.page" else {}
        query: dict[str, Any] = {"site": self.place.code} | kept | changed
        return url_for(endpoint, **query)

    def items(self, **wanted: str) -> str:
        """The list of the feedback behind a figure."""
        return self.here("executive.feedback", **wanted)

    def items_of(self, period: ReportPeriod, **wanted: str) -> str:
        return self.items(**{"from": period.first.isoformat(), "to": period.after.isoformat()}, **wanted)


def chosen() -> View:
    """What the address asks for. Another's place is refused, a place that is not there is not found."""
    known = organisation.current(db.session.connection())
    tree = sorted(known.by_code.values(), key=lambda each: each.path)
    places = [each for each in tree if access.sees(each.path) and not each.ended]
    if not places:
        raise NotFound
    return View(_place(known.by_code, places), places, _grain(), tree[0].timezone)


def _place(by_code: dict[str, Place], places: Sequence[Place]) -> Place:
    code = request.args.get("site")
    if code is None:
        return places[0]
    if code not in by_code:
        raise NotFound
    access.must_see(by_code[code].path)
    return by_code[code]


def _grain() -> Grain:
    try:
        return Grain(request.args.get("period", Grain.WEEK))
    except ValueError:
        abort(400)
