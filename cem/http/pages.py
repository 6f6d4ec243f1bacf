"""What every template may use: addresses of assets, the page's language and theme, written figures."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from cem import clock
from cem.http import assets, i18n

THEME_COOKIE = "theme"
THEMES = ("system", "light", "dark")


def init_app(app: Flask) -> None:
    """Register the assets, the template globals and the filters."""
    assets.init_app(app)
    app.context_processor(_shared)
    app.add_template_filter(figure)
    app.add_template_global(i18n.localized)


def figure(value: float, digits: int = 0) -> str:
    """A number as the house writes it: a thin space between thousands, a real minus."""
    return f"{value:,.{digits}f}".replace(",", "\u2009").replace("-", "\u2212")


def _shared() -> dict[str, Any]:
    theme = request.cookies.get(THEME_COOKIE) if request else None
    return {
        "lang": i18n.page_language(),
        "languages": i18n.LANGUAGES.values(),
        "theme": theme if theme in THEMES else "system",
        "server_now": clock.now().isoformat(timespec="milliseconds"),
    }
