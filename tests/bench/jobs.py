"""What follows a commit: texts understood, and messages sent, against the pipeline called directly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from cem.domain.vocabulary import DeliveryState
from cem.models import Delivery, FindingsRow
from tests.bench import alone, load
from tests.bench.alone import BATCH
from tests.bench.sides import hub_side
from tests.bench.submissions import quiet, request
from tests.bench.table import Line
from tests.bench.texts import send
from tests.bench.texts import texts as new_texts
from tests.house import VALUED, House
from tests.processes.eventually import eventually

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Pace:
    """`a_second`: texts by the clock. `cost`: milliseconds of processor time a text, which say the same on a
    machine that others use too; a hub's are those of all its processes, with the pages that follow."""

    a_second: float
    cost: float


def measure(kind: str, folder: Path, rounds: int, texts: int) -> Iterator[Line]:
    with hub_side(kind, folder) as hub:
        pairs = [(directly(texts), understood(hub, texts)) for _ in range(rounds)]
        yield Line(f"{kind}: texts understood", _compared(pairs))
        yield Line(
            f"{kind}: messages of new cases sent", {"per second": median(sent(hub) for _ in range(rounds))}
        )


def standard(kind: str, folder: Path, rounds: int, texts: int) -> Iterator[Line]:
    """The same with the encoder, whose weights are made once."""
    models = folder.parent / "models"
    directly(BATCH, "standard", models)
    with hub_side(kind, folder, CEM_PROFILE="standard", CEM_MODELS=str(models)) as hub:
        pairs = [(directly(texts, "standard", models), understood(hub, texts)) for _ in range(rounds)]
        memory = hub.hub.find("nlp").memory_info().rss / 2**20
    yield Line(f"{kind}: texts understood by standard", _compared(pairs) | {"worker MB": memory})


def _compared(pairs: list[tuple[Pace, Pace]]) -> dict[str, float]:
    direct, through = median(one.a_second for one, _ in pairs), median(hub.a_second for _, hub in pairs)
    costs = {
        "hub ms": median(hub.cost for _, hub in pairs),
        "direct ms": median(one.cost for one, _ in pairs),
    }
    return {"hub/s": through, "direct/s": direct, "ratio": through / direct} | costs


def profiles(folder: Path, texts: int) -> Iterator[Line]:
    """Each profile in a process of its own."""
    models = folder / "models"
    directly(BATCH, "standard", models)
    yield Line("fast alone", alone.measure("fast", models, 10 * texts))
    yield Line("standard alone", alone.measure("standard", models, texts))


def directly(count: int, profile: str = "fast", models: Path | None = None) -> Pace:
    """By the pipeline in this process."""
    from nlp.pipeline import TextIn
    from nlp.pipeline import load as load_pipeline

    pipeline = load_pipeline(profile, "hotel", models)
    wanted = [TextIn(text, None, None) for text in new_texts(count)]
    pipeline.analyse(wanted[:BATCH])
    begun, spent = time.perf_counter(), time.process_time()
    for start in range(0, count, BATCH):
        pipeline.analyse(wanted[start : start + BATCH])
    took, cost = time.perf_counter() - begun, time.process_time() - spent
    return Pace(count / took, 1000 * cost / count)


def understood(hub: House, count: int) -> Pace:
    """From the moment they are stored until the last one's findings are."""
    quiet(hub)
    spent = _spent(hub)
    wanted = _understood(hub) + count
    for _ in range(0, count, AT_ONCE):
        send(hub.hub, min(count, AT_ONCE))
    begun, left = time.perf_counter(), wanted - _understood(hub)
    eventually(lambda: _understood(hub) >= wanted, within=300, every=0.05)
    pace = left / (time.perf_counter() - begun)
    quiet(hub)
    return Pace(pace, 1000 * (_spent(hub) - spent) / count)


def _spent(hub: House) -> float:
    """Seconds of processor time that the hub has used so far."""
    return sum(sum(process.cpu_times()[:2]) for process in hub.hub.family())


def _understood(hub: House) -> int:
    return hub.count(select(FindingsRow.feedback_id))


def sent(hub: House) -> float:
    """Messages a second, from the first very bad tap until the last one's page has gone out."""
    quiet(hub)
    before = _sent(hub)
    begun = time.perf_counter()
    stored = len(load.run(hub.hub.url, request(VALUED), connections=4, seconds=0.5).latencies)
    eventually(lambda: _sent(hub) - before >= stored, within=300, every=0.05)
    return stored / (time.perf_counter() - begun)


def _sent(hub: House) -> int:
    statement = select(func.count()).where(Delivery.state == DeliveryState.SENT)
    return int(hub.rows(statement)[0][0])
