"""The embedded queue server, really started, killed and started again."""

from __future__ import annotations

import signal
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from redis import Redis

from cem.queue_socket import LONGEST, queue_socket
from tests.processes.eventually import eventually
from tests.processes.program import all_gone, program
from workers.queue_server import FolderInUse, QueueServer, running, start, stop

pytestmark = pytest.mark.kill

SUPERVISED = """
import os, signal, sys
from pathlib import Path
from workers.queue_server import QueueServer
from workers.supervisor import Child, Supervisor
server = QueueServer(Path(os.environ["FOLDER"]))
server.lock()
sys.exit(Supervisor([Child("a", signal.pause), server.child()]).run(lambda: print("ready")))
"""


@pytest.fixture
def instance() -> object:
    with tempfile.TemporaryDirectory(prefix="cem-test-") as folder:
        yield Path(folder)


def test_it_answers_on_a_socket_that_only_its_user_opens(instance: Path) -> None:
    with running(instance) as server:
        assert server.answers()
        assert server.socket_path.stat().st_mode & 0o777 == 0o700
        assert server.folder.stat().st_mode & 0o777 == 0o700
        assert server.folder == instance / "queue"
        assert psutil.Process().children()[0].net_connections("inet") == []
    assert not server.answers()


def test_what_it_was_told_is_still_there_after_sigkill(instance: Path) -> None:
    server = QueueServer(instance)
    server.lock()
    process = start(server)
    Redis.from_url(server.url).set("kept", "yes")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert server.socket_path.exists()  # stale: nobody listens
    process = start(server)
    assert Redis.from_url(server.url).get("kept") == b"yes"
    stop(process)
    server.unlock()


def test_it_stops_within_seconds_while_clients_are_connected(instance: Path) -> None:
    with running(instance) as server:
        client = Redis.from_url(server.url)
        client.ping()
        began = time.monotonic()
    assert time.monotonic() - began < 3


def test_a_second_hub_on_the_folder_is_refused(instance: Path) -> None:
    with running(instance), pytest.raises(FolderInUse, match=str(instance)):
        QueueServer(instance).lock(patience=0.1)


def test_the_folder_is_free_again_afterwards(instance: Path) -> None:
    with running(instance):
        pass
    with running(instance) as server:
        assert server.answers()


def test_a_long_path_gets_a_socket_in_a_private_temporary_folder(instance: Path) -> None:
    deep = instance / ("deep" * 30)
    deep.mkdir()
    with running(deep) as server:
        assert Redis.from_url(server.url).ping()
        assert len(str(server.socket_path)) <= LONGEST
        assert server.socket_path == queue_socket(deep)
        assert server.socket_path.parent.stat().st_mode & 0o777 == 0o700
        assert any((deep / "queue").glob("appendonlydir/*"))


def test_a_socket_folder_that_somebody_else_laid_is_refused(instance: Path) -> None:
    deep = instance / ("deep" * 30)
    queue_socket(deep).parent.symlink_to(instance)
    try:
        with pytest.raises(PermissionError):
            QueueServer(deep).lock()
    finally:
        queue_socket(deep).parent.unlink()


def test_ten_servers_started_at_once_are_ten_servers(instance: Path) -> None:
    def born(number: int) -> bool:
        with running(instance / str(number)) as server, Redis.from_url(server.url) as client:
            client.set("who", number)
            return client.get("who") == str(number).encode() and client.dbsize() == 1

    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(born, range(10)))


def test_a_killed_supervisor_leaves_no_server_and_a_new_one_takes_the_folder(instance: Path) -> None:
    with program(SUPERVISED, instance, FOLDER=str(instance)) as hub:
        eventually(lambda: "ready" in hub.said())
        family = hub.family()
        hub.hears(signal.SIGKILL)
        with running(instance) as server:  # at once, as an impatient person would
            assert server.answers()
        all_gone(family)


def test_a_killed_server_is_started_again_by_its_supervisor(instance: Path) -> None:
    with program(SUPERVISED, instance, FOLDER=str(instance)) as hub:
        eventually(lambda: "ready" in hub.said())
        server = next(one for one in hub.family() if "valkey" in one.name())
        server.kill()
        eventually(lambda: Redis.from_url(QueueServer(instance).url).ping() if _answers(instance) else False)
        hub.hears(signal.SIGTERM)
        assert hub.ends() == 0
        assert not _answers(instance)


def _answers(instance: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(queue_socket(instance)))
        except OSError:
            return False
        return QueueServer(instance).answers()
