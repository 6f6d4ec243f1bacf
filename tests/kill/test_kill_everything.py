"""The supervisor itself is killed: nothing is left behind, and the hub goes on where it was."""

from __future__ import annotations

import signal

import pytest

from tests.kill.house import VERY_BAD, House
from tests.kill.storm import nothing_lost_nothing_doubled, storm
from tests.processes.program import all_gone

pytestmark = pytest.mark.kill


def test_a_killed_hub_leaves_no_process_behind_and_starts_again_whole(here: House) -> None:
    before = here.stored()
    with storm(here.hub, lambda number: VERY_BAD, "hub", senders=4) as blowing:
        blowing.reaches(20)
        family = here.hub.family()
        here.hub.stop(signal.SIGKILL)
        all_gone(family)
        here.hub.start()
        blowing.reaches(40)
    stored = here.stored() - before
    assert len(stored) == len(blowing.sent)
    nothing_lost_nothing_doubled(here.hub, stored, blowing)
    here.finishes()
    here.is_whole()
