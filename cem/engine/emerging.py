"""What customers write about in the last seven days and did not in the eight weeks before: looked for, kept,
and hidden where somebody says that it is no topic."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zlib import crc32

from sqlalchemy import Select, exists, func, insert, select, update

from cem import clock
from cem.domain.actors import Actor
from cem.domain.reasons import NotFound
from cem.domain.vocabulary import ExcuseReason, LedgerState
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.ids import new_id
from cem.models import (
    EmergingLook,
    EmergingPhrase,
    Feedback,
    HiddenPhrase,
    LedgerEntry,
    Site,
    findings_that_hold,
)

if TYPE_CHECKING:
    from nlp.emerging import Emerging, Outcome, Said

WEEK: Final = timedelta(days=7)
YOUNG: Final = 3000
"""With fewer texts before, the usual language of our own sentences stands beside them."""
KEPT_IDS: Final = 500
MOST_BEFORE: Final = 80_000
"""Texts before this week that are looked at."""
_NO_CUSTOMER: Final = (ExcuseReason.DUPLICATE, ExcuseReason.TEST, ExcuseReason.ABUSE, ExcuseReason.STAFF)


def look() -> int:
    """Look at the texts of nine weeks and keep what is new. How many phrases. Thinks without a connection."""
    from nlp import corpus
    from nlp.emerging import WEEKS, emerging

    now = clock.now()
    texts = [*_this_week(now), *_before(now, WEEKS)]
    hidden = set(db.session.scalars(select(HiddenPhrase.phrase).where(HiddenPhrase.hidden)))
    db.session.remove()
    young = sum(each.week > 0 for each in texts) < YOUNG
    usual = [each.text for each in corpus.sentences()] if young else []
    outcome = emerging(texts, hidden, usual)
    _keep(now, outcome)
    return len(outcome.found)


def set_hidden(phrase_id: UUID, hidden: bool, by: Actor) -> None:
    """It is no topic, or it is one after all; the same phrase is left out of later looks too."""
    with transaction() as tx:
        found = tx.session.get(EmergingPhrase, phrase_id)
        if found is None:
            raise NotFound
        known = tx.session.get(HiddenPhrase, found.phrase, with_for_update=True)
        if (known is not None and known.hidden) == hidden:
            return
        values: dict[str, Any] = {"hidden": hidden, "by": str(by), "at": tx.now}
        if known is None:
            tx.session.execute(insert(HiddenPhrase), [{"phrase": found.phrase, **values}])
        else:
            row = update(HiddenPhrase).where(HiddenPhrase.phrase == found.phrase)
            tx.session.execute(row.values(**values).execution_options(synchronize_session=False))
        tx.audit(str(by), "phrase.hidden" if hidden else "phrase.shown", phrase_id)


def _this_week(now: datetime) -> list[Said]:
    """With what was found in them: how they are meant, topics, and what is personal."""
    from nlp import pii
    from nlp.emerging import Said
    from nlp.script import fold

    found = []
    rows = _texts(now - WEEK, now, findings_that_hold().label("findings"))
    for id, text, _at, site_id, findings in db.session.execute(rows):
        if findings is None:
            masked = tuple(each.span for each in pii.find(fold(text), text))
            found.append(Said(str(id), text, 0, site=str(site_id), masked=masked))
            continue
        spans = tuple((start, end) for start, end in (each["span"] for each in findings["pii"]))
        topics = tuple(each["code"] for each in findings["topics"])
        label = findings["sentiment"]["label"]
        found.append(Said(str(id), text, 0, label, topics, str(site_id), spans))
    return found


def _before(now: datetime, weeks: int) -> list[Said]:
    """All of them, or every so many-th by their ids, which keeps a look short and changes no share."""
    from nlp.emerging import Said

    rows = _texts(now - WEEK * (weeks + 1), now - WEEK)
    count = int(db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0)
    every = -(-count // MOST_BEFORE) or 1
    return [
        Said(str(id), text, min((now - at) // WEEK, weeks), site=str(site_id))
        for id, text, at, site_id in db.session.execute(rows)
        if crc32(id.bytes) % every == 0
    ]


def _texts(start: datetime, end: datetime, *more: Any) -> Select[Any]:
    """What customers themselves said after `start`, up to `end`."""
    nobody = exists().where(
        LedgerEntry.feedback_id == Feedback.id,
        LedgerEntry.state == LedgerState.EXCUSED,
        LedgerEntry.reason.in_(_NO_CUSTOMER),
    )
    return select(Feedback.id, Feedback.text, Feedback.occurred_at, Feedback.site_id, *more).where(
        Feedback.received_at > start,  # nothing is received before it happened
        Feedback.occurred_at > start,
        Feedback.occurred_at <= end,
        Feedback.text != "",
        ~nobody,
    )


def _keep(now: datetime, outcome: Outcome) -> None:
    packs = {row.id: row.pack for row in db.session.execute(select(Site.id, Site.pack))}
    with transaction() as tx:
        id = new_id(tx.now)
        totals = {"totals": list(outcome.totals), "sites": outcome.sites}
        row = {"id": id, "at": now, "texts": outcome.texts, "before": outcome.before, "document": totals}
        tx.session.execute(insert(EmergingLook), [row])
        rows = [_row(new_id(tx.now), id, rank, each, packs) for rank, each in enumerate(outcome.found, 1)]
        if rows:
            tx.session.execute(insert(EmergingPhrase), rows)


def _row(id: UUID, look_id: UUID, rank: int, each: Emerging, packs: dict[UUID, str]) -> dict[str, Any]:
    return {
        "id": id,
        "look_id": look_id,
        "rank": rank,
        "phrase": each.key[:200],
        "shown": each.shown[:200],
        "texts": each.count,
        "before": each.before,
        "document": {
            "p_value": each.p_value,
            "weeks": list(each.weeks),
            "labels": each.labels,
            "topics": list(each.topics),
            "packs": sorted({packs[UUID(site)] for site in each.sites}),
            "sites": each.sites,
            "ids": list(each.ids[:KEPT_IDS]),
            "examples": list(each.examples),
        },
    }
