"""Whoever comes onto a roster is reached outside the app, or somebody said that the app is enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.extensions import db
from cem.models import AuditRow, Proof
from tests.conftest import Databases
from tests.engine.outside import reachable, robot
from tests.web.office import Office, opened
from tests.web.test_admin_roster import address_of, on_duty_now

ASK = "Keep it, and ask them for an address"


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def shift(office: Office, *people: str) -> dict[str, object]:
    users = [str(office.world.people[name]) for name in people]
    return {"users": users, "weekdays": ["0", "1"], "start": "06:00", "end": "23:00", "before": ""} | {
        "turn": "day",
        "since": "2026-11-23",
    }


def standing_in(office: Office, by: str) -> dict[str, str]:
    people = office.world.people
    form = {"kind": "replace", "user": str(people["lin"]), "by": str(people[by])}
    return form | {"start": "2026-11-23T09:00", "end": "2026-11-23T18:00"}


def recorded(office: Office, action: str) -> list[AuditRow]:
    with office.inside():
        db.session.rollback()
        return list(db.session.scalars(db.select(AuditRow).where(AuditRow.action == action)))


def proves(office: Office, who: str) -> None:
    with office.inside():
        reachable(office.world, who, "email", f"{who}@example.com")


def test_a_shift_names_who_is_reached_in_the_app_only_before_it_is_kept(office: Office) -> None:
    admin = office.desk("admin")
    proves(office, "zhou")
    answer = admin.post("/admin/roster/shift?site=bund", **shift(office, "shen", "zhou"))
    assert answer.status_code == 422
    assert "沈若宁: no address outside the app is proved" in answer.text and ASK in answer.text
    assert "A draft waits." not in admin.page("/admin/roster?site=bund")


def test_kept_knowingly_it_is_on_record_and_the_draft_says_it_too(office: Office) -> None:
    admin = office.desk("admin")
    form = shift(office, "shen") | {"reach": "app"}
    assert admin.post("/admin/roster/shift?site=bund", **form).status_code == 303
    (row,) = recorded(office, "roster.app_only")
    assert row.details == {"users": [str(office.world.people["shen"])]}
    page = admin.page("/admin/roster?site=bund&look=draft")
    assert "Reached in the app only:" in page and "沈若宁" in page
    assert admin.post(address_of(page, "publication")).status_code == 303
    assert len(recorded(office, "roster.app_only")) == 2, "and so does whoever publishes it"


def test_somebody_who_stands_in_is_asked_for_an_address_in_the_same_touch(office: Office) -> None:
    admin = office.desk("admin")
    assert admin.post("/admin/roster/arrangement?site=bund", **standing_in(office, "shen")).status_code == 422
    form = standing_in(office, "shen") | {"reach": "ask"}
    assert admin.post("/admin/roster/arrangement?site=bund", **form).status_code == 303
    assert on_duty_now(office) == "shen"
    with office.inside():
        office.world.settle()
        assert ("shen", "news") in office.world.told()
    assert "请您验证一个应用之外的联系方式" in office.desk("shen").page("/me/messages")


def test_who_proved_an_address_or_has_the_robot_of_the_place_is_not_asked_about(office: Office) -> None:
    admin = office.desk("admin")
    proves(office, "shen")
    assert admin.post("/admin/roster/arrangement?site=bund", **standing_in(office, "shen")).status_code == 303
    with office.inside():
        robot(office.world, "hall")
    assert admin.post("/admin/roster/shift?site=bund", **shift(office, "zhou")).status_code == 303
    assert "reached in the app only" not in admin.page("/admin/roster?site=bund")


def test_one_touch_on_the_roster_sends_another_code_to_an_address_that_waits(office: Office) -> None:
    admin, zhou = office.desk("admin"), office.desk("zhou")
    zhou.post("/me/addresses", transport="email", email="zhou@example.com")
    assert "reached in the app only" in admin.page("/admin/roster?site=bund")
    form = {"user": str(office.world.people["zhou"])}
    assert admin.post("/admin/roster/proof?site=bund", **form).status_code == 303
    with office.inside():
        assert db.session.scalar(db.select(db.func.count(Proof.id))) == 2
    assert office.desk("fallback").post("/admin/roster/proof?site=bund", **form).status_code == 403
    assert admin.post("/admin/roster/proof?site=bund", user="nobody").status_code == 404


def test_the_page_of_the_people_marks_them(office: Office) -> None:
    assert "reached in the app only" in office.desk("admin").page("/admin/people")
