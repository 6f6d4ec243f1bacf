"""`/me/duty`: when I am on duty, who is now, swaps, absences, and taking over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from cem import clock
from cem.domain.localtime import local_date
from cem.domain.reasons import Invalid, NotFound, Refused
from cem.domain.roster import on_duty
from cem.domain.roster_changes import people_of, stretches
from cem.engine import organisation, rosters, swaps
from cem.engine.organisation import Organisation, Place
from cem.extensions import db
from cem.http.access import actor, refuse_and_record, sees
from cem.http.i18n import localized
from cem.models import Swap, User
from cem.web import roster_forms
from cem.web.account.routes import account

NAMES: Final = ("duty", "take_over", "swap_my_duty", "answer_my_swap", "be_away")
AHEAD: Final = 14
"""Days of my duties that are shown."""


@dataclass(frozen=True, slots=True)
class Mine:
    """A time for which I am on duty, in the place's own time."""

    place: Place
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Now:
    """Who is on duty at a place at this moment."""

    place: Place
    who: str
    until: datetime | None
    mine: bool


@account.get("/me/duty", endpoint="duty")
def my_duty() -> str:
    return _page({}, {})


@account.post("/me/duty/takeover")
def take_over() -> Response:
    place = _place(request.form.get("site", ""))
    rosters.take_over(place.code, current_user.id, actor())
    return _back("taken_over")


@account.post("/me/duty/swaps")
def swap_my_duty() -> Any:
    try:
        place = _place(request.form.get("site", ""))
        start, end = roster_forms.period_from(request.form, place.roster.timezone)
        asked = roster_forms.person_from(request.form, "asked")
        swaps.ask(place.code, current_user.id, start, end, actor(), asked)
    except Invalid as invalid:
        return _page(request.form.to_dict(), _words(invalid)), 422
    return _back("asked")


@account.post("/me/duty/swaps/<uuid:swap_id>")
def answer_my_swap(swap_id: UUID) -> Response:
    swap = db.session.get(Swap, swap_id)
    if swap is None or not sees(_known().by_id[swap.site_id].path):
        raise NotFound
    answer = request.form.get("answer", "")
    if answer == "yes":
        swaps.accept(swap_id, current_user.id, actor())
    elif answer == "no":
        swaps.decline(swap_id, current_user.id, actor())
    elif swap.user_id == current_user.id:
        swaps.withdraw(swap_id, actor())
    else:
        refuse_and_record()
    return _back("answered")


@account.post("/me/duty/absences")
def be_away() -> Any:
    try:
        start, end = roster_forms.period_from(request.form, current_user.timezone)
        uncovered = rosters.be_away(current_user.id, start, end, actor())
    except Invalid as invalid:
        return _page(request.form.to_dict(), _words(invalid)), 422
    except Refused as refusal:
        if refusal.reason.code != "on_no_roster":
            raise
        return _page(request.form.to_dict(), {"end": [gettext("You are on no roster.")]}), 422
    return _back("away_uncovered" if any(uncovered.values()) else "away")


def _page(given: dict[str, Any], errors: dict[str, list[str]]) -> str:
    known, now, me = _known(), clock.now(), str(current_user.id)
    seen = [each for each in known.by_id.values() if each.takes_feedback and sees(each.path)]
    places = [each for each in seen if me in people_of(each.roster)] or seen
    names = {str(id): name for id, name in db.session.execute(select(User.id, User.name))}
    waiting = swaps.waiting(db.session(), [each.id for each in seen], now)
    return render_template(
        "account/duty.html",
        now_on=[_now(each, known, now, names, me) for each in places],
        mine=[each for place in places for each in _coming(place, known, now, me)],
        to_me=[s for s in waiting if s.asked_id == current_user.id or _could(s, known, me)],
        from_me=[s for s in waiting if s.user_id == current_user.id],
        places=[(each.code, localized(each.name)) for each in places],
        colleagues=_colleagues(places, names, me),
        place_of=known.by_id,
        names=names,
        local=lambda at, place: at.astimezone(ZoneInfo(place.roster.timezone)),
        given=given,
        errors=errors,
        done=request.args.get("done", ""),
    )


def _known() -> Organisation:
    return organisation.current(db.session.connection())


def _place(code: str) -> Place:
    place = _known().by_code.get(code)
    if place is None or not sees(place.path):
        raise NotFound
    return place


def _now(place: Place, known: Organisation, now: datetime, names: dict[str, str], me: str) -> Now:
    duty = on_duty(place.roster, now, known.is_active)
    until = duty.until.astimezone(ZoneInfo(place.roster.timezone)) if duty.until else None
    return Now(place, names.get(duty.first, ""), until, duty.first == me)


def _coming(place: Place, known: Organisation, now: datetime, me: str) -> list[Mine]:
    """My duties of the coming days; one that goes on over midnight is one."""
    zone = ZoneInfo(place.roster.timezone)
    today = local_date(now, place.roster.timezone)
    found: list[Mine] = []
    for ahead in range(AHEAD):
        for each in stretches(place.roster, today + timedelta(days=ahead), known.is_active):
            if me not in each.people or each.is_gap or each.period.end <= now:
                continue
            start, end = each.period.start.astimezone(zone), each.period.end.astimezone(zone)
            if found and found[-1].end == start:
                start = found.pop().start
            found.append(Mine(place, start, end))
    return found


def _could(swap: Swap, known: Organisation, me: str) -> bool:
    """Everybody on the roster was asked, and I am on it."""
    roster = known.by_id[swap.site_id].roster
    return swap.asked_id is None and str(swap.user_id) != me and me in people_of(roster)


def _colleagues(places: list[Place], names: dict[str, str], me: str) -> list[tuple[str, str]]:
    ids = dict.fromkeys(user for place in places for user in people_of(place.roster) if user != me)
    return [(user, names.get(user, "")) for user in ids]


def _back(done: str) -> Response:
    return redirect(url_for("account.duty", done=done), 303)


def _words(invalid: Invalid) -> dict[str, list[str]]:
    return {name: [gettext(words) for words in said] for name, said in invalid.fields.items()}
