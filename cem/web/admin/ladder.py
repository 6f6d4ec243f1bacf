"""`/admin/ladder`: who is told next while nobody takes a case, and what would happen at a given moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from cem import clock
from cem.domain.calendars import due_at
from cem.domain.escalation import DEPUTY, DUTY, MANAGER, REGION, Ladder, People, next_step, people_for
from cem.domain.localtime import instant
from cem.domain.promises import LadderTimes
from cem.domain.reasons import Invalid, Reason
from cem.domain.submission import N_
from cem.domain.vocabulary import Hours, Priority
from cem.engine.organisation import Place
from cem.http.words import sentence
from cem.web.admin import choosing, drafting, reach
from cem.web.admin.blueprint import READERS, WRITERS, admin

VIEWS: Final[dict[str, Any]] = {"ladder": READERS, "keep_ladder": WRITERS}
MOST: Final = 8
PAGES: Final = 6
"""So many pages of a rehearsal are shown; after them it goes on every so often."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a rehearsal; `skipped` are the steps left out before it, in words."""

    at: datetime
    who: str
    step: str
    why: str


@admin.get("/ladder")
def ladder() -> str:
    place = choosing.chosen()
    draft = choosing.draft_of("ladder", place)
    looks_at_draft = draft is not None and request.args.get("look") == "draft"
    shown = Ladder.from_document(draft.document["steps"]) if draft and looks_at_draft else place.ladder
    return _page(place, shown, {}, looks_at_draft=looks_at_draft)


@admin.post("/ladder")
def keep_ladder() -> Any:
    """The steps in their order; an empty one is left out."""
    place = choosing.chosen()
    steps = [step for step in request.form.getlist("steps") if step]
    known = {code for code, _ in _who(place)}
    try:
        if not steps:
            raise Invalid({"steps": [N_("A ladder has one step at least.")]})
        if not set(steps) <= known:
            raise Invalid({"steps": [N_("Choose who.")]})
        document = {"steps": list(dict.fromkeys(steps))}
        words = dict(_who(place))
        yours = " → ".join(str(words[step]) for step in document["steps"])
        if late := drafting.keep("ladder", place, document, yours):
            return late
    except Invalid as invalid:
        words = {name: [gettext(each) for each in said] for name, said in invalid.fields.items()}
        return _page(place, Ladder.from_document(steps), words), 422
    return redirect(url_for("admin.ladder", site=place.code, look="draft", done="kept"), 303)


def _page(place: Place, shown: Ladder, errors: dict[str, list[str]], **more: Any) -> str:
    names, known = choosing.names(), choosing.known()
    at = _moment(place)
    priority = request.args.get("priority", Priority.P2)
    chosen = Priority(priority) if priority in set(Priority) else Priority.P2
    now_on = people_for(shown, place.roster, clock.now(), known.is_active)
    then = people_for(shown, place.roster, at, known.is_active)
    persons = {rung.step.who: rung.person for rung in now_on.rungs}
    return render_template(
        "admin/ladder.html",
        place=place,
        places=choosing.place_options(),
        steps=[(step.who, persons.get(step.who)) for step in shown.steps],
        words=dict(_who(place)),
        who=_who(place),
        most=max(MOST, len(shown.steps) + 1),
        names=names,
        reach={each.id: each for each in reach.of(list(now_on.ids), names)},
        times=[(rank, _times(place.policy[rank].ladder)) for rank in Priority],
        at=at.astimezone(ZoneInfo(place.roster.timezone)),
        priority=chosen,
        priorities=list(Priority),
        pages=_rehearsed(place, then, chosen, at, names),
        skipped=[_skipped(reason, place) for reason in then.skipped],
        version=choosing.version_of("ladder", place),
        draft=choosing.draft_of("ladder", place),
        errors=errors,
        done=request.args.get("done", ""),
        seen=request.form.get("seen") or drafting.seen("ladder", place),
        **{"looks_at_draft": False, **more},
    )


def _who(place: Place) -> list[tuple[str, str]]:
    posts = [
        (DUTY, gettext("Whoever is on duty")),
        (DEPUTY, gettext("Second on duty, or the deputy")),
        (MANAGER, gettext("Manager of the site")),
        (REGION, gettext("Region")),
    ]
    return posts + choosing.people_options(place)


def _moment(place: Place) -> datetime:
    try:
        local = datetime.fromisoformat(request.args.get("at", ""))
        return instant(place.roster.timezone, local.date(), local.time().replace(tzinfo=None))
    except ValueError:
        return clock.now()


def _rehearsed(
    place: Place, people: People, priority: Priority, start: datetime, names: dict[str, str]
) -> list[Page]:
    """What a case that comes at `start` would do while nobody takes it. Nobody is really told."""
    zone, table = ZoneInfo(place.roster.timezone), place.policy[priority]
    hours = place.calendar if table.hours is Hours.BUSINESS else None
    missed = due_at(start, table.acknowledge, hours)
    found: list[Page] = []
    at, step = start, 0
    while len(found) < PAGES:
        rung = people.at(step)
        who = names.get(rung.person, "")
        found.append(Page(at.astimezone(zone), who, rung.step.who, sentence(rung.reason)))
        following = next_step(priority, place.policy, start, step, at, place.calendar, missed)
        at, step = following.at, following.step_index
    return found


def _skipped(reason: Reason, place: Place) -> str:
    word = dict(_who(place)).get(reason.args.get("step", ""), "")
    return f"{word}: {sentence(reason)}"


def _times(times: LadderTimes) -> str:
    """`0 min, 2 min, 5 min, then every 15 min`."""
    steps = [_minutes(step) for step in (timedelta(), *times.steps)]
    every = _minutes(times.every)
    return gettext("%(steps)s, then every %(every)s", steps=", ".join(steps), every=every)


def _minutes(step: timedelta | None) -> str:
    if step is None:
        return gettext("when it is missed")
    return gettext("%(number)s min", number=step // timedelta(minutes=1))
