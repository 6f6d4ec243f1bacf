"""Writers of one SQLite database wait for one another, whatever process or thread they are in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from cem import sqlite_turns
from cem.extensions import prepare_sqlite
from cem.sqlite_turns import rest_after


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two engines on one file, as two processes have them."""
    pair = tuple(create_engine(f"sqlite:///{tmp_path / 'turns.db'}") for _ in range(2))
    for engine in pair:
        prepare_sqlite(engine, reading=False)
    with pair[0].begin() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT)"))
    yield pair  # type: ignore[misc]
    for engine in pair:
        engine.dispose()


def say(engine: Engine, word: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})


def said(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT word FROM said")).scalars())


def test_the_second_writer_comes_after_the_first(engines: tuple[Engine, Engine]) -> None:
    first, second = engines
    with first.begin() as connection:
        waiting = threading.Thread(target=say, args=(second, "second"))
        waiting.start()
        connection.execute(text("INSERT INTO said VALUES ('first')"))
    waiting.join(10)
    assert said(first) == ["first", "second"]


def test_a_writer_that_failed_ends_its_turn(engines: tuple[Engine, Engine]) -> None:
    first, second = engines
    with pytest.raises(ZeroDivisionError), first.begin():
        raise ZeroDivisionError
    say(second, "after all")
    assert said(first) == ["after all"]


def test_a_writer_whose_connection_is_closed_ends_its_turn(engines: tuple[Engine, Engine]) -> None:
    first, second = engines
    connection = first.connect()
    connection.begin()
    connection.invalidate()
    say(second, "after all")
    assert said(second) == ["after all"]


def test_a_thread_does_not_wait_for_itself(engines: tuple[Engine, Engine]) -> None:
    first, second = engines
    with first.begin(), pytest.raises(RuntimeError, match="another connection"):
        say(second, "never")
    say(second, "later")
    assert said(first) == ["later"]


@pytest.mark.parametrize(
    ("waited", "wrote", "rest"),
    [
        (0.0, 0.010, 0.0),  # alone: nobody gains by a rest
        (0.002, 0.004, 0.012),  # it met somebody: most of the time is theirs
        (0.002, 1.0, 0.050),  # and yet its own work goes on
    ],
)
def test_who_stands_behind_others_rests_where_it_met_them(waited: float, wrote: float, rest: float) -> None:
    assert rest_after(waited, wrote) == pytest.approx(rest)


def test_who_stands_behind_others_lets_the_next_one_write_while_it_rests(
    engines: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[list[str]] = []
    say(engines[1], "before")  # this connection stands behind nobody
    monkeypatch.setattr(sqlite_turns, "_last", [True])
    monkeypatch.setattr(sqlite_turns, "rest_after", lambda waited, wrote: heard.append(rested()) or 0.0)
    background = create_engine(engines[0].url)
    prepare_sqlite(background, reading=False)

    def rested() -> list[str]:
        say(engines[1], "a person")
        return said(engines[1])

    writing = threading.Thread(target=say, args=(background, "the background"))
    writing.start()
    writing.join(10)
    background.dispose()
    assert heard == [["before", "the background", "a person"]]
