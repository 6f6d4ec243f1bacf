"""A rehearsal on its pages: asked for, watched, called off, read, and opened down to its items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from cem.engine import rehearsals
from tests.conftest import Databases
from tests.web.office import Desk, Office, opened


@pytest.fixture
def office(databases: Databases, tmp_path: Path) -> Iterator[Office]:
    with opened(databases.sqlite(tmp_path), tmp_path) as office:
        yield office


@pytest.fixture
def draft(office: Office) -> str:
    """Worst faces become critical; two of them came in."""
    office.tap(1), office.tap(1)
    office.pass_time(seconds=1)
    admin = office.desk("admin")
    admin.post("/admin/rules/0", name="Worst", ratings=["very_dissatisfied"], severity="critical")
    found = re.search(r"/admin/rehearsal/([0-9a-f-]+)", admin.page("/admin/rules"))
    assert found is not None
    return found[1]


def settled(office: Office) -> None:
    with office.inside():
        office.world.settle()


def result(office: Office, desk: Desk, draft: str) -> str:
    desk.post(f"/admin/rehearsal/{draft}")
    settled(office)
    return desk.page(f"/admin/rehearsal?draft={draft}")


def test_it_runs_behind_the_page_which_says_how_far_it_is(
    office: Office, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsals, "PART", 1)
    monkeypatch.setattr(rehearsals, "STRETCH", 1)
    admin = office.desk("admin")
    assert "has not been rehearsed yet" in admin.page(f"/admin/rehearsal?draft={draft}")
    admin.post(f"/admin/rehearsal/{draft}")
    waiting = admin.page(f"/admin/rehearsal?draft={draft}")
    assert "It begins in a moment" in waiting and '<meta http-equiv="refresh"' in waiting
    with office.inside():
        found = rehearsals.latest(UUID(draft))
        assert found is not None
        rehearsals.go_on(found.id)
    now = admin.page(f"/admin/rehearsal/{draft}/now")
    assert "1 of 4 played" in now and 'max="4" value="1"' in now and "<html" not in now
    assert admin.post(f"/admin/rehearsal/{draft}/end").status_code == 303
    settled(office)
    assert "was called off" in admin.page(f"/admin/rehearsal?draft={draft}")
    assert admin.post(f"/admin/rehearsal/{draft}/end").status_code == 409
    assert "2 would have gone differently" in result(office, admin, draft)


def test_every_figure_carries_its_n_and_the_worst_days_open_their_items(office: Office, draft: str) -> None:
    admin = office.desk("admin")
    page = result(office, admin, draft)
    figures = page[page.index("reh__figures") : page.index("</dl>")]
    assert figures.count("<dt>") == figures.count('class="sig"') == 7
    for words in ("Pages a day", "not kept", "Hours with nobody on the roster"):
        assert words in figures
    day = re.search(r'href="(/admin/rehearsal\?draft=[^"]+day=[^"]+)">Open 2 items', page)
    assert day is not None
    items = admin.page(day[1].replace("&amp;", "&"))
    assert "P2 · 林知夏" in items and "P1 · 林知夏" in items and "n 2" in items
    opens = re.findall(r'href="(/desk/feedback/[^"]+)"', items)
    assert len(opens) == 2 and all(admin.get(one).status_code == 303 for one in opens)
    assert admin.get(f"/admin/rehearsal?draft={draft}&day=soon").status_code == 404


def test_an_old_result_says_so_and_is_played_again_by_one_touch(office: Office, draft: str) -> None:
    admin = office.desk("admin")
    assert "out of date" not in result(office, admin, draft)
    office.pass_time(minutes=1)
    admin.post("/admin/rules/1", name="Second", ratings=["dissatisfied"], severity="high")
    page = admin.page(f"/admin/rehearsal?draft={draft}")
    assert "out of date" in page and "The draft was changed after it." in page
    assert "out of date" not in result(office, admin, draft)


def test_without_history_it_is_explained_and_refused(office: Office) -> None:
    admin = office.desk("admin")
    admin.post("/admin/rules/0", name="Worst", ratings=["very_dissatisfied"], severity="critical")
    draft = re.search(r"/admin/rehearsal/([0-9a-f-]+)", admin.page("/admin/rules"))
    assert draft is not None
    assert "no history here yet" in admin.page(f"/admin/rehearsal?draft={draft[1]}")
    answer = admin.post(f"/admin/rehearsal/{draft[1]}")
    assert answer.status_code == 409 and "Nothing came in here in the last 90 days" in answer.text


def test_executives_may_have_it_played_and_others_see_nothing(office: Office, draft: str) -> None:
    assert "2 would have gone differently" in result(office, office.desk("fallback"), draft)
    for who in ("lin", "outsider"):
        assert office.desk(who).post(f"/admin/rehearsal/{draft}").status_code == 403
        assert office.desk(who).get(f"/admin/rehearsal?draft={draft}").status_code == 403
