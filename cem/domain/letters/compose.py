"""From the facts of a case to a letter, sentence by sentence, each with what it rests on.

It is warm and short: what was bad is named and apologised for, what was good is thanked for, then who has it,
what happens next and by when, and one question at most. Where somebody may be hurt or the law is near it says
nothing of causes, and a person calls. The same case always gets the same words; two cases hardly ever do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cem.domain.letters.facts import BODY, SELF_HARM, CaseFacts, Fact, Said, Stage
from cem.domain.letters.moments import spoken_moment
from cem.domain.letters.telling import Sentence, Teller
from cem.domain.letters.topics import GIVEN, asserts, listed, spoken
from cem.domain.reasons import Reason
from cem.domain.vocabulary import ResolutionCode

MENTIONED: Final = 3
"""So many things are thanked for by name; every complaint is named."""
_SAYS_NOTHING: Final = frozenset(
    {ResolutionCode.APOLOGISED, ResolutionCode.UNREACHABLE, ResolutionCode.WITHDRAWN}
)


@dataclass(frozen=True, slots=True)
class Draft:
    """`why_none` says why there is no letter; `left` what only a person can add to this one."""

    paragraphs: tuple[tuple[Sentence, ...], ...]
    text: str = ""
    why_none: Reason | None = None
    left: Reason | None = None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(one for paragraph in self.paragraphs for one in paragraph)


def compose(facts: CaseFacts) -> Draft:
    """The letter for this case at this stage."""
    if SELF_HARM in facts.risks:
        return Draft((), why_none=Reason("draft_self_harm"))
    say = Teller(facts)
    parts = _careful(facts, say) if facts.risks else _usual(facts, say)
    paragraphs = tuple(part for each in (*parts, _further(facts)) if (part := tuple(each)))
    gap = " " if facts.language == "en" else ""
    text = "\n\n".join(gap.join(one.text for one in paragraph) for paragraph in paragraphs)
    return Draft(paragraphs, text, left=_left(facts))


def _left(facts: CaseFacts) -> Reason | None:
    if facts.kind == "question" and not facts.unhappy:
        return Reason("draft_answer_is_yours")
    if facts.stage is Stage.SOLVING and facts.done in (None, ResolutionCode.EXPLAINED):
        return Reason("draft_what_was_done_is_yours")
    return None


Say = Callable[..., Sentence]
_Parts = Iterator[Iterator[Sentence]]


def _usual(facts: CaseFacts, say: Say) -> _Parts:
    """Everything but what is dangerous."""
    if not facts.unhappy:
        yield _content(facts, say)
        return
    yield _acknowledged(facts, say)
    yield _next(facts, say)
    yield _ending(facts, say)


def _content(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    """Praise gets thanks and nothing else; a question or an idea is taken up."""
    good, place = facts.of("positive")[:MENTIONED], _place(facts)
    if facts.kind in ("question", "idea"):
        yield say("hello_question" if facts.kind == "question" else _hello(facts), place)
        if facts.kind == "idea":
            yield say("idea", Fact("kind", facts.kind))
    elif good or facts.satisfied:
        yield say("hello_praise" if facts.words else "hello_tapped", place)
    else:
        yield say(_hello(facts), place)
    if good:
        yield say("praise", *_topics(good, facts), topics=_named(good, facts))
    elif facts.satisfied and facts.kind not in ("question", "idea"):
        yield say("praise_plain", Fact("rating", facts.rating))
    if neutral := facts.of("neutral")[:MENTIONED]:
        yield say("noted", *_topics(neutral, facts), topics=_named(neutral, facts))
    if (good or facts.satisfied) and facts.kind not in ("question", "idea"):
        yield say("page_praise")


def _hello(facts: CaseFacts) -> str:
    if facts.letters:
        return "hello_again"
    return "hello" if facts.words else "hello_tapped"


def _acknowledged(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    """What was bad, what was good, what was only mentioned, each by its name; first what was meant most."""
    content = facts.satisfied and not facts.dissatisfied and bool(facts.of("positive"))
    good = facts.of("positive")[:MENTIONED]
    if content:
        yield say("hello_praise", _place(facts))
        yield say("praise", *_topics(good, facts), topics=_named(good, facts))
    else:
        yield say(_hello(facts), _place(facts))
    yield from _apologised(facts, say)
    if (good := _sure(good)) and not content:
        yield say("also_good", *_topics(good, facts), topics=_named(good, facts))


def _apologised(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    """Our fault where it is one. What was only mentioned stands for a complaint that nothing else names."""
    bad = facts.of("negative")
    ours = tuple(one for one in bad if one.topic not in GIVEN)
    given = tuple(one for one in bad if one.topic in GIVEN)
    if ours:
        yield say("sorry", *_topics(ours, facts), topics=_named(ours, facts))
    elif not given:
        yield say("sorry_plain", Fact("rating", facts.rating))
    if given:
        yield say("noted" if ours else "sorry_given", *_topics(given, facts), topics=_named(given, facts))
    neutral = facts.of("neutral")[:MENTIONED]
    if neutral and not bad:
        yield say("noted", *_topics(neutral, facts), topics=_named(neutral, facts))
    if facts.kind == "idea":
        yield say("idea", Fact("kind", facts.kind))


def _sure(good: tuple[Said, ...]) -> tuple[Said, ...]:
    """A complainant who is told how quiet it was feels mocked where that was misread: it is left out."""
    return tuple(one for one in good if not asserts(one.topic))


def _careful(facts: CaseFacts, say: Say) -> _Parts:
    """No cause, no fault, nothing that sells: care, and a person who calls."""
    yield _cared(facts, say)
    yield _calling(facts, say)
    coded = not (facts.call or facts.reached or facts.public) and facts.stage in (Stage.OPEN, Stage.TAKEN)
    yield iter((say("page_link", Fact("link", facts.link)),)) if coded else _ending(facts, say)


def _cared(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    risks = tuple(Fact("risk", risk) for risk in facts.risks)
    yield say("hello_again" if facts.letters else "hello_risk", _place(facts))
    yield say("care", *risks)
    if facts.stage in (Stage.SOLVING, Stage.SOLVED):
        return
    if slot := _body(facts):
        yield say(f"care_{slot}", *risks)
    if bad := facts.of("negative"):
        yield say("careful_topics", *_topics(bad, facts), topics=_named(bad, facts))
    else:
        yield say("careful", *risks)


def _body(facts: CaseFacts) -> str:
    found = BODY.intersection(facts.risks)
    if not found:
        return ""
    if "minors" in found:
        return "minors"
    return "body" if found - {"safety"} else "safety"


def _calling(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    if facts.stage in (Stage.SOLVING, Stage.SOLVED):
        yield from _next(facts, say)
        return
    yield from _with_whom(facts, say)
    if facts.reached:
        yield from _result(facts, say)
        return
    if not facts.call:
        yield say("come_public", _place(facts)) if facts.public else say("come", _code(facts), _place(facts))
        return
    due = facts.contact if facts.contact and not facts.contact.late else facts.result
    if due and not due.late:
        by = spoken_moment(due.at, facts.language)
        yield say("call", Fact("promise", by), *_owner(facts), by=by)
    else:
        yield say("call_soon", *_owner(facts))
    body = _body(facts)
    if body in ("body", "minors") and not _asked(facts):
        yield say(f"ask_{body}", *(Fact("risk", risk) for risk in facts.risks))


def _next(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    """Who has it, what was done, what comes by when."""
    if facts.stage is Stage.NO_CASE:
        return
    if facts.stage in (Stage.SOLVING, Stage.SOLVED):
        if facts.done not in _SAYS_NOTHING:
            code = facts.done.value if facts.done else ""
            yield say(f"done_{code}", Fact("done", code))
        yield say("not_yet_public") if facts.public else say("not_yet", _code(facts))
        return
    yield from _with_whom(facts, say)
    yield from _result(facts, say)
    if not facts.of("negative") and facts.call and not facts.reached and not _asked(facts):
        yield say("ask_why", Fact("rating", facts.rating))


def _result(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    """By when they hear what came of it."""
    if facts.result is None:
        yield say("working")
    elif facts.result.late:
        yield say("late", Fact("promise", spoken_moment(facts.result.at, facts.language)))
        yield say("working")
    else:
        by = spoken_moment(facts.result.at, facts.language)
        yield say("result", Fact("promise", by), by=by)


def _with_whom(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    if not facts.who:
        yield say("open")
        return
    yield say("taken", *_owner(facts))
    if facts.reached:
        yield say("reached", *_owner(facts), Fact("done", "reached"))
    elif facts.tried:
        yield say("tried", *_owner(facts), Fact("done", "tried"))


def _ending(facts: CaseFacts, say: Say) -> Iterator[Sentence]:
    """Where the customer sees how it stands: not in public; and once it is solved that was said already."""
    if not facts.public and facts.stage in (Stage.OPEN, Stage.TAKEN):
        yield say("page", _code(facts), Fact("link", facts.link))


def _further(facts: CaseFacts) -> Iterator[Sentence]:
    """What a complainant may do who disagrees: said once, and again where something was decided."""
    if not facts.recourse or facts.kind != "complaint" or facts.stage is Stage.NO_CASE:
        return
    decided = facts.stage in (Stage.SOLVING, Stage.SOLVED)
    if decided or not any(facts.recourse in letter for letter in facts.letters):
        yield Sentence(facts.recourse, (Fact("recourse", facts.recourse),))


def _asked(facts: CaseFacts) -> bool:
    """Whoever was asked once is not asked again. What the house says of itself asks nothing."""
    letters = (letter.replace(facts.recourse, "") for letter in facts.letters)
    return any("?" in letter or "？" in letter for letter in letters)


def _place(facts: CaseFacts) -> Fact:
    return Fact("place", facts.place)


def _code(facts: CaseFacts) -> Fact:
    return Fact("code", facts.code)


def _owner(facts: CaseFacts) -> tuple[Fact, ...]:
    return (Fact("owner", facts.who),) if facts.who else ()


def _topics(said: tuple[Said, ...], facts: CaseFacts) -> tuple[Fact, ...]:
    return tuple(Fact("said", one.words or _noun(one, facts)) for one in said)


def _named(said: tuple[Said, ...], facts: CaseFacts) -> str:
    return listed(tuple(_noun(one, facts) for one in said), facts.language)


def _noun(said: Said, facts: CaseFacts) -> str:
    return spoken(said.topic, facts.language, said.sentiment)
