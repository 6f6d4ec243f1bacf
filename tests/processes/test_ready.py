"""`/readyz` tells a load balancer that everything is there: database, queue server, and every worker."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator

import pytest
from redis import Redis

from cem.queues import QUEUES
from tests.world import World
from workers import queue_server
from workers.handlers import HANDLERS


@pytest.fixture
def records(world: World) -> Iterator[Redis]:
    """The queue server of this hub, where workers keep their records."""
    instance = world.app.extensions["cem_settings"].instance
    with (
        queue_server.running(instance) as server,
        Redis.from_url(server.url, decode_responses=True) as connection,
    ):
        yield connection


def begins_work(records: Redis, queue: str, pid: int, host: str | None = None) -> None:
    """What RQ writes down when a worker begins."""
    name = f"rq:worker:{queue}-{pid}"
    records.hset(name, mapping={"pid": pid, "hostname": host or socket.gethostname()})
    records.sadd(f"rq:workers:{queue}", name)


def ready(world: World) -> tuple[int, dict[str, bool]]:
    answer = world.app.test_client().get("/readyz")
    return answer.status_code, answer.json


def test_it_is_ready_when_every_queue_has_a_worker(world: World, records: Redis) -> None:
    for queue in QUEUES:
        assert ready(world) == (503, {"database": True, "queue": True, "workers": False})
        begins_work(records, queue, os.getpid())
    assert ready(world) == (200, {"database": True, "queue": True, "workers": True})


def test_a_worker_that_was_killed_is_not_one(world: World, records: Redis) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    for queue in QUEUES:
        begins_work(records, queue, gone.pid)
    assert ready(world)[0] == 503


def test_a_worker_on_another_machine_is_one(world: World, records: Redis) -> None:
    for queue in QUEUES:
        begins_work(records, queue, 1, host="another-machine")
    assert ready(world)[0] == 200


def test_a_worker_whose_record_has_lapsed_is_not_one(world: World, records: Redis) -> None:
    for queue in QUEUES:
        records.sadd(f"rq:workers:{queue}", "rq:worker:long-gone")
    assert ready(world)[0] == 503


def test_without_a_queue_server_it_is_alive_but_not_ready(world: World) -> None:
    assert ready(world) == (503, {"database": True, "queue": False, "workers": False})
    assert world.app.test_client().get("/healthz").status_code == 200


def test_every_job_has_a_queue_with_a_worker() -> None:
    assert {queue for effects in HANDLERS.values() for _, queue in effects} == set(QUEUES)
