"""The web process is killed while customers tap: what was acknowledged is there, and is there once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.house import SATISFIED, VERY_BAD, House
from tests.kill.storm import nothing_lost_nothing_doubled, storm

pytestmark = pytest.mark.kill


def mostly_satisfied(number: int) -> dict[str, Any]:
    return VERY_BAD if number % 40 == 7 else SATISFIED


def test_every_acknowledged_tap_is_there_although_the_web_was_killed_three_times(here: House) -> None:
    before = here.stored()
    with storm(here.hub, mostly_satisfied, "web", senders=8, pause=0) as blowing:
        for count in (100, 200, 300):
            blowing.reaches(count)
            here.kills("web")
        blowing.reaches(400)
    stored = here.stored() - before
    assert blowing.unanswered > 0, "no request was on its way when the web was killed"
    assert len(stored) == len(blowing.sent)
    nothing_lost_nothing_doubled(here.hub, stored, blowing)
    here.finishes()
    here.is_whole()
