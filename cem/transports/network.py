"""Which addresses a message may be sent to, and how long that may take."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from cem.transports.base import TransportError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class Deadline:
    """The end of a try, however slowly the other side answers."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then. Raises `TimeoutError` where none are left."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    @contextmanager
    def ends(self, sock: Callable[[], socket.socket | None]) -> Iterator[None]:
        """Close the connection when the time is up: a side that sends one letter at a time never lets a read
        time out."""
        timer = threading.Timer(self.left(), _shut, [sock])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _shut(sock: Callable[[], socket.socket | None]) -> None:
    if (found := sock()) is not None:
        with suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)


def addresses_of(host: str, port: int, *, private: bool) -> list[str]:
    """The host's addresses. Raises a permanent `TransportError` where one of them is not a public one.

    Whoever connects uses these and never asks again: the second answer of a name server may be another.
    """
    found = list(dict.fromkeys(str(entry[4][0]) for entry in _looked_up(host, port)))
    if not private and not all(is_public(ipaddress.ip_address(address)) for address in found):
        raise TransportError("the address is not a public one", permanent=True)
    return found


def is_public(address: Address) -> bool:
    """Whether this is an address of the open internet, also behind the IPv6 forms that carry an IPv4 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _behind_nat64(address)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _behind_nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _looked_up(host: str, port: int) -> list[tuple[object, ...]]:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        raise TransportError("the host was not found", permanent=False) from None
