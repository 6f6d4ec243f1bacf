"""`/admin/rules`: rules in words, in their order; changed in a draft, rehearsed, published, rolled back."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from cem.domain import rules_document
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.rules import Rules
from cem.engine import applying
from cem.engine import rules as engine
from cem.engine.organisation import ROUTING, Place
from cem.http import access
from cem.http.i18n import localized
from cem.http.labels import SEVERITIES
from cem.http.words import person, sentence
from cem.models import RuleDraft, RuleVersion
from cem.web.admin import choosing, drafting, rule_form, rule_versions, rule_words
from cem.web.admin.blueprint import READERS, WRITERS, admin

VIEWS: Final[dict[str, Any]] = {
    "rules": READERS,
    "rule": WRITERS,
    "rule_version": READERS,
    "keep_rule": WRITERS,
    "move_rule": WRITERS,
    "bring_back": WRITERS,
    "open_cases": WRITERS,
    "apply_to_open": WRITERS,
}
Document = dict[str, Any]


@admin.get("/rules")
def rules() -> str:
    place = choosing.chosen()
    draft = choosing.draft_of(ROUTING, place)
    return _page(place, draft, choosing.version_of(ROUTING, place))


@admin.get("/rules/<int:index>")
def rule(index: int) -> str:
    """The form; one behind the last rule is a new one."""
    place = choosing.chosen()
    listed = _planned(place)["rules"]
    if index > len(listed):
        raise NotFound
    given = rule_form.sent(listed[index]) if index < len(listed) else rule_form.sent({})
    return _form(place, index, given, {}, new=index == len(listed))


@admin.post("/rules/<int:index>")
def keep_rule(index: int) -> Any:
    """Into the draft, in place of the rule that stood there, or behind the last."""
    place = choosing.chosen()
    document = _planned(place)
    listed = document["rules"]
    if index > len(listed):
        raise NotFound
    new = index == len(listed)
    try:
        written = rule_form.document_of(request.form, None if new else listed[index])
        listed[index : index + 1] = [written]
        return _keep(place, document, _in_words(place, written))
    except Invalid as invalid:
        return _form(place, index, request.form, _said(invalid), new=new), 422
    except Refused as refused:
        return _form(place, index, request.form, {"then": [sentence(refused.reason)]}, new=new), 409


@admin.post("/rules/<int:index>/<any(up, down, switch, end):how>")
def move_rule(index: int, how: str) -> Response:
    """Earlier, later, on or off, or out of the draft."""
    place = choosing.chosen()
    document = _planned(place)
    if index >= len(document["rules"]):
        raise NotFound
    _MOVES[how](document["rules"], index)
    return _keep(place, document, "")


@admin.get("/rules/versions/<int:version>")
def rule_version(version: int) -> str:
    """What a version says, and in words what is different in it from another (the one before)."""
    place = choosing.chosen()
    than = request.args.get("than", version - 1, int)
    return render_template(
        "admin/rules_version.html",
        place=place,
        shown=rule_versions.compared(place, version, than),
        history=rule_versions.history(place),
        who=person,
    )


@admin.post("/rules/versions/<int:version>")
def bring_back(version: int) -> Response:
    """An earlier version holds again, as the newest."""
    place = choosing.chosen()
    engine.roll_back(ROUTING, place.code, version, access.actor())
    return redirect(url_for("admin.rules", site=place.code, done="published"), 303)


@admin.get("/rules/open-cases")
def open_cases() -> str:
    """What the rules that hold now would change in the cases that are open: looked at before it is done."""
    place = choosing.chosen()
    return render_template("admin/rules_open.html", place=place, would=applying.preview(place.path))


@admin.post("/rules/open-cases")
def apply_to_open() -> Response:
    place = choosing.chosen()
    count = applying.apply_to_open(place.path, access.actor())
    return redirect(url_for("admin.rules", site=place.code, done="applied", count=count), 303)


def _switch(listed: list[Document], index: int) -> None:
    listed[index]["enabled"] = not listed[index].get("enabled", True)


def _move(by: int) -> Callable[[list[Document], int], None]:
    def move(listed: list[Document], index: int) -> None:
        moved = listed.pop(index)
        listed.insert(max(index + by, 0), moved)

    return move


_MOVES: Final[dict[str, Callable[[list[Document], int], Any]]] = {
    "up": _move(-1),
    "down": _move(1),
    "switch": _switch,
    "end": lambda listed, index: listed.pop(index),
}


def _planned(place: Place) -> Document:
    """What the draft says, or what a draft would begin with."""
    draft, version = choosing.draft_of(ROUTING, place), choosing.version_of(ROUTING, place)
    said = draft.document if draft else version.document if version else {"rules": []}
    return deepcopy(said)


def _keep(place: Place, document: Document, yours: str) -> Response:
    late = drafting.keep(ROUTING, place, document, yours)
    return late or redirect(url_for("admin.rules", site=place.code), 303)


def _in_words(place: Place, written: Document) -> str:
    """A rule of a form, as the page of the rules would say it."""
    (said,) = rule_versions.sentences(place, {"rules": [written]})
    return said


def _page(place: Place, draft: RuleDraft | None, version: RuleVersion | None) -> str:
    shown: Rules = rules_document.read(_planned(place), 0 if draft else version.version if version else 0)
    words, names = rule_words.choices(choosing.places()), choosing.names()
    sites = {each.code: localized(each.name) for each in choosing.places()}
    return render_template(
        "admin/rules.html",
        place=place,
        places=choosing.place_options(),
        draft=draft,
        version=version,
        rows=[
            (each, rule_words.when_said(each, words), rule_words.then_said(each, names, sites))
            for each in shown
        ],
        above=[each.name for each in place.rules if each.name not in {one.name for one in shown}],
        history=rule_versions.history(place),
        seen=drafting.seen(ROUTING, place),
        who=person,
        done=request.args.get("done", ""),
        count=request.args.get("count", 0, int),
    )


def _form(place: Place, index: int, given: Any, errors: dict[str, list[str]], *, new: bool) -> str:
    below = [each for each in choosing.places() if each.path.startswith(place.path)]
    return render_template(
        "admin/rule.html",
        place=place,
        index=index,
        new=new,
        given=given,
        errors=errors,
        choices=rule_words.choices(below),
        conditions=rule_words.CONDITIONS,
        severities=[("", gettext("as it is")), *SEVERITIES.items()],
        owners=_owners(place),
        seen=request.form.get("seen") or drafting.seen(ROUTING, place),
        sites=[("", gettext("the place itself")), *((each.code, localized(each.name)) for each in below)],
    )


def _owners(place: Place) -> list[tuple[str, Any]]:
    people = [(f"user:{id}", name) for id, name in choosing.people_options(place)]
    return [("", gettext("as the roster says")), *rule_words.POSTS.items(), *people]


def _said(invalid: Invalid) -> dict[str, list[str]]:
    return {name: [gettext(message) for message in messages] for name, messages in invalid.fields.items()}
