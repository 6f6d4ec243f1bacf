"""The process manager: starts the hub's processes, starts again what ended, and leaves nothing behind.

It imports the application once and forks, so its children share that memory and start at once. Each child
leads a process group of its own: a Ctrl-C reaches the supervisor alone, which then ends them in order.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import math
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cem import lifeline
from workers import make_above

log = logging.getLogger("cem.processes")

STOPPING = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
WATCHED = STOPPING | {signal.SIGCHLD}
GRACE = 6.0  # seconds that ending children have before SIGKILL; the foundations have FOUNDATION_GRACE more
FOUNDATION_GRACE = 2.0
PATIENCE = 60.0  # seconds until everything must be ready
LONGEST_PAUSE = 10.0  # seconds, between two starts of a child that keeps crashing
HEALTHY = 20.0  # seconds of life after which earlier crashes are forgotten
CRASHES_AT_START = 3


class CannotStart(RuntimeError):
    """The processes were not all ready in time; the message says which."""


@dataclass(frozen=True, slots=True)
class Child:
    """One process: `run` is called in a fork and may exec; `foundation` starts first and ends last.

    `once`: it has something to do as soon as everything is ready, and has done it when it ends well.
    """

    name: str
    run: Callable[[], object]
    ready: Callable[[], bool] = lambda: True
    foundation: bool = False
    once: bool = False
    ends_by: signal.Signals = signal.SIGKILL  # what it receives when the supervisor itself is killed


@dataclass(slots=True)
class _Process:
    child: Child
    pid: int = 0  # 0 while it does not run
    started: float = 0.0
    due: float = math.inf  # when to start it again
    crashes: int = 0
    ready: bool = False


@dataclass(slots=True)
class Supervisor:
    """`run()` blocks until SIGTERM, SIGINT or SIGHUP and returns the exit status."""

    children: Iterable[Child]
    _processes: list[_Process] = field(default_factory=list)
    _stop: bool = False

    def run(self, on_ready: Callable[[], object] = lambda: None) -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        lifeline.adopt_orphans()
        gc.collect()
        gc.freeze()  # what is loaded now stays shared between the children
        self._processes = [_Process(child) for child in self.children]
        try:
            self._start()
            if not self._stop:
                on_ready()
                self._begin_what_is_done_once()
            self._watch()
        except CannotStart as refusal:
            log.error("%s", refusal)
            return 1
        finally:
            self._end_all()
        return 0

    def _start(self) -> None:
        deadline = time.monotonic() + PATIENCE
        for foundation in (True, False):
            lasting = [one for one in self._processes if not one.child.once]
            batch = [one for one in lasting if one.child.foundation is foundation]
            for one in batch:
                self._fork(one)
            self._await_ready(batch, deadline)

    def _begin_what_is_done_once(self) -> None:
        for one in self._processes:
            if one.child.once:
                one.due = time.monotonic()

    def _await_ready(self, batch: list[_Process], deadline: float) -> None:
        while not self._stop:
            for one in batch:
                one.ready = one.ready or (one.pid != 0 and one.child.ready())
            late = [one.child.name for one in batch if not one.ready]
            if not late:
                return
            if time.monotonic() > deadline:
                raise CannotStart(f"not ready after {PATIENCE:.0f} s: {', '.join(late)}")
            self._turn(0.02)
            self._refuse_crash_loops(batch)

    def _refuse_crash_loops(self, batch: list[_Process]) -> None:
        for one in batch:
            if one.crashes >= CRASHES_AT_START:
                raise CannotStart(f"{one.child.name} ended {one.crashes} times before it was ready")

    def _watch(self) -> None:
        while not self._stop:
            self._turn(self._pause())

    def _pause(self) -> float:
        waiting = [one.due for one in self._processes if not one.pid]
        return max(0.0, min([LONGEST_PAUSE, *(due - time.monotonic() for due in waiting)]))

    def _turn(self, pause: float) -> None:
        """Wait at most `pause` seconds for a signal, then bury the dead and start what is due."""
        heard = signal.sigtimedwait(WATCHED, min(pause, make_above.LOOK_EVERY))
        if (heard and heard.si_signo in STOPPING) or make_above.is_waiting_for_us_to_stop():
            self._stop = True
            return
        self._bury()
        for one in self._processes:
            if not one.pid and one.due <= time.monotonic():
                self._fork(one)

    def _fork(self, one: _Process) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _live(one.child, parent)
        with contextlib.suppress(OSError):  # both sides set it, so that neither can come too late
            os.setpgid(pid, pid)
        one.pid, one.started, one.due = pid, time.monotonic(), math.inf

    def _bury(self) -> None:
        for pid, status in _ended():
            for one in self._processes:
                if one.pid == pid:
                    self._plan_restart(one, status)

    def _plan_restart(self, one: _Process, status: int) -> None:
        lived = time.monotonic() - one.started
        code = os.waitstatus_to_exitcode(status)
        if one.child.once and code == 0:
            one.pid, one.due = 0, math.inf
            return
        recycled = code == 0 and lived >= 1.0  # a worker that has done its share of jobs
        one.crashes = 0 if recycled else (1 if lived >= HEALTHY else one.crashes + 1)
        pause = 0.0 if recycled else pause_after(one.crashes)
        one.pid, one.due = 0, time.monotonic() + pause
        if not recycled and not self._stop:
            log.warning("%s ended (%s), starting it again in %.1f s", one.child.name, code, pause)

    def _end_all(self) -> None:
        self._stop = True
        self._end([one for one in self._processes if not one.child.foundation], GRACE)
        self._end(self._processes, FOUNDATION_GRACE)
        _kill_adopted()

    def _end(self, processes: list[_Process], grace: float) -> None:
        """SIGTERM to each, and SIGKILL to the groups of those that still live `grace` seconds later."""
        deadline = time.monotonic() + grace
        for one in processes:
            if one.pid:
                _send(one.pid, signal.SIGTERM)
        while any(one.pid for one in processes) and (left := deadline - time.monotonic()) > 0:
            heard = signal.sigtimedwait(WATCHED, left)
            self._bury()
            if heard and heard.si_signo in STOPPING:  # asked twice: at once
                break
        for one in processes:
            if one.pid:
                log.warning("%s did not end in time and was killed", one.child.name)
                _send(-one.pid, signal.SIGKILL)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(one.pid, 0)
                one.pid = 0


def pause_after(crashes: int) -> float:
    """Seconds to wait before a child that crashed so often in a row is started again."""
    return min(LONGEST_PAUSE, 0.1 * 2**crashes)


def _live(child: Child, parent: int) -> None:
    """The life of a forked child; never returns."""
    status = 1
    try:
        os.setpgid(0, 0)
        lifeline.end_with(parent, child.ends_by)
        lifeline.call_it(f"cem {child.name}")
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        child.run()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _ended() -> list[tuple[int, int]]:
    """Pids and statuses of all children, adopted ones included, that have ended since the last call."""
    gone = []
    with contextlib.suppress(ChildProcessError):
        while (end := os.waitpid(-1, os.WNOHANG))[0]:
            gone.append(end)
    return gone


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _kill_adopted() -> None:
    """Kill what our children left behind, and what that leaves behind."""
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    while listing.exists() and (pids := listing.read_text().split()):
        for pid in map(int, pids):
            _send(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
