"""The process manager: starts in order, starts again, ends all, leaves nothing."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.processes.eventually import eventually
from tests.processes.program import Program, all_gone, program
from workers.supervisor import LONGEST_PAUSE, pause_after

pytestmark = pytest.mark.kill

PREAMBLE = """
import os, signal, subprocess, sys, threading
from pathlib import Path
from workers.supervisor import Child, Supervisor
folder = Path(os.environ["FOLDER"])
def idle():
    signal.pause()
def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("deaf", flush=True)
    while True:
        signal.pause()
def with_a_child():
    subprocess.Popen(["sleep", "600"])
    signal.pause()
"""
TWO = PREAMBLE + 'sys.exit(Supervisor([Child("a", idle), Child("b", idle)]).run(lambda: print("ready")))'
DEAF = PREAMBLE + 'sys.exit(Supervisor([Child("a", deaf), Child("b", idle)]).run(lambda: print("ready")))'
LITTER = PREAMBLE + 'sys.exit(Supervisor([Child("a", with_a_child)]).run(lambda: print("ready")))'
ORDER = (
    PREAMBLE
    + """
def foundation():
    threading.Event().wait(0.3)
    (folder / "laid").touch()
    print("laid", flush=True)
    signal.pause()
def upper():
    print("upper finds", (folder / "laid").exists(), flush=True)
    signal.pause()
children = [Child("upper", upper), Child("lower", foundation, (folder / "laid").exists, foundation=True)]
sys.exit(Supervisor(children).run(lambda: print("ready")))
"""
)
BROKEN = PREAMBLE + 'sys.exit(Supervisor([Child("a", lambda: 1 / 0, lambda: False), Child("b", idle)]).run())'
ONCE = (
    PREAMBLE
    + """
def once():
    print("done", flush=True)
children = [Child("a", idle), Child("b", once, once=True)]
sys.exit(Supervisor(children).run(lambda: print("ready", flush=True)))
"""
)
RECYCLED = (
    PREAMBLE
    + """
def share():
    print("work", flush=True)
    threading.Event().wait(1.05)
sys.exit(Supervisor([Child("a", share)]).run(lambda: print("ready")))
"""
)


def is_ready(hub: Program) -> None:
    eventually(lambda: "ready" in hub.said())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_stop_ends_every_child_and_the_status_is_zero(
    tmp_path: Path, number: signal.Signals
) -> None:
    with program(TWO, tmp_path, FOLDER=str(tmp_path)) as hub:
        is_ready(hub)
        children = hub.family()
        hub.hears(number)
        assert hub.ends() == 0
        assert len(children) == 2
        all_gone(children, within=0.5)


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    with program(DEAF, tmp_path, FOLDER=str(tmp_path)) as hub:
        is_ready(hub)
        children = hub.family()
        hub.hears(signal.SIGKILL)
        hub.ends()
        all_gone(children)


def test_a_child_that_ignores_sigterm_is_killed_within_ten_seconds(tmp_path: Path) -> None:
    with program(DEAF, tmp_path, FOLDER=str(tmp_path)) as hub:
        eventually(lambda: "deaf" in hub.said() and "ready" in hub.said())
        children, began = hub.family(), time.monotonic()
        hub.hears(signal.SIGTERM)
        assert hub.ends() == 0
        assert time.monotonic() - began < 10
        all_gone(children, within=0.5)


def test_asking_twice_ends_it_at_once(tmp_path: Path) -> None:
    with program(DEAF, tmp_path, FOLDER=str(tmp_path)) as hub:
        eventually(lambda: "deaf" in hub.said() and "ready" in hub.said())
        hub.hears(signal.SIGINT)
        eventually(lambda: len(hub.family()) == 1)
        hub.hears(signal.SIGINT)
        assert hub.ends(within=2) == 0


def test_what_a_killed_child_left_behind_is_ended_too(tmp_path: Path) -> None:
    with program(LITTER, tmp_path, FOLDER=str(tmp_path)) as hub:
        is_ready(hub)
        eventually(lambda: len(hub.family()) == 2)
        parent = psutil.Process(hub.pid).children()[0]
        orphan = parent.children()[0]
        parent.kill()
        eventually(lambda: orphan.ppid() == hub.pid)
        hub.hears(signal.SIGTERM)
        assert hub.ends() == 0
        all_gone([orphan], within=0.5)


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    with program(TWO, tmp_path, FOLDER=str(tmp_path)) as hub:
        is_ready(hub)
        first, other = hub.family()
        first.kill()
        replaced = eventually(lambda: [one for one in hub.family() if one not in (first, other)])
        assert len(replaced) == 1
        assert other.is_running()


def test_a_child_that_has_done_its_share_is_started_again_without_a_word(tmp_path: Path) -> None:
    with program(RECYCLED, tmp_path, FOLDER=str(tmp_path)) as hub:
        eventually(lambda: hub.said().count("work") == 3)
        assert "ended" not in hub.said()


def test_foundations_are_ready_before_anything_else_starts(tmp_path: Path) -> None:
    with program(ORDER, tmp_path, FOLDER=str(tmp_path)) as hub:
        eventually(lambda: "ready" in hub.said() and "upper" in hub.said())
        assert hub.said().startswith("laid")
        assert "upper finds True" in hub.said()
        assert len(hub.family()) == 2


def test_a_child_that_keeps_crashing_at_the_start_is_named_and_everything_ends(tmp_path: Path) -> None:
    with program(BROKEN, tmp_path, FOLDER=str(tmp_path)) as hub:
        assert hub.ends() == 1
        assert "a ended 3 times before it was ready" in hub.said()
        assert "ZeroDivisionError" in hub.said()


def test_the_pause_before_another_start_grows_and_is_bounded() -> None:
    pauses = [pause_after(crashes) for crashes in range(1, 12)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 0.5
    assert pauses[-1] == LONGEST_PAUSE


def test_what_is_done_once_begins_after_the_hub_is_ready_and_is_not_begun_again(tmp_path: Path) -> None:
    with program(ONCE, tmp_path, FOLDER=str(tmp_path)) as running:
        eventually(lambda: "done" in running.said())
        running.hears(signal.SIGTERM)
        assert running.ends() == 0
        assert running.said().split() == ["ready", "done"]
