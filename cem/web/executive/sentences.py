"""What the executive page says of its figures. A change is called real only where its interval excludes 0."""

from __future__ import annotations

from datetime import date

from babel.dates import get_timezone_location
from flask_babel import get_locale, gettext, ngettext

from cem.dashboards.periods import Grain, ReportPeriod
from cem.domain.metrics.figure import Difference, Figure
from cem.http.pages import day, figure


def headline(nps: Figure, change: Difference) -> str:
    """The page in one sentence."""
    if nps.value is None or nps.hidden:
        return gettext("NPS: fewer than 5 answers, so it is not shown.")
    value = figure(nps.value)
    if nps.few:
        return gettext("NPS %(value)s, but only %(n)s answers: too few to build on.", value=value, n=nps.n)
    if change.value is None:
        return gettext("NPS %(value)s, and nothing to compare it with yet.", value=value)
    return _compared(value, round(change.value), change.within_noise)


def _compared(value: str, points: int, within_noise: bool) -> str:
    if points == 0:
        return gettext("NPS %(value)s, the same as before.", value=value)
    down, num = points < 0, abs(points)
    if within_noise and down:
        return ngettext(
            "NPS %(value)s, down %(num)s point, but that is not yet a real change.",
            "NPS %(value)s, down %(num)s points, but that is not yet a real change.",
            num,
            value=value,
        )
    if within_noise:
        return ngettext(
            "NPS %(value)s, up %(num)s point, but that is not yet a real change.",
            "NPS %(value)s, up %(num)s points, but that is not yet a real change.",
            num,
            value=value,
        )
    if down:
        return ngettext(
            "NPS %(value)s, down %(num)s point, and that is a real change.",
            "NPS %(value)s, down %(num)s points, and that is a real change.",
            num,
            value=value,
        )
    return ngettext(
        "NPS %(value)s, up %(num)s point, and that is a real change.",
        "NPS %(value)s, up %(num)s points, and that is a real change.",
        num,
        value=value,
    )


def under_it(owed: int, overdue: int) -> str:
    """What is still owed to customers, below the headline."""
    if owed == 0:
        return gettext("Everything is answered. Nothing is owed.")
    if overdue == 0:
        return ngettext(
            "%(num)s feedback is owed an answer, with a name and a time. Nothing is overdue.",
            "%(num)s feedbacks are owed an answer, each with a name and a time. Nothing is overdue.",
            owed,
        )
    return ngettext(
        "%(num)s feedback is owed an answer, with a name and a time; %(overdue)s is overdue.",
        "%(num)s feedbacks are owed an answer, each with a name and a time; %(overdue)s of them overdue.",
        owed,
        overdue=figure(overdue),
    )


def versus(change: Difference) -> str:
    """The second half of what stands under a trend: by how much, and how sure that is."""
    assert change.value is not None and change.low is not None and change.high is not None
    parts = {
        name: with_sign(x)
        for name, x in (("change", change.value), ("low", change.low), ("high", change.high))
    }
    if change.within_noise:
        return gettext(
            "Against the period before %(change)s (%(low)s…%(high)s): the interval crosses 0, "
            "so nobody is to blame yet.",
            **parts,
        )
    return gettext(
        "Against the period before %(change)s (%(low)s…%(high)s): the interval excludes 0.", **parts
    )


def with_sign(value: float) -> str:
    """`+4`, `−3` or `0`."""
    written = figure(round(value))
    return f"+{written}" if round(value) > 0 else written


def period(each: ReportPeriod, grain: Grain) -> str:
    """Week 47, weeks 44 to 47, Q3 2026."""
    first, last = each.first.isocalendar().week, each.last.isocalendar().week
    if grain is Grain.WEEK:
        return gettext("Week %(number)s", number=first)
    if grain is Grain.FOUR_WEEKS:
        return gettext("Weeks %(first)s to %(last)s", first=first, last=last)
    return quarter(each.first)


def tick(each: ReportPeriod, grain: Grain) -> str:
    """The same, as short as an axis needs it."""
    if grain is Grain.WEEK:
        return gettext("wk %(number)s", number=each.first.isocalendar().week)
    if grain is Grain.FOUR_WEEKS:
        return gettext("to wk %(number)s", number=each.last.isocalendar().week)
    return quarter(each.first)


def quarter(first: date) -> str:
    return gettext("Q%(number)s %(year)s", number=(first.month + 2) // 3, year=first.year)


def days(first: date, last: date) -> str:
    return gettext("%(first)s to %(last)s", first=day(first), last=day(last))


def city(zone_name: str) -> str:
    """The city whose clock counts the days, in the reader's language."""
    return get_timezone_location(zone_name, locale=get_locale(), return_city=True)
