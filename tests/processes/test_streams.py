"""Server push through the real server: many desks, no thread each, nothing missed, nothing twice."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis import Redis

from tests.processes.clients import Listening, Stage, memory_kb, stage
from tests.processes.eventually import eventually
from workers.queue_server import QueueServer, running, start, stop

pytestmark = pytest.mark.kill


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage"), THREADS=4) as running_stage:
        yield running_stage


@pytest.fixture
def desk(hub: Stage) -> Iterator[Listening]:
    listening = hub.stream()
    yield listening
    listening.close()


def test_three_hundred_desks_are_told_while_four_threads_answer_everybody_else(tmp_path: Path) -> None:
    with stage(tmp_path, THREADS=4) as hub:
        worker = hub.worker_pid()
        hub.stream().close()
        before = memory_kb(worker)
        desks = [hub.stream() for _ in range(300)]
        assert {desk.status for desk in desks} == {200}
        assert (memory_kb(worker) - before) / 300 <= 25
        with ThreadPoolExecutor(4) as pool:
            began = time.monotonic()
            answers = list(pool.map(lambda _: hub.ask("GET", "/healthz", timeout=2), range(200)))
            assert answers == [(200, b"ok")] * 200
            assert time.monotonic() - began < 10
        began = time.monotonic()
        hub.tap("first")
        assert [desk.event()["id"] for desk in desks] == ["first"] * 300
        assert time.monotonic() - began < 1
        for desk in desks:
            desk.close()
        eventually(lambda: hub.open_streams() == 0)


def test_an_event_arrives_as_the_client_expects_it(hub: Stage, desk: Listening) -> None:
    assert desk.headers["content-type"].startswith("text/event-stream")
    assert desk.headers["connection"] == "close"
    assert "transfer-encoding" not in desk.headers
    assert 1_000 <= int(desk.frame()["retry"]) <= 3_000
    hub.tap(100)
    assert desk.frame() == {
        "id": "100",
        "event": "case.opened",
        "data": json.dumps({"id": 100, "at": "t", "v": 1}, separators=(",", ":")),
    }


def test_a_desk_hears_only_what_it_wants(hub: Stage) -> None:
    north, south = hub.stream("/stream?path=/n/"), hub.stream("/stream?path=/s/")
    hub.tap(200, site_path="/n/1/")
    hub.tap(201, site_path="/s/1/")
    assert north.event()["id"] == "200"
    assert south.event()["id"] == "201"
    north.close()
    south.close()


def test_the_same_event_is_told_once(hub: Stage, desk: Listening) -> None:
    for number in (300, 300, 301):
        hub.tap(number)
    assert desk.ids(2) == ["300", "301"]


def test_what_was_missed_comes_first_in_order_and_what_happens_meanwhile_after_it_once(
    tmp_path: Path,
) -> None:
    with stage(tmp_path) as hub:
        desk = hub.stream(last="2")
        hub.tap(7)
        assert desk.ids(5) == ["3", "4", "5", "6", "7"]


def test_a_desk_that_goes_away_is_forgotten(hub: Stage) -> None:
    eventually(lambda: hub.open_streams() == 0)
    leaving, vanishing, staying = hub.stream(), hub.stream(), hub.stream()
    eventually(lambda: hub.open_streams() == 3)
    leaving.close()
    vanishing.reset()
    eventually(lambda: hub.open_streams() == 1)
    hub.tap(400)
    assert staying.event()["id"] == "400"
    staying.close()


def test_a_desk_that_reads_too_slowly_is_let_go_and_the_others_are_not_kept_waiting(tmp_path: Path) -> None:
    with stage(tmp_path) as hub:
        slow, quick = hub.stream(receive_buffer=4096), hub.stream()
        eventually(lambda: hub.open_streams() == 2)
        wide = "x" * 60_000
        for number in range(120):
            hub.tap(number, kind=wide)
            assert quick.event()["id"] == str(number)
            if hub.open_streams() == 1:
                break
        assert hub.open_streams() == 1
        slow.close()


def test_silence_is_filled_with_comments(tmp_path: Path) -> None:
    with stage(tmp_path, HEARTBEAT=0.2) as hub:
        desk = hub.stream()
        assert "retry" in desk.frame()
        assert desk.frame() == desk.frame() == {"": ""}


def test_a_desk_whose_rights_have_ended_is_closed(tmp_path: Path) -> None:
    with stage(tmp_path, RECHECK=0.2) as hub:
        desk = hub.stream()
        hub.tap(1)
        assert desk.event()["id"] == "1"
        (tmp_path / "forbidden").touch()
        assert desk.has_ended()


def test_above_the_limit_a_desk_is_told_to_come_back(tmp_path: Path) -> None:
    with stage(tmp_path, LIMIT=2) as hub:
        first, second, third = hub.stream(), hub.stream(), hub.stream()
        assert [first.status, second.status, third.status] == [200, 200, 503]
        assert third.headers["retry-after"] == "10"
        first.close()
        eventually(lambda: hub.stream().status == 200)


def test_a_head_request_opens_nothing(hub: Stage) -> None:
    eventually(lambda: hub.open_streams() == 0)
    status, body = hub.ask("HEAD", "/stream")
    assert (status, body) == (200, b"")
    eventually(lambda: hub.open_streams() == 0)


def test_desks_are_cut_off_by_a_killed_worker_and_can_come_back(tmp_path: Path) -> None:
    import os

    with stage(tmp_path) as hub:
        desk = hub.stream()
        os.kill(hub.worker_pid(), signal.SIGKILL)
        assert desk.has_ended()
        again = hub.stream(last="3")
        assert again.ids(2) == ["4", "5"]


def test_a_desk_hears_what_another_process_published_and_nothing_twice(tmp_path: Path) -> None:
    with running(tmp_path) as server, stage(tmp_path, REDIS_URL=server.url) as hub:
        desk = hub.stream()
        client = Redis.from_url(server.url)
        event = {"id": "abc", "kind": "case.opened", "at": "t", "v": 1, "site_path": "/a/"}
        client.publish("cem:live", json.dumps([event]))
        hub.tap("abc")
        client.publish("cem:live", "no events")
        client.publish("cem:live", json.dumps([{**event, "id": "def"}]))
        assert desk.ids(2) == ["abc", "def"]


def test_without_the_queue_server_a_desk_hears_its_own_process_and_catches_up_afterwards(
    tmp_path: Path,
) -> None:
    server = QueueServer(tmp_path)
    server.lock()
    process = start(server)
    with stage(tmp_path, REDIS_URL=server.url) as hub:
        desk = hub.stream()
        stop(process)
        hub.tap("while it was down")
        assert desk.event()["id"] == "while it was down"
        process = start(server)
        assert desk.has_ended()  # what others published meanwhile is fetched with Last-Event-ID
        assert hub.stream(last="4").event()["id"] == "5"
        stop(process)
    server.unlock()
