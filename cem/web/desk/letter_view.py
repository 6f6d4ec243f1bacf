"""The field in which a letter to the customer is written: its draft, what it rests on, what is amiss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask import request
from flask_babel import gettext

from cem.domain.letters.facts import Language
from cem.domain.letters.grounding import Ungrounded
from cem.domain.reasons import Reason
from cem.domain.vocabulary import ResolutionCode
from cem.engine import assistant, reply_drafts
from cem.engine.assistant import About
from cem.engine.reply_drafts import Made
from cem.engine.reply_facts import Asked
from cem.http import access
from cem.http import assistant as asking
from cem.http.letter_words import notices, rests_on
from cem.http.their_page import status_url
from cem.http.words import RISKS, sentence

LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class LetterView:
    """`name` is the form's field, `value` what stands in it, `before` what the person had written there
    themselves, `put` what was put there last; as long as that is unchanged, `before` stays theirs."""

    name: str
    label: str
    hint: str
    address: str
    language: Language
    value: str
    rows: int = 5
    optional: bool = False
    before: str | None = None
    put: str = ""
    said: str = ""
    sentences: tuple[tuple[str, list[tuple[str, str]]], ...] = ()
    amiss: tuple[str, ...] = ()
    may_reword: bool = False


def asked(*, solving: bool = False) -> Asked:
    """Whoever is signed in asks; the outcome that they have chosen in the form is one of the facts."""
    code = request.form.get("code") if solving else None
    done = ResolutionCode(code) if code in ResolutionCode.__members__.values() else None
    return Asked(access.actor(), status_url, solving, done)


def wanted(letter: LetterView, made: Made, feedback_id: UUID, case_id: UUID | None = None) -> LetterView:
    """The field after what the person wanted: a draft, other words for it, or what stood there before."""
    want = request.form.get("want")
    if want == "undo":
        return checked(replace(letter, value=request.form.get("before", "")), made)
    if want == "reword":
        return _reworded(letter, made, About(feedback_id, case_id, access.actor()))
    if want != "draft":
        return checked(letter, made)
    draft = made.draft
    if draft.why_none is not None:
        return checked(replace(_kept(letter), said=sentence(draft.why_none)), made)
    return replace(
        letter,
        value=draft.text,
        before=_own(letter.value),
        put=draft.text,
        said=_said(draft.left),
        sentences=_sentences(made),
        may_reword=_may_reword(made),
    )


def _sentences(made: Made) -> tuple[tuple[str, list[tuple[str, str]]], ...]:
    return tuple((one.text, rests_on(one.rests_on, RISKS)) for one in made.draft.sentences)


def _may_reword(made: Made) -> bool:
    """The second choice, where an administrator allows it at all."""
    return bool(made.draft.text) and not made.facts.risks and assistant.is_on(asking.server())


def _reworded(letter: LetterView, made: Made, about: About) -> LetterView:
    """The draft of the hub in other words. What the person has written themselves never leaves."""
    result = asking.reword(made, about)
    tried = replace(_kept(letter), sentences=_sentences(made), may_reword=_may_reword(made))
    if result.why is not None:
        told = " ".join((sentence(result.why), *notices(result.amiss)))
        return checked(replace(tried, said=told), made)
    said = gettext("The assistant's words, checked against the case. Read them before you send them.")
    return replace(tried, value=result.text, before=_own(letter.value), put=result.text, said=said)


def _own(value: str) -> str:
    """What the person wrote themselves: what was put there and left as it was is not theirs."""
    put, before = request.form.get("put", ""), request.form.get("before")
    return before if before is not None and put.split() == value.split() else value


def _kept(letter: LetterView) -> LetterView:
    """What was put there before, and what stood there before that, as the form brought them back."""
    return replace(letter, before=request.form.get("before"), put=request.form.get("put", ""))


def _said(left: Reason | None) -> str:
    if left is not None:
        return sentence(left)
    return str(gettext("Drafted from the case. Nothing is sent until you send it."))


def checked(letter: LetterView, made: Made) -> LetterView:
    """With a sentence for each thing in it that the case does not say."""
    return replace(letter, amiss=tuple(notices(amiss(letter.value, made))))


def amiss(text: str, made: Made) -> tuple[Ungrounded, ...]:
    return reply_drafts.check(text[:LONGEST], made.facts) if text.strip() else ()
