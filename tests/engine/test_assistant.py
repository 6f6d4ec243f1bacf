"""Somebody else's language model: asked where it is allowed, told little, believed as far as the case."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from cem.engine import assistant, cases, reply_drafts
from cem.engine.assistant import About, Reworded
from cem.engine.reply_facts import Asked
from cem.engine.transaction import transaction
from cem.extensions import db
from cem.models import AssistantCall, AuditRow, Feedback
from cem.transports.completions import Server
from tests.engine.test_reply_drafts import MARY, read, say
from tests.transports.others import WebServer, web_server
from tests.world import World

KEY = "key-of-the-house"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is about the other side, whatever keeps the rows."""
SAID = "The room was loud, zhou 周远 knows. My name is Mary Field, 13800138000, mary@example.com, 京A12345"


@pytest.fixture
def there() -> Iterator[WebServer]:
    with web_server() as found:
        yield found


@dataclass
class Case:
    """A taken case, and whoever writes about it."""

    world: World
    about: About

    def reword(self, server: Server) -> Reworded:
        asked = Asked(self.about.by, lambda code: f"https://hub.example/t/{code}")
        assert self.about.case_id is not None
        return assistant.reword(reply_drafts.for_case(self.about.case_id, asked), server, self.about)


@pytest.fixture
def case(world: World) -> Case:
    return taken(world, SAID)


def taken(world: World, words: str, risks: tuple[str, ...] = ()) -> Case:
    receipt = say(world, words, read(risks=risks), customer=MARY)
    cases.acknowledge(world.seen(receipt, "lin"))
    cases.note(world.seen(receipt, "lin"), "internal 4711")
    return Case(world, About(receipt.feedback_id, world.case(receipt).id, world.actor("zhou")))


def server(there: WebServer, **more: Any) -> Server:
    return Server(f"{there.url}/v1", "writer-1", KEY, **({"seconds": 5.0, "private": True} | more))


def says(there: WebServer, reworded: Callable[[str], str] | str) -> None:
    """It answers with these words, or with what they make of the draft that it got."""

    def answer() -> None:
        draft = json.loads(there.requests[-1].json["messages"][1]["content"])["draft"]
        content = reworded(draft) if callable(reworded) else reworded
        there.says({"choices": [{"message": {"role": "assistant", "content": content}}]})

    there.looks = answer


def calls() -> list[AssistantCall]:
    db.session.rollback()
    return list(db.session.scalars(select(AssistantCall).order_by(AssistantCall.id)))


