"""What the commands that read texts share: the choice of a profile, and the pipeline for it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Final

from cem.commands.hub import settings_here

if TYPE_CHECKING:
    from nlp.pipeline import Pipeline

PROFILES: Final = ("fast", "standard", "full")


def choose_profile(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default="fast",
        help="fast: words alone; standard: with the encoder; full: with any model (CEM_MODEL)",
    )


def pipeline(profile: str, pack: str) -> Pipeline:
    """The pipeline, its weights in the models folder; on standard error why it is a simpler one, if it is."""
    from nlp.pipeline import load

    settings = settings_here()
    found = load(profile, pack, settings.models, model=settings.model)
    if found.missing is not None:
        print(f"cem: {profile} cannot be had ({found.missing}); reading with {found.model}.", file=sys.stderr)
    return found
