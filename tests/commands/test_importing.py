"""`cem import`: good rows are stored whatever the others are, once, and the others come back with why."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.commands.conftest import Cem

REVIEWS = """id,site,rating,text,language,occurred_at,author
a1,branch-1,5,很好,zh-Hans,2026-01-05T12:00:00+08:00,小明
a2,branch-1,1,"太吵了, 一夜没睡",zh-Hans,2026-01-06T01:30,小红
a3,nowhere,4,ok,en,,
a4,branch-1,9,ok,en,,
a5,branch-1,,,en,,
a6,branch-1,3,ok,en,yesterday,
"""


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def ledger(cem: Cem) -> dict[str, int]:
    return dict(json.loads(cem("ledger", "--json").out))


def errors(file: Path) -> dict[str, str]:
    with file.with_name(file.name + ".errors.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {row["id"]: row["error"] for row in csv.DictReader(lines)}


def test_good_rows_are_stored_and_the_others_set_aside_with_why(founded: Cem, tmp_path: Path) -> None:
    file = write(tmp_path / "reviews.csv", REVIEWS)
    ran = founded("import", file, "--channel", "review")
    assert ran.status == 0
    assert ran.out.startswith("2 stored, 0 known already, 4 refused")
    why = errors(file)
    assert set(why) == {"a3", "a4", "a5", "a6"}
    assert why["a3"].startswith("site:") and why["a4"].startswith("rating:")
    assert why["a6"].startswith("occurred_at:")
    assert ledger(founded)["total"] == 2


def test_the_same_file_again_adds_nothing(founded: Cem, tmp_path: Path) -> None:
    file = write(tmp_path / "reviews.csv", REVIEWS)
    founded("import", file, "--channel", "review")
    assert founded("import", file, "--channel", "review").out.startswith(
        "0 stored, 2 known already, 4 refused"
    )
    assert ledger(founded)["total"] == 2


def test_the_same_id_twice_in_one_file_is_one_feedback(founded: Cem, tmp_path: Path) -> None:
    file = write(tmp_path / "twice.csv", "id,site,rating\nx,branch-1,4\nx,branch-1,4\n")
    assert founded("import", file, "--channel", "review").out.startswith("1 stored, 1 known already")


def test_a_byte_order_mark_and_capital_headers_are_no_hindrance(founded: Cem, tmp_path: Path) -> None:
    file = write(tmp_path / "bom.csv", "ID,Site,Rating,Text\nb,branch-1,4,好\n", "utf-8-sig")
    assert founded("import", file, "--channel", "review").out.startswith("1 stored")


def test_a_rating_needs_a_scale_where_it_is_no_review(founded: Cem, tmp_path: Path) -> None:
    file = write(tmp_path / "survey.csv", "id,site,rating,scale\nc,branch-1,9,nps\nd,branch-1,9,\n")
    assert founded("import", file, "--channel", "link").out.startswith("1 stored, 0 known already, 1 refused")
    assert errors(file)["d"].startswith("scale:")


def test_broken_bytes_are_refused_row_by_row_and_given_back_as_they_were(
    founded: Cem, tmp_path: Path
) -> None:
    file = tmp_path / "broken.csv"
    file.write_bytes(b"id,site,text\ne,branch-1,good\nf,branch-1,b\xff\xfed\n")
    assert founded("import", file, "--channel", "review").out.startswith(
        "1 stored, 0 known already, 1 refused"
    )
    assert b"b\xff\xfed" in file.with_name("broken.csv.errors.csv").read_bytes()


def test_an_old_file_of_errors_does_not_outlive_a_clean_import(founded: Cem, tmp_path: Path) -> None:
    file = write(tmp_path / "mended.csv", "id,site,rating\ng,nowhere,4\n")
    assert founded("import", file, "--channel", "review").status == 1
    write(file, "id,site,rating\ng,branch-1,4\n")
    assert founded("import", file, "--channel", "review").status == 0
    assert not file.with_name("mended.csv.errors.csv").exists()


def test_what_is_old_opens_its_case_without_a_page(founded: Cem, tmp_path: Path) -> None:
    file = write(tmp_path / "old.csv", "id,site,rating,occurred_at\nh,branch-1,1,2026-01-05T12:00:00+08:00\n")
    founded("import", file, "--channel", "review")
    assert ledger(founded)["owed"] == 1
    assert founded("verify").status == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [("id,stars\n1,5\n", "stars"), ("id,rating\n1,5\n", "site"), ("", "site"), ("site,site\nx,y\n", "twice")],
)
def test_a_header_that_is_not_understood_stops_before_anything_is_stored(
    founded: Cem, tmp_path: Path, text: str, says: str
) -> None:
    ran = founded("import", write(tmp_path / "odd.csv", text), "--channel", "review")
    assert ran.status == 1 and says in ran.err and "Traceback" not in ran.err


def test_a_file_that_is_not_there_is_one_sentence(founded: Cem, tmp_path: Path) -> None:
    ran = founded("import", tmp_path / "none.csv", "--channel", "review")
    assert ran.status == 1 and ran.err.startswith("cem: ") and ran.err.count("\n") == 1
