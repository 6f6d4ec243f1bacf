"""Every setting and every event is described where an administrator or an integrator looks for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields

from cem.settings import Settings
from tests.guards.sources import ROOT, calls, sources, texts

SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
EVENTS = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")


def rows(document: str) -> set[str]:
    """What the first column of its tables names."""
    return set(re.findall(r"^\| `([^`]+)`", document, re.M))


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert rows(SETTINGS) == {f"CEM_{field.name.upper()}" for field in fields(Settings)}, (
        "docs/settings.md has one row for each field of cem.settings.Settings."
    )


def test_every_variable_that_is_read_anywhere_is_documented() -> None:
    named = {
        text.removesuffix("_FILE")
        for tree in sources().values()
        for text in texts(tree)
        if re.fullmatch(r"CEM_[A-Z_]+", text)
    }
    assert named <= rows(SETTINGS)


def test_every_event_is_documented_and_nothing_else() -> None:
    said = {kind for path, tree in sources().items() if "demo" not in path for kind in _kinds(tree)}
    assert "case.opened" in said
    assert rows(EVENTS) == said, "docs/events.md has one row for each kind of event that the engine says."


def _kinds(tree: ast.Module) -> Iterator[str]:
    for call in calls(tree, "say", "announce"):
        yield from (text for text in texts(call) if re.fullmatch(r"[a-z]+\.[a-z_]+", text))
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "announce"):
        yield from (text for default in function.args.defaults for text in texts(default))
