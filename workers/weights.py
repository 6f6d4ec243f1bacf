"""The wished model is made ready in the background, once the hub is ready: made where it is missing."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from pathlib import Path
from typing import Any, Final

from flask import Flask

from cem.engine import understanding
from cem.extensions import db
from cem.settings import Settings
from nlp.models import Unavailable, note
from nlp.models.note import Note
from nlp.registry import FAST
from nlp.registry import prepare as make_ready

log = logging.getLogger("cem.models")

POLITENESS: Final = 10
"""Added to the niceness: whoever answers people comes first."""
STEPS: Final = 20


class Teller:
    """Tells how far it is: a bar on a terminal or lines in the log, and the note beside the models."""

    def __init__(self, models: Path, profile: str) -> None:
        self._models = models
        self._profile = profile
        self._told = -1
        self._bar: Any = None

    def __call__(self, share: float) -> None:
        step = int(share * STEPS)
        if step == self._told:
            return
        self._told = step
        note.write(self._models, Note("making", share))
        if sys.stderr.isatty():
            self._show(share)
        elif step % (STEPS // 4) == 0:
            log.info("the model of %s is being made: %d %%", self._profile, share * 100)

    def _show(self, share: float) -> None:
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(total=100, unit="%", desc=f"model of {self._profile}", leave=False)
        self._bar.update(int(share * 100) - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def prepare(app: Flask) -> bool:
    """Make the model that the settings wish for, unless it is there, and have read again what another one
    stood in for. Where it cannot be had the hub goes on with the other and says why. Whether it is there."""
    settings: Settings = app.extensions["cem_settings"]
    if settings.profile == FAST:
        return True
    with contextlib.suppress(OSError):
        os.nice(POLITENESS)
    teller = Teller(settings.models, settings.profile)
    try:
        _drop_what_is_damaged(settings.models)
        make_ready(understanding.wish(settings), teller)
    except Unavailable as missing:
        return _failed(settings, missing.code, str(missing))
    except Exception as defect:  # tried again at the next start, not for ever
        log.exception("making the model of %s failed", settings.profile)
        return _failed(settings, "failed", repr(defect))
    finally:
        teller.close()
    note.write(settings.models, Note("made", 1.0))
    with app.app_context():
        understanding.model_is_there()
        db.session.remove()
    return True


def _drop_what_is_damaged(models: Path) -> None:
    with contextlib.suppress(ImportError, OSError):
        from nlp.models.store import drop_if_damaged

        if drop_if_damaged(models):
            log.warning("the weights in %s were damaged and are made again", models)


def _failed(settings: Settings, code: str, why: str) -> bool:
    note.write(settings.models, Note("failed", 0.0, code, why))
    log.warning("%s cannot be had, the hub reads with another: %s", settings.profile, why)
    return False