def test_a_draft_comes_back_in_other_words_and_every_letter_is_kept(case: Case, there: WebServer) -> None:
    one = server(there)
    assistant.switch(one, True, case.world.actor("admin"))
    says(there, lambda draft: "Hello and thank you. " + draft)
    result = case.reword(one)
    assert result.why is None and result.text.startswith("Hello and thank you. ")
    assert "林知夏" in result.text and "bund" in result.text and "https://hub.example/t/" in result.text
    (request,) = there.requests
    assert (request.path, request.headers["authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    (call,) = calls()
    assert call.request.encode() == request.body and call.sent == len(call.request)
    assert (call.by, call.case_id, call.outcome) == (str(case.about.by), case.about.case_id, "used")
    assert (call.host, call.model) == (one.host, "writer-1") and call.answer and call.milliseconds is not None
    assert KEY not in repr((one, call.request, call.answer))
    actions = list(
        db.session.scalars(select(AuditRow.action).where(AuditRow.action.startswith("assistant.")))
    )
    assert actions == ["assistant.switched_on", "assistant.asked", "assistant.answered"]


def test_what_leaves_tells_nobody_who_anybody_is(case: Case, there: WebServer) -> None:
    one = server(there)
    assistant.switch(one, True, case.world.actor("admin"))
    says(there, lambda draft: draft)
    case.reword(one)
    left = there.requests[0].body.decode() + json.dumps(there.requests[0].headers)
    feedback = db.session.get_one(Feedback, case.about.feedback_id)
    private = (
        "Mary",
        "Stone",
        "Field",
        "13800138000",
        "13900139000",
        "mary@",
        "京A12345",
        "周远",
        "林知夏",
        "zhou@",
    )
    assert [word for word in (*private, "bund", "4711", "m1", feedback.tracking_code) if word in left] == []
    assert str(case.about.case_id) not in left and "hub.example" not in left
    assert "The room was loud" in left, "it knows what the letter is about"


def test_off_means_that_nothing_leaves(case: Case, there: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset, named but never switched on, switched off again, or switched on for another server or model."""
    reached: list[object] = []
    connect = socket.socket.connect
    if case.world.app.extensions["cem_settings"].on_sqlite:
        monkeypatch.setattr(
            socket.socket, "connect", lambda self, to: (reached.append(to), connect(self, to))[1]
        )
    one, admin = server(there), case.world.actor("admin")
    results = [assistant.reword(made(case), None, case.about), case.reword(one)]
    assistant.switch(one, True, admin)
    results.append(case.reword(Server(one.url, "another-model", KEY, private=True)))
    assistant.switch(one, False, admin)
    results.append(case.reword(one))
    assert [result.why and result.why.code for result in results] == ["assistant_off"] * 4
    assert there.requests == [] and calls() == []
    assert [to for to in reached if isinstance(to, tuple)] == [], "no connection anywhere"


def made(case: Case) -> reply_drafts.Made:
    assert case.about.case_id is not None
    return reply_drafts.for_case(case.about.case_id, Asked(case.about.by, str))


@one_database
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda draft: draft + " You get 20 % off.", "assistant_ungrounded"),
        (lambda draft: draft + " Call 13800138000.", "assistant_ungrounded"),
        (lambda draft: draft + " 顾长风", "assistant_ungrounded"),
        (lambda draft: draft + " See https://evil.example/x", "assistant_ungrounded"),
        (lambda draft: draft + " We will refund you tomorrow.", "assistant_ungrounded"),
        (lambda draft: draft.replace("[[CODE]]", "").replace("[[LINK]]", ""), "assistant_left_out"),
        (lambda draft: draft + " [[REFUND]]", "assistant_left_out"),
        (lambda draft: draft + " so" * 2_000, "assistant_too_long"),
        (lambda draft: "您好，谢谢您告诉我们，会处理好。" * 3 + "".join(re.findall(r"\[\[\w+\]\]", draft)),
         "assistant_wrong_language"),
        ("", "assistant_nonsense"),
    ],
)  # fmt: skip
def test_an_answer_that_goes_beyond_the_case_is_refused(
    case: Case, there: WebServer, answer: Callable[[str], str] | str, why: str
) -> None:
    one = server(there)
    assistant.switch(one, True, case.world.actor("admin"))
    says(there, answer)
    result = case.reword(one)
    assert (result.text, result.why and result.why.code) == ("", why)
    assert bool(result.amiss) == (why == "assistant_ungrounded")
    (call,) = calls()
    assert call.outcome == why and call.ended_at is not None


@one_database
@pytest.mark.parametrize(
    ("rudeness", "error"),
    [
        ({"status": 401}, "HTTP 401"),
        ({"status": 429, "headers": {"Retry_After": "1"}}, "HTTP 429"),
        ({"status": 500}, "HTTP 500"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, "HTTP 302"),
        ({"silent": True}, "no answer in time"),
        ({"drips": True}, "no answer in time"),
        ({"answer": b"<html>"}, None),
        ({"answer": b"[1]"}, None),
        ({"answer": b'{"choices": []}'}, None),
        ({"answer": b'{"choices": [{"message": {"content": "' + b"x" * 200_000 + b'"}}]}'}, None),
    ],
)  # fmt: skip
def test_a_server_that_fails_costs_a_sentence_and_is_asked_once(
    case: Case, there: WebServer, rudeness: dict[str, Any], error: str | None
) -> None:
    one = server(there, seconds=0.3)
    assistant.switch(one, True, case.world.actor("admin"))
    for name, value in rudeness.items():
        setattr(there, name, value)
    result = case.reword(one)
    assert result.text == "" and result.why
    assert (result.why.code, result.why.args.get("error")) == (
        ("assistant_failed", error) if error else ("assistant_nonsense", None)
    )
    assert len(there.requests) == 1 and KEY not in repr(result)


def test_no_connection_to_the_database_is_held_while_it_thinks(case: Case, there: WebServer) -> None:
    one, held = server(there), []
    assistant.switch(one, True, case.world.actor("admin"))
    engines = list(db.engines.values())
    there.looks = lambda: held.extend(engine.pool.checkedout() for engine in engines)
    case.reword(one)
    assert held and set(held) == {0}


def test_nobody_asks_more_than_a_few_times_a_minute(case: Case, there: WebServer) -> None:
    one = server(there)
    assistant.switch(one, True, case.world.actor("admin"))
    says(there, lambda draft: draft)
    results = [case.reword(one) for _ in range(assistant.A_MINUTE + 1)]
    last = results[-1].why
    assert last and last.code == "assistant_too_often" and len(there.requests) == assistant.A_MINUTE
    case.world.fast_forward(minutes=1.1)
    assert case.reword(one).why is None


def test_where_somebody_may_be_hurt_nothing_is_asked(world: World, there: WebServer) -> None:
    one = server(there)
    assistant.switch(one, True, world.actor("admin"))
    hurt, lost = taken(world, SAID, ("injury",)), taken(world, SAID, ("self_harm",))
    whys = [each.reword(one).why for each in (hurt, lost)]
    assert [why and why.code for why in whys] == ["assistant_not_for_risks", "draft_self_harm"]
    assert there.requests == []


def test_a_call_is_never_changed_and_its_words_go_with_the_customer_s(case: Case, there: WebServer) -> None:
    one = server(there)
    assistant.switch(one, True, case.world.actor("admin"))
    says(there, lambda draft: draft)
    case.reword(one)
    for change in (
        "UPDATE assistant_call SET outcome = 'nothing'",
        "UPDATE assistant_call SET request = 'other words'",
        "UPDATE assistant_call SET answer = 'other words'",
        "DELETE FROM assistant_call",
        "UPDATE assistant_switch SET host = 'elsewhere'",
        "DELETE FROM assistant_switch",
    ):
        with pytest.raises(DatabaseError), transaction() as tx:
            tx.session.execute(text(change))
    with transaction() as tx:
        tx.session.execute(update(Feedback).where(Feedback.id == case.about.feedback_id).values(text=""))
    (call,) = calls()
    assert (call.request, call.answer, call.outcome) == ("", "", "used") and call.sent > 0
