"""A load on one address of this machine: so many connections, one request after the other on each."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from urllib.parse import urlsplit

Request = Callable[[int], bytes]
"""The whole request, head and body, for a running number."""


@dataclass(slots=True)
class Result:
    """Seconds that each answered request took, and what was answered."""

    seconds: float
    latencies: list[float]
    statuses: dict[int, int] = field(default_factory=dict)
    cpu_seconds: float = 0.0
    """What the server spent on all of them."""

    @property
    def cpu_ms(self) -> float:
        """Of the server's processor, for each request."""
        return self.cpu_seconds * 1000 / len(self.latencies)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds."""
        if len(self.latencies) < 2:
            return float("nan")
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1] * 1000


APART = 10_000_000
"""How far the running numbers of two connections are apart."""


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def run(url: str, request: Request, *, connections: int = 16, seconds: float = 4.0) -> Result:
    """Keep `connections` busy for `seconds`."""
    parts = urlsplit(url)
    address = (parts.hostname or "127.0.0.1", parts.port or 80)
    clients = [_Client(address, request, number * APART) for number in range(connections)]
    begun = time.perf_counter()
    threads = [threading.Thread(target=client.work, args=(begun + seconds,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _together(clients, time.perf_counter() - begun)


class _Client:
    def __init__(self, address: tuple[str, int], request: Request, first: int) -> None:
        self._address = address
        self._request = request
        self._number = first
        self._socket = socket.create_connection(address, 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.latencies: list[float] = []
        self.statuses: dict[int, int] = {}

    def work(self, until: float) -> None:
        while (started := time.perf_counter()) < until:
            self._number += 1
            self._socket.sendall(self._request(self._number))
            status = self._answer()
            self.latencies.append(time.perf_counter() - started)
            self.statuses[status] = self.statuses.get(status, 0) + 1
        self._socket.close()

    def _answer(self) -> int:
        """Read one whole answer; its status."""
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end].lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        while len(received) < end + 4 + length:
            received += self._more()
        if b"connection: close" in head:
            self._socket.close()
            self._socket = socket.create_connection(self._address, 30)
        return int(head[9:12])

    def _more(self) -> bytes:
        chunk = self._socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection in the middle of an answer")
        return chunk


def _together(clients: Sequence[_Client], seconds: float) -> Result:
    statuses: dict[int, int] = {}
    for client in clients:
        for status, count in client.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    return Result(seconds, [each for client in clients for each in client.latencies], statuses)
