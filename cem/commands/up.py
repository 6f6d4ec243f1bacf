"""`cem up`, which `make run` becomes: everything that a hub is, under one supervisor.

The application is imported once, before the processes are forked, so that they start at once and share it.
"""

from __future__ import annotations

import gc
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from socket import socket
from typing import TYPE_CHECKING

from cem.commands import Trouble, greeting
from cem.commands.hub import application, settings_here
from cem.commands.web import listen, serve
from cem.queues import QUEUES
from cem.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

    from workers.queue_server import QueueServer
    from workers.supervisor import Child


def arguments(parser: ArgumentParser) -> None:
    """It takes none: settings come from the environment."""


def run(args: Namespace) -> int:
    from workers.supervisor import Supervisor

    settings = settings_here()
    queue_server = _take(settings)
    listener = listen(settings)
    settings = _at(settings, listener)
    app = application(settings)
    words = _prepare(app, settings)
    gc.collect()
    children = tuple(_children(app, settings, listener, queue_server))
    return Supervisor(children).run(on_ready=partial(print, words, flush=True))


def _take(settings: Settings) -> QueueServer:
    """The instance folder, for this hub alone."""
    from workers.queue_server import FolderInUse, QueueServer

    queue_server = QueueServer(settings.instance)
    try:
        queue_server.lock()
    except FolderInUse as refusal:
        raise Trouble(
            f"Another hub is running on {settings.instance}; end it, or set CEM_INSTANCE for this one."
        ) from refusal
    except OSError as error:
        raise Trouble(f"{settings.instance} cannot be used: {error}.") from error
    return queue_server


def _at(settings: Settings, listener: socket) -> Settings:
    """CEM_PORT=0 asks for any free port: now it is known which."""
    port = listener.getsockname()[1]
    return (
        replace(settings, port=port, url=settings.url.removesuffix(":0") + f":{port}")
        if not settings.port
        else settings
    )


def _prepare(app: Flask, settings: Settings) -> str:
    """Migrate, load the demo company at the first start, and find the words to greet with.

    No connection may live through the forks that follow.
    """
    from sqlalchemy.exc import OperationalError

    from cem import database
    from cem.extensions import db

    try:
        database.upgrade(app)
    except OperationalError as error:
        reason = str(error.orig).strip().split("\n")[0]
        raise Trouble(f"The database does not answer ({reason}); see CEM_DATABASE_URL.") from error
    with app.app_context():
        try:
            return greeting.words(settings)
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def _children(app: Flask, settings: Settings, listener: socket, queue_server: QueueServer) -> Iterator[Child]:
    from cem.http import server
    from workers import main, weights
    from workers.supervisor import Child

    if settings.redis_url is None:
        yield queue_server.child()
    address = ("127.0.0.1" if settings.host == "0.0.0.0" else settings.host, settings.port)  # noqa: S104
    yield Child("web", partial(serve, app, settings, listener), partial(server.answers, address, "/readyz"))
    yield Child("schedule", partial(main.schedule, app, settings.queue_url))
    for queue in QUEUES:
        yield Child(
            queue,
            partial(main.work, app, settings.queue_url, queue),
            partial(main.works, settings.queue_url, queue),
        )
    yield Child("models", partial(weights.prepare, app), once=True)
