"""The sentences of the customers' pages that must be there in every language at once."""

from __future__ import annotations

from flask_babel import force_locale, gettext

from cem.http.i18n import LANGUAGES, localized
from surveys.views import KioskPanel, KioskWords, Place, Question


def panels(place: Place, question: Question) -> tuple[KioskPanel, ...]:
    """The kiosk's screen in each of our languages."""
    return tuple(_panel(code, place, question) for code in LANGUAGES)


def faces() -> tuple[str, ...]:
    """The words under the five faces, from 1 to 5, in the page's language."""
    return (gettext("Very poor"), gettext("Poor"), gettext("Fair"), gettext("Good"), gettext("Very good"))


def _panel(code: str, place: Place, question: Question) -> KioskPanel:
    with force_locale(LANGUAGES[code].locale):
        return KioskPanel(
            language=code,
            place=localized(place.site, code),
            touchpoint=localized(place.touchpoint, code),
            question=localized(question.text, code),
            words=_words(),
        )


def _words() -> KioskWords:
    """`{n}` is filled in by the page itself, which counts."""
    return KioskWords(
        hint=gettext("One touch is enough. No name needed"),
        faces=faces(),
        thanks=gettext("Thank you, noted"),
        touched=tuple(gettext("You touched “%(word)s”.", word=word) for word in faces()),
        stored=gettext("It is in the ledger."),
        told=gettext("The duty manager has been told."),
        kept_here=gettext("Kept on this device and sent as soon as it is back online."),
        offline=gettext("Offline"),
        waiting=gettext("{n} saved on this device, sent when back online"),
        refused=gettext("{n} not taken: tell one of our colleagues"),
        private=gettext("We collect no personal data"),
        back=gettext("Back to the start in {n} s"),
        next=gettext("Next person"),
    )
