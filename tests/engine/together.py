"""Several who act at the very same time, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from cem.extensions import db


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, or the exception that it raised, in order."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with app.app_context():
            ready.wait(10)
            try:
                return act()
            except Exception as error:
                return error
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
