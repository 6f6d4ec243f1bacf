"""Similar solved cases among very many: the whole question as the page asks it, beside a bare product."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import insert, select, text

from cem import clock
from cem.app import create_app
from cem.domain.vocabulary import ResolutionCode
from cem.engine import case_endings, cases, organisation, similar, triage
from cem.engine.case_endings import Resolution
from cem.engine.meanings import Made
from cem.extensions import db
from cem.models import Case, Feedback, LedgerEntry, Meaning
from nlp import similar as library
from tests import world as worlds
from tests.bench.many_cases import copied
from tests.bench.sides import let_go, migrated
from tests.bench.table import Line
from tests.engine.readings import findings
from tests.world import World

SIZE: Final = 384
SPACE: Final = "bench/1"
CHANGED: Final[tuple[tuple[Any, dict[str, str]], ...]] = (
    (Feedback, {"id": "fid", "tracking_code": "'copy' || i", "source_id": "NULL"}),
    (Case, {"id": "cid", "number": "i + 1000", "feedback_id": "fid"}),
    (LedgerEntry, {"feedback_id": "fid", "case_id": "cid"}),
)


def measure(kind: str, folder: Path, rounds: int, many: int) -> Iterator[Line]:
    with migrated(kind, folder) as url:
        app = create_app(worlds.settings_for(folder / "instance", url))
        with app.app_context():
            organisation.forget()
            asked = _fill(worlds.build(app), many)
            ready = np.random.default_rng(0).normal(size=(many, SIZE)).astype(np.float32)
            took: dict[str, list[float]] = {"asked": [], "bare": []}
            for _ in range(rounds + 1):  # the first fills the caches
                took["asked"].append(_timed(lambda: similar.solved_like(asked, "group/")))
                took["bare"].append(_timed(lambda: np.argpartition(ready @ ready[0], -50)[-50:]))
        let_go(app)
    asking, bare = (median(took[name][1:]) * 1000 for name in ("asked", "bare"))
    figures = {"vectors": float(many), "ms": asking, "bare product ms": bare, "ratio": asking / bare}
    yield Line(f"{kind}: similar cases", figures)


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    db.session.rollback()
    return time.perf_counter() - begun


def _fill(world: World, many: int) -> UUID:
    """So many solved cases with vectors, and one that is open; its id."""
    solved = world.say("The soup was cold and nobody came", 1)
    world.settle()
    seen = world.seen(solved, "lin")
    cases.acknowledge(seen)
    case_endings.resolve(
        world.seen(solved, "lin"), Resolution(ResolutionCode.APOLOGISED, "Called", reply="Sorry")
    )
    fresh = world.say("Cold soup, and nobody to tell", 1)
    vectors = np.random.default_rng(1).normal(size=(many + 2, SIZE)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    triage.apply(
        [(fresh.feedback_id, findings())],
        meanings=Made(SPACE, {fresh.feedback_id: library.pack(vectors[-1])}),
    )
    copied(world.case(solved), CHANGED, many)
    now = clock.now()
    with db.engines[None].begin() as connection:
        ids = connection.scalars(select(Case.feedback_id).where(Case.number >= 1000)).all()
        rows = [{"feedback_id": id, "space": SPACE, "at": now} for id in ids]
        for start in range(0, many, 5000):
            part = [
                row | {"vector": library.pack(vectors[start + at])}
                for at, row in enumerate(rows[start : start + 5000])
            ]
            connection.execute(insert(Meaning), part)
    with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return world.case(fresh).id
