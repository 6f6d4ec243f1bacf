"""The sentences of the customers' pages that must be there in every language at once."""

from __future__ import annotations

from flask_babel import force_locale, gettext

from cem.http.i18n import LANGUAGES, localized
from surveys.views import KioskPanel, KioskWords, Place, Question, Texts


def panels(place: Place, question: Question, own: dict[str, Texts]) -> tuple[KioskPanel, ...]:
    """The kiosk's screen in each of our languages; `own` are the survey's own sentences, if any."""
    return tuple(_panel(code, place, question, own) for code in LANGUAGES)


def faces() -> tuple[str, ...]:
    """The words under the five faces, from 1 to 5, in the page's language."""
    return (gettext("Very poor"), gettext("Poor"), gettext("Fair"), gettext("Good"), gettext("Very good"))


def words(own: dict[str, Texts], code: str) -> KioskWords:
    """Everything a kiosk may say in one language. `{n}` is filled in by the page itself, which counts."""
    with force_locale(LANGUAGES[code].locale):
        return KioskWords(
            hint=_own(own, "hint", code) or gettext("One touch is enough. No name needed"),
            faces=faces(),
            thanks=_own(own, "thanks", code) or gettext("Thank you, noted"),
            touched=tuple(gettext("You touched “%(word)s”.", word=word) for word in faces()),
            stored=gettext("It is in the ledger."),
            told=_own(own, "thanks_dissatisfied", code) or gettext("The duty manager has been told."),
            kept_here=gettext("Kept on this device and sent as soon as it is back online."),
            offline=gettext("Offline"),
            waiting=gettext("{n} saved on this device, sent when back online"),
            refused=gettext("{n} not taken: tell one of our colleagues"),
            private=gettext("We collect no personal data"),
            back=gettext("Back to the start in {n} s"),
            next=gettext("Next person"),
            brand=gettext("Answered"),
            language=gettext("Language"),
        )


def _panel(code: str, place: Place, question: Question, own: dict[str, Texts]) -> KioskPanel:
    return KioskPanel(
        language=code,
        place=localized(place.site, code),
        touchpoint=localized(place.touchpoint, code),
        question=localized(question.text, code),
        words=words(own, code),
    )


def _own(own: dict[str, Texts], name: str, code: str) -> str:
    return own.get(name, {}).get(code, "")
