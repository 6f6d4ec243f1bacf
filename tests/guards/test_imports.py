"""The web process stays light: what is heavy is loaded by the worker that needs it, when it needs it."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.guards.sources import ROOT

HEAVY = ("torch", "transformers", "plotly", "numpy", "opencc", "scipy", "sklearn", "onnxruntime")


def test_importing_the_application_imports_nothing_heavy() -> None:
    program = f"import sys, cem.app; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == []


def test_numpy_starts_no_threads_that_would_spin_beside_the_reader() -> None:
    """They are started when it is imported, after whatever of ours needs it."""
    program = "import nlp.similar, psutil; print(psutil.Process().num_threads())"
    mine = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, env=mine
    )
    assert done.stdout.split() == ["1"]
