"""`cem topics`: what an industry's customers talk about."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import Any

from nlp.packs import PACKS, topics


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pack", required=True, choices=PACKS)
    parser.add_argument("--json", action="store_true")


def run(args: Namespace) -> None:
    listed = topics(args.pack)
    if args.json:
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for topic in listed:
        print(_shown(topic))


def _shown(topic: dict[str, Any]) -> str:
    names = topic["names"]
    indent = "  " if topic["parent"] else ""
    return f"{indent}{topic['code']}  {names['en']} · {names['zh-Hans']} · {names['zh-Hant']}"
