"""Why this case is what it is, whose it is, and what it promises: every reason as a sentence."""

from __future__ import annotations

from flask_babel import gettext

from cem.domain.reasons import Reason
from cem.domain.vocabulary import Hours, PromiseKind
from cem.http.promise_words import PROMISES, listed, minutes
from cem.http.words import sentence
from cem.models import Case, Promise


def reasons(case: Case, owner: str) -> tuple[str, ...]:
    """In the order in which it was decided: how bad, how urgent, whose (`owner` says it), what for."""
    kept = [case.reason, *case.reason.get("also", [])]
    if priority := case.reason.get("priority"):
        kept.append(priority)
    said = [sentence(Reason.from_dict(each)) for each in kept]
    return (*dict.fromkeys(said), owner, _promised(case))


def _promised(case: Case) -> str:
    first = {promise.kind: promise for promise in case.promises if promise.round == 1}
    said = listed(_one(first[kind]) for kind in PromiseKind if kind in first)
    return gettext(
        "Promised for %(priority)s: %(promises)s.", priority=case.priority.value.upper(), promises=said
    )


def _one(promise: Promise) -> str:
    target = minutes(promise.target_seconds // 60)
    if promise.hours is Hours.BUSINESS:
        target = gettext("%(time)s of business time", time=target)
    return f"{PROMISES[promise.kind.value]} {target}"
