"""What the customers' pages show. Templates take these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cem.http.marks import Segment

Texts = dict[str, str]
"""One sentence in several languages, by their codes."""


@dataclass(frozen=True, slots=True)
class Question:
    """The rating question of a survey's version; `low` and `high` name the ends of a numbered scale."""

    code: str
    scale: str
    text: Texts
    low: Texts = field(default_factory=dict)
    high: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: names in the place's own languages."""

    site: Texts
    touchpoint: Texts


@dataclass(frozen=True, slots=True)
class KioskWords:
    """Everything a kiosk may have to say in one language, so that it can say it offline."""

    hint: str
    faces: tuple[str, ...]
    thanks: str
    touched: tuple[str, ...]
    stored: str
    told: str
    kept_here: str
    offline: str
    waiting: str
    refused: str
    private: str
    back: str
    next: str
    brand: str
    language: str


@dataclass(frozen=True, slots=True)
class KioskPanel:
    """The whole screen in one language."""

    language: str
    place: str
    touchpoint: str
    question: str
    words: KioskWords


@dataclass(frozen=True, slots=True)
class KioskView:
    """`event_id` makes a tap without script one tap, however often it is sent.

    Values up to `told_up_to` open a case, so that the duty manager is told.
    """

    token: str
    event_id: str
    panels: tuple[KioskPanel, ...]
    told_up_to: int


@dataclass(frozen=True, slots=True)
class LinkView:
    """`given` is what the person sent already; `errors` what stops it, by field."""

    token: str
    event_id: str
    place: Place
    question: Question
    why: Texts
    given: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThanksView:
    tracking_code: str
    place: Place
    dissatisfied: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person of ours wrote back."""

    paragraphs: tuple[str, ...]
    signed: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, or (kind `next`) that will. `at` is in the site's own time."""

    at: datetime
    text: str
    kind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatusView:
    """Where it stands, for the customer. `seal` names the state of the ledger entry as they may see it.

    `asks` says that it is theirs to say whether it is solved, `reopenable` that they may still say that
    it is not; `gesture` is what a hand, and no mail
    scanner, sends with the answer.
    """

    tracking_code: str
    place: Place
    received_at: datetime
    now: datetime
    state: str
    seal: str
    rating: tuple[str, int] | None
    said: tuple[Segment, ...]
    language: str
    letters: tuple[Letter, ...]
    steps: tuple[Step, ...]
    asks: bool
    reopenable: bool
    gesture: str = ""
    solved: bool | None = None
