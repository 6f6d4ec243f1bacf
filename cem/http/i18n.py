"""Which language a page speaks. The customer's pages follow the customer, the staff's follow the user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, request
from flask_babel import get_locale

COOKIE = "language"
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is what HTML and the product say (zh-Hant), `locale` the name of the catalog's folder."""

    code: str
    locale: str
    name: str
    short: str


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("zh-Hans", "zh_Hans_CN", "简体中文", "简体"),
        Language("zh-Hant", "zh_Hant_TW", "繁體中文", "繁體"),
        Language("en", "en", "English", "English"),
    )
}
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "yue-hant")


def select_locale() -> str:
    """For Flask-Babel: asked for in this request, chosen earlier, the user's own, the browser's."""
    code = _asked() or known(request.cookies.get(COOKIE)) or known(g.get("user_language")) or _browsers()
    return LANGUAGES[code].locale


def page_language() -> str:
    """The code of the language this page is in: zh-Hans, zh-Hant or en."""
    current = str(get_locale() or FALLBACK)
    return next((one.code for one in LANGUAGES.values() if one.locale == current), FALLBACK)


def locale_of(code: str) -> str:
    """The catalog for one of our language codes; of an unknown one, the fallback's."""
    return LANGUAGES.get(code, LANGUAGES[FALLBACK]).locale


def known(code: str | None) -> str | None:
    return code if code in LANGUAGES else None


def nearest(tags: Iterable[str]) -> str | None:
    """The first of these BCP 47 tags that we speak: zh-CN, zh-SG, zh are Simplified, zh-HK Traditional."""
    return next((code for tag in tags if (code := _spoken(tag.lower().replace("_", "-")))), None)


def localized(texts: dict[str, str], code: str | None = None) -> str:
    """A text kept in several languages, in this one or else in the first that there is."""
    for candidate in (code or page_language(), FALLBACK, "zh-Hans"):
        if texts.get(candidate):
            return texts[candidate]
    return next((text for text in texts.values() if text), "")


def _asked() -> str | None:
    return known(request.args.get("lang"))


def _browsers() -> str:
    return nearest(tag for tag, _ in request.accept_languages) or FALLBACK


def _spoken(tag: str) -> str | None:
    if tag.startswith(_TRADITIONAL):
        return "zh-Hant"
    if tag.startswith(("zh", "yue")):
        return "zh-Hans"
    return "en" if tag.startswith("en") else None
