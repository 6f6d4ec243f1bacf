"""What a letter may rest on: only what the customer said, or may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

from cem.domain.letters import topics
from cem.domain.letters.moments import spoken_day, spoken_moment
from cem.domain.vocabulary import ResolutionCode

Language = Literal["zh-Hans", "zh-Hant", "en"]
BODY: Final = frozenset({"injury", "food_poisoning", "safety", "minors"})
"""Risks of which somebody may be hurt."""
SELF_HARM: Final = "self_harm"


class Stage(StrEnum):
    """Where the case stands when the letter goes out."""

    NO_CASE = "no_case"
    OPEN = "open"
    TAKEN = "taken"
    SOLVING = "solving"
    """This letter says that it is solved."""
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class Fact:
    """`code` says what kind it is; `text` is what stands in the case."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A topic the customer spoke of, with their words for it (without what tells who somebody is)."""

    topic: str
    sentiment: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """Something that is due at a local time; `late` once that has passed."""

    at: datetime
    late: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything of one case that a letter may say. Times are those of the site.

    `key` chooses among forms of words, so that the same case gets the same letter. `said` is of this customer
    alone. `who` is the name that the customer sees, empty while nobody has taken it; `mine` where whoever
    writes is that person. `more` is what else the case holds that the customer said or was told: their words,
    our earlier letters, an order's number.
    """

    key: str
    language: Language
    stage: Stage
    site: str
    code: str
    link: str
    kind: str = "complaint"
    touchpoint: str = ""
    said: tuple[Said, ...] = ()
    dissatisfied: bool = False
    satisfied: bool = False
    words: str = ""
    rating: str = ""
    risks: tuple[str, ...] = ()
    who: str = ""
    mine: bool = False
    reached: bool = False
    tried: bool = False
    call: bool = False
    """They agreed to be called, and there is a number."""
    contact: Promised | None = None
    result: Promised | None = None
    done: ResolutionCode | None = None
    letters: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    received_at: datetime | None = None
    public: bool = False
    """They wrote where everybody reads it, and an answer may stand beside it: no code, no link."""
    recourse: str = ""
    """What the house says of further steps to everybody who complains."""

    @property
    def place(self) -> str:
        """The site and where in it, as the language puts them together."""
        if not self.touchpoint:
            return self.site
        if self.language == "en":
            return f"{self.site} ({self.touchpoint})"
        apart = self.site[-1:].isascii() or self.touchpoint[:1].isascii()
        return f"{self.site}{' ' if apart else ''}{self.touchpoint}"

    def of(self, sentiment: str) -> tuple[Said, ...]:
        """The topics meant like this, the special one instead of the general one it belongs to."""
        found = [one for one in self.said if one.sentiment == sentiment and one.topic in topics.SPOKEN]
        general = {topics.PARENTS.get(one.topic) for one in found}
        return tuple(one for one in found if one.topic not in general)

    def nouns(self) -> tuple[str, ...]:
        """What they spoke of, as a letter names it: "the discounts" is no promise of one."""
        told = (one for sentiment in ("negative", "positive", "neutral") for one in self.of(sentiment))
        return tuple(topics.spoken(one.topic, self.language, one.sentiment) for one in told)

    @property
    def unhappy(self) -> bool:
        return self.dissatisfied or bool(self.of("negative")) or bool(self.risks)

    def moments(self) -> Iterator[datetime]:
        for promised in (self.contact, self.result):
            if promised is not None:
                yield promised.at
        if self.received_at is not None:
            yield self.received_at

    def literal(self) -> Iterator[str]:
        """Every text of this case in which a number or a name may stand."""
        yield from (self.site, self.touchpoint, self.place, self.words, self.rating)
        yield from (one.words for one in self.said)
        yield from (self.who, self.recourse, *self.letters, *self.more)
        for at in self.moments():
            for language in ("zh-Hans", "zh-Hant", "en"):
                yield spoken_moment(at, language)
                yield spoken_day(at, language)


def language_of(code: str | None) -> Language:
    """The language a letter is written in to somebody who wrote in `code`."""
    if code in ("zh-Hant", "yue-Hant"):
        return "zh-Hant"
    if not code or code.startswith(("zh", "yue")):
        return "zh-Hans"
    return "en"


def named(names: Mapping[str, Any], language: Language) -> str:
    """A name in the letter's language, or else in the first that there is."""
    for candidate in (language, "zh-Hans", "zh-Hant", "en"):
        if names.get(candidate):
            return str(names[candidate])
    return next((str(name) for name in names.values() if name), "")
