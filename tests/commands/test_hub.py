"""The whole hub, first start to last: the demo company is there, a tap comes through, and the proof holds."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest

from tests.hub import Hub, hub, path_of
from tests.processes.eventually import eventually

pytestmark = pytest.mark.kill


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with hub(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def token(running: Hub) -> str:
    return running.token("admin")


def ready_line(running: Hub) -> str:
    return next(line for line in running.printed().splitlines() if line.startswith("ready"))


def very_bad_tap(running: Hub, token: str) -> dict[str, object]:
    body = {
        "channel": "kiosk",
        "site": "bund",
        "touchpoint": "front-desk",
        "rating": {"scale": "faces5", "value": 1},
    }
    answer = running.post("/api/v1/feedback", body, token, Idempotency_Key=str(uuid.uuid4()))
    assert answer.status == 201, answer.text
    return dict(answer.json)


def paged(running: Hub, token: str, case_id: str, transport: str = "inbox") -> list[dict[str, object]]:
    items = running.get("/api/v1/sandbox/deliveries", token).json["items"]
    mine = [item for item in items if item["case_id"] == case_id and item["state"] == "sent"]
    return [item for item in mine if item["transport"] == transport]


def test_the_ready_line_leads_to_home_a_kiosk_and_a_link(running: Hub) -> None:
    addresses = [word for word in ready_line(running).split() if word.startswith("http")]
    assert [running.get(path_of(address)).status for address in addresses] == [303, 200, 200]


def test_the_ready_line_names_people_who_can_sign_in(running: Hub) -> None:
    words = ready_line(running).split()
    assert words[words.index("admin") :][:3] == ["admin", "admin", running.sign_ins()["admin"]]


def test_the_demo_company_is_there_and_its_ledger_adds_up(running: Hub, token: str) -> None:
    ledger = running.get("/api/v1/ledger", token).json
    answered, excused = sum(ledger["answered"].values()), sum(ledger["excused"].values())
    assert ledger["total"] == ledger["owed"] + answered + excused >= 2_000
    assert (
        json.loads(running.cem("sites", "--json"))["items"]
        == running.get("/api/v1/sites", token).json["items"]
    )


def test_a_very_bad_tap_reaches_whoever_is_on_duty(running: Hub, token: str) -> None:
    case = very_bad_tap(running, token)["case"]
    assert isinstance(case, dict)
    first = eventually(lambda: paged(running, token, case["id"]))[0]
    assert (first["kind"], first["transport"]) == ("page", "inbox")


def test_the_robot_of_the_group_would_have_said_it_too(running: Hub, token: str) -> None:
    case = very_bad_tap(running, token)["case"]
    assert isinstance(case, dict)
    told = eventually(lambda: paged(running, token, case["id"], "wecom"))[0]
    assert (told["kind"], told["to"]) == ("page", "集团值班群")
    assert str(case["number"]) in str(told["text"])


def test_nobody_acts_and_the_next_is_called_when_the_clock_walks(running: Hub, token: str) -> None:
    case = very_bad_tap(running, token)["case"]
    assert isinstance(case, dict)
    eventually(lambda: paged(running, token, case["id"]))
    running.advance("PT11M", token)
    sent = paged(running, token, case["id"])
    assert [message["kind"] for message in sent] == ["page", "escalation", "escalation", "escalation"]
    assert len({message["to"] for message in sent}) == 4
    assert running.cem("verify").startswith("Nothing is wrong")


def test_commands_beside_the_hub_share_its_clock(running: Hub, token: str) -> None:
    now = running.advance("PT20M", token)
    body = {"channel": "api", "site": "bund", "rating": {"scale": "faces5", "value": 5}}
    answer = running.post("/api/v1/feedback", body, token, Idempotency_Key=str(uuid.uuid4()))
    received = running.get(f"/api/v1/feedback/{answer.json['id']}", token).json["received_at"]
    assert received >= now
    assert running.cem("verify").startswith("Nothing is wrong")


def test_a_backup_of_a_running_hub_is_whole(running: Hub) -> None:
    file = running.instance.parent / "hub.tar.gz"
    running.cem("backup", str(file))
    other = Hub(running.instance.parent / "restored", running.env, running.port)
    other.cem("restore", str(file))
    assert other.cem("ledger") == running.cem("ledger")
    assert other.cem("verify").startswith("Nothing is wrong")


def test_after_another_start_everything_is_still_there(running: Hub, token: str) -> None:
    before, passwords = running.get("/api/v1/ledger", token).json, running.sign_ins()
    assert running.stop() == 0
    running.start()
    assert running.get("/api/v1/ledger", token).json["total"] == before["total"]
    assert running.sign_ins() == passwords
