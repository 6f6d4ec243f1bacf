"""Reasons and codes in people's words, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext, lazy_gettext

from cem.domain.reasons import Reason
from cem.extensions import db
from cem.models import User

_l = lazy_gettext

STATES: Final[dict[str, Any]] = {
    "open": _l("open"),
    "acknowledged": _l("taken"),
    "in_progress": _l("in progress"),
    "waiting_customer": _l("waiting for the customer"),
    "resolved": _l("solved"),
    "closed": _l("closed"),
    "dismissed": _l("dismissed"),
}
ACTIONS: Final[dict[str, Any]] = {
    "acknowledgement": _l("Take it"),
    "assignment": _l("Hand over"),
    "notes": _l("Note"),
    "contacts": _l("Write the outcome"),
    "pause_waiting_customer": _l("Wait for the customer"),
    "pause_waiting_third_party": _l("Wait for others"),
    "resumption": _l("Go on"),
    "resolution": _l("Solve"),
    "closure": _l("Close"),
    "dismissal": _l("Dismiss"),
    "merge": _l("Merge"),
    "reopening": _l("Reopen"),
    "not_solved": _l("Not solved"),
}
PROMISES: Final[dict[str, Any]] = {
    "acknowledge": _l("Take it"),
    "first_contact": _l("First contact"),
    "resolve": _l("Solve"),
}
RISKS: Final[dict[str, Any]] = {
    "safety": _l("safety"),
    "injury": _l("injury"),
    "food_poisoning": _l("food poisoning"),
    "legal": _l("legal action"),
    "media": _l("going public"),
    "minors": _l("children"),
    "fraud": _l("fraud"),
    "self_harm": _l("self-harm"),
    "discrimination": _l("discrimination"),
    "privacy_breach": _l("a breach of privacy"),
}


def sentence(reason: Reason) -> str:
    """The reason as one sentence. A code without words of its own is a defect that a test finds."""
    return _SENTENCES[reason.code](reason.args)


def person(id_or_actor: str | None) -> str:
    """The name behind `user:<id>` or a bare id; what acts without being a person has a name too."""
    if not id_or_actor or id_or_actor in ("hub", "triage", "intake"):
        return gettext("the hub")
    if id_or_actor == "customer":
        return gettext("the customer")
    if id_or_actor.startswith("token:"):
        return gettext("a program")
    user = db.session.get(User, UUID(id_or_actor.removeprefix("user:")))
    return user.name if user else gettext("somebody")


def _somebody_was_first(args: dict[str, Any]) -> str:
    if not args.get("by"):
        return gettext("Somebody was a moment earlier. Nothing of yours has changed it.")
    return gettext("%(name)s was a moment earlier. Nothing has changed since.", name=person(args["by"]))


def _refused(args: dict[str, Any]) -> str:
    return gettext(
        "“%(action)s” is not possible while the case is %(state)s.",
        action=ACTIONS[args["action"]],
        state=STATES[args["state"]],
    )


def _risks(args: dict[str, Any]) -> str:
    return gettext(
        "The words speak of %(risks)s.", risks=", ".join(str(RISKS[code]) for code in args["risks"])
    )


_SENTENCES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "somebody_was_first": _somebody_was_first,
    "case_action_refused": _refused,
    "case_not_paused": lambda a: gettext("The case is not paused."),
    "case_already_paused": lambda a: gettext("The case is paused already."),
    "resolution_needs_answer": lambda a: gettext(
        "A case is solved with a reply, or after a contact that reached the customer."
    ),
    "unreachable_needs_three_contacts": lambda a: gettext(
        "Nobody is unreachable before three tries on three occasions; there were %(made)s.", made=a["made"]
    ),
    "entry_not_owed": lambda a: gettext("This feedback is not owed any more."),
    "key_used_with_another_body": lambda a: gettext("This key was used before with another body."),
    "recused": lambda a: gettext("Nobody owns a complaint about themselves."),
    "assignee_sees_nothing": lambda a: gettext("This person may not see that place."),
    "merge_into_itself": lambda a: gettext("A case cannot be merged into itself."),
    "merge_needs_a_live_case": lambda a: gettext("The other case has ended."),
    "nothing_to_confirm": lambda a: gettext("There is nothing to confirm here yet."),
    "policy.slower_than_floor": lambda a: gettext(
        "Slower than the floor promise: %(promises)s.", promises=", ".join(a["promises"])
    ),
    "very_dissatisfied": lambda a: gettext("The customer is very dissatisfied."),
    "dissatisfied": lambda a: gettext("The customer is dissatisfied."),
    "negative_text": lambda a: gettext("The words are negative."),
    "doubtful_text": lambda a: gettext("The words may be negative; a person should read them."),
    "risk_found": _risks,
    "follows": lambda a: gettext("It follows case %(number)s.", number=a["number"]),
    "priority_lifted": lambda a: gettext("A tier A customer: one level faster."),
    "priority_by_severity": lambda a: gettext("The priority follows from how bad it is."),
    "owner_by_shift": lambda a: gettext("You are on duty here."),
    "owner_by_override": lambda a: gettext("You are standing in here."),
    "owner_by_manager": lambda a: gettext("Nobody is on duty; you manage this site."),
    "owner_by_fallback": lambda a: gettext("Nobody else is there; you are the fallback."),
    "owner_by_recusal": lambda a: gettext("It is about the person on duty, so it comes to you."),
    "owner_by_assignment": lambda a: gettext("%(name)s handed it to you.", name=person(a["by"])),
    "owner_by_acknowledgement": lambda a: gettext("You took it."),
    "nobody_acknowledged": lambda a: gettext("Nobody had taken it."),
    "not_solved": lambda a: gettext("The customer said that it is not solved."),
    "raised": lambda a: gettext("It turned out to be worse."),
    "acknowledgement_expired": lambda a: gettext("It was taken, but nobody contacted the customer."),
}


def codes() -> frozenset[str]:
    """Every code that has words."""
    return frozenset(_SENTENCES)
