"""`make run` that is interrupted alone, not from a terminal.

A terminal's Ctrl-C reaches make and the hub. SIGINT sent to make's process only is not passed on: make
takes its handler away and waits for the hub, for ever. That missing handler is what we can see of it.
"""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

LOOK_EVERY = 1.0  # seconds


def is_waiting_for_us_to_stop() -> bool:
    """Whether our parent is a make that has received SIGINT or SIGHUP (always False without /proc)."""
    above = Path("/proc") / str(os.getppid())
    try:
        if (above / "comm").read_text().strip() not in ("make", "gmake"):
            return False
        status = (above / "status").read_text()
    except OSError:
        return False
    handled = _mask(status, "SigCgt") | _mask(status, "SigIgn")
    return not all(handled >> (number - 1) & 1 for number in (signal.SIGINT, signal.SIGHUP))


def _mask(status: str, field: str) -> int:
    return int(re.search(rf"^{field}:\s*([0-9a-f]+)$", status, re.MULTILINE).group(1), 16)  # type: ignore[union-attr]
