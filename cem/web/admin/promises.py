"""`/admin/promises`: what each priority promises, in which hours, and how soon its ladder goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from cem.domain.promises import DEFAULT_POLICY, Policy
from cem.domain.reasons import Invalid, Refused
from cem.domain.vocabulary import Priority, PromiseKind
from cem.engine.organisation import Place
from cem.http.promise_words import PROMISES, minutes
from cem.http.words import sentence
from cem.web.admin import choosing, drafting
from cem.web.admin.blueprint import READERS, WRITERS, admin

VIEWS: Final[dict[str, Any]] = {"promises": READERS, "keep_promises": WRITERS}
MISSED: Final = "acknowledge"
"""A step of the ladder that comes when the promise to take a case is missed."""


@admin.get("/promises")
def promises() -> str:
    place = choosing.chosen()
    draft = choosing.draft_of("policy", place)
    looks_at_draft = draft is not None and request.args.get("look") == "draft"
    document = draft.document if draft and looks_at_draft else place.policy.to_document()
    return _page(place, _given(document), {}, looks_at_draft=looks_at_draft)


@admin.post("/promises")
def keep_promises() -> Any:
    place = choosing.chosen()
    try:
        document = _document(request.form)
        Policy.from_document(document)
        if late := drafting.keep("policy", place, document, _in_words(document)):
            return late
    except Invalid as invalid:
        return _page(place, request.form.to_dict(), _words(invalid)), 422
    except Refused as refusal:
        return _page(place, request.form.to_dict(), {_at(refusal): [sentence(refusal.reason)]}), 422
    return redirect(url_for("admin.promises", site=place.code, look="draft", done="kept"), 303)


def _page(place: Place, given: Mapping[str, Any], errors: dict[str, list[str]], **more: Any) -> str:
    return render_template(
        "admin/promises.html",
        place=place,
        places=choosing.place_options(),
        given=given,
        errors=errors,
        priorities=[priority.value for priority in Priority],
        kinds=[(kind.value, PROMISES[kind.value]) for kind in PromiseKind],
        floor={kind.value: _minutes(kind) for kind in PromiseKind},
        version=choosing.version_of("policy", place),
        draft=choosing.draft_of("policy", place),
        done=request.args.get("done", ""),
        seen=request.form.get("seen") or drafting.seen("policy", place),
        **{"looks_at_draft": False, **more},
    )


def _in_words(document: Mapping[str, Any]) -> str:
    """The promises of a form on one line."""
    return " · ".join(f"{priority.upper()}: {_row_in_words(table)}" for priority, table in document.items())


def _row_in_words(table: Mapping[str, Any]) -> str:
    kept = (f"{PROMISES[kind.value]} {minutes(int(table[kind.value]))}" for kind in PromiseKind)
    return gettext(", ").join(kept)


def _minutes(kind: PromiseKind) -> int:
    return int(DEFAULT_POLICY[Priority.P4].target(kind).total_seconds() // 60)


def _given(document: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the page, `p1-resolve` and so on."""
    found: dict[str, str] = {}
    for priority, table in document.items():
        for name in ("hours", *PromiseKind):
            found[f"{priority}-{name}"] = str(table[name])
        found[f"{priority}-steps"] = ", ".join(str(step) for step in table["ladder"]["steps"])
        found[f"{priority}-every"] = str(table["ladder"]["every"])
        found[f"{priority}-expires"] = str(table.get("acknowledgement_expires") or "")
    return found


def _document(given: Mapping[str, Any]) -> dict[str, Any]:
    return {priority.value: _table(given, priority.value) for priority in Priority}


def _table(given: Mapping[str, Any], priority: str) -> dict[str, Any]:
    def of(name: str) -> str:
        return str(given.get(f"{priority}-{name}", "")).strip()

    steps = [part.strip() for part in of("steps").replace("，", ",").split(",") if part.strip()]
    return {
        "hours": of("hours"),
        **{kind.value: _number(of(kind.value)) for kind in PromiseKind},
        "ladder": {
            "steps": [MISSED if step == MISSED else _number(step) for step in steps],
            "every": _number(of("every")),
        },
        "acknowledgement_expires": _number(of("expires")) if of("expires") else None,
    }


def _number(text: str) -> int | str:
    """What is no number is said to be wrong by whoever reads the document."""
    return int(text) if text.isdecimal() and len(text) < 7 else text


def _at(refusal: Refused) -> str:
    """The first field that a refusal is about."""
    named = refusal.reason.args.get("promises") or [f"{Priority.P1}.{PromiseKind.ACKNOWLEDGE}"]
    return str(named[0]).replace(".", "-")


def _words(invalid: Invalid) -> dict[str, list[str]]:
    return {f"{name}-acknowledge": [gettext(each) for each in said] for name, said in invalid.fields.items()}
