"""One POST to a server of somebody else's: to the addresses that were looked at, within a few seconds."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from cem.domain.throttle import PATIENCE
from cem.transports.base import TransportError
from cem.transports.network import Deadline, addresses_of

CONNECT_SECONDS: Final = 3.0
TOTAL_SECONDS: Final = PATIENCE.total_seconds() - 1
AGENT: Final = "Answered"
_MOST: Final = 64 * 1024  # bytes of an answer that are read
_LONGEST_WAIT: Final = 3600


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    wait: timedelta | None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> dict[str, Any]:
        """The object that was answered; an empty one where it is something else."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def refuse_errors(self) -> None:
        """Raises `TransportError` unless the status says that it arrived. No redirect is followed."""
        if not self.ok:
            busy = self.status in (408, 425, 429) or self.status >= 500
            raise TransportError(f"HTTP {self.status}", permanent=not busy, wait=self.wait)


@dataclass(frozen=True, slots=True)
class Http:
    """`private`: whether addresses of private networks, and plain http, are allowed."""

    private: bool = False
    seconds: float = TOTAL_SECONDS

    def refuse_unusable(self, url: str, *, look_up: bool = True) -> None:
        """Raises `TransportError` for an address that nothing may be sent to, or whose host is not there."""
        parts = self._parts(url)
        if look_up:
            addresses_of(parts.hostname or "", parts.port or 443, private=self.private)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises `TransportError`, whose words hold nothing of the address."""
        try:
            return self._post(self._parts(url), body, headers)
        except TransportError:
            raise
        except TimeoutError:
            raise TransportError("no answer in time", permanent=False) from None
        except ssl.SSLCertVerificationError:
            raise TransportError("the server's certificate is not valid", permanent=False) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise TransportError(f"no answer ({type(error).__name__})", permanent=False) from None

    def post_json(self, url: str, content: Mapping[str, Any]) -> Answer:
        body = json.dumps(content, ensure_ascii=False).encode()
        return self.post(url, body, {"Content-Type": "application/json; charset=utf-8"})

    def _parts(self, url: str) -> SplitResult:
        parts = _split(url)
        allowed = ("https", "http") if self.private else ("https",)
        if parts is None or parts.scheme not in allowed or not parts.hostname or "@" in parts.netloc:
            raise TransportError("this is no https:// address", permanent=True)
        return parts

    def _post(self, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> Answer:
        deadline = Deadline(self.seconds)
        try:
            return self._answered(parts, body, headers, deadline)
        except (OSError, http.client.HTTPException):
            deadline.left()  # a connection that was cut because the time is up
            raise

    def _answered(
        self, parts: SplitResult, body: bytes, headers: Mapping[str, str], deadline: Deadline
    ) -> Answer:
        secure = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if secure else 80)
        plain = _connected(addresses_of(host, port, private=self.private), port, deadline)
        with plain, _wrapped(plain, host) if secure else plain as sock, deadline.ends(lambda: sock):
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            connection = http.client.HTTPConnection(host, port)
            connection.sock = sock
            connection.request("POST", _path(parts), body, _headers(parts, headers))
            response = connection.getresponse()
            return Answer(response.status, response.read(_MOST), _wait(response))


def _path(parts: SplitResult) -> str:
    return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"


def _headers(parts: SplitResult, more: Mapping[str, str]) -> dict[str, str]:
    return {"Host": parts.netloc, "User-Agent": AGENT, "Connection": "close", **more}


def _wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """TLS with a certificate for the host that was meant, whatever its address; not yet agreed upon."""
    tls = ssl.create_default_context()
    return tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _split(url: str) -> SplitResult | None:
    """None for what is no address at all."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _connected(addresses: list[str], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first of them that answers."""
    failed: OSError = ConnectionRefusedError()
    for address in addresses:
        try:
            sock = socket.create_connection((address, port), min(CONNECT_SECONDS, deadline.left()))
        except OSError as error:
            failed = error
        else:
            sock.settimeout(deadline.left())
            return sock
    raise failed


def _wait(response: http.client.HTTPResponse) -> timedelta | None:
    """`Retry-After` in seconds; as a date, or as nonsense, it is not heeded."""
    raw = response.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(raw), _LONGEST_WAIT)) if raw.isascii() and raw.isdigit() else None
