"""What a draft of a letter rests on, what in a letter comes from nowhere, and why there is none, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.domain.letters.facts import Fact
from cem.domain.letters.grounding import Ungrounded
from cem.http import labels

_l = lazy_gettext

FACTS: Final[dict[str, Any]] = {
    "said": _l("They said"),
    "rating": _l("Rating"),
    "risk": _l("Risk"),
    "kind": _l("Kind"),
    "place": _l("Place"),
    "owner": _l("With whom"),
    "promise": _l("Promise"),
    "done": _l("What was done"),
    "code": _l("Their code"),
    "link": _l("Their page"),
}
_DONE: Final[dict[str, Any]] = {
    **labels.RESOLUTIONS,
    "reached": _l("Reached"),
    "tried": _l("Not reached"),
    "": _l("Solved"),
}
_KINDS: Final[dict[str, Any]] = {"idea": _l("Idea"), "question": _l("Question")}
_NOTICES: Final[dict[str, Callable[[str], str]]] = {
    "number": lambda said: gettext("“%(said)s” is a number that stands nowhere in the case.", said=said),
    "day": lambda said: gettext("“%(said)s” is a day that stands nowhere in the case.", said=said),
    "name": lambda said: gettext("“%(said)s” has nothing to do with this case.", said=said),
    "link": lambda said: gettext("“%(said)s” is not the address of the customer's page.", said=said),
    "private": lambda said: gettext("“%(said)s” tells who somebody is.", said=said),
    "promise": lambda said: gettext("“%(said)s” promises something that the case does not say.", said=said),
}
"""By the kind of what is ungrounded."""


def rests_on(facts: Iterable[Fact], risks: dict[str, Any]) -> list[tuple[str, str]]:
    """(what it is, what stands there); where nothing stands there, nothing is shown."""
    shown = [(str(FACTS[fact.code]), _text(fact, risks)) for fact in facts]
    return [pair for pair in dict.fromkeys(shown) if pair[1]]


def _text(fact: Fact, risks: dict[str, Any]) -> str:
    tables = {"risk": risks, "done": _DONE, "kind": _KINDS}
    return str(tables[fact.code].get(fact.text, fact.text)) if fact.code in tables else fact.text


def notice(found: Ungrounded) -> str:
    return _NOTICES[found.kind](found.text)


def notices(found: Iterable[Ungrounded]) -> list[str]:
    """A sentence for each, once."""
    return list(dict.fromkeys(map(notice, found)))


SENTENCES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "draft_self_harm": lambda a: gettext(
        "No letter here: the words speak of self-harm. Call them now, stay with them, and get help to where"
        " they are."
    ),
    "draft_answer_is_yours": lambda a: gettext(
        "They asked something. The answer stands nowhere in the case: it is yours to write."
    ),
    "draft_what_was_done_is_yours": lambda a: gettext(
        "What was done stands nowhere in the case in words: say it in a sentence of your own."
    ),
    "draft_nothing_owed": lambda a: gettext("Nothing is owed here, so there is no letter to draft."),
    "draft_merged": lambda a: gettext("It was merged into another case: the letter is written there."),
    "draft_not_grounded": lambda a: gettext(
        "The draft would have said something that the case does not, so there is none. Write it yourself."
    ),
}
