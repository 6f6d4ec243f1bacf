"""The users' documents name what is there: commands and their options, files, calls, events."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from cem.cli import COMMANDS
from cem.domain.events import PUBLIC
from cem.settings import Settings
from tests.guards.sources import ROOT
from tests.world import settings_for

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
READMES = ("README.md", "README.zh-CN.md")
HEAVIEST = 150_000
"""Bytes of a picture: a page of the documents opens at once, also on a phone."""


def words_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sections() -> dict[str, str]:
    """The sections of docs/commands.md by the name of their command."""
    parts = re.split(r"^## cem (.+)$", words_of("docs/commands.md"), flags=re.M)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The long options of a command and of what stands below it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield name
                yield from options(below)
        yield from (name for name in action.option_strings if name.startswith("--") and name != "--help")


def test_every_command_has_a_section_and_no_other_has() -> None:
    assert set(sections()) == set(COMMANDS), (
        "docs/commands.md has one section `## cem NAME` for each command of cem.cli.COMMANDS."
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_s_section_names_its_options_and_shows_it(name: str) -> None:
    parser = argparse.ArgumentParser()
    import_module(f"cem.commands.{COMMANDS[name][0]}").arguments(parser)
    section = sections()[name]
    assert [option for option in options(parser) if option not in section] == []
    assert set(re.findall(r"^\| `(--[a-z-]+)`", section, re.M)) <= set(options(parser))
    assert re.search(rf"^(.* )?(\w+=)?(\S*\()?cem {name}\b", section, re.M), "Show how it is called."


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_document_points_only_to_files_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'src="([^"]+)"', text)]
    files = [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [file for file in files if not (page.parent / file).exists()] == []


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_says_how_to_start_and_where_everything_is(readme: str) -> None:
    text = words_of(readme)
    targets = set(re.findall(r"\bmake ([a-z]+)", text))
    assert {"run", "test", "demo"} <= targets <= set(re.findall(r"^([a-z]+):", words_of("Makefile"), re.M))
    folders = re.findall(r"^\| (`[^|]+) \|", text, re.M)
    named = [name for cell in folders for name in re.findall(r"`([^`]+)`", cell)]
    assert [name for name in named if not (ROOT / name).is_dir()] == []
    assert {"cem", "surveys", "nlp", "workers", "templates"} <= {name.split("/")[0] for name in named}


def test_both_readmes_name_the_same_things() -> None:
    english, chinese = map(things, READMES)
    assert english == chinese


def things(readme: str) -> set[str]:
    """What stands in code, and the documents that are pointed to; the file of one's own texts is `file`."""
    text = words_of(readme).replace("文件.jsonl", "file.jsonl")
    found = set(re.findall(r"`[^`\n]*[a-z][^`\n]*`|\]\([^)]+\.md\)", text))
    return found - {f"]({name})" for name in READMES}


def test_the_readmes_give_the_address_that_a_hub_has() -> None:
    url = Settings.from_environ({"CEM_SECRET_KEY": "x" * 32}).url
    for readme in READMES:
        assert set(re.findall(r"<(http://[^/>]+)", words_of(readme))) == {url}


def test_pictures_are_light() -> None:
    pictures = list((DOCS / "pictures").glob("*.png"))
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > HEAVIEST] == []


def test_integrators_are_shown_calls_that_exist(tmp_path: Path) -> None:
    from cem.app import create_app

    sandbox = settings_for(tmp_path, f"sqlite:///{tmp_path / 'hub.db'}")
    app = create_app(sandbox)
    rules = {re.sub(r"<[^>]+>", "<>", rule.rule) for rule in app.url_map.iter_rules()}
    shown = re.findall(r"(?:\$HUB|`)(/api/[^\s`\"?]*)", words_of("docs/integrators.md"))
    named = {re.sub(r"\$[A-Z]+", "<>", path) for path in shown} - {"/api/v1"}
    assert named
    assert {path.replace("metrics/nps", "metrics/<>") for path in named} <= rules


def test_integrators_are_told_every_event_of_the_stream() -> None:
    assert set(re.findall(r"`([a-z]+\.[a-z]+)`", words_of("docs/integrators.md"))) - {
        "source.system",
        "source.id",
    } == set(PUBLIC)
