"""What the customers' own words add to the figures: ratings that they contradict, and what is new in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import request
from flask_babel import gettext

from cem.dashboards import emerging, queries
from cem.dashboards.emerging import New
from cem.dashboards.periods import ReportPeriod
from cem.domain.contradiction import FLAG
from cem.engine.organisation import current
from cem.extensions import db
from cem.http import access
from cem.http.i18n import localized
from cem.http.topic_words import all_topics
from cem.web.executive.view import View

MOST: Final = 8
"""Phrases on the page; programs are told of all of them."""


@dataclass(frozen=True, slots=True)
class Against:
    """Of `both`, feedback of the period with a rating and words, in `count` the two contradict each other."""

    count: int
    both: int
    href: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One week: its height in hundredths of the tallest, and how many of how many texts."""

    height: float
    n: int
    of: int


@dataclass(frozen=True, slots=True)
class Phrase:
    id: UUID
    shown: str
    n: int
    of: int
    href: str
    bars: tuple[Bar, ...]
    complaints: int
    praise: int
    topics: str
    sites: str


@dataclass(frozen=True, slots=True)
class NewWords:
    """`last` was hidden just now and can be shown again at once; `whole`: this person sees all places."""

    at: datetime
    texts: int
    found: tuple[Phrase, ...]
    hidden: tuple[Phrase, ...]
    last: Phrase | None
    may_hide: bool
    whole: bool


def against(view: View, period: ReportPeriod) -> Against:
    count, both = queries.against_the_words(view.path, period)
    return Against(count, both, view.items_of(period, flag=FLAG))


def new_words(view: View) -> NewWords | None:
    """None before the first look."""
    look = emerging.last_look(view.path)
    if look is None:
        return None
    hidden = tuple(_phrase(each, view) for each in look.hidden)
    last = request.args.get("hidden")
    return NewWords(
        at=look.at.astimezone(view.now.tzinfo),
        texts=look.texts,
        found=tuple(_phrase(each, view) for each in look.found[:MOST]),
        hidden=hidden,
        last=next((each for each in hidden if str(each.id) == last), None),
        may_hide=sees_everything(),
        whole=view.path.count("/") <= 1,
    )


def sees_everything() -> bool:
    """What is hidden is hidden for everybody: whoever sees only a part does not decide that."""
    return access.visible_path().count("/") <= 1


def _phrase(each: New, view: View) -> Phrase:
    shares = [n / of if of else 0.0 for n, of in zip(each.weeks, each.week_totals, strict=True)]
    top = max(shares) or 1.0
    bars = zip(shares, each.weeks, each.week_totals, strict=True)
    return Phrase(
        id=each.id,
        shown=each.shown,
        n=each.n,
        of=each.of,
        href=view.items(phrase=str(each.id)),
        bars=tuple(Bar(100 * share / top, n, of) for share, n, of in bars),
        complaints=each.labels.get("negative", 0),
        praise=each.labels.get("positive", 0),
        topics=gettext(", ").join(_topic(code, each) for code in each.topics),
        sites=_sites(each),
    )


def _topic(code: str, each: New) -> str:
    names = (all_topics(pack).get(code) for pack in each.packs)
    return next((name for name in names if name), code)


def _sites(each: New) -> str:
    """The place, or how many there are."""
    if len(each.sites) != 1:
        return gettext("%(n)s sites", n=len(each.sites))
    place = current(db.session.connection()).by_id.get(next(iter(each.sites)))
    return localized(place.name) if place else ""
