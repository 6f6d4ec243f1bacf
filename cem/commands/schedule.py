"""`cem schedule`: sweep and relay alone, for hubs whose processes somebody else manages."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from cem.commands.hub import application, settings_here


def arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(args: Namespace) -> None:
    from workers.main import schedule

    settings = settings_here()
    schedule(application(settings), settings.queue_url)
