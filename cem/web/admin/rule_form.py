"""The form of one rule: to and from the document in which rules are kept."""

from __future__ import annotations

from typing import Any, Final

from werkzeug.datastructures import MultiDict

from cem.domain.reasons import Invalid
from cem.domain.submission import N_
from cem.domain.vocabulary import PromiseKind
from cem.web.admin.rule_words import CONDITIONS

LISTS: Final = tuple(name for name in CONDITIONS if name != "weekdays")


def document_of(form: MultiDict[str, str], before: dict[str, Any] | None) -> dict[str, Any]:
    """The rule that was sent; what the form does not show (touchpoints) stays as it was."""
    when: dict[str, Any] = {name: form.getlist(name) for name in LISTS if form.getlist(name)}
    if days := [int(day) for day in form.getlist("weekdays") if day.isdecimal()]:
        when["weekdays"] = days
    if form.get("start") or form.get("end"):
        when["hours"] = {"start": form.get("start"), "end": form.get("end")}
    if touchpoints := (before or {}).get("when", {}).get("touchpoints"):
        when["touchpoints"] = touchpoints
    return {
        "name": form.get("name", "").strip(),
        "enabled": (before or {}).get("enabled", True),
        "when": when,
        "then": _then(form),
    }


def sent(rule: dict[str, Any]) -> MultiDict[str, str]:
    """The form as it would be sent to say this rule."""
    when, then = rule.get("when", {}), rule.get("then", {})
    form: MultiDict[str, str] = MultiDict({"name": rule.get("name", "")})
    for name in (*LISTS, "weekdays"):
        form.setlist(name, [str(value) for value in when.get(name, ())])
    form.update(when.get("hours") or {})
    form["severity"] = then.get("severity") or ""
    owner = then.get("owner") or {}
    form["owner"] = f"user:{owner['user']}" if owner.get("user") else owner.get("post", "")
    form["owner_site"] = owner.get("site") or ""
    form.update({kind: str(number) for kind, number in (then.get("promises") or {}).items()})
    return form


def _then(form: MultiDict[str, str]) -> dict[str, Any]:
    then: dict[str, Any] = {}
    if form.get("severity"):
        then["severity"] = form["severity"]
    if owner := form.get("owner", ""):
        user = owner.removeprefix("user:")
        named = {"user": user} if owner.startswith("user:") else {"post": owner}
        site = {"site": form["owner_site"]} if form.get("owner_site") and "post" in named else {}
        then["owner"] = named | site
    if promises := {
        kind.value: _minutes(kind, form[kind.value]) for kind in PromiseKind if form.get(kind.value)
    }:
        then["promises"] = promises
    return then


def _minutes(kind: PromiseKind, text: str) -> int:
    if not text.strip().isdecimal():
        raise Invalid({kind.value: [N_("Give whole minutes above 0.")]})
    return int(text)
