"""What a draft of a letter rests on, what in a letter comes from nowhere, and why there is none, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.domain.letters.facts import Fact
from cem.domain.letters.grounding import Ungrounded
from cem.http import failures, labels
from cem.http.promise_words import listed

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
    "recourse": _l("What the house says"),
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


def _failed(args: dict[str, Any]) -> str:
    return gettext("%(why)s The draft stays as it is.", why=failures.why(args["error"]))


_COUNTED: Final[dict[str, Any]] = {
    "number": _l("numbers: %(count)s"),
    "day": _l("days: %(count)s"),
    "name": _l("names: %(count)s"),
    "link": _l("links: %(count)s"),
    "private": _l("personal details: %(count)s"),
    "promise": _l("promises: %(count)s"),
}


def kinds(counts: dict[str, int]) -> list[str]:
    """How many of each were found in a text that is not kept for its words."""
    said = listed(str(_COUNTED[kind]) % {"count": count} for kind, count in counts.items())
    return [gettext("Found in it: %(said)s.", said=said)] if said else []


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
    "assistant_off": lambda a: gettext("The assistant is switched off. Nothing was sent."),
    "assistant_not_named": lambda a: gettext("The settings of this hub name no assistant."),
    "assistant_busy": lambda a: gettext(
        "Others are waiting for the assistant. Nothing was sent; try again in a moment."
    ),
    "assistant_too_often": lambda a: gettext(
        "You have asked the assistant several times within a minute. Nothing was sent; wait a moment."
    ),
    "assistant_not_for_risks": lambda a: gettext(
        "Where somebody may be hurt, or the law is near, the words stay ours. Nothing was sent."
    ),
    "assistant_failed": _failed,
    "assistant_nonsense": lambda a: gettext(
        "The assistant answered with something that is no letter. The draft stays as it is."
    ),
    "assistant_too_long": lambda a: gettext(
        "The assistant's text is far longer than the draft, so it was refused. The draft stays as it is."
    ),
    "assistant_left_out": lambda a: gettext(
        "The assistant left out a name, the code or the link, so its text was refused. The draft stays as it"
        " is."
    ),
    "assistant_wrong_language": lambda a: gettext(
        "The assistant did not write in the customer's language, so its text was refused. The draft stays as"
        " it is."
    ),
    "assistant_ungrounded": lambda a: gettext(
        "The assistant's text says what the case does not, so it was refused. The draft stays as it is."
    ),
}
