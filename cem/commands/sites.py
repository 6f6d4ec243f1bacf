"""`cem sites`: the branches that take feedback, as `GET /api/v1/sites` lists them."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import Any

from cem.commands.hub import opened, settings_here


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as the API answers it")


def run(args: Namespace) -> None:
    from cem.dashboards import sites

    with opened():
        items = [site for _, site in sites.listing("", settings_here().url)]
    if args.json:
        print(json.dumps({"items": items, "next": None}, ensure_ascii=False, indent=2))
        return
    for site in items:
        print(_shown(site))


def _shown(site: dict[str, Any]) -> str:
    lines = [f"{site['code']}  {site['name']}  ({site['timezone']})"]
    for touchpoint in site["touchpoints"]:
        addresses = filter(None, (touchpoint["kiosk_url"], touchpoint["link_url"]))
        lines.append("  ".join(("  " + touchpoint["code"], touchpoint["name"], *addresses)))
    return "\n".join(lines)
