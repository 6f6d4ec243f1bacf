"""Nothing leaves the machine: the hub keeps what it would have sent, and that is all that happens.

Stands in for every transport but the inbox in the sandbox and with the demo company, whose people and robots
are invented.
"""

from __future__ import annotations

from cem.transports.base import Message


class Recorded:
    def send(self, message: Message) -> str | None:
        return None
