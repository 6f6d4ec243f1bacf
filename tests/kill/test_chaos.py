"""Chaos: a minute of a busy hub on each database, its processes killed at random, and nothing is lost.

`make bench CHAOS=1` does the same for half an hour.
"""

from __future__ import annotations

import pytest

from tests.house import House
from tests.kill.chaos import VICTIMS, chaos

pytestmark = pytest.mark.kill

SECONDS = 60.0


def test_chaos_a_busy_minute_with_processes_killed_at_random_loses_nothing(here: House) -> None:
    happened = chaos(here, SECONDS, seed=20261123)
    assert set(happened.kills) == set(VICTIMS), "each of them was killed"
    assert happened.taken
    assert happened.stored >= SECONDS, "customers were served all the while"
