"""What happened to a case, and what happens next if nobody acts."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext

from cem.domain.escalation import next_step, people_for
from cem.domain.reasons import Reason
from cem.domain.vocabulary import CaseState, Hours, PromiseKind
from cem.engine.ladder import ladder_started_at
from cem.http import labels
from cem.http.words import PROMISES, sentence
from cem.models import Case, CaseEvent
from cem.web.desk import queries
from cem.web.desk.case_rows import Rows
from cem.web.desk.corrected_words import corrected, taken_back
from cem.web.desk.rows import Reader

STEPS_AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """`kind` is empty, `answer` or `next`; `words` are what somebody wrote, `said` if it was the customer."""

    at: datetime
    text: str
    kind: str = ""
    words: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """One event, with the names that its sentence needs."""

    by: str
    mine: bool
    details: dict[str, Any]
    name: Callable[[str | None], str]
    pack: str = ""


def timeline(rows: Rows, reader: Reader) -> list[Line]:
    """Oldest first; the coming steps, dashed, at the end."""
    names = queries.names_of(_ids(rows))
    lines = [*_received(rows, reader), *_happened(rows, reader, names), *_replied(rows, reader, names)]
    by_time = operator.attrgetter("at")
    return sorted(lines, key=by_time) + sorted(_coming(rows, reader), key=by_time)


def _received(rows: Rows, reader: Reader) -> Iterator[Line]:
    for feedback in rows.feedback:
        who = (rows.customer.name if rows.customer else None) or gettext("The customer")
        channel = labels.CHANNELS[feedback.channel.value]
        text = gettext("%(who)s wrote (%(channel)s)", who=who, channel=channel)
        if not feedback.text:
            text = gettext("%(who)s touched a face (%(channel)s)", who=who, channel=channel)
        yield Line(reader.local(feedback.received_at), text)


def _happened(rows: Rows, reader: Reader, names: dict[str, str]) -> Iterator[Line]:
    me = f"user:{reader.id}"

    def name(who: str | None) -> str:
        if who in ("customer", None):
            return gettext("the customer")
        return names.get(
            who or "", gettext("a program") if (who or "").startswith("token:") else gettext("the hub")
        )

    for event in rows.case.events:
        if event.kind in TOLD_WITH_ITS_WORDS:
            continue
        telling = Telling(name(event.by), event.by == me, event.details or {}, name, rows.site.pack)
        text = EVENTS[event.kind](telling) if event.kind in EVENTS else event.kind
        note = event.note.text if event.note else ""
        said = event.kind == "customer_said"
        yield Line(reader.local(event.at), text, _mark(event), note, said)


def _mark(event: CaseEvent) -> str:
    reached = event.kind == "contacted" and (event.details or {}).get("outcome") == "reached"
    return "answer" if reached or event.kind in ("acknowledged", "resolved") else ""


def _replied(rows: Rows, reader: Reader, names: dict[str, str]) -> Iterator[Line]:
    for reply in rows.replies:
        who = names.get(reply.by, gettext("a program"))
        text = gettext("%(name)s answered (%(via)s)", name=who, via=labels.VIAS[reply.via.value])
        yield Line(reader.local(reply.at), text, "answer", reply.text)


def _coming(rows: Rows, reader: Reader) -> Iterator[Line]:
    """What happens if nobody acts."""
    case = rows.case
    yield from _ladder_ahead(rows, reader)
    if case.acknowledgement_expires_at is not None:
        text = gettext("Nobody has contacted the customer: it is open again, and the ladder begins anew")
        yield Line(reader.local(case.acknowledgement_expires_at), text, "next")
    for promise in case.promises:
        waits = promise.fulfilled_at is None and promise.ended_at is None and promise.state == "running"
        if waits and promise.kind is not PromiseKind.ACKNOWLEDGE and promise.due_at > reader.now:
            text = gettext(
                "Not done: “%(promise)s” counts as broken, %(name)s is told",
                promise=PROMISES[promise.kind.value],
                name=rows.owner.name,
            )
            yield Line(reader.local(promise.due_at), text, "next")


def _ladder_ahead(rows: Rows, reader: Reader) -> Iterator[Line]:
    """The next people of the ladder, while nobody has taken the case."""
    case = rows.case
    if case.state is not CaseState.OPEN or case.next_step_at is None:
        return
    at, step = case.next_step_at, case.step
    people = _people(rows, reader)
    names = queries.names_of({UUID(person) for person in people})
    for ahead in range(STEPS_AHEAD):
        step += 1
        person = people[min(step, len(people) - 1)]
        name = gettext("you") if person == str(reader.id) else names.get(f"user:{person}", "")
        text = gettext("Still nobody has taken it: %(name)s is paged", name=name)
        yield Line(reader.local(at), text, "next")
        if ahead + 1 < STEPS_AHEAD:
            at = _after(case, step, at, reader)


def _people(rows: Rows, reader: Reader) -> tuple[str, ...]:
    organisation = reader.organisation
    place = organisation.by_id[rows.case.site_id]
    recused = {organisation.user_ids.get(one.staff or "") for one in rows.feedback}
    return people_for(
        place.ladder,
        place.roster,
        reader.now,
        lambda user: organisation.is_active(user) and user not in recused,
    ).ids


def _after(case: Case, step: int, at: datetime, reader: Reader) -> datetime:
    place = reader.organisation.by_id[case.site_id]
    calendar = place.calendar if place.policy[case.priority].hours is Hours.BUSINESS else None
    due = next((p.due_at for p in case.promises if p.kind is PromiseKind.ACKNOWLEDGE), None)
    return next_step(case.priority, place.policy, ladder_started_at(case), step, at, calendar, due).at


def _ids(rows: Rows) -> set[UUID]:
    """Everybody whose name the history needs."""
    found = [event.by for event in rows.case.events] + [reply.by for reply in rows.replies]
    found += [f"user:{to}" for event in rows.case.events if (to := (event.details or {}).get("to"))]
    climbed = [event.details or {} for event in rows.case.events if event.kind == "escalated"]
    reasons = [details["reason"] for details in climbed if "reason" in details]
    found += [f"user:{one['args']['user']}" for one in reasons if one["code"] == "app_only"]
    return {UUID(by.removeprefix("user:")) for by in found if by.startswith("user:")}


def _contacted(t: Telling) -> str:
    words = {"name": t.by, "via": labels.VIAS[t.details["via"]]}
    if t.details["outcome"] == "not_reached":
        return gettext("%(name)s tried and did not reach the customer (%(via)s)", **words)
    if t.details["outcome"] == "message_left":
        return gettext("%(name)s left the customer a message (%(via)s)", **words)
    return gettext("%(name)s reached the customer (%(via)s)", **words)


def _opened(t: Telling) -> str:
    return gettext("The case was opened. %(reason)s", reason=sentence(Reason.from_dict(t.details["reason"])))


def _paged(t: Telling) -> str:
    return gettext("%(name)s was paged", name=t.name(f"user:{t.details['to']}"))


def _escalated(t: Telling) -> str:
    to = t.name(f"user:{t.details['to']}")
    if t.details["reason"]["code"] == "nobody_acknowledged":
        return gettext("Nobody had taken it: %(name)s was paged", name=to)
    if t.details["reason"]["code"] == "app_only":
        first = t.name(f"user:{t.details['reason']['args']['user']}")
        return gettext(
            "%(first)s is reached in the app only: %(name)s was paged at once", first=first, name=to
        )
    return gettext("One step up: %(name)s was paged", name=to)


def _assigned(t: Telling) -> str:
    return gettext("%(name)s handed it to %(to)s", name=t.by, to=t.name(f"user:{t.details['to']}"))


def _refused(t: Telling) -> str:
    to = t.name(f"user:{t.details['to']}")
    return gettext("%(name)s wanted %(to)s to own it: refused, because it is about %(to)s", name=t.by, to=to)


def _broken(t: Telling) -> str:
    return gettext("“%(promise)s” was not kept in time", promise=PROMISES[t.details["promise"]])


TOLD_WITH_ITS_WORDS: Final = frozenset({"replied"})
"""The reply itself stands in the line."""

EVENTS: Final[dict[str, Callable[[Telling], str]]] = {
    "opened": _opened,
    "paged": _paged,
    "escalated": _escalated,
    "acknowledged": lambda t: gettext("You took it") if t.mine else gettext("%(name)s took it", name=t.by),
    "assigned": _assigned,
    "assignment_refused": _refused,
    "noted": lambda t: gettext("%(name)s noted", name=t.by),
    "contacted": _contacted,
    "paused": lambda t: gettext(
        "%(name)s paused it: %(why)s", name=t.by, why=labels.PAUSES[t.details["reason"]]
    ),
    "resumed": lambda t: gettext("%(name)s let it go on", name=t.by),
    "customer_said": lambda t: gettext("The customer said to %(name)s", name=t.by),
    "resolved": lambda t: gettext(
        "%(name)s solved it: %(how)s", name=t.by, how=labels.RESOLUTIONS[t.details["code"]]
    ),
    "closed": lambda t: gettext("%(name)s closed it", name=t.by),
    "confirmed": lambda t: gettext("The customer says that it is solved"),
    "dismissed": lambda t: gettext("%(name)s dismissed it", name=t.by),
    "merged": lambda t: gettext("%(name)s merged it into another case", name=t.by),
    "absorbed": lambda t: gettext("%(name)s merged another case into this one", name=t.by),
    "reopened": lambda t: gettext("%(name)s opened it again", name=t.by),
    "followed": lambda t: gettext("A new case follows this one"),
    "not_solved": lambda t: gettext("The customer says that it is not solved"),
    "acknowledgement_expired": lambda t: gettext(
        "It was taken, but nobody contacted the customer: open again"
    ),
    "raised": lambda t: gettext(
        "It turned out to be worse: %(how)s", how=labels.SEVERITIES[t.details["severity"]]
    ),
    "breached": _broken,
    "corrected": lambda t: corrected(t.by, t.details, t.pack),
    "correction_undone": lambda t: taken_back(t.by, t.details, t.pack),
    "grouped": lambda t: gettext("Others came at the same time for the same cause: one page for all of them"),
    "ungrouped": lambda t: gettext(
        "It left its group. %(reason)s", reason=sentence(Reason.from_dict(t.details["reason"]))
    ),
}
"""A sentence for every kind of event; a test walks the engine and finds the one that has none."""
