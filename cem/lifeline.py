"""A process that must not outlive the one that started it, and its name.

The kernel ends it (Linux, PR_SET_PDEATHSIG), so that even a SIGKILL of the parent leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with(parent_pid: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process receive `by` when `parent_pid`, which forked it, ends; survives an exec."""
    _prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent_pid:  # it ended between the fork and the call above
        os.kill(os.getpid(), by)


def adopt_orphans() -> None:
    """Become the parent of every process below this one whose own parent ends."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def call_it(name: str) -> None:
    """The name of this process in `ps` and `top`, 15 letters at most; an exec takes it away again."""
    with contextlib.suppress(OSError):  # not on Linux: it keeps the name it has
        Path("/proc/self/comm").write_text(name[:15])


def _prctl(option: int, value: int) -> None:
    if _libc is not None and _libc.prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl({option}) refused")
