"""One's own duty and addresses: taking over, swapping, being away, and proving where one is reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cem import clock
from cem.domain.roster import on_duty
from cem.engine import addresses, organisation
from cem.extensions import db
from cem.models import Address
from tests.conftest import Databases
from tests.web.office import Office, opened


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


def on_duty_now(office: Office) -> str:
    with office.inside():
        db.session.rollback()
        place = organisation.current(db.session.connection()).by_code["bund"]
        first = on_duty(place.roster, clock.now()).first
        return next(name for name, id in office.world.people.items() if str(id) == first)


def address_of(page: str, ending: str) -> str:
    end = page.index(f'/{ending}"')
    return page[page.rindex('"', 0, end) + 1 : end] + f"/{ending}"


def test_my_page_says_when_i_am_on_duty_and_who_is_now(office: Office) -> None:
    page = office.desk("lin").page("/me/duty")
    assert "that is you" in page and "11-23 07:00 – 22:00" in page
    assert "11-23 22:00 – 11-24 07:00" in office.desk("zhou").page("/me/duty")


def test_somebody_who_stands_in_takes_the_duty_over_with_one_touch(office: Office) -> None:
    assert office.desk("shen").post("/me/duty/takeover", site="bund").status_code == 303
    assert on_duty_now(office) == "shen"
    assert "The duty is yours from now on." in office.desk("shen").page("/me/duty?done=taken_over")


def test_nobody_takes_over_where_they_see_nothing(office: Office) -> None:
    assert office.desk("outsider").post("/me/duty/takeover", site="bund").status_code == 404
    assert on_duty_now(office) == "lin"


def test_a_colleague_is_asked_and_says_yes_on_their_own_page(office: Office) -> None:
    form = {"site": "bund", "asked": str(office.world.people["zhou"])}
    form |= {"start": "2026-11-23T09:00", "end": "2026-11-23T18:00"}
    assert office.desk("lin").post("/me/duty/swaps", **form).status_code == 303
    page = office.desk("zhou").page("/me/duty")
    assert "You are asked" in page
    address = page[page.index("/me/duty/swaps/") :].split('"')[0]
    assert office.desk("outsider").post(address, answer="yes").status_code == 404
    assert office.desk("zhou").post(address, answer="yes").status_code == 303
    assert on_duty_now(office) == "zhou"


def test_who_is_away_hears_that_hours_are_not_covered(office: Office) -> None:
    form = {"start": "2026-11-23T09:00", "end": "2026-11-23T18:00"}
    answer = office.desk("lin").post("/me/duty/absences", **form)
    assert answer.location.endswith("done=away_uncovered")
    assert on_duty_now(office) == "shen"
    assert office.desk("clerk").post("/me/duty/absences", **form).status_code == 422


def own(office: Office, who: str) -> Address:
    with office.inside():
        db.session.rollback()
        mine = (Address.user_id == office.world.people[who], Address.ended_at.is_(None))
        return db.session.scalars(db.select(Address).where(*mine)).one()


def code(office: Office, who: str) -> str:
    with office.inside():
        proof = addresses.latest_proof(db.session, own(office, who).id)
        assert proof is not None
        return addresses.code_of(proof.id)


def test_an_address_counts_from_when_its_owner_has_proved_it(office: Office) -> None:
    lin, admin = office.desk("lin"), office.desk("admin")
    form = {"transport": "email", "email": "lin@example.com"}
    assert lin.post("/me/addresses", **form).status_code == 303
    why = "E-mail: the address was given, but its owner has not proved it."
    assert why in admin.page("/admin/roster?site=bund")
    office.tap(1)
    assert sent_to(office, "email") == []
    prove = f"/me/addresses/{own(office, 'lin').id}/proof"
    assert lin.post(prove, code="000000" if code(office, "lin") != "000000" else "1").status_code == 422
    assert lin.post(prove, code=code(office, "lin")).status_code == 303
    assert own(office, "lin").verified_at is not None
    assert why not in admin.page("/admin/roster?site=bund")
    office.tap(1)
    assert sent_to(office, "email") == ["lin"]


def sent_to(office: Office, transport: str) -> list[str]:
    from cem.models import Delivery

    with office.inside():
        db.session.rollback()
        sent = db.select(Delivery.to).where(Delivery.transport == transport, Delivery.sent_at.is_not(None))
        return list(db.session.scalars(sent))


def test_a_code_is_too_old_after_half_an_hour_and_guessing_ends_after_five_tries(office: Office) -> None:
    lin = office.desk("lin")
    lin.post("/me/addresses", transport="sms", sms="+86 138-0013-8000")
    first = code(office, "lin")
    wrong = "111111" if first != "111111" else "222222"
    prove = f"/me/addresses/{own(office, 'lin').id}/proof"
    for _ in range(5):
        assert lin.post(prove, code=wrong).status_code == 422
    assert lin.post(prove, code=first).status_code == 422
    assert lin.post(prove.replace("proof", "code")).status_code == 303
    second = code(office, "lin")
    office.pass_time(minutes=31)
    assert lin.post(prove, code=second).status_code == 422


def test_nobody_proves_or_ends_somebody_elses_address(office: Office) -> None:
    office.desk("lin").post("/me/addresses", transport="email", email="lin@example.com")
    prove = f"/me/addresses/{own(office, 'lin').id}/proof"
    assert office.desk("zhou").post(prove, code=code(office, "lin")).status_code == 404


def test_what_is_no_address_is_said_at_its_field(office: Office) -> None:
    answer = office.desk("lin").post("/me/addresses", transport="email", email="nobody at home")
    assert answer.status_code == 422 and "Write an address as name@example.com." in answer.text


PAGES = [
    ("zhou", "/me/duty"),
    ("zhou", "/me/addresses"),
    ("admin", "/admin/ladder?site=bund"),
    ("admin", "/admin/promises?site=bund"),
    ("admin", "/admin/calendars?site=bund"),
    ("admin", "/admin/people"),
    ("admin", "/admin/people/new"),
    ("admin", "/admin/roster/shift?site=bund"),
    ("admin", "/admin/roster/arrangement?site=bund"),
    ("admin", "/admin/roster/swap?site=bund"),
]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_every_page_about_duties_speaks_chinese(office: Office, language: str) -> None:
    form = {"site": "bund", "asked": str(office.world.people["zhou"])}
    form |= {"start": "2026-11-23T09:00", "end": "2026-11-23T18:00"}
    office.desk("lin").post("/me/duty/swaps", **form)
    office.desk("zhou").post("/me/addresses", transport="email", email="zhou@example.com")
    for who, address in PAGES:
        sign = "&" if "?" in address else "?"
        page = office.desk(who).page(f"{address}{sign}lang={language}")
        assert f'lang="{language}"' in page, address
