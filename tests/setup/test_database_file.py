"""The file that holds what customers said."""

from __future__ import annotations

import stat
from pathlib import Path

from cem import database
from cem.app import create_app
from tests.world import settings_for


def test_nobody_else_on_the_machine_can_read_a_new_database_or_its_log(tmp_path: Path) -> None:
    file = tmp_path / "answered.db"
    app = create_app(settings_for(tmp_path / "instance", f"sqlite:///{file}"))
    database.upgrade(app)
    with database.writing_engine(app).begin() as connection:
        connection.exec_driver_sql("UPDATE counter SET value = value")
        kept = [file, Path(f"{file}-wal"), Path(f"{file}-shm")]
        assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}
