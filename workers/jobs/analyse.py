"""Texts are understood in batches, by the one model that each worker keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from cem.domain.ratings import Rating
from cem.engine import coordination, meanings, triage, understanding
from cem.engine.outbox import Claim
from cem.extensions import db
from cem.http.senders import senders
from cem.models import Feedback, Site

if TYPE_CHECKING:
    from nlp.pipeline import Pipeline, TextIn, Understood
    from nlp.reader import Reader

Texts = list[tuple[UUID, "TextIn"]]

PART: Final = 32
"""Texts that are written down together, while the model reads as many."""
USUAL_PACKS: Final = ("hotel", "restaurant")


def warm() -> None:
    """Load the model before the first text waits for it."""
    reader = understanding.reader()
    for pack in USUAL_PACKS:
        reader.pipeline(pack)
    understanding.note_use(reader)
    db.session.remove()  # the first job has to see what is there then


def run(claims: Sequence[Claim]) -> None:
    """Read the texts, think without holding a connection, then write the findings in short transactions."""
    reader = understanding.reader()
    understanding.note_use(reader)
    read(reader, [UUID(claim.ids["feedback"]) for claim in claims])


def reread(claims: Sequence[Claim]) -> None:
    """The wished model is said to be there: what another stood in for is asked for again."""
    reader = understanding.reader()
    reader.renew(anyway=True)
    understanding.note_use(reader)
    if not reader.stands_in and not understanding.ask_again():
        _make_comparable(reader)


def _make_comparable(reader: Reader) -> None:
    """What was read before anything was compared, a little at a time: its findings stay as they are."""
    if reader.space is None:
        return
    kept = 0
    for pack, texts in _texts_of(meanings.without(reader.space, PART)).items():
        understood = _think(reader.pipeline(pack), texts)
        pairs = zip(texts, understood, strict=True)
        made = {id: each.meaning for (id, _), each in pairs if each.meaning}
        kept += meanings.add(meanings.Made(reader.space, made))
    if kept:
        understanding.go_on()


def read(reader: Reader, ids: Sequence[UUID]) -> None:
    """Understand these feedbacks; the whole of it may be repeated."""
    for pack, texts in _texts_of(ids).items():
        for said, understood in _thinking_ahead(reader.pipeline(pack), texts):
            pairs = [(id, each) for (id, _), each in zip(said, understood, strict=True)]
            kept = meanings.Made(reader.space, {id: each.meaning for id, each in pairs if each.meaning})
            readings = [(id, each.findings) for id, each in pairs]
            triage.apply(readings, stood_in=reader.stands_in, meanings=kept)
            read = [id for id, _ in readings]
            coordination.look(read, senders().sent_with(read))


def _thinking_ahead(pipeline: Pipeline, texts: Texts) -> Iterator[tuple[Texts, list[Understood]]]:
    """Part by part: while one is written down the next is thought about."""
    parts = [texts[start : start + PART] for start in range(0, len(texts), PART)]
    with ThreadPoolExecutor(1, thread_name_prefix="think") as pool:
        thoughts = pool.submit(_think, pipeline, parts[0])
        for number, part in enumerate(parts, 1):
            understood = thoughts.result()
            if number < len(parts):
                thoughts = pool.submit(_think, pipeline, parts[number])
            yield part, understood


def _think(pipeline: Pipeline, texts: Texts) -> list[Understood]:
    return pipeline.understand([text for _, text in texts])


def _texts_of(ids: Sequence[UUID]) -> dict[str, Texts]:
    """What was said, by the pack of the place where it was said. Holds no connection afterwards."""
    from nlp.pipeline import TextIn

    f = Feedback
    statement = (
        select(f.id, f.text, f.rating_scale, f.rating_value, f.language, Site.pack)
        .join(Site, Site.id == f.site_id)
        .where(f.id.in_(ids), f.text.is_not(None))
    )
    by_pack: dict[str, Texts] = {}
    for row in db.session.execute(statement):
        rating = Rating(row.rating_scale, row.rating_value) if row.rating_scale else None
        by_pack.setdefault(row.pack, []).append((row.id, TextIn(row.text, rating, row.language)))
    db.session.remove()
    return by_pack
