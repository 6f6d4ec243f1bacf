"""How one sentence of a letter is said: a form of words, chosen by the case, filled with what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final

from cem.domain.letters import english, hans, hant
from cem.domain.letters.facts import CaseFacts, Fact

FORMS: Final = {"zh-Hans": hans.FORMS, "zh-Hant": hant.FORMS, "en": english.FORMS}
_DUTY: Final = {"zh-Hans": "当值的负责人", "zh-Hant": "當值的負責人", "en": "the manager on duty"}
_ME: Final = {"zh-Hans": "我", "zh-Hant": "我", "en": "I"}
_SLOT: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    rests_on: tuple[Fact, ...] = ()


class Teller:
    """Says one of the forms of a slot, filled with what the case holds."""

    def __init__(self, facts: CaseFacts) -> None:
        self.facts = facts
        self.forms = FORMS[facts.language]

    def __call__(self, slot: str, *rests_on: Fact, **more: str) -> Sentence:
        forms = self.forms[slot]
        digest = blake2s(f"{self.facts.key}/{slot}".encode(), digest_size=4).digest()
        form = forms[int.from_bytes(digest) % len(forms)]
        filled = _filled(form, self._values() | more)
        return Sentence(filled[:1].upper() + filled[1:], rests_on)

    def _values(self) -> dict[str, str]:
        facts, me = self.facts, self.facts.mine and bool(self.facts.who)
        who = _ME[facts.language] if me else facts.who or _DUTY[facts.language]
        verbs = (
            {"has": "have", "is": "am", "stay": "stay"} if me else {"has": "has", "is": "is", "stay": "stays"}
        )
        return {
            "site": facts.site,
            "place": facts.place,
            "code": facts.code,
            "link": facts.link,
            "who": who,
            **verbs,
        }


def _filled(form: str, values: dict[str, str]) -> str:
    """A name in Latin letters keeps half a space from the Chinese around it."""

    def put(match: re.Match[str]) -> str:
        value, before, after = values[match[1]], form[: match.start()][-1:], form[match.end() :][:1]
        left = " " if _is_han(before) and _is_latin(value[:1]) else ""
        return f"{left}{value}{' ' if _is_han(after) and _is_latin(value[-1:]) else ''}"

    return _SLOT.sub(put, form)


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()
