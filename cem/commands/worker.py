"""`cem worker`: the jobs of one queue, for hubs whose processes somebody else manages."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from cem.commands.hub import application, settings_here
from cem.queues import QUEUES


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("queue", choices=QUEUES, help="which queue's jobs")


def run(args: Namespace) -> None:
    from workers.main import work

    settings = settings_here()
    work(application(settings), settings.queue_url, args.queue)
