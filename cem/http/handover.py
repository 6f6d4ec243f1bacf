"""An answer that takes its client's socket along, agreed between the server and those who answer."""

from __future__ import annotations

import socket
from collections.abc import Callable

CAN_HAND_OVER = "cem.can_hand_over"
"""In the WSGI environment of a server that understands `HandOver`."""


class HandOver(Exception):
    """Raised by a body when it is iterated: the client's socket, unclosed, goes to `take`."""

    def __init__(self, take: Callable[[socket.socket], None]) -> None:
        super().__init__("the socket belongs to somebody else now")
        self.take = take
