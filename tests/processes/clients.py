"""Clients of a stage: ordinary requests, and streams that are read frame by frame."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.processes.eventually import eventually
from tests.processes.program import Program, program

SCRIPT = "from tests.processes.stage import main; raise SystemExit(main())"


class Stage:
    def __init__(self, hub: Program, port: int) -> None:
        self.hub = hub
        self.port = port

    def ask(self, method: str, path: str, body: object = None, timeout: float = 5) -> tuple[int, bytes]:
        client = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"Content-Type": "application/json"} if body is not None else {}
            client.request(method, path, None if body is None else json.dumps(body), headers)
            answer = client.getresponse()
            return answer.status, answer.read()
        finally:
            client.close()

    def tap(self, number: object, kind: str = "case.opened", site_path: str = "/a/") -> None:
        event = {"id": number, "kind": kind, "at": "t", "v": 1, "site_path": site_path}
        assert self.ask("POST", "/tap", event)[0] == 200

    def open_streams(self) -> int:
        return int(json.loads(self.ask("GET", "/open")[1])["streams"])

    def stream(self, path: str = "/stream", last: str = "", receive_buffer: int = 0) -> Listening:
        return Listening(self.port, path, last, receive_buffer)

    def worker_pid(self) -> int:
        """The process that answers requests: the web server's only child."""
        web = next(one for one in self.hub.family() if one.ppid() == self.hub.pid and one.children())
        return int(web.children()[0].pid)


class Listening:
    """An open stream on a socket of its own."""

    def __init__(self, port: int, path: str, last: str, receive_buffer: int) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        catching_up = f"Last-Event-ID: {last}\r\n" if last else ""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{catching_up}\r\n".encode())
        self._file = self.socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers = dict(self._fields())

    def _fields(self) -> Iterator[tuple[str, str]]:
        while line := self._file.readline().strip().decode("latin-1"):
            name, _, value = line.partition(": ")
            yield name.lower(), value

    def frame(self) -> dict[str, str]:
        """The next frame: its fields by name ("" for a comment); {} when the stream has ended."""
        fields: dict[str, str] = {}
        while line := self._file.readline():
            text = line.decode().rstrip("\n")
            if not text:
                return fields
            name, _, value = text.partition(":")
            fields[name] = value.strip()
        return {}

    def event(self) -> dict[str, str]:
        """The next frame that is an event, or {} at the end."""
        while (fields := self.frame()) and "id" not in fields:
            pass
        return fields

    def ids(self, count: int) -> list[str]:
        return [self.event()["id"] for _ in range(count)]

    def has_ended(self) -> bool:
        return self.event() == {}

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def reset(self) -> None:
        """Vanish the way a killed process or a lost network does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()


@contextmanager
def stage(folder: Path, **environ: Any) -> Iterator[Stage]:
    """A supervised web server with the stage's application, ended by SIGTERM."""
    with program(
        SCRIPT, folder, FOLDER=str(folder), **{key: str(value) for key, value in environ.items()}
    ) as hub:
        eventually(lambda: "ready" in hub.said())
        running = Stage(hub, int((folder / "port").read_text(encoding="ascii")))
        eventually(lambda: running.ask("GET", "/healthz")[0] == 200)
        yield running
        assert "Traceback" not in hub.said(), hub.said()


def memory_kb(pid: int) -> int:
    """Proportional memory of a process, in KiB (Linux)."""
    rollup = Path(f"/proc/{os.getpid() if pid == 0 else pid}/smaps_rollup").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Private_Dirty")))
