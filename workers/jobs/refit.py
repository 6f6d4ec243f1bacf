"""The head is fitted anew on what people corrected, a little at a time, so that no text waits for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import current_app

from cem.engine import learning, understanding
from cem.engine.outbox import Claim
from cem.settings import Settings

if TYPE_CHECKING:
    from nlp.backends.encoder import EncoderBackend

AT_ONCE: Final = 256
"""Texts that are embedded in one go; the rest waits behind the texts that came meanwhile."""
FAST: Final = "fast"
FEATURES: Final = "features.npz"

log = logging.getLogger(__name__)


def run(claims: Sequence[Claim]) -> None:
    for claim in claims:
        _fit(UUID(claim.ids["head"]))


def _fit(head_id: UUID) -> None:
    settings: Settings = current_app.extensions["cem_settings"]
    reader = understanding.reader()
    if settings.profile == FAST:
        _with_words(head_id, settings)
        return
    if settings.profile != "standard" or reader.stands_in:
        learning.cannot(head_id, "no_encoder")
        return
    from nlp.backends.encoder import EncoderBackend

    assert isinstance(reader.backend, EncoderBackend), "it is what the profile stands for"
    _with_encoder(head_id, settings, reader.backend)


def _with_encoder(head_id: UUID, settings: Settings, backend: EncoderBackend) -> None:
    from nlp import heads, refit
    from nlp.backends.encoder import shipped_head
    from nlp.features import Features
    from nlp.models import adapter

    current = backend.head
    version = learning.begin(head_id, current.version, shipped_head().version)
    if version is None:
        return
    if version == current.version:
        current = shipped_head()  # it was promoted by one who died before saying so
    known = learning.lessons()
    features = Features(
        settings.instance / FEATURES, f"{current.encoder}+{adapter.shipped().version}", backend.embedder
    )
    wanted = refit.passages(known.learn, known.frozen)
    if refit.prepare(features, wanted, AT_ONCE):
        learning.go_on(head_id)
        return
    if (made := heads.kept(settings.models, version, str(head_id))) is None:
        head = refit.fit(features, current, version, known.learn)
        heads.keep(settings.models, head | {"fit": str(head_id)})
        learning.go_on(head_id)  # measuring takes as long again, and a turn of a worker is short
        return
    outcome = refit.compare(features, current, made, known.frozen)
    features.save(only=wanted)
    done = learning.decide(
        head_id, current.version, outcome, known, lambda: heads.promote(settings.models, outcome.head)
    )
    if done:
        log.info("head %s: %s", version, "refused" if outcome.refusals else "promoted")


def _with_words(head_id: UUID, settings: Settings) -> None:
    """Words have no vectors: what is learned is how much they say, and that takes one turn."""
    from nlp import heads, reweigh
    from nlp.backends.reweighed import Scales, in_use

    models = settings.models
    current = in_use(models)
    version = learning.begin(head_id, current.version, heads.SHIPPED_WORDS)
    if version is None:
        return
    if version == current.version:
        current = Scales(heads.SHIPPED_WORDS, {})  # it was promoted by one who died before saying so
    known = learning.lessons()
    made = reweigh.fit(version, known.learn) | {"fit": str(head_id)}
    heads.keep(models, made, FAST)
    outcome = reweigh.compare(current, made, known.frozen)
    promote = partial(heads.promote, models, made, FAST)
    if learning.decide(head_id, current.version, outcome, known, promote, FAST):
        log.info("head %s: %s", version, "refused" if outcome.refusals else "promoted")
