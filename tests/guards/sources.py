"""The hub's own source, read by the guards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("cem", "surveys", "nlp", "workers")


@cache
def sources() -> dict[str, ast.Module]:
    """Every module by its path from the root."""
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of these names, whatever object they are called on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in names:
            yield node


def name_of(node: ast.expr) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def texts(node: ast.AST | None) -> set[str]:
    """Every whole string in an expression."""
    found = ast.walk(node) if node else ()
    return {n.value for n in found if isinstance(n, ast.Constant) and isinstance(n.value, str)}
