"""`cem backup` and `cem restore`: everything in one file, and all of it back, on both databases."""

from __future__ import annotations

import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cem.engine import organisation
from tests.commands.conftest import Cem
from tests.conftest import Databases

REVIEWS = "id,site,rating,text,customer\na,branch-1,1,太吵了,K-1\nb,branch-1,5,,\n"
Elsewhere = Callable[[], Path]


@pytest.fixture
def kept(founded: Cem, tmp_path: Path) -> Path:
    """A backup of a hub with two feedbacks, one customer and a token."""
    reviews = tmp_path / "reviews.csv"
    reviews.write_text(REVIEWS, encoding="utf-8")
    assert founded("import", reviews, "--channel", "review").status == 0
    assert founded("token", "create", "--name", "x", "--scope", "admin").status == 0
    file = tmp_path / "hub.tar.gz"
    assert founded("backup", file).status == 0
    return file


@pytest.fixture
def elsewhere(
    database_url: str, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Elsewhere:
    """Another machine: an empty instance folder and an empty database of the same kind."""

    def move() -> Path:
        instance = tmp_path / "elsewhere"
        kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
        monkeypatch.setenv("CEM_INSTANCE", str(instance))
        if kind == "sqlite":
            monkeypatch.delenv("CEM_DATABASE_URL")
        else:
            monkeypatch.setenv("CEM_DATABASE_URL", databases.empty(kind, instance))
        organisation.forget()
        return instance

    return move


def test_everything_is_back_and_the_proof_finds_nothing(
    founded: Cem, kept: Path, elsewhere: Elsewhere
) -> None:
    before = [founded(command, "--json").out for command in ("sites", "ledger")]
    elsewhere()
    assert founded("restore", kept).status == 0
    assert [founded(command, "--json").out for command in ("sites", "ledger")] == before
    assert json.loads(before[1])["total"] == 2
    assert founded("verify").status == 0


def test_the_key_comes_back_so_that_names_can_be_read_and_for_nobody_else(
    founded: Cem, instance: Path, kept: Path, elsewhere: Elsewhere
) -> None:
    key = (instance / "secret-key").read_text()
    there = elsewhere()
    founded("restore", kept)
    assert (there / "secret-key").read_text() == key
    assert stat.S_IMODE((there / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_what_is_there_is_never_overwritten(founded: Cem, kept: Path, elsewhere: Elsewhere) -> None:
    elsewhere()
    assert founded("restore", kept).status == 0
    again = founded("restore", kept)
    assert again.status == 1 and "already" in again.err and "Traceback" not in again.err


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08 broken"])
def test_what_is_no_backup_is_refused_and_leaves_nothing(
    founded: Cem, elsewhere: Elsewhere, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "odd.tar.gz"
    file.write_bytes(content)
    there = elsewhere()
    ran = founded("restore", file)
    assert ran.status == 1 and "no whole backup" in ran.err
    assert not (there / "secret-key").exists()


def test_the_archive_holds_what_is_needed_and_nothing_that_only_repeats_it(kept: Path) -> None:
    with tarfile.open(kept) as tar:
        names = set(tar.getnames())
    assert {"manifest.json", "secret-key"} < names
    assert not [name for name in names if name.startswith("queue")]


def test_a_backup_that_cannot_be_written_is_one_sentence(founded: Cem, tmp_path: Path) -> None:
    ran = founded("backup", tmp_path / "nowhere" / "hub.tar.gz")
    assert ran.status == 1 and ran.err.startswith("cem: ") and "Traceback" not in ran.err
