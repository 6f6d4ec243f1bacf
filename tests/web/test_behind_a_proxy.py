"""Limits count who asks, also where a proxy of ours passes it on; nobody can pretend to be another."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from cem import database
from cem.app import create_app
from tests.world import settings_for

PAGE = "/t/AAAA-BBBB-CCCC"


def hub(folder: Path, proxies: int) -> Flask:
    app = create_app(settings_for(folder, f"sqlite:///{folder / 'a.db'}", CEM_PROXIES=str(proxies)))
    database.upgrade(app)
    return app


def asked_by(app: Flask, *addresses: str) -> list[int]:
    browser = app.test_client()
    return [browser.get(PAGE, headers={"X-Forwarded-For": each}).status_code for each in addresses]


def test_behind_a_proxy_each_visitor_has_a_limit_of_their_own(tmp_path: Path) -> None:
    app = hub(tmp_path, proxies=1)
    assert asked_by(app, *["203.0.113.1"] * 61)[-1] == 429
    assert asked_by(app, "203.0.113.2") == [404]


@pytest.mark.parametrize("proxies", [0, 1])
def test_an_address_that_a_visitor_makes_up_counts_for_nothing(tmp_path: Path, proxies: int) -> None:
    real = ", 203.0.113.1" if proxies else ""
    made_up = [f"198.51.100.{number}{real}" for number in range(61)]
    assert asked_by(hub(tmp_path, proxies), *made_up)[-1] == 429
