"""What a customer who disagrees may do is said once, by an administrator, and stands below drafts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cem.domain.vocabulary import Kind
from cem.extensions import db
from cem.models import Recourse
from tests.web.office import Office, opened
from tests.web.test_reply_drafts_shown import field

FURTHER = "If you disagree, write within 15 days to say@house.example.com."


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with opened(database_url, tmp_path) as office:
        yield office


def complained(office: Office) -> int:
    number = office.say("Cold soup after 40 minutes", (0, 9, "negative"), kind=Kind.COMPLAINT)
    office.desk("lin").post(f"/desk/cases/{number}/acknowledgement")
    return number


def test_what_is_said_there_ends_a_draft_in_its_language(office: Office) -> None:
    number, admin, lin = complained(office), office.desk("admin"), office.desk("lin")
    address = f"/desk/cases/{number}/reply-draft?on=resolution"
    without = field(lin.post(address, want="draft", reply="", code="no_fault").text)
    kept = admin.post("/admin/letters", **{"en": f"  {FURTHER}\r\n", "zh-Hans": "可写信。", "zh-Hant": ""})
    assert kept.status_code == 303 and "Kept." in admin.page(kept.location)
    page = lin.post(address, want="draft", reply="", code="no_fault").text
    assert field(page) == f"{without}\n\n{FURTHER}" and "What the house says" in page
    assert "stands nowhere in the case" not in page
    shown = admin.page("/admin/letters")
    assert field(shown, "en") == FURTHER and field(shown, "zh-Hant") == "" and "Last changed" in shown
    admin.post("/admin/letters", en="")
    assert field(lin.post(address, want="draft", reply="", code="no_fault").text) == without
    with office.inside():
        assert db.session.query(Recourse).count() == 2, "what held before is kept"
    assert len(office.audited("recourse.stated")) == 2


def test_what_is_too_long_is_named_and_nothing_is_lost(office: Office) -> None:
    refused = office.desk("admin").post("/admin/letters", en="x" * 401)
    assert refused.status_code == 422 and "This is too long." in refused.text
    assert field(refused.text, "en") == "x" * 401
    assert 'name="en"' in refused.text and office.audited("recourse.stated") == []


def test_executives_read_it_and_only_administrators_change_it(office: Office) -> None:
    assert 'type="submit">Keep<' not in office.desk("fallback").page("/admin/letters")
    assert office.desk("fallback").post("/admin/letters", en="x").status_code == 403
    for who in ("lin", "clerk"):
        assert office.desk(who).get("/admin/letters").status_code == 403
