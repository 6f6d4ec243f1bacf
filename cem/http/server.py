"""The web server: gunicorn's threads, with two changes that a hub with many open desks needs.

A request thread is taken only when a client has said something, so that connections opened in advance
(browsers do) cost none; and an answer can take its client's socket along (`HandOver`), so that a stream
that stays open for hours holds no thread either: `cem.http.streams` keeps those sockets.
"""

from __future__ import annotations

import contextlib
import resource
import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn, ThreadWorker

from cem import lifeline
from cem.http.handover import CAN_HAND_OVER, HandOver

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]

BACKLOG = 2048
KEEP_ALIVE = 15  # seconds
GRACE = 4  # seconds that running requests have to end
SILENCE = 30  # seconds without a byte, in the middle of a request, after which it is given up
CONNECTIONS = 4096
OPEN_FILES = 16_384


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises OSError at once when the port is taken.

    Opened by the supervisor it outlives the web process: while that one starts again, clients wait
    instead of being refused.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.listen(BACKLOG)
    return listener


def serve(
    application: WSGI,
    listener: socket.socket,
    *,
    threads: int = 16,
    processes: int = 1,
    ending: Callable[[], object] = lambda: None,
) -> None:
    """Answer requests until SIGTERM; never returns. SQLite wants one process, PostgreSQL takes more.

    `ending` is called in each process once its requests are answered, before it ends.
    """
    _raise_file_limit()
    _Server(application, listener, threads, processes, ending).run()


def answers(address: tuple[str, int], path: str = "/healthz", timeout: float = 0.5) -> bool:
    """Whether the server at `address` says 200 on `path`."""
    try:
        with socket.create_connection(address, timeout) as client:
            client.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            return client.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


class _Server(BaseApplication):
    def __init__(
        self,
        application: WSGI,
        listener: socket.socket,
        threads: int,
        processes: int,
        ending: Callable[[], object],
    ) -> None:
        self._ending = ending
        self._application = application
        self._listener = listener
        self._threads = threads
        self._processes = processes
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": f"fd://{self._listener.fileno()}",
            "worker_class": HubWorker,
            "workers": self._processes,
            "threads": self._threads,
            "worker_connections": CONNECTIONS,
            "backlog": BACKLOG,
            "keepalive": KEEP_ALIVE,
            "graceful_timeout": GRACE,
            "loglevel": "warning",
            "accesslog": None,
            "control_socket_disable": True,
            "post_fork": _follow_arbiter,
            "worker_exit": self._end_worker,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def _end_worker(self, arbiter: Any, worker: ThreadWorker) -> None:
        self._ending()

    def load(self) -> WSGI:
        return self._application


class HubWorker(ThreadWorker):
    """See the module's docstring; what it overrides is pinned to gunicorn 27."""

    cfg: Config

    def load_wsgi(self) -> None:
        super().load_wsgi()
        application: WSGI = self.wsgi

        def offering(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            environ[CAN_HAND_OVER] = True
            return application(environ, start_response)

        self.wsgi = offering

    def accept(self, listener: socket.socket) -> None:
        """Wait for the client's first byte here, not in a request thread."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        _limit_silence(client)
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.nr_conns += 1
        self.pending_conns.append(conn)
        self.poller.register(client, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        again = super().handle(conn)
        if not again and not _is_done(conn):
            conn.close(graceful=True)  # may wait two seconds for the client: here, not in everybody's loop
            conn.done = True
        return again

    def handle_request(self, req: Any, conn: TConn) -> bool:
        try:
            return bool(super().handle_request(req, conn))
        except HandOver as wish:
            conn.done = True
            wish.take(conn.sock)
            return False

    def finish_request(self, conn: TConn, fs: Any) -> None:
        if _is_done(conn):
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self.method_queue.defer(self._give_up_silent)

    def _give_up_silent(self) -> None:
        """Connections that never said anything must not keep a stopping server waiting."""
        for conn in self.pending_conns:
            conn.timeout = 0.0


def _is_done(conn: TConn) -> bool:
    """Whether the socket is closed or somebody else's, so that gunicorn must not touch it."""
    return getattr(conn, "done", False)


def _limit_silence(client: socket.socket) -> None:
    # Kernel timeouts, because gunicorn reads from a blocking socket: without them, sixteen clients that
    # stop in the middle of a request would hold all request threads for ever.
    limit = struct.pack("ll", SILENCE, 0)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _follow_arbiter(arbiter: Any, worker: ThreadWorker) -> None:
    lifeline.end_with(arbiter.pid)


def _raise_file_limit() -> None:
    """Room for the streams: Debian starts processes with 1,024 open files and allows far more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
