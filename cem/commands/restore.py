"""`cem restore FILE`: a backup comes back, into an instance that is empty and not running."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from cem.commands import Trouble
from cem.commands.hub import application, settings_here


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="what `cem backup` wrote")


def run(args: Namespace) -> None:
    import os

    from cem.setup import archive
    from workers.queue_server import FolderInUse, QueueServer

    instance = Path(os.environ.get("CEM_INSTANCE", "instance")).absolute()
    queue_server = QueueServer(instance)
    try:
        queue_server.lock()
        with archive.opened(args.file) as kept:
            kept.put_files(instance)
            app = application(settings_here())
            kept.put_rows(app)
    except FolderInUse as refusal:
        raise Trouble(f"A hub is running on {instance}; end it before a backup is restored.") from refusal
    except archive.CannotRestore as refusal:
        raise Trouble(str(refusal)) from refusal
    finally:
        queue_server.unlock()
    print(f"{args.file} is restored into {instance}; `make run` or `cem up` starts it.")
