"""The phrases that were new at the last look, as far as somebody sees: how often in their own places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cem.dashboards.queries import below
from cem.extensions import db
from cem.models import EmergingLook, EmergingPhrase, Feedback, HiddenPhrase


@dataclass(frozen=True, slots=True)
class New:
    """In `n` of `of` distinct texts of these places; `weeks`, `labels` and `before` are those of all places.
    `sites`: by place, those that are seen."""

    id: UUID
    shown: str
    n: int
    of: int
    before: int
    before_of: int
    weeks: Sequence[int]
    week_totals: Sequence[int]
    labels: Mapping[str, int]
    topics: Sequence[str]
    packs: Sequence[str]
    sites: Mapping[UUID, int]
    p_value: float
    examples: Sequence[UUID]
    ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Look:
    """`hidden`: what somebody said is no topic, of this look; both lists the clearest first."""

    at: datetime
    texts: int
    found: Sequence[New]
    hidden: Sequence[New]


def last_look(path: str) -> Look | None:
    """What is new in a part of the company. None before the first look."""
    look = db.session.scalar(
        select(EmergingLook).order_by(EmergingLook.at.desc(), EmergingLook.id.desc()).limit(1)
    )
    if look is None:
        return None
    seen: set[UUID] = {row.id for row in db.session.execute(below(path))}
    texts = sum(n for site, n in look.document["sites"].items() if UUID(site) in seen)
    hidden = select(HiddenPhrase.phrase).where(HiddenPhrase.hidden)
    rows = db.session.execute(
        select(EmergingPhrase, EmergingPhrase.phrase.in_(hidden).label("hidden"))
        .where(EmergingPhrase.look_id == look.id)
        .order_by(EmergingPhrase.rank)
    )
    found = [(row, hides) for row, hides in rows]
    ids = _seen_texts([id for row, _ in found for id in row.document["ids"]], path)
    told = [(_new(row, look, texts, seen, ids), hides) for row, hides in found]
    shown = [(each, hides) for each, hides in told if each.n]
    return Look(
        look.at,
        texts,
        [each for each, hides in shown if not hides],
        [each for each, hides in shown if hides],
    )


def texts_with(phrase_id: UUID) -> tuple[str, list[UUID]] | None:
    """The phrase and the texts behind it, everywhere; None where there is none of that id."""
    row = db.session.get(EmergingPhrase, phrase_id)
    return None if row is None else (row.shown, [UUID(id) for id in row.document["ids"]])


def _seen_texts(ids: Sequence[str], path: str) -> set[UUID]:
    texts = select(Feedback.id).where(Feedback.id.in_({UUID(id) for id in ids}))
    return set(db.session.scalars(texts.where(Feedback.site_id.in_(below(path))))) if ids else set()


def _new(row: EmergingPhrase, look: EmergingLook, texts: int, seen: set[UUID], ids: set[UUID]) -> New:
    said: dict[str, Any] = row.document
    sites = {UUID(site): n for site, n in said["sites"].items() if UUID(site) in seen}
    return New(
        id=row.id,
        shown=row.shown,
        n=sum(sites.values()),
        of=texts,
        before=row.before,
        before_of=look.before,
        weeks=said["weeks"],
        week_totals=look.document["totals"],
        labels=said["labels"],
        topics=said["topics"],
        packs=said["packs"],
        sites=sites,
        p_value=said["p_value"],
        examples=[id for each in said["examples"] if (id := UUID(each)) in ids],
        ids=[id for each in said["ids"] if (id := UUID(each)) in ids],
    )
