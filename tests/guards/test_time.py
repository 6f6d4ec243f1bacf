"""Only `cem.clock` reads the time, so that the sandbox can move it for everybody at once."""

from __future__ import annotations

import ast

from tests.guards.sources import name_of, sources

READERS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("func", "now"),
    ("func", "current_timestamp"),
    ("func", "localtimestamp"),
}
TIMES_OF_DATABASES = ("now", "current", "timestamp", "clock")


def test_only_the_clock_reads_the_time() -> None:
    found = [f"{path}:{line}" for path, tree in sources().items() for line in _readings(tree)]
    assert [each for each in found if not each.startswith("cem/clock.py:")] == [], (
        "Ask cem.clock.now(): the sandbox moves that one place. Durations are measured with time.monotonic()."
    )


def _readings(tree: ast.Module) -> list[int]:
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _reads(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            lines += [node.lineno for alias in node.names if ("time", alias.name) in READERS]
        if isinstance(node, ast.keyword) and node.arg in ("server_default", "server_onupdate"):
            words = ast.dump(node.value).lower()
            lines += [node.value.lineno for time in TIMES_OF_DATABASES if time in words]
    return lines


def _reads(node: ast.Attribute) -> bool:
    return (name_of(node.value), node.attr) in READERS
