"""A reason is a code until somebody reads it; every code that is given anywhere has words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import get_args

from flask import Flask

from cem.domain.reasons import Reason
from cem.domain.roster import Source
from cem.http import words
from tests.guards.sources import calls, sources, texts


def test_every_code_has_words() -> None:
    given = {code: path for path, tree in sources().items() for code in _codes(tree)}
    assert {"recused", "duty.manager", "ladder.again", "promise_not_swept"} <= given.keys(), "they are found"
    missing = {code: path for code, path in given.items() if code not in words.codes()}
    assert missing == {}, "Give these codes a sentence in cem/http/words.py."


def test_every_sentence_can_be_said(app: Flask) -> None:
    """Whatever a reason carries, it becomes a sentence; here with arguments of every name that is used."""
    someone = "hub"
    args = {
        "by": someone,
        "user": someone,
        "days": 90,
        "action": "closure",
        "state": "open",
        "made": 1,
        "promises": ["p3.resolve"],
        "risks": ["legal"],
        "number": 7,
        "sites": ["bund"],
        "step": 1,
        "at": 3,
        "feedback": 2,
        "entries": 1,
        "percent": 54,
        "version": 2,
        "id": "0",
        "count": 5,
        "reason": "waiting_customer",
        "rule": "Hygiene",
        "severity": "high",
        "given": "critical",
        "minutes": {"acknowledge": 10},
        "tier": "c",
        "tiers": ["a", "b"],
        "words": "praise",
        "common": "address",
        "hours": 3,
        "error": "no answer in time",
    }
    of_a_rule = args | {"promises": ["acknowledge"]}
    with app.test_request_context():
        said = {
            code: words.sentence(Reason(code, of_a_rule if code.startswith("rule_") else args))
            for code in words.codes()
        }
    assert all(said.values())


def _codes(tree: ast.Module) -> Iterator[str]:
    for function in [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))]:
        for call in calls(function, "Reason", "Refused"):
            if call.args and isinstance(function, ast.FunctionDef):
                yield from _values(call.args[0], function, tree)


def _values(node: ast.expr, function: ast.FunctionDef, tree: ast.Module) -> Iterator[str]:
    """What the expression can be: a text, a choice of texts, a text with the source of a duty, or a name."""
    if isinstance(node, ast.JoinedStr):
        start = "".join(texts(node))
        yield from (start + source for source in get_args(Source))
    elif isinstance(node, ast.Name):
        yield from _named(node.id, function, tree)
    elif isinstance(node, ast.IfExp):
        yield from _values(node.body, function, tree)
        yield from _values(node.orelse, function, tree)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def _named(name: str, function: ast.FunctionDef, tree: ast.Module) -> Iterator[str]:
    """What a variable was given in this function, or a parameter by those who call it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and name in {t.id for t in node.targets if isinstance(t, ast.Name)}:
            yield from _values(node.value, function, tree)
    parameters = [argument.arg for argument in function.args.args]
    if name in parameters:
        position = parameters.index(name)
        for call in calls(tree, function.name):
            if len(call.args) > position:
                yield from _given(call.args[position], tree)


def _given(node: ast.expr, tree: ast.Module) -> Iterator[str]:
    """A text, or the first of each row of a table that is walked by `for code, ... in (...)`."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    if isinstance(node, ast.Name):
        for loop in (n for n in ast.walk(tree) if isinstance(n, ast.For)):
            target = loop.target
            first = target.elts[0] if isinstance(target, ast.Tuple) else target
            if isinstance(first, ast.Name) and first.id == node.id and isinstance(loop.iter, ast.Tuple):
                for row in loop.iter.elts:
                    yield from texts(row.elts[0] if isinstance(row, ast.Tuple) else row)
