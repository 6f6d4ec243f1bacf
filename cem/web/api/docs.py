"""The OpenAPI document, and the page that lets a person read it. Open to anybody: it holds no secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request

from cem.extensions import csrf
from cem.http import access
from cem.http.access import Scopes
from cem.web.api.resource import PREFIX, Described, write_json

blueprint = Blueprint("api_docs", __name__)
csrf.exempt(blueprint)
for _name in ("document", "page"):
    access.rule(f"api_docs.{_name}", access.PUBLIC)

_VARIABLE: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a body, of an answer, or of an address."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class CallView:
    """One call as the page shows it."""

    method: str
    path: str
    summary: str
    scopes: str
    parameters: list[FieldView]
    body: list[FieldView]
    body_type: str
    answers: list[tuple[str, str, list[FieldView]]]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "")


@blueprint.get(f"{PREFIX}/openapi.json")
def document() -> Response:
    return write_json(_document())


@blueprint.get("/api/docs")
def page() -> str:
    """Every call with its fields, made from the document itself, so that the two cannot differ."""
    parts = _parts(_document())
    return render_template("api/docs.html", parts=parts, server=request.host_url.rstrip("/"))


def _document() -> dict[str, Any]:
    apis = current_app.extensions["flask-smorest"]["apis"]
    api: Described = apis[""]["ext_obj"]
    spec: dict[str, Any] = api.spec.to_dict()
    scopes = _scopes_by_call()
    for path, operations in spec["paths"].items():
        for method in _METHODS:
            if method in operations:
                operations[method]["x-scopes"] = scopes.get((method, path), [])
    return spec


def _scopes_by_call() -> dict[tuple[str, str], list[str]]:
    """Which tokens may make a call, from the one table of who may open what."""
    found: dict[tuple[str, str], list[str]] = {}
    for rule in current_app.url_map.iter_rules():
        allowed = access.RULES.get(rule.endpoint)
        if isinstance(allowed, Scopes):
            path = _VARIABLE.sub(r"{\1}", rule.rule)
            for method in rule.methods or ():
                found[method.lower(), path] = sorted(scope.value for scope in allowed.allowed)
    return found


def _parts(spec: dict[str, Any]) -> list[tuple[str, list[CallView]]]:
    """The calls under the description of the part that they belong to."""
    tags = {tag["name"]: (tag["description"], []) for tag in spec["tags"]}
    for path, operations in spec["paths"].items():
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                shared = operations.get("parameters", [])
                tags[operation["tags"][0]][1].append(_call(spec, method, path, operation, shared))
    return [(description, calls) for description, calls in tags.values() if calls]


def _call(
    spec: dict[str, Any], method: str, path: str, operation: dict[str, Any], shared: list[dict[str, Any]]
) -> CallView:
    parameters = [*shared, *operation.get("parameters", [])]
    content = operation.get("requestBody", {}).get("content", {})
    body_type, media = next(iter(content.items()), ("", {}))
    return CallView(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        scopes=", ".join(operation["x-scopes"]),
        parameters=[_parameter(spec, each) for each in parameters],
        body=_fields(spec, media.get("schema", {})),
        body_type=body_type,
        answers=[
            (status, answer.get("description", ""), _answer(spec, answer))
            for status, answer in operation["responses"].items()
            if status.startswith("2")
        ],
    )


def _parameter(spec: dict[str, Any], raw: dict[str, Any]) -> FieldView:
    words = raw.get("description", "")
    return FieldView(raw["name"], _kind(spec, raw.get("schema", {})), raw.get("required", False), words)


def _answer(spec: dict[str, Any], answer: dict[str, Any]) -> list[FieldView]:
    media = next(iter(answer.get("content", {}).values()), {})
    return _fields(spec, media.get("schema", {}))


def _fields(spec: dict[str, Any], schema: dict[str, Any], where: str = "") -> list[FieldView]:
    """Every field of an object, those inside it with dotted names."""
    schema = _resolved(spec, schema)
    if "items" in schema:
        return _fields(spec, schema["items"], where or "[].")
    needed = schema.get("required", [])
    found: list[FieldView] = []
    for name, raw in schema.get("properties", {}).items():
        field = _resolved(spec, raw)
        words = field.get("description", "")
        found.append(FieldView(f"{where}{name}", _kind(spec, field), name in needed, words))
        inner = f"{where}{name}[]." if "items" in field else f"{where}{name}."
        found += _fields(spec, field.get("items", field) if _has_fields(spec, field) else {}, inner)
    return found


def _has_fields(spec: dict[str, Any], field: dict[str, Any]) -> bool:
    return "properties" in _resolved(spec, field.get("items", field))


def _resolved(spec: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for inner in (schema, *schema.get("allOf", ()), *schema.get("anyOf", ())):
        if "$ref" in inner:
            shape: dict[str, Any] = spec["components"]["schemas"][inner["$ref"].rsplit("/", 1)[1]]
            return shape
    return schema


def _kind(spec: dict[str, Any], schema: dict[str, Any]) -> str:
    """A short name for what may stand in a field."""
    field = _resolved(spec, schema)
    if "enum" in field:
        return " | ".join(str(each) for each in field["enum"] if each is not None)
    kind = field.get("type", "object")
    kinds = [each for each in (kind if isinstance(kind, list) else [kind]) if each != "null"]
    if "items" in field:
        return f"[{_kind(spec, field['items'])}]"
    return str(field.get("format") or "".join(kinds))
