"""What a customer who disagrees with an answer may do further: said once for the whole house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from sqlalchemy import insert, select

from cem.domain.actors import Actor
from cem.domain.letters.facts import Language
from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import Recourse

LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
LONGEST: Final = 400
"""Signs: it stands below a letter that is hardly longer."""


def holding() -> Recourse | None:
    """What was said last."""
    found: Recourse | None = db.session.scalar(
        select(Recourse).order_by(Recourse.at.desc(), Recourse.id.desc()).limit(1)
    )
    return found


def said(language: str) -> str:
    """In this language; empty where nothing is said in it."""
    holds = holding()
    return holds.text.get(language, "") if holds else ""


def state(texts: Mapping[str, str], by: Actor) -> None:
    """From now on drafts for complaints end with it. Empty texts: they end without. Raises `Invalid`."""
    plain = {language: _one_line(texts.get(language, "")) for language in LANGUAGES}
    if long := [language for language, text in plain.items() if len(text) > LONGEST]:
        raise Invalid({language: [N_("This is too long.")] for language in long})
    with transaction() as tx:
        kept = {language: text for language, text in plain.items() if text}
        row = {"id": new_id(tx.now), "at": tx.now, "by": str(by), "text": kept}
        tx.session.execute(insert(Recourse), [row])
        tx.audit(str(by), "recourse.stated", row["id"], languages=sorted(kept))


def _one_line(text: str) -> str:
    """A letter stands in a form and in mails: no line, no sign that nobody sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
