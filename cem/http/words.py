"""Reasons and codes in people's words, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext, lazy_gettext, ngettext

from cem.domain.reasons import Reason
from cem.extensions import db
from cem.http import letter_words, rule_words
from cem.http.promise_words import PROMISES
from cem.models import User

__all__ = ["ACTIONS", "PROMISES", "RISKS", "STATES", "codes", "person", "sentence"]

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


def _counted(args: dict[str, Any]) -> dict[str, Any]:
    return {"count": args["count"], "minutes": args["minutes"]}


def _refused(args: dict[str, Any]) -> str:
    return gettext(
        "“%(action)s” is not possible while the case is %(state)s.",
        action=ACTIONS[args["action"]],
        state=STATES[args["state"]],
    )


def words_against_rating(words: str) -> str:
    """What the mark beside such a feedback says too."""
    if words == "praise":
        return gettext(
            "The words contradict the rating: praise, and a bad rating. Perhaps touched by mistake."
        )
    return gettext("The words contradict the rating: a complaint, and a good rating.")


def _risks(args: dict[str, Any]) -> str:
    return gettext(
        "The words speak of %(risks)s.", risks=", ".join(str(RISKS[code]) for code in args["risks"])
    )


def _alike(args: dict[str, Any]) -> str:
    texts = ngettext("%(num)s text", "%(num)s texts", args["count"])
    hours = ngettext("%(num)s hour", "%(num)s hours", args["hours"])
    match args["common"]:
        case "customer":
            return gettext(
                "%(texts)s almost alike from one customer within %(hours)s", texts=texts, hours=hours
            )
        case "author":
            return gettext("%(texts)s almost alike under one name within %(hours)s", texts=texts, hours=hours)
    return gettext("%(texts)s almost alike from one address within %(hours)s", texts=texts, hours=hours)


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
    "unreached.unknown": lambda a: gettext("We do not know who it is."),
    "unreached.no_consent": lambda a: gettext("They did not agree to be contacted."),
    "unreached.no_number": lambda a: gettext("We have no number of theirs."),
    "unreached.no_address": lambda a: gettext("We have no e-mail address of theirs."),
    "recused": lambda a: gettext("Nobody owns a complaint about themselves."),
    "assignee_sees_nothing": lambda a: gettext("This person may not see that place."),
    "merge_into_itself": lambda a: gettext("A case cannot be merged into itself."),
    "merge_needs_a_live_case": lambda a: gettext("The other case has ended."),
    "texts_alike": _alike,
    "similar_none": lambda a: gettext("No solved case is like this one."),
    "similar_none_solved": lambda a: gettext(
        "No case with words has been solved here yet. Those that are will stand here when one is like this."
    ),
    "similar_no_words": lambda a: gettext("A touched face has no words that could be compared."),
    "similar_not_read": lambda a: gettext(
        "These words are not compared with others yet. That happens when the hub's model has read them."
    ),
    "similar_words_only": lambda a: gettext(
        "The hub reads with word lists alone, which cannot compare texts. Its administrator can choose the"
        " profile “standard”."
    ),
    "not_read_yet": lambda a: gettext("Nobody has read this text yet, so there is nothing to correct."),
    "review_uncertain": lambda a: gettext(
        "The machine is %(percent)s %% sure of this.", percent=a["percent"]
    ),
    "review_words": lambda a: gettext("Its words say the contrary of what the machine makes of the whole."),
    "review_random": lambda a: gettext("Drawn by lot."),
    "draft_moved_on": lambda a: gettext(
        "%(name)s was a moment earlier and has changed this meanwhile", name=person(a["by"])
    ),
    "head_not_in_use": lambda a: gettext("Only the version that reads now can be taken back."),
    "head_gone": lambda a: gettext("The file of version %(version)s is no longer there.", **a),
    "nothing_to_undo": lambda a: gettext("There is no correction to take back."),
    "nothing_to_confirm": lambda a: gettext("There is nothing to confirm here yet."),
    "policy.slower_than_floor": lambda a: gettext(
        "Slower than the floor promise: %(promises)s.", promises=", ".join(a["promises"])
    ),
    "very_dissatisfied": lambda a: gettext("The customer is very dissatisfied."),
    "dissatisfied": lambda a: gettext("The customer is dissatisfied."),
    "negative_text": lambda a: gettext("The words are negative."),
    "words_against_rating": lambda a: words_against_rating(a["words"]),
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
    "app_only": lambda a: gettext(
        "%(name)s is reached in the app only, so the next was asked at once.", name=person(a["user"])
    ),
    "nobody_acknowledged": lambda a: gettext("Nobody had taken it."),
    "not_solved": lambda a: gettext("The customer said that it is not solved."),
    "raised": lambda a: gettext("It turned out to be worse."),
    "acknowledgement_expired": lambda a: gettext("It was taken, but nobody contacted the customer."),
    "owner_by_departure": lambda a: gettext("%(name)s has left; it comes to you.", name=person(a["user"])),
    "owner_by_move": lambda a: gettext(
        "%(name)s works elsewhere now; it comes to you.", name=person(a["user"])
    ),
    "last_administrator": lambda a: gettext("Somebody has to stay an administrator."),
    "owner_has_left": lambda a: gettext("Owed by somebody who has left: %(id)s.", id=a["id"]),
    "user_has_left": lambda a: gettext("This person does not work here any more."),
    "override_is_gone": lambda a: gettext("This arrangement is not there any more."),
    "shift_is_gone": lambda a: gettext("This shift is not there any more."),
    "already_on_duty": lambda a: gettext("You are on duty there already."),
    "on_no_roster": lambda a: gettext("This person is on no roster, so nothing has to be arranged."),
    "swap_is_decided": lambda a: gettext("Somebody has answered this request already."),
    "swap_has_expired": lambda a: gettext("The shift has begun, so this request is over. The duty stayed."),
    "swap_not_looked_at": lambda a: gettext(
        "A request for a swap fell due and no sweep saw it: %(id)s.", id=a["id"]
    ),
    "swap_asks_somebody_else": lambda a: gettext("This request is for somebody else."),
    "successor_must_work_here": lambda a: gettext(
        "Whoever takes over must work here and see all the places."
    ),
    "too_many_codes": lambda a: gettext("Too many codes were sent. Have the next one sent in an hour."),
    "fallback_cannot_leave": lambda a: gettext(
        "Name another fallback owner first for: %(sites)s.", sites=", ".join(a["sites"])
    ),
    "fallback_must_work_here": lambda a: gettext("The fallback owner must be somebody who works here."),
    "policy.value_lowers": lambda a: gettext(
        "A higher priority may not promise more slowly than a lower one: %(promises)s.",
        promises=", ".join(a["promises"]),
    ),
    "duty.shift": lambda a: gettext("On duty by the roster."),
    "duty.override": lambda a: gettext("Standing in."),
    "duty.manager": lambda a: gettext("Nobody is on duty: the manager of the site."),
    "duty.fallback": lambda a: gettext("Nobody else is there: the fallback owner."),
    "ladder.first_page": lambda a: gettext("The first page."),
    "ladder.next": lambda a: gettext("Step %(step)s of the ladder.", step=a["step"]),
    "ladder.again": lambda a: gettext("The last step again, until somebody takes it."),
    "ladder.caught_up": lambda a: gettext("Step %(step)s of the ladder, made up for.", step=a["step"]),
    "ladder.acknowledge_missed": lambda a: gettext("Nobody had taken it in the promised time."),
    "ladder.step": lambda a: gettext("Next on the ladder."),
    "ladder.nobody": lambda a: gettext("There is nobody on this step."),
    "ladder.already_asked": lambda a: gettext("This person was asked before."),
    "ladder.fallback": lambda a: gettext("Nobody else is there: the fallback owner."),
    "ledger_sum": lambda a: gettext(
        "%(feedback)s feedbacks, but %(entries)s entries of the ledger.",
        feedback=a["feedback"],
        entries=a["entries"],
    ),
    "owner_differs_from_case": lambda a: gettext("Owed by somebody else than its case: %(id)s.", id=a["id"]),
    "owed_through_an_ended_case": lambda a: gettext("Owed through an ended case: %(id)s.", id=a["id"]),
    "owed_without_next_step": lambda a: gettext("Owed, and nobody was told in time: %(id)s.", id=a["id"]),
    "case_owner_has_left": lambda a: gettext("The owner of this case has left: %(id)s.", id=a["id"]),
    "promise_not_swept": lambda a: gettext("A promise fell due and no sweep saw it: %(id)s.", id=a["id"]),
    "warning_not_given": lambda a: gettext("Nobody was warned of a promise in time: %(id)s.", id=a["id"]),
    "group_step_not_taken": lambda a: gettext(
        "A step of a group's ladder was not taken: %(id)s.", id=a["id"]
    ),
    "group_digest_not_told": lambda a: gettext(
        "Nobody was told in time how a group stands: %(id)s.", id=a["id"]
    ),
    "group_not_looked_at": lambda a: gettext("A group should have been looked at: %(id)s.", id=a["id"]),
    "step_not_taken": lambda a: gettext("A step of the ladder was not taken: %(id)s.", id=a["id"]),
    "acknowledgement_not_expired": lambda a: gettext(
        "An acknowledgement should have expired: %(id)s.", id=a["id"]
    ),
    "event_not_relayed": lambda a: gettext("An event was not relayed: %(id)s.", id=a["id"]),
    "task_not_done": lambda a: gettext("A task was not done: %(id)s.", id=a["id"]),
    "not_set_aside": lambda a: gettext("Somebody was faster: this text is being read, or has been."),
    "task_set_aside": lambda a: gettext("A task was given up: %(id)s.", id=a["id"]),
    "delivery_not_sent": lambda a: gettext("A message was not sent: %(id)s.", id=a["id"]),
    "running_promise_of_an_ended_case": lambda a: gettext(
        "A promise runs on in a case that has ended: %(id)s.", id=a["id"]
    ),
    **rule_words.SENTENCES,
    **letter_words.SENTENCES,
    "already_set_up": lambda a: gettext("This hub has been set up already."),
    "storm.touchpoint": lambda a: gettext(
        "%(count)s very dissatisfied within %(minutes)s minutes at one touchpoint.", **_counted(a)
    ),
    "storm.topic": lambda a: gettext(
        "%(count)s very dissatisfied within %(minutes)s minutes about the same thing.", **_counted(a)
    ),
    "storm.place": lambda a: gettext(
        "%(count)s very dissatisfied within %(minutes)s minutes at this site.", **_counted(a)
    ),
    "storm.site": lambda a: gettext(
        "%(count)s very dissatisfied within %(minutes)s minutes all over this site.", **_counted(a)
    ),
    "apart.danger": lambda a: gettext("The words speak of danger: it rings on its own."),
    "apart.tier_a": lambda a: gettext("A tier A customer: it rings on its own."),
    "apart.not_very_dissatisfied": lambda a: gettext("It is not one of the very dissatisfied."),
    "apart.by_person": lambda a: gettext("%(name)s said that it is something else.", name=person(a["by"])),
    "group_taken": lambda a: gettext("%(name)s has taken all of them.", name=person(a["by"])),
    "group_ended": lambda a: gettext("This group is over; each of its cases goes on by itself."),
    "not_in_this_group": lambda a: gettext("Case %(number)s is not in this group.", number=a["number"]),
    "audit_chain_broken": lambda a: gettext("The audit trail was changed at number %(at)s.", at=a["at"]),
}


def codes() -> frozenset[str]:
    """Every code that has words."""
    return frozenset(_SENTENCES)
