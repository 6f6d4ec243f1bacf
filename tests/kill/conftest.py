from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.house import House, house


@pytest.fixture(scope="package")
def sqlite_house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("sqlite")
    with house(databases.sqlite(folder), folder) as running:
        yield running


@pytest.fixture(scope="package")
def postgresql_house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(databases.postgresql(), tmp_path_factory.mktemp("postgresql")) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest) -> Iterator[House]:
    """The hub of each database; every test leaves it whole, and no case open."""
    running: House = request.getfixturevalue(f"{request.param}_house")
    yield running
    running.everything_is_over()


@pytest.fixture
def embedded(sqlite_house: House) -> Iterator[House]:
    """The hub on SQLite, where the database makes no difference."""
    yield sqlite_house
    sqlite_house.everything_is_over()
