"""The field in which a letter to the customer is written: its draft, what it rests on, what is amiss."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext

from cem.domain.letters.facts import Language
from cem.domain.letters.grounding import Ungrounded
from cem.domain.reasons import Reason
from cem.domain.vocabulary import ResolutionCode
from cem.engine import reply_drafts
from cem.engine.reply_drafts import Made
from cem.engine.reply_facts import Asked
from cem.http import access
from cem.http.letter_words import notices, rests_on
from cem.http.their_page import status_url
from cem.http.words import RISKS, sentence

LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class LetterView:
    """`name` is the form's field, `value` what stands in it, `before` what stood there before the draft."""

    name: str
    label: str
    hint: str
    address: str
    language: Language
    value: str
    rows: int = 5
    optional: bool = False
    before: str | None = None
    said: str = ""
    sentences: tuple[tuple[str, list[tuple[str, str]]], ...] = ()
    amiss: tuple[str, ...] = ()


def asked(*, solving: bool = False) -> Asked:
    """Whoever is signed in asks; the outcome that they have chosen in the form is one of the facts."""
    code = request.form.get("code") if solving else None
    done = ResolutionCode(code) if code in ResolutionCode.__members__.values() else None
    return Asked(access.actor(), status_url, solving, done)


def wanted(letter: LetterView, made: Made) -> LetterView:
    """The field after what the person wanted: a draft, or what stood there before."""
    want = request.form.get("want")
    if want == "undo":
        return checked(replace(letter, value=request.form.get("before", "")), made)
    if want != "draft":
        return checked(letter, made)
    draft = made.draft
    if draft.why_none is not None:
        return checked(replace(letter, said=sentence(draft.why_none)), made)
    return replace(
        letter,
        value=draft.text,
        before=letter.value,
        said=_said(draft.left),
        sentences=tuple((one.text, rests_on(one.rests_on, RISKS)) for one in draft.sentences),
    )


def _said(left: Reason | None) -> str:
    if left is not None:
        return sentence(left)
    return str(gettext("Drafted from the case. Nothing is sent until you send it."))


def checked(letter: LetterView, made: Made) -> LetterView:
    """With a sentence for each thing in it that the case does not say."""
    return replace(letter, amiss=tuple(notices(amiss(letter.value, made))))


def amiss(text: str, made: Made) -> tuple[Ungrounded, ...]:
    return reply_drafts.check(text[:LONGEST], made.facts) if text.strip() else ()
