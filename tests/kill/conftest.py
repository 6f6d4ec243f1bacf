from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Databases
from tests.kill.house import House, house


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def here(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """One hub for each database; every test leaves it whole."""
    folder = tmp_path_factory.mktemp(request.param)
    url = databases.sqlite(folder) if request.param == "sqlite" else databases.postgresql()
    with house(url, folder) as running:
        yield running
