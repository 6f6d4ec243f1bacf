"""What `make` is told reaches the hub it runs, however it is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.processes.eventually import eventually
from tests.processes.program import ROOT, all_gone

pytestmark = [pytest.mark.kill, pytest.mark.skipif(not shutil.which("make"), reason="make is missing")]

HUB = """
import signal, sys
from workers.supervisor import Child, Supervisor
children = [Child("a", signal.pause), Child("b", signal.pause)]
sys.exit(Supervisor(children).run(lambda: print("ready", flush=True)))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_to_make_alone_ends_the_hub(tmp_path: Path, number: signal.Signals) -> None:
    _ends_with(tmp_path, lambda make: os.kill(make.pid, number))


def test_a_ctrl_c_to_make_and_the_hub_ends_both(tmp_path: Path) -> None:
    _ends_with(tmp_path, lambda make: os.killpg(make.pid, signal.SIGINT))


def _ends_with(tmp_path: Path, tell: Callable[[subprocess.Popen[bytes]], object]) -> None:
    """A makefile with the real one's way of starting the hub, and this test's hub."""
    follow = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("FOLLOW"))
    (tmp_path / "hub.py").write_text(HUB)
    (tmp_path / "Makefile").write_text(f"{follow}\nrun:\n\t@exec $(FOLLOW) {sys.executable} hub.py\n")
    output = tmp_path / "said.txt"
    with output.open("wb") as sink:
        make = subprocess.Popen(
            ["make", "-C", str(tmp_path), "run"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_as_in_a_terminal,  # noqa: PLW1509
        )
    eventually(lambda: "ready" in output.read_text())
    family = psutil.Process(make.pid).children(recursive=True)
    assert len(family) == 3
    tell(make)
    make.wait(30)
    all_gone(family)


def _as_in_a_terminal() -> None:
    """Whoever started the tests may ignore signals (nohup does), and make would inherit that."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
