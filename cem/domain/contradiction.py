"""The words and the rating of one feedback say contrary things: who should look at it, and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cem.domain.findings import Findings
from cem.domain.ratings import Rating
from cem.domain.reasons import Reason

FLAG: Final = "rating_against_text"
"""What a feedback is flagged with, in `Feedback.flags` and so in the API; a list can be asked for it."""
ENDS: Final = 0.25
"""How much of a scale at either end takes a side: 4 and 5 of 5, 8 to 10 of NPS, 6 and 7 of 7, and alike."""
LEANS: Final = 1 / 3
"""The score of odds of two to one: a neutral text without praise that leans so far is looked at."""

Side = Literal["complaint", "praise"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What the words are: a `complaint` beside a good rating, or `praise` beside a bad one, perhaps touched
    by mistake. `doubtful`: a person has to read it to know."""

    words: Side
    doubtful: bool
    reason: Reason


def contradiction(rating: Rating | None, findings: Findings | None) -> Contradiction | None:
    """None where they agree, where either takes no side, and where one is missing.

    A complaint is believed sooner than praise is: a text of complaints alone is one even where its label is
    not sure, because somebody waits for an answer; praise beside a bad rating only asks for a second look.
    """
    if rating is None or findings is None:
        return None
    if rating.position >= 1 - ENDS:
        doubtful = _complains(findings)
        return None if doubtful is None else _found("complaint", rating, doubtful)
    if rating.position <= ENDS and _praises(findings):
        return _found("praise", rating, doubtful=True)
    return None


def flags(before: Sequence[str] | None, rating: Rating | None, findings: Findings | None) -> list[str] | None:
    """The flags of a feedback with these findings, in a settled order; None for none. Others stay."""
    kept = [flag for flag in before or () if flag != FLAG]
    if contradiction(rating, findings) is not None:
        kept.append(FLAG)
    return kept or None


def _complains(findings: Findings) -> bool | None:
    """Whether that is doubtful; None where the words do not complain, or praise as much as they blame."""
    said = findings.sentiment
    about = [topic.sentiment for topic in findings.topics]
    blamed, praised = about.count("negative"), about.count("positive")
    if said.label == "negative" and (blamed > praised or not praised):
        return said.abstained
    if praised or said.label != "neutral":
        return None
    return True if said.score <= -LEANS or ((blamed or findings.risks) and said.score < 0) else None


def _praises(findings: Findings) -> bool:
    said = findings.sentiment
    blamed = any(topic.sentiment == "negative" for topic in findings.topics)
    return said.label == "positive" and not said.abstained and not blamed and not findings.risks


def _found(words: Side, rating: Rating, doubtful: bool) -> Contradiction:
    args = {"words": words, "scale": rating.scale, "value": rating.value, "doubtful": doubtful}
    return Contradiction(words, doubtful, Reason("words_against_rating", args))
