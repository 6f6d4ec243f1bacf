"""The processes behind the web: workers that take jobs from the queue server, and the schedule."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import time
from typing import Final

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import OperationalError

from cem import walk
from cem.extensions import db
from cem.http.at_work import at_work
from cem.queues import NLP
from cem.settings import Settings
from cem.sqlite_turns import behind_others
from workers import schedule as rounds
from workers.queues import WORKER_SECONDS, Nudges, QueueServer, client

MAX_JOBS: Final = {NLP: 500}
"""A worker ends after so many jobs and is started again, so that no leak grows for ever."""
JOBS: Final = 5_000
STANDS_BACK: Final = 10
"""Added to the niceness of workers: whoever answers a person goes first where processors are short."""
M_ARENA_MAX: Final = -8  # malloc.h
WAIT: Final = 1.0  # seconds before the next try where the queue server or the database does not answer

log = logging.getLogger(__name__)


def work(app: Flask, queue_url: str, queue: str) -> None:
    """Do the jobs of one queue until told to stop, or until it is time to begin with a fresh process."""
    behind_others()
    with app.app_context():
        _warm(queue)
        os.nice(STANDS_BACK)
        connection = client(queue_url)
        worker = SimpleWorker(
            [Queue(queue, connection=connection, serializer=JSONSerializer)],
            connection=connection,
            worker_ttl=WORKER_SECONDS,
            maintenance_interval=5,
            serializer=JSONSerializer,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING", max_jobs=MAX_JOBS.get(queue, JOBS))


def works(queue_url: str, queue: str) -> bool:
    """Whether a worker has loaded what it needs and waits for jobs of the queue."""
    try:
        with Redis.from_url(queue_url, socket_timeout=0.5, decode_responses=True) as connection:
            return at_work(connection, queue)
    except (RedisError, OSError):
        return False


def _warm(queue: str) -> None:
    """Load the models before the first text waits for them."""
    if queue == NLP:
        _share_one_heap()
        from workers.jobs import analyse

        analyse.warm()


def _share_one_heap() -> None:
    """glibc gives each thread that asks a heap of its own, and keeps what is free in it: tens of MB here."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def schedule(app: Flask, queue_url: str) -> None:
    """Turn for ever: at once after each commit, and every second for what falls due by itself."""
    behind_others()
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.append(number))
    settings: Settings = app.extensions["cem_settings"]
    queue_server = QueueServer(client(queue_url, patience=rounds.TICK, tries=0))
    nudges = Nudges(queue_url)
    until_next = rounds.TICK
    with app.app_context():
        while not stopping:
            if settings.sandbox:
                walk.go_on_if_abandoned(settings.instance)
            try:
                while (moved := rounds.turn(queue_server)) and not stopping:
                    time.sleep(rounds.rest_after(moved))
                until_next = rounds.pause()
            except (RedisError, OperationalError):
                log.warning("the schedule could not finish its turn and tries again", exc_info=True)
                db.session.rollback()
            nudges.wait(until_next)
