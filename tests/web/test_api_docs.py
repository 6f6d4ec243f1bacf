"""The document says what the API does, a person can read it, and it asks nobody else for anything."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from cem.domain.vocabulary import Channel
from tests.web.api_caller import API, Caller, caller, feedback
from tests.world import World

VARIABLE = re.compile("<(?:[a-z]+:)?")


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get(f"{API}/openapi.json").json
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post")
    }


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return found


def answered(document: dict[str, Any], call: str, status: str = "200") -> set[str]:
    """The fields that the document promises for the answer to a call."""
    content = operations(document)[call]["responses"][status]["content"]["application/json"]
    schema = resolved(document, content["schema"])
    return set(resolved(document, schema.get("items", schema))["properties"])


def test_every_call_is_described_with_its_scopes_and_its_words(document: dict[str, Any], app: Flask) -> None:
    described = operations(document)
    routes = {
        f"{method} {VARIABLE.sub('{', rule.rule).replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_") and not rule.endpoint.startswith("api_docs.")
        for method in rule.methods or ()
        if method in ("GET", "POST")
    }
    assert set(described) == routes
    assert all(operation["summary"] for operation in described.values())
    assert all("admin" in operation["x-scopes"] for operation in described.values())


def test_the_body_of_a_feedback_is_described_as_it_is_checked(document: dict[str, Any]) -> None:
    body = operations(document)[f"POST {API}/feedback"]["requestBody"]["content"]["application/json"]
    schema = resolved(document, body["schema"])
    assert set(schema["required"]) == {"channel", "site"}
    assert schema["properties"]["channel"]["enum"] == [channel.value for channel in Channel]
    assert schema["properties"]["text"]["maxLength"] == 20_000
    assert schema["additionalProperties"] is False
    rating = resolved(document, schema["properties"]["rating"])
    assert rating["properties"]["value"]["type"] == "integer"


def test_answers_have_exactly_the_fields_that_the_document_promises(
    world: World, document: dict[str, Any]
) -> None:
    program = caller(world.app)
    sent = program.send(feedback(rating={"scale": "csat5", "value": 1}, customer={"external_id": "c"}))
    assert set(sent.json) == answered(document, f"POST {API}/feedback", "201")
    case, id = sent.json["case"]["id"], sent.json["id"]
    reply = {"text": "Sorry.", "via": "email"}
    for shown, call in (
        (program.get(f"/feedback/{id}").json, "GET /feedback/{feedback_id}"),
        (program.get(f"/cases/{case}").json, "GET /cases/{case_id}"),
        (program.get("/cases").json["items"][0], None),
        (program.get("/ledger").json | {"parts": []}, "GET /ledger"),
        (program.get("/metrics/csat").json[0], "GET /metrics/{name}"),
        (program.get("/topics/emerging").json, "GET /topics/emerging"),
        (program.get("/customers/card", external_id="c").json, "GET /customers/card"),
        (program.post("/analyses", {"texts": [{"id": "a", "text": "好"}]}).json[0], "POST /analyses"),
        (program.post(f"/feedback/{id}/replies", reply).json, "POST /feedback/{feedback_id}/replies"),
    ):
        promised = (
            answered(document, call.replace(" ", f" {API}"))
            if call
            else set(document["components"]["schemas"]["CaseSummary"]["properties"])
        )
        assert set(shown) == promised, call


def test_every_call_promises_the_one_shape_of_errors(document: dict[str, Any]) -> None:
    error = document["components"]["schemas"]["ErrorDetail"]["properties"]
    assert set(error) == {"code", "message", "fields"}
    assert all("default" in operation["responses"] for operation in operations(document).values())


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.ids.add(given.get("id", ""))
        if tag == "style" or "style" in given or (tag == "script" and "src" not in given):
            self.inline.append(tag)


def test_a_person_can_read_it_without_a_token_and_under_a_strict_policy(app: Flask) -> None:
    answer = app.test_client().get("/api/docs")
    page = Page()
    page.feed(answer.text)
    assert answer.status_code == 200
    assert "style-src 'self';" in answer.headers["Content-Security-Policy"]
    assert page.inline == []
    assert all(link.startswith(("/", "#", "?")) for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert "rating.value" in answer.text


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_the_page_speaks_three_languages(app: Flask, lang: str) -> None:
    answer = app.test_client().get(f"/api/docs?lang={lang}")
    assert f'<html lang="{lang}"' in answer.text


def test_prometheus_is_told_what_waits(world: World) -> None:
    Caller(world.app, caller(world.app).token).send(feedback(text="Owed."))
    answer = world.app.test_client().get("/metrics")
    assert answer.mimetype == "text/plain"
    assert "cem_ledger_owed 1.0" in answer.text
    assert "cem_outbox_unexpanded" in answer.text
    assert json.dumps("Owed.") not in answer.text
