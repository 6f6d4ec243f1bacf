"""The web server: what a silent, slow or departing client may not do to the others, and how it stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cem.http.server import answers, listen
from tests.processes.clients import stage
from tests.processes.eventually import eventually
from tests.processes.program import all_gone

pytestmark = pytest.mark.kill


def test_connections_that_say_nothing_hold_no_request_thread(tmp_path: Path) -> None:
    with stage(tmp_path, THREADS=2) as hub:
        silent = [socket.create_connection(("127.0.0.1", hub.port)) for _ in range(20)]
        assert hub.ask("GET", "/healthz", timeout=1) == (200, b"ok")
        for one in silent:
            one.close()


def test_a_client_that_does_not_hang_up_delays_nobody(tmp_path: Path) -> None:
    with stage(tmp_path, THREADS=4) as hub:
        lingering = [socket.create_connection(("127.0.0.1", hub.port)) for _ in range(2)]
        for one in lingering:
            one.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert all(one.recv(12) == b"HTTP/1.0 200" for one in lingering)
        assert hub.ask("GET", "/healthz", timeout=1)[0] == 200
        for one in lingering:
            one.close()


def test_a_connection_serves_many_requests(tmp_path: Path) -> None:
    with stage(tmp_path) as hub, socket.create_connection(("127.0.0.1", hub.port)) as client:
        client.settimeout(5)
        for _ in range(3):
            client.sendall(b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
            answer = b""
            while not answer.endswith(b"hello"):
                answer += client.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")


def test_a_taken_port_is_refused_at_once() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(OSError, match="in use"):
        listen(*first.getsockname()).close()


def test_while_the_web_process_starts_again_clients_wait_and_are_answered(tmp_path: Path) -> None:
    with stage(tmp_path) as hub:
        before = hub.worker_pid()
        os.kill(before, signal.SIGKILL)
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda _: hub.ask("GET", "/healthz", timeout=10)[0], range(40)))
        assert statuses == [200] * 40
        assert hub.worker_pid() != before


def test_killing_the_web_server_takes_its_worker_along_and_both_come_back(tmp_path: Path) -> None:
    with stage(tmp_path) as hub:
        web = next(one for one in hub.hub.family() if one.children())
        family = [web, *web.children()]
        web.kill()
        all_gone(family)
        eventually(lambda: answers(("127.0.0.1", hub.port)))


def test_it_stops_within_seconds_while_desks_are_open_and_connections_idle(tmp_path: Path) -> None:
    with stage(tmp_path) as hub:
        desks = [hub.stream() for _ in range(20)]
        idle = [socket.create_connection(("127.0.0.1", hub.port)) for _ in range(5)]
        family, began = hub.hub.family(), time.monotonic()
        hub.hub.hears(signal.SIGTERM)
        assert hub.hub.ends() == 0
        assert time.monotonic() - began < 6
        assert all(desk.has_ended() for desk in desks)
        all_gone(family, within=0.5)
        for one in idle:
            one.close()


def test_several_processes_share_the_address(tmp_path: Path) -> None:
    with stage(tmp_path, PROCESSES=2) as hub:
        web = next(one for one in hub.hub.family() if one.children())
        assert len(eventually(lambda: web.children() if len(web.children()) == 2 else [])) == 2
        assert hub.ask("POST", "/echo", {"a": 1}) == (200, json.dumps({"a": 1}).encode())
