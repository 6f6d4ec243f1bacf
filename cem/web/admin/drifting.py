"""The drift of the texts and of their readings, week by week, as the page about the model shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.domain.metrics import drift as rules
from cem.domain.metrics.drift import CHANGED, LOOK, Drift, Week
from cem.domain.metrics.figure import Figure, share
from cem.engine import drift, understanding
from cem.http.i18n import localized
from cem.web.admin.card import LANGUAGES, topic_names
from cem.web.desk.reading_view import LEVELS

_l = lazy_gettext

SHOWN: Final = 8
"""Weeks of a trend."""
TALLEST: Final = 0.5
"""The index that fills the height of a trend; what is more is as tall."""
MEASURES: Final[dict[str, Any]] = {
    "topics": _l("What they write about"),
    "levels": _l("How it is meant"),
    "languages": _l("Languages"),
    "lengths": _l("Length of the texts"),
    "confidence": _l("How sure the model is"),
    "abstained": _l("Texts that need a person"),
}
STANDINGS: Final[dict[str, Any]] = {
    "steady": _l("as before"),
    "look": _l("worth a look"),
    "changed": _l("has changed"),
    "few": _l("too few to say"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of a trend: `height` in hundredths, `said` in words; None where nothing could be compared."""

    week: int
    height: float
    standing: str
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    standing: str
    word: str
    value: str
    moved: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class DriftView:
    """`n` texts in the last week, `before` in those it is compared with; `abstained` by week, oldest
    first."""

    model: str
    models: tuple[str, ...]
    week: int
    n: int
    before: int
    rows: tuple[Row, ...]
    abstained: tuple[tuple[int, Figure], ...]
    lines: tuple[float, float]


def page(wished: str | None) -> DriftView | None:
    """The model that reads now, or the one that is asked for. None where no whole week was read yet."""
    models = drift.models()
    if not models:
        return None
    use = understanding.in_use()
    chosen = next((each for each in (wished, use.model if use else None) if each in models), models[0])
    known = drift.weeks(chosen)
    history = rules.history([week for _, week in known])[-SHOWN:]
    weeks = [monday.isocalendar().week for monday, _ in known][-SHOWN:]
    last = history[-1]
    return DriftView(
        model=chosen,
        models=tuple(models),
        week=weeks[-1],
        n=last[0].n,
        before=last[0].before,
        rows=tuple(_row([each[i] for each in history], weeks) for i in range(len(rules.MEASURES))),
        abstained=tuple(_abstained(monday, week) for monday, week in known[-SHOWN:]),
        lines=(100 - 100 * LOOK / TALLEST, 100 - 100 * CHANGED / TALLEST),
    )


def _row(trend: Sequence[Drift], weeks: Sequence[int]) -> Row:
    last = trend[-1]
    return Row(
        name=str(MEASURES[last.measure]),
        standing=last.standing,
        word=str(STANDINGS[last.standing]),
        value=_written(last),
        moved=_moved(last) if last.standing in ("look", "changed") else "",
        bars=tuple(_bar(each, week) for each, week in zip(trend, weeks, strict=True)),
    )


def _bar(each: Drift, week: int) -> Bar:
    height = 100 * min(each.value or 0.0, TALLEST) / TALLEST
    word = STANDINGS[each.standing]
    said = gettext(
        "Week %(week)s: %(value)s, %(word)s, n %(n)s", week=week, value=_written(each), word=word, n=each.n
    )
    return Bar(week, max(height, 2.0) if each.value is not None else 0.0, each.standing, said)


def _written(each: Drift) -> str:
    return "—" if each.value is None else f"{max(each.value, 0.0):.2f}"


def _moved(each: Drift) -> str:
    """What moved most, before and now."""
    assert each.moved is not None, "only what could be compared has a standing"
    code, was, now = each.moved
    return gettext(
        "%(what)s: %(was)s of a hundred before, %(now)s now",
        what=_bin_name(each.measure, code),
        was=f"{100 * was:.0f}",
        now=f"{100 * now:.0f}",
    )


def _bin_name(measure: str, code: str) -> str:
    if code == "…":
        return gettext("everything else")
    if measure == "topics":
        return (
            gettext("no topic")
            if code == rules.NO_TOPIC
            else localized(topic_names().get(code, {"en": code}))
        )
    if measure == "levels":
        return str(LEVELS[int(code)])
    if measure == "languages":
        return str(LANGUAGES.get(code, code))
    if measure == "lengths":
        return gettext("%(range)s characters", range=code)
    if measure == "abstained":
        return gettext("not sure") if code == "yes" else gettext("sure")
    return gettext("%(range)s sure", range=code)


def _abstained(monday: date, week: Week) -> tuple[int, Figure]:
    counts = week.counts["abstained"]
    yes = counts.get("yes", 0)
    return monday.isocalendar().week, share(yes, yes + counts.get("no", 0))
