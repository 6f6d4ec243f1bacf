"""Calendars, promises and ladders are drafted, looked at, and published as versions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.engine import organisation
from cem.engine.organisation import Place
from cem.extensions import db
from cem.web.admin import calendars, promises
from tests.conftest import Databases
from tests.web.office import Desk, Office, opened


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def place(office: Office, code: str) -> Place:
    with office.inside():
        db.session.rollback()
        return organisation.current(db.session.connection()).by_code[code]


def publish(admin: Desk, address: str) -> None:
    page = admin.page(address)
    end = page.index('/publication"')
    assert admin.post(page[page.rindex('"', 0, end) + 1 : end] + "/publication").status_code == 303


def test_hours_holidays_and_make_up_days_are_kept_in_a_draft_and_published(office: Office) -> None:
    admin = office.desk("admin")
    form = calendars._given(place(office, "bund").calendar)
    form |= {f"day{day}": "09:00-12:00, 14:00-18:00" for day in range(5)} | {"day5": "", "day6": ""}
    form |= {"days": "2026-11-24 closed Open day\n2026-11-28 working"}
    assert admin.post("/admin/calendars?site=bund", **form).status_code == 303
    shown = admin.page("/admin/calendars?site=bund&look=draft")
    assert "A draft waits." in shown and "2026-11-24 closed Open day" in shown
    assert "is due at 11-25 09:00" not in shown  # seven hours on Monday would be needed
    assert "is due at 11-25 11:00" in shown  # six on Monday from ten, Tuesday closed, two on Wednesday
    publish(admin, "/admin/calendars?site=bund")
    assert len(place(office, "bund").calendar.week[0]) == 2
    assert len(place(office, "east").calendar.week[0]) == 1


def test_the_days_of_a_calendar_file_are_looked_through_before_they_are_kept(office: Office) -> None:
    admin = office.desk("admin")
    form = calendars._given(place(office, "bund").calendar) | {"days": "2026-12-24 closed"}
    ics = b"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nSUMMARY:New Year\r\nEND:VEVENT"
    answer = admin.post("/admin/calendars/days?site=bund", **form, ics=(io.BytesIO(ics), "days.ics"))
    assert "2026-12-24 closed" in answer.text and "2027-01-01 closed New Year" in answer.text
    assert place(office, "bund").calendar.exceptions == {}


def test_what_is_wrong_is_said_at_its_field(office: Office) -> None:
    form = calendars._given(place(office, "bund").calendar) | {"day0": "nine to five"}
    answer = office.desk("admin").post("/admin/calendars?site=bund", **form)
    assert answer.status_code == 422 and "Write hours as 09:00-12:00" in answer.text
    assert "nine to five" in answer.text


def test_promises_are_changed_in_a_draft_and_cases_that_are_open_keep_theirs(office: Office) -> None:
    number = office.tap(1)
    admin = office.desk("admin")
    form = promises._given(place(office, "bund").policy.to_document())
    form |= {"p1-first_contact": "20", "p2-first_contact": "60"}
    assert admin.post("/admin/promises?site=bund", **form).status_code == 303
    publish(admin, "/admin/promises?site=bund")
    later = office.tap(1)
    with office.inside():
        from cem.models import Promise

        def minutes(case: int) -> float:
            which = (Promise.case_id == office.case(case).id, Promise.kind == "first_contact")
            return db.session.scalars(db.select(Promise.target_seconds).where(*which)).one() / 60

        assert (minutes(number), minutes(later)) == (120, 60)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"p4-resolve": "99999"}, "p4.resolve"),
        ({"p2-resolve": "60"}, "A higher priority may not promise more slowly"),
        ({"p3-acknowledge": "soon"}, "Whole minutes above 0"),
        ({"p1-expires": "5"}, "an expiry from 15 minutes to 7 days"),
    ],
)
def test_a_promise_slower_than_the_floor_or_that_lowers_is_refused(
    office: Office, change: dict[str, str], words: str
) -> None:
    form = promises._given(place(office, "bund").policy.to_document()) | change
    answer = office.desk("admin").post("/admin/promises?site=bund", **form)
    assert answer.status_code == 422 and words in answer.text


def test_the_ladder_shows_who_is_asked_now_and_what_would_happen_at_night(office: Office) -> None:
    page = office.desk("admin").page("/admin/ladder?site=bund&at=2026-11-24T02:00&priority=p1")
    assert "now 林知夏" in page
    line = page[page.index("lad__line") :]
    assert [time in line for time in ("02:00", "02:02", "02:05", "02:10", "02:25")] == [True] * 5
    assert "This person was asked before." in page


def test_steps_are_changed_and_read_live(office: Office) -> None:
    admin = office.desk("admin")
    assert admin.post("/admin/ladder?site=bund", steps=["duty", "region", "", ""]).status_code == 303
    publish(admin, "/admin/ladder?site=bund")
    assert place(office, "bund").ladder.to_document() == ["duty", "region"]
    assert admin.post("/admin/ladder?site=bund", steps=["", ""]).status_code == 422
    assert admin.post("/admin/ladder?site=bund", steps=["somebody"]).status_code == 422


@pytest.mark.parametrize("page", ["ladder", "promises", "calendars"])
def test_executives_look_and_change_nothing(office: Office, page: str) -> None:
    executive = office.desk("fallback")
    assert "Keep as a draft" not in executive.page(f"/admin/{page}?site=bund")
    assert executive.post(f"/admin/{page}?site=bund").status_code == 403
    assert office.desk("lin").get(f"/admin/{page}").status_code == 403
