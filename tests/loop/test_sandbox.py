"""The sandbox of a real hub: the clock walks, every process with it, and all happens at its own time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

import pytest
from sqlalchemy import select

from cem import clock
from cem.models import ApiToken
from tests.conftest import Databases
from tests.house import TOKENS, VERY_BAD, House, house, said
from tests.processes.eventually import eventually

pytestmark = pytest.mark.kill

ADMIN = TOKENS[0]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def building(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp(request.param)
    url = databases.sqlite(folder) if request.param == "sqlite" else databases.postgresql()
    with house(url, folder) as running:
        yield running


@pytest.fixture
def here(building: House) -> Iterator[House]:
    clock.share(building.hub.instance / "sandbox-clock")  # another hub's may have been looked at since
    yield building
    building.everything_is_over()


def send(here: House, body: dict[str, Any]) -> dict[str, Any]:
    key = f"loop-{time.monotonic_ns()}"
    return dict(here.hub.post("/api/v1/feedback", body, ADMIN, Idempotency_Key=key).json)


def at_ten(here: House) -> None:
    """Ten in the morning in Shanghai, when duty, deputy, head and region are four people."""
    now = clock.now()
    ten = now.replace(hour=2, minute=0, second=0, microsecond=0)
    wait = (ten - now) % timedelta(days=1)
    here.hub.advance(f"PT{int(wait.total_seconds())}S", ADMIN)


def deliveries(here: House, case_id: str, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    items = here.hub.get("/api/v1/sandbox/deliveries", ADMIN).json["items"]
    return [each for each in items if each["case_id"] == case_id and each["kind"] in kinds]


def minutes(since: str, at: str) -> float:
    return round((datetime.fromisoformat(at) - datetime.fromisoformat(since)) / timedelta(minutes=1), 1)


def walk_until_cut_off(here: House, duration: str) -> None:
    with suppress(HTTPException, OSError):
        here.hub.advance(duration, ADMIN)


def received_at(here: House, sent: dict[str, Any]) -> str:
    return str(here.hub.get(f"/api/v1/feedback/{sent['id']}", ADMIN).json["received_at"])


def test_each_page_goes_out_at_its_own_minute_to_the_next_person(here: House) -> None:
    at_ten(here)
    sent = send(here, VERY_BAD)
    here.hub.advance("PT56M", ADMIN)
    begun = received_at(here, sent)
    paged = deliveries(here, sent["case"]["id"], ("page", "escalation"))
    assert [(minutes(begun, each["at"]), each["to"], each["kind"]) for each in paged] == [
        (0, "lin", "page"),
        (2, "zhou", "escalation"),
        (5, "shen", "escalation"),
        (10, "gu", "escalation"),
        (25, "gu", "escalation"),
        (40, "gu", "escalation"),
        (55, "gu", "escalation"),
    ]
    assert {each["state"] for each in paged} == {"sent"}


def test_an_acknowledgement_ends_the_pages(here: House) -> None:
    at_ten(here)
    sent = send(here, VERY_BAD)
    here.hub.advance("PT3M", ADMIN)
    case_id = sent["case"]["id"]
    assert here.hub.post(f"/api/v1/cases/{case_id}/acknowledgement", {}, ADMIN).status == 200
    here.hub.advance("PT3H", ADMIN)
    assert [each["kind"] for each in deliveries(here, case_id, ("page", "escalation"))] == [
        "page",
        "escalation",
    ]
    assert [each["kind"] for each in deliveries(here, case_id, ("breach",))] == ["breach"]


def test_what_was_caused_is_finished_when_the_walk_answers(here: House) -> None:
    sent = send(here, said("隔壁太吵，没人管，前台态度也很差。"))
    here.hub.advance("PT0S", ADMIN)
    feedback = here.hub.get(f"/api/v1/feedback/{sent['id']}", ADMIN).json
    assert feedback["findings"]["sentiment"]["label"] == "negative"
    assert feedback["case_id"]
    assert deliveries(here, feedback["case_id"], ("page",))
    assert here.left_to_do() == 0


def test_five_hours_of_pages_are_walked_in_seconds(here: House) -> None:
    at_ten(here)
    cases = [send(here, VERY_BAD)["case"]["id"] for _ in range(3)]
    begun = time.monotonic()
    here.hub.advance("PT300M", ADMIN)
    assert time.monotonic() - begun < 60
    for case_id in cases:
        assert len(deliveries(here, case_id, ("page", "escalation"))) == 1 + 3 + 19
    assert here.hub.try_cem("verify").returncode == 0


def test_a_command_beside_the_hub_lives_at_the_same_time(here: House) -> None:
    now = here.hub.advance("P2D", ADMIN)
    here.hub.token("read")
    created = max(row.created_at for row in here.rows(select(ApiToken.created_at)))
    assert timedelta() <= created - datetime.fromisoformat(now) < timedelta(minutes=1)


def test_two_walks_at_once_are_walked_one_after_the_other(here: House) -> None:
    before = clock.now()
    walks = [threading.Thread(target=here.hub.advance, args=("PT1H", ADMIN)) for _ in range(2)]
    for walk in walks:
        walk.start()
    for walk in walks:
        walk.join(60)
    assert timedelta(hours=2) <= clock.now() - before < timedelta(hours=2, minutes=1)


def test_a_web_process_killed_on_a_walk_leaves_no_clock_standing(here: House) -> None:
    send(here, VERY_BAD)
    walk = threading.Thread(target=walk_until_cut_off, args=(here, "P30D"))
    walk.start()
    eventually(clock.stands, every=0)
    here.kills("web")
    walk.join(60)
    eventually(lambda: not clock.stands())
    assert here.hub.get("/api/v1/sandbox/clock", ADMIN).status == 200
