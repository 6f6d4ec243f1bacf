"""`cem reanalyse`: everything read again by another model, stopped and gone on with, once each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cem.commands import reanalyse
from nlp.backends.base import Reading
from tests.commands.conftest import Cem
from tests.nlp import late
from tests.nlp.late import LateModel, late_standard

SAID = [f"很好吃，服务热情 {number}" for number in range(7)]
BREAKS = "这一条谁也读不了"


@pytest.fixture
def standard(instance: Path) -> Iterator[LateModel]:
    with late_standard(instance / "models") as model:
        yield model


@pytest.fixture
def read_by_words(founded: Cem, tmp_path: Path) -> Cem:
    rows = "\n".join(f"{number},branch-1,{words}" for number, words in enumerate([*SAID, BREAKS]))
    (tmp_path / "reviews.csv").write_text(f"id,site,text\n{rows}\n", "utf-8")
    assert founded("import", tmp_path / "reviews.csv", "--channel", "review").status == 0
    assert founded("reanalyse", "--profile", "fast").out == "8 read again by fast@2, 0 left to the hub\n"
    return founded


def models(url: str) -> Counter[str]:
    with create_engine(url).connect() as connection:
        return Counter(connection.scalars(text("SELECT model FROM findings")))


def test_it_reads_everything_once_and_keeps_what_was_read_before(
    read_by_words: Cem, standard: LateModel, database_url: str
) -> None:
    again = read_by_words("reanalyse", "--profile", "standard")
    assert (again.status, again.out) == (0, "8 read again by standard@9, 0 left to the hub\n")
    assert read_by_words("reanalyse", "--profile", "standard").out.startswith("0 read again")
    assert models(database_url) == {"fast@2": 8, "standard@9": 8}


def test_it_can_be_stopped_and_goes_on_where_it_was(
    read_by_words: Cem, standard: LateModel, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reanalyse, "AT_ONCE", 3)
    calls: list[int] = []

    def twice(self: object, documents: list[object]) -> list[Reading]:
        calls.append(len(documents))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, documents)

    real = late.Late.score
    monkeypatch.setattr(late.Late, "score", twice)
    stopped = read_by_words("reanalyse", "--profile", "standard")
    assert stopped.status == 130 and "goes on where it was" in stopped.err
    assert models(database_url)["standard@9"] == 3
    assert read_by_words("reanalyse", "--profile", "standard").out.startswith("5 read again")
    assert models(database_url) == {"fast@2": 8, "standard@9": 8}


def test_a_text_that_breaks_the_model_is_left_to_the_hub_and_the_rest_is_read(
    read_by_words: Cem, standard: LateModel, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(self: object, documents: list[object]) -> list[Reading]:
        if any(document.text == BREAKS for document in documents):
            raise RuntimeError(BREAKS)
        return real(self, documents)

    real = late.Late.score
    monkeypatch.setattr(late.Late, "score", breaks)
    again = read_by_words("reanalyse", "--profile", "standard")
    assert again.out == "7 read again by standard@9, 1 left to the hub\n"
    with create_engine(database_url).connect() as connection:
        asked = connection.scalar(text("SELECT count(*) FROM outbox WHERE kind = 'feedback.reread'"))
    assert asked == 1


def test_without_the_model_nothing_is_read(
    read_by_words: Cem, standard: LateModel, database_url: str
) -> None:
    standard.cannot_be_had()
    again = read_by_words("reanalyse", "--profile", "standard")
    assert again.status == 1 and "nothing was read" in again.err
    assert models(database_url) == {"fast@2": 8}
