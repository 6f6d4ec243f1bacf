"""Many open streams, read by one thread."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

KIND = b"event: case.opened"


class Readers:
    """`streams` connections to a stream; `all_told()` waits until each has heard of the next case."""

    def __init__(self, url: str, path: str, token: str, streams: int) -> None:
        parts = urlsplit(url)
        self._selector = selectors.DefaultSelector()
        self._sockets = [
            self._open(parts.hostname or "", parts.port or 80, path, token) for _ in range(streams)
        ]
        self._heard: Counter[int] = Counter()
        self._asked = 0
        self._told = threading.Condition()
        self._last = 0.0
        self._closing = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def all_told(self, within: float = 10.0) -> float:
        """The instant at which the last stream was told of one case more than at the call before."""
        self._asked += 1
        with self._told:
            if not self._told.wait_for(self._is_told, within):
                raise RuntimeError("a stream was not told")
            return self._last

    def close(self) -> None:
        self._closing = True
        self._thread.join()
        for one in self._sockets:
            one.close()

    def _open(self, host: str, port: int, path: str, token: str) -> socket.socket:
        one = socket.create_connection((host, port), 10)
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += one.recv(4096)
        if b" 200 " not in received.split(b"\r\n", 1)[0]:
            raise RuntimeError(received.decode())
        self._selector.register(one, selectors.EVENT_READ)
        return one

    def _read(self) -> None:
        while not self._closing:
            for key, _ in self._selector.select(0.2):
                count = key.fileobj.recv(65536).count(KIND)  # type: ignore[union-attr]
                if count:
                    with self._told:
                        self._heard[key.fd] += count
                        self._last = time.perf_counter()
                        self._told.notify()

    def _is_told(self) -> bool:
        return len(self._heard) == len(self._sockets) and min(self._heard.values()) >= self._asked
