"""Finding the words for a level of satisfaction, each text once; and the reply that fits a topic."""

from __future__ import annotations

from random import Random
from typing import Final

from cem.demo.chance import pick
from cem.demo.content import DemoPlace, DemoReply, DemoText, replies, texts

_LANGUAGES: Final = {
    "bund": (("zh-Hans", 0.66), ("zh-Hant", 0.12), ("en", 0.22)),
    "hengshan": (("zh-Hans", 0.88), ("zh-Hant", 0.05), ("en", 0.07)),
    "soho": (("zh-Hans", 0.06), ("zh-Hant", 0.26), ("en", 0.68)),
}
AGAIN: Final = 12
"""Texts of so many code points or fewer are what several guests may say alike."""


def site_language(rng: Random, site: str) -> str:
    return pick(rng, _LANGUAGES[site])


class TextPool:
    """Hands out every text once, short ones twice when nothing else fits."""

    def __init__(self, rng: Random) -> None:
        self._fresh = list(texts())
        rng.shuffle(self._fresh)
        self._again = [text for text in self._fresh if len(text.text) <= AGAIN]

    def draw(
        self, place: DemoPlace, kind: str, level: int, language: str, *, late: bool, calm: bool = False
    ) -> DemoText | None:
        """A text in `language`, else in another that is spoken there; None when nothing fits any more.

        `late` also takes what was said of the worse breakfast; `calm` leaves out what tells of a risk.
        """
        for pool in (self._fresh, self._again):
            fitting = [
                text
                for text in pool
                if _fits(text, place, kind, level) and (late or not text.period) and not (calm and text.risk)
            ]
            if fitting:
                best = min(fitting, key=lambda text: _distance(text, place.code, kind, language))
                pool.remove(best)
                return best
        return None


def _fits(text: DemoText, place: DemoPlace, kind: str, level: int) -> bool:
    """At the till people also speak of the meal."""
    return (
        text.rating == level
        and text.touchpoint_kind in (kind, "table" if kind == "counter" else kind)
        and text.site_kind == place.pack
        and text.site in (None, place.code)
    )


def _distance(text: DemoText, site: str, kind: str, language: str) -> tuple[bool, float, bool, bool]:
    """First the language asked for, then what is spoken there most; then what names the place."""
    spoken = dict(_LANGUAGES[site]).get(text.language, 0.0)
    return text.language != language, -spoken, text.touchpoint_kind != kind, text.site is None


def reply_for(rng: Random, use: str, topic: str, language: str) -> DemoReply:
    """What a manager would write about `topic` (a demo topic or a risk code), or something general."""
    known = [reply for reply in replies().values() if reply.use == use]
    for wanted in ((topic, language), ("general", language), ("general", "en")):
        fitting = [reply for reply in known if (reply.topic, reply.language) == wanted]
        if fitting:
            return rng.choice(fitting)
    raise LookupError(f"no {use} in {language}")
