"""What the API tells of places, the ledger, scores and customers; many replies at once; understanding."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from cem import clock
from cem.domain.vocabulary import Scope
from cem.extensions import db
from cem.ids import new_id
from cem.models import PublicLink, Purchase, Survey, Touchpoint
from tests.web.api_caller import Caller, caller, feedback
from tests.world import World


@pytest.fixture
def program(world: World) -> Caller:
    return caller(world.app)


def rated(scale: str, value: int, **more: Any) -> dict[str, Any]:
    return feedback(rating={"scale": scale, "value": value}, **more)


def test_sites_are_branches_with_touchpoints_and_public_addresses(world: World, program: Caller) -> None:
    now = clock.now()
    with db.engines[None].begin() as connection:
        room = connection.scalar(
            db.select(Touchpoint.id).where(
                Touchpoint.code == "room", Touchpoint.site_id == world.places["bund"]
            )
        )
        survey = new_id(now)
        connection.execute(insert(Survey), [{"id": survey, "code": "s", "name": {"en": "s"}}])
        for kind in ("kiosk", "link"):
            row = {"id": new_id(now), "token": f"{kind}-1", "kind": kind, "touchpoint_id": room}
            connection.execute(insert(PublicLink), [row | {"survey_id": survey, "created_at": now}])
    answer = program.get("/sites").json
    assert [site["code"] for site in answer["items"]] == ["bund", "soho"]
    assert answer["next"] is None
    bund = answer["items"][0]
    assert (bund["path"], bund["timezone"], bund["name"]) == ("group/east/bund/", "Asia/Shanghai", "bund")
    desk, room_shown = bund["touchpoints"]
    assert desk == {"code": "front-desk", "name": "front-desk", "kiosk_url": None, "link_url": None}
    assert room_shown["kiosk_url"].endswith("/k/kiosk-1")
    assert room_shown["link_url"].endswith("/f/link-1")


def test_sites_come_in_pages(program: Caller) -> None:
    first = program.get("/sites", limit=1).json
    assert [site["code"] for site in first["items"]] == ["bund"]
    second = program.get("/sites", limit=1, cursor=first["next"]).json
    assert [site["code"] for site in second["items"]] == ["soho"]
    assert second["next"] is None


def test_the_ledger_adds_up_for_every_slice(program: Caller) -> None:
    program.send(feedback())
    owed = program.send(rated("csat5", 3)).json["id"]
    program.send(feedback(site="soho", text="Lovely room."))
    program.post(f"/feedback/{owed}/excuse", {"reason": "test", "evidence": "Our own."})
    whole = program.get("/ledger").json
    assert (whole["total"], whole["owed"], whole["overdue"]) == (3, 1, 0)
    assert whole["answered"] == {"thanked": 1, "personal": 0, "public": 0}
    assert whole["excused"]["test"] == 1
    assert "parts" not in whole
    for by in ("site", "channel", "day", "owner"):
        parts = program.get("/ledger", by=by).json["parts"]
        assert sum(part["total"] for part in parts) == 3
        assert all(
            part["total"] == part["owed"] + sum(part["answered"].values()) + sum(part["excused"].values())
            for part in parts
        )


def test_from_and_to_are_half_open_on_when_it_was_received(program: Caller) -> None:
    program.send(feedback())
    at = clock.now()
    clock.stand_at(at + timedelta(hours=1))
    program.send(feedback())
    then, now = at.isoformat(), clock.now().isoformat()
    assert program.get("/ledger", **{"from": then, "to": now}).json["total"] == 1
    assert program.get("/ledger", **{"from": now}).json["total"] == 1
    assert program.get("/ledger", to=then).json["total"] == 0
    assert program.get("/metrics/csat", **{"from": then, "to": now}).json[0]["n"] == 1
    unescaped = then.replace("+", " ")
    assert program.get("/ledger", **{"from": unescaped}).json["total"] == 2
    assert program.get("/ledger", **{"from": "yesterday"}).json["error"]["fields"].keys() == {"from"}


def test_scores_never_mix_and_carry_their_interval_and_n(program: Caller) -> None:
    for value in (10, 9, 3):
        program.send(rated("nps", value))
    program.send(rated("csat5", 5, answers=[{"question": "easy", "scale": "ces7", "value": 6}]))
    (nps,) = program.get("/metrics/nps").json
    assert (nps["key"], nps["n"], round(nps["value"], 1)) == ("all", 3, 33.3)
    assert nps["low"] < nps["value"] < nps["high"]
    (csat,) = program.get("/metrics/csat").json
    assert (csat["n"], csat["value"]) == (1, 1.0)
    (ces,) = program.get("/metrics/ces").json
    assert (ces["n"], ces["value"]) == (1, 6.0)
    assert program.get("/metrics/happiness").status_code == 404


def test_a_score_of_nothing_has_no_value(program: Caller) -> None:
    assert program.get("/metrics/nps").json == [
        {"key": "all", "n": 0, "value": None, "low": None, "high": None}
    ]
    assert program.get("/metrics/nps", by="site").json == []


def test_scores_come_by_part(program: Caller) -> None:
    program.send(rated("nps", 10, touchpoint="room"))
    program.send(rated("nps", 0, occurred_at="2026-11-22T20:00:00+08:00"))
    program.send(rated("nps", 5, site="soho", channel="review"))

    def keys(by: str) -> list[str]:
        return [each["key"] for each in program.get("/metrics/nps", by=by).json]

    assert keys("site") == ["bund", "soho"]
    assert keys("channel") == ["api", "review"]
    assert keys("touchpoint") == ["bund/", "bund/room", "soho/"]
    assert keys("day") == ["2026-11-22", "2026-11-23"]
    assert keys("week") == ["2026-11-16", "2026-11-23"]
    assert keys("month") == ["2026-11"]
    assert program.get("/metrics/nps", by="mood").status_code == 422


def test_the_contact_card_tells_who_is_calling(world: World, program: Caller) -> None:
    who = {"external_id": "c-1", "name": "王女士", "phone": "+8613912345678", "consent": {"contact": True}}
    sent = program.send(rated("csat5", 1, text="没人管", customer=who)).json
    card = program.get("/customers/card", external_id="c-1").json
    assert (card["name"], card["phone"], card["tier"]) == ("王女士", "+8613912345678", "unknown")
    assert card["consent"] == {"contact": True}
    assert [case["id"] for case in card["cases"]] == [sent["case"]["id"]]
    assert [(each["id"], each["text"]) for each in card["feedback"]] == [(sent["id"], "没人管")]
    assert card["purchases"] == {"n": 0, "last_at": None, "spent": []}
    for spelled in ("+8613912345678", " 8613912345678", "+86 139-1234-5678"):
        assert program.get("/customers/card", phone=spelled).json["id"] == card["id"]
    assert program.get("/customers/card", phone="+1").status_code == 404
    assert program.get("/customers/card").status_code == 422


def test_a_card_holds_only_what_happened_where_the_caller_may_look(world: World, program: Caller) -> None:
    program.send(feedback(customer={"external_id": "c-1"}))
    customer_id = program.get("/customers/card", external_id="c-1").json["id"]
    west = caller(world.app, Scope.CASES, "group/west/")
    assert west.get("/customers/card", external_id="c-1").status_code == 404
    with db.engines[None].begin() as connection:
        bought = {"customer_id": UUID(customer_id), "site_id": world.places["soho"]}
        row = bought | {"id": new_id(clock.now()), "at": clock.now(), "amount_minor": 1250, "currency": "GBP"}
        connection.execute(insert(Purchase), [row])
    card = west.get("/customers/card", external_id="c-1").json
    assert card["feedback"] == []
    assert card["purchases"]["spent"] == [{"currency": "GBP", "amount_minor": 1250}]


def test_one_text_answers_many_each_with_its_own_evidence(program: Caller) -> None:
    ids = [program.send(rated("csat5", 1)).json["id"] for _ in range(3)]
    program.send(feedback(site="soho", text="Fine."))
    answer = program.post("/feedback/replies", {"ids": ids, "text": "Sorry, all.", "via": "sms"})
    assert answer.status_code == 200
    assert answer.json["replied"] == 3
    assert len({each["reply_id"] for each in answer.json["results"]}) == 3
    assert program.get("/ledger").json["answered"]["personal"] == 3
    assert program.get("/ledger").json["owed"] == 1


def test_a_filter_answers_what_is_still_owed_and_fits(program: Caller) -> None:
    owed = program.send(feedback(text="One.", touchpoint="room")).json["id"]
    program.send(feedback(touchpoint="room"))
    program.send(feedback(text="Elsewhere.", site="soho"))
    program.send(feedback(text="Another channel.", channel="review"))
    wanted = {"site": "east", "touchpoint": "room", "channel": "api", "from": clock.now().isoformat()}
    answer = program.post("/feedback/replies", {"filter": wanted, "text": "Thanks.", "via": "public_reply"})
    assert [each["id"] for each in answer.json["results"]] == [owed]
    assert answer.json["left"] == 0
    assert program.get("/ledger").json["answered"]["public"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"filter": {}},
        {"ids": []},
        {"ids": ["7"]},
        {"filter": {"site": "nix"}},
        {"filter": {"mood": "bad"}},
    ],
)
def test_many_replies_need_to_know_to_whom(program: Caller, body: dict[str, Any]) -> None:
    program.send(feedback(text="Owed."))
    answer = program.post("/feedback/replies", {"text": "t", "via": "email"} | body)
    assert answer.status_code == 422
    assert program.get("/ledger").json["owed"] == 1


def test_nobody_is_unreachable_before_three_tries(program: Caller) -> None:
    id = program.send(rated("csat5", 1)).json["id"]
    answer = program.post(f"/feedback/{id}/excuse", {"reason": "unreachable", "evidence": "No answer."})
    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "unreachable_needs_three_contacts"


def test_texts_are_understood_in_order_and_not_stored(program: Caller) -> None:
    texts = [
        {"id": "a", "text": "服务员态度很差，再也不来了"},
        {"id": "b", "text": "", "rating": 3},
        {"id": "c", "text": "Wonderful breakfast!", "rating": {"scale": "csat5", "value": 5}},
    ]
    answer = program.post("/analyses", {"texts": texts, "pack": "hotel"})
    assert answer.status_code == 200
    assert [each["id"] for each in answer.json] == ["a", "b", "c"]
    assert answer.json[0]["sentiment"]["score"] < 0 < answer.json[2]["sentiment"]["score"]
    assert answer.json[1]["sentiment"]["score"] == 0
    assert program.get("/ledger").json["total"] == 0


@pytest.mark.parametrize(
    ("texts", "status"),
    [
        ([{"id": "a", "text": "x"}] * 257, 422),
        ([{"id": "a", "text": "x" * 20_001}], 413),
        ([{"id": "a", "text": "x", "rating": 6}], 422),
        ([{"id": "a", "text": "x", "rating": "5"}], 422),
        ([{"text": "x"}], 422),
        ("x", 422),
    ],
)
def test_texts_that_cannot_be_read_are_refused(program: Caller, texts: Any, status: int) -> None:
    assert program.post("/analyses", {"texts": texts}).status_code == status
