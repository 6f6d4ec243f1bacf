"""The roster's page: a week with its gaps, shifts in a draft, arrangements that hold at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.roster import on_duty
from cem.engine import organisation
from cem.extensions import db
from tests.conftest import Databases
from tests.web.office import Office, opened
from tests.world import MONDAY


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def on_duty_now(office: Office) -> str:
    with office.inside():
        db.session.rollback()
        place = organisation.current(db.session.connection()).by_code["bund"]
        first = on_duty(place.roster, MONDAY).first
        return next(name for name, id in office.world.people.items() if str(id) == first)


def person(office: Office, name: str) -> str:
    return str(office.world.people[name])


def test_a_week_shows_who_is_on_duty_and_how_they_are_reached(office: Office) -> None:
    page = office.desk("admin").page("/admin/roster?site=bund")
    assert "No gaps this week." in page and "林知夏" in page and "07:00–22:00" in page
    assert "No address outside the hub" in page


def test_a_place_without_shifts_is_one_red_gap_and_says_who_answers(office: Office) -> None:
    page = office.desk("admin").page("/admin/roster?site=soho")
    assert "This week has 7 gaps, 168.0 hours in all." in page
    assert "goes at once to Mary Field" in page


def test_somebody_who_is_ill_is_stood_in_for_at_once(office: Office) -> None:
    admin = office.desk("admin")
    form = {"kind": "replace", "user": person(office, "lin"), "by": person(office, "shen"), "reach": "app"}
    form |= {"start": "2026-11-23T09:00", "end": "2026-11-23T18:00"}
    assert admin.post("/admin/roster/arrangement?site=bund", **form).status_code == 303
    assert on_duty_now(office) == "shen"
    assert "沈若宁 for 林知夏" in admin.page("/admin/roster?site=bund")


def test_what_is_missing_is_named_and_what_was_written_is_kept(office: Office) -> None:
    form = {"kind": "replace", "start": "nonsense"}
    answer = office.desk("admin").post("/admin/roster/arrangement?site=bund", **form)
    assert answer.status_code == 422
    assert "Write a day and a time." in answer.text


def test_a_shift_waits_in_a_draft_until_it_is_published(office: Office) -> None:
    admin, shen = office.desk("admin"), person(office, "shen")
    form = {"users": [shen, person(office, "zhou")], "weekdays": ["0", "1"], "start": "06:00", "end": "24:00"}
    form |= {"turn": "day", "since": "2026-11-23", "before": "", "reach": "app"}
    assert admin.post("/admin/roster/shift?site=bund", **{**form, "end": "23:30"}).status_code == 303
    page = admin.page("/admin/roster?site=bund&look=draft")
    assert "A draft waits." in page and "taking turns by the day" in page
    assert "taking turns" not in admin.page("/admin/roster?site=bund")
    # somebody falls ill meanwhile: what is arranged stays arranged
    away = {"kind": "remove", "user": person(office, "lin")}
    away |= {"start": "2026-11-23T09:00", "end": "2026-11-23T18:00"}
    assert admin.post("/admin/roster/arrangement?site=bund", **away).status_code == 303
    assert admin.post(address_of(page, "publication")).status_code == 303
    assert on_duty_now(office) == "shen"
    assert "A draft waits." not in admin.page("/admin/roster?site=bund")


def address_of(page: str, ending: str) -> str:
    end = page.index(f'/{ending}"')
    return page[page.rindex('"', 0, end) + 1 : end] + f"/{ending}"


def test_a_swap_is_asked_for_and_an_administrator_can_say_yes_for_a_colleague(office: Office) -> None:
    admin = office.desk("admin")
    form = {"user": person(office, "lin"), "asked": person(office, "zhou")}
    form |= {"start": "2026-11-23T09:00", "end": "2026-11-23T18:00"}
    assert admin.post("/admin/roster/swap?site=bund", **form).status_code == 303
    assert on_duty_now(office) == "lin"
    page = admin.page("/admin/roster?site=bund")
    assert "林知夏 asks 周远" in page
    assert admin.post(address_of(page, "answer"), user=person(office, "zhou")).status_code == 303
    assert on_duty_now(office) == "zhou"


def test_executives_look_at_the_roster_and_change_nothing(office: Office) -> None:
    executive = office.desk("fallback")
    assert "Add a shift" not in executive.page("/admin/roster?site=bund")
    assert executive.post("/admin/roster/shift?site=bund").status_code == 403


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_roster_speaks_three_languages(office: Office, language: str) -> None:
    assert f'lang="{language}"' in office.desk("admin").get(f"/admin/roster?site=bund&lang={language}").text
