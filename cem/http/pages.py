"""What every template may use: addresses of assets, the page's language and theme, written figures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, request
from flask_babel import format_date, gettext
from markupsafe import Markup

from cem import clock
from cem.http import assets, i18n

THEME_COOKIE = "theme"
THEMES = ("system", "light", "dark")


def init_app(app: Flask) -> None:
    """Register the assets, the template globals and the filters."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    assets.init_app(app)
    app.context_processor(_shared)
    app.add_template_filter(figure)
    app.add_template_filter(when)
    app.add_template_filter(day, "day_of")
    app.add_template_filter(phrases)
    app.add_template_global(i18n.localized)


def figure(value: float, digits: int = 0) -> str:
    """A number as the house writes it: a thin space between thousands, a real minus."""
    return f"{value:,.{digits}f}".replace(",", "\u2009").replace("-", "\u2212")


def phrases(head: str) -> Markup:
    """A head whose zero-width spaces say where it may break: 汉字 may break anywhere, phrases should not."""
    parts = head.split("\u200b")
    if len(parts) == 1:
        return Markup("{}").format(head)
    return Markup("").join(Markup('<span class="phrase">{}</span>').format(part) for part in parts)


def when(at: datetime, now: datetime) -> str:
    """A past or coming time as people say it: the time alone today, else with its day. Both in one zone."""
    time = at.strftime("%H:%M")
    if at.date() == now.date():
        return time
    if at.date() == now.date() - timedelta(days=1):
        return gettext("yesterday %(time)s", time=time)
    return f"{day(at)} {time}"


def day(at: date) -> str:
    """A day of this or the last months; its parts do not come apart at the end of a line."""
    if i18n.page_language() == "en":
        return format_date(at, "d MMM", rebase=False).replace(" ", "\u00a0")
    return f"{at.month}\u00a0月\u00a0{at.day}\u00a0日"


def _shared() -> dict[str, Any]:
    theme = request.cookies.get(THEME_COOKIE) if request else None
    return {
        "lang": i18n.page_language(),
        "languages": i18n.LANGUAGES.values(),
        "theme": theme if theme in THEMES else "system",
        "server_now": clock.now().isoformat(timespec="milliseconds"),
    }
