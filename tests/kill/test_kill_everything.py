"""The supervisor itself is killed: nothing is left behind, and the hub goes on where it was."""

from __future__ import annotations

import signal

import pytest

from tests.house import VERY_BAD, House
from tests.kill.storm import nothing_lost_nothing_doubled, storm
from tests.processes.program import all_gone

pytestmark = pytest.mark.kill


def test_a_killed_hub_leaves_no_process_behind_and_starts_again_whole(embedded: House) -> None:
    before = embedded.stored()
    with storm(embedded.hub, lambda number: VERY_BAD, "hub") as blowing:
        blowing.reaches(20)
        family = embedded.hub.family()
        embedded.hub.stop(signal.SIGKILL)
        all_gone(family)
        embedded.hub.start()
        blowing.reaches(40)
    stored = embedded.stored() - before
    assert len(stored) == len(blowing.sent)
    nothing_lost_nothing_doubled(embedded.hub, stored, blowing)
    embedded.finishes()
    embedded.is_whole()
