"""The same streams where the server cannot give its sockets away, as under Flask's test client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from cem.http import streams
from tests.processes.eventually import eventually
from tests.processes.stage import create_stage


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_stage(tmp_path, {})
    yield app
    streams.of(app).stop()


def test_frames_come_from_a_generator(app: Flask) -> None:
    answer = app.test_client().get("/stream", headers={"Last-Event-ID": "4"})
    frames = iter(answer.iter_encoded())
    opening = next(frames).decode()
    assert opening.startswith("retry: ")
    assert [line for line in opening.splitlines() if line.startswith("id: ")] == ["id: 5", "id: 6"]
    streams.of(app).publish({"id": 7, "kind": "case.changed", "site_path": "/"})
    assert next(frames).startswith(b"id: 7\nevent: case.changed\n")
    answer.close()
    eventually(lambda: streams.of(app).keeper.open_streams == 0)


def test_stopping_ends_the_generator(app: Flask) -> None:
    answer = app.test_client().get("/stream")
    streams.of(app).stop()
    assert len(list(answer.iter_encoded())) == 1


def test_publishing_with_nobody_listening_starts_nothing(app: Flask) -> None:
    streams.of(app).publish({"id": 1, "kind": "case.changed", "site_path": "/"})
    assert streams.of(app).keeper.open_streams == 0
