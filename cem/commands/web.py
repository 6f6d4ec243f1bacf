"""`cem web`: the web server alone, for hubs whose processes somebody else manages."""

from __future__ import annotations

import os
import socket
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from cem.commands import Trouble
from cem.commands.hub import application, settings_here
from cem.settings import Settings

if TYPE_CHECKING:
    from flask import Flask


def arguments(parser: ArgumentParser) -> None:
    """It takes none: CEM_HOST and CEM_PORT say where."""


def run(args: Namespace) -> None:
    settings = settings_here()
    listener = listen(settings)
    serve(application(settings), settings, listener)


def listen(settings: Settings) -> socket.socket:
    """Take the address. Raises `Trouble` where somebody has it already."""
    from cem.http import server

    try:
        return server.listen(settings.host, settings.port)
    except OSError as error:
        raise Trouble(
            f"{settings.host}:{settings.port} cannot be used ({error.strerror}); "
            "set CEM_PORT to a free port, or end what runs there."
        ) from error


def serve(app: Flask, settings: Settings, listener: socket.socket) -> None:
    """Answer requests until SIGTERM; what was taken in by then is stored before the process ends."""
    from cem.http import server

    intake = app.extensions["cem_intake"]
    processes = 1 if settings.on_sqlite else min(4, os.cpu_count() or 1)
    server.serve(app, listener, threads=settings.threads, processes=processes, ending=intake.drain)
