"""What is known of a feedback of the past before its fate is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cem.demo.content import DemoPlace, DemoText, DemoTouchpoint, roster
from cem.demo.customers import DemoCustomer
from cem.domain.findings import Findings, Label, Risk, Sentiment
from cem.domain.ratings import Rating
from cem.domain.roster import present
from cem.domain.severity import Triage, triage
from cem.domain.vocabulary import Channel, Tier

_TOPIC_OF_TAP: Final = {
    "front_desk": "checkin",
    "breakfast": "breakfast",
    "waiting": "waiting",
    "counter": "waiting",
    "bar": "drinks",
    "leisure": "facilities",
    "checkout": "checkout",
}


@dataclass(frozen=True, slots=True)
class Said:
    """`level` from 1 to 5 is what the guest felt; `language` the one to answer in."""

    number: int
    at: datetime
    place: DemoPlace
    touchpoint: DemoTouchpoint
    channel: Channel
    level: int
    rating: Rating | None
    text: DemoText | None
    customer: DemoCustomer | None
    language: str

    @property
    def tier(self) -> Tier:
        return self.customer.tier if self.customer else Tier.UNKNOWN

    @property
    def words(self) -> str | None:
        return self.text.text if self.text else None

    @property
    def topic(self) -> str:
        """What the matter is: the risk first, else the topic, else what stands at that place."""
        if self.text is None:
            return _TOPIC_OF_TAP.get(self.touchpoint.kind, "general")
        if self.text.kind in ("question", "idea", "praise"):
            return self.text.kind
        if self.level >= 3:
            return "praise" if self.level > 3 else "neutral"
        return "allergy" if self.text.topic == "allergy" else self.text.risk or self.text.topic

    @property
    def reply_topic(self) -> str:
        """What a reply can speak of: where nothing was said, not even the matter is known."""
        if self.text is None:
            return "tap" if self.level < 3 else "neutral"
        return self.topic

    def triage(self) -> Triage | None:
        """What the rules of triage say, had understanding read the text as its writer meant it."""
        return triage(self.rating, self._meant())

    def on_duty(self, at: datetime) -> str:
        return present(roster(self.place.code), at).people[0]

    def _meant(self) -> Findings | None:
        if self.text is None:
            return None
        label: Label = "negative" if self.level < 3 else "positive" if self.level > 3 else "neutral"
        level = self.level - 3
        risks = (Risk(self.text.risk, 1.0),) if self.text.risk else ()
        sentiment = Sentiment(label, level, level / 2, 1.0, abstained=False)
        return Findings(self.language, sentiment, (), risks, "normal", (), "demo@1")
