"""`cem up` for real: one ready line, everything answers, and nothing is left behind."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import Databases
from tests.hub import Hub, hub, path_of
from workers import queue_server

pytestmark = pytest.mark.kill

PROCESSES = ("queue", "web", "schedule", "nlp", "notify", "outside")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with hub(tmp_path_factory.mktemp("up"), CEM_DEMO="0") as running:
        yield running


def test_exactly_one_line_says_ready_with_the_address(running: Hub) -> None:
    ready = [line for line in running.printed().splitlines() if line.startswith("ready")]
    assert len(ready) == 1
    assert f"{running.url}/" in ready[0]


def test_everything_answers_once_it_is_ready(running: Hub) -> None:
    assert running.get("/readyz").status == 200
    assert [running.find(name).is_running() for name in PROCESSES] == [True] * len(PROCESSES)


def test_a_second_hub_on_the_same_instance_is_refused_with_a_sentence(running: Hub) -> None:
    refused = running.try_cem("up")
    assert refused.returncode == 1
    assert "Another hub is running" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_that_is_taken_is_named_with_what_to_do(running: Hub, tmp_path: Path) -> None:
    other = Hub(tmp_path / "other", {"CEM_DEMO": "0"}, running.port)
    refused = other.try_cem("up")
    assert refused.returncode == 1
    assert "CEM_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_within_ten_seconds(tmp_path: Path, number: signal.Signals) -> None:
    with hub(tmp_path, CEM_DEMO="0") as running:
        family = running.family()
        began = time.monotonic()
        assert running.stop(number) == 0
        assert time.monotonic() - began < 10
        assert not psutil.wait_procs(family, timeout=0.5)[1]


def test_a_killed_process_comes_back(running: Hub) -> None:
    for name in ("web", "notify"):
        victim = running.kill(name)
        assert running.comes_back(victim, name).is_running()


def test_an_empty_hub_prints_a_link_that_sets_it_up(running: Hub) -> None:
    link = next(line.strip() for line in running.printed().splitlines() if "/setup/" in line)
    page = running.get(path_of(link))
    assert page.status == 200 and "<form" in page.text


def test_a_hub_scales_out_to_postgresql_and_a_queue_server_that_others_run(
    databases: Databases, tmp_path: Path
) -> None:
    with (
        queue_server.running(tmp_path / "elsewhere") as theirs,
        hub(
            tmp_path,
            CEM_DEMO="0",
            CEM_DATABASE_URL=databases.postgresql(),
            CEM_REDIS_URL=theirs.url,
        ) as running,
    ):
        assert running.get("/readyz").status == 200
        names = [child.name() for child in running.family()]
        assert "valkey-server" not in names
        assert running.try_cem("up").returncode == 1
        family = running.family()
        assert running.stop() == 0
        assert not psutil.wait_procs(family, timeout=0.5)[1]
