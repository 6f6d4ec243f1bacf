"""Group commit: whoever waits shares one transaction, and each is answered after its commit."""

from __future__ import annotations

import itertools
import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from cem import clock
from cem.domain.reasons import Invalid, Refused
from cem.domain.submission import Submission, check
from cem.engine.intake import Result, record
from cem.engine.intake_lookup import Receipt
from cem.engine.transaction import Event, tell

BATCH: Final = 200
SLICE: Final = 50
"""How many lines of uploads share one commit at most: a tap that comes meanwhile waits for no more."""
WAITING: Final = 2_000
"""How many submissions may wait; beyond it the hub says 503 and Retry-After instead of falling behind."""

GATHER: Final = 0.003
"""Seconds for which a batch may wait to become as large as the one before."""

ANSWER_WITHIN: Final = 30.0
"""Seconds a request waits for its commit before it is told to come again (its key makes that safe)."""


log = logging.getLogger(__name__)

_Made = TypeVar("_Made")


class Busy(Exception):
    """Too many submissions are waiting. Nothing was stored; the sender should come again shortly."""


class _Lane(IntEnum):
    """Who goes first: somebody who stands at a kiosk, then programs that send many, then the end."""

    SINGLE = 1
    MANY = 2
    END = 3


@dataclass(slots=True)
class _Waiting:
    submission: Submission
    receipt: Future[Receipt] = field(default_factory=Future)


_Turn = tuple[_Lane, int, _Waiting | None]
"""A lane, a running number in it, and whose turn it is; nobody's at the end."""


class IntakeWriter:
    """One thread of its own, started at the first submission, so that a fork before it is harmless."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._queue: queue.PriorityQueue[_Turn] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._together = 1

    def submit(self, submission: Submission) -> Receipt:
        """Store one submission durably. Raises `Invalid`, `Refused` or `Busy`."""
        return self._receipt(self._queued(submission, _Lane.SINGLE))

    def submit_many(self, submissions: Sequence[Submission]) -> list[Receipt | Exception]:
        """Store many durably, behind who comes alone; for each, in order, its receipt or its refusal.

        `Invalid`, `Refused` and `Busy` are given back, not raised: the others are stored whatever one is.
        """
        queued = [_caught(self._queued, submission, _Lane.MANY) for submission in submissions]
        return [each if isinstance(each, Exception) else _caught(self._receipt, each) for each in queued]

    def _queued(self, submission: Submission, lane: _Lane) -> _Waiting:
        check(submission, clock.now())
        waiting = _Waiting(submission)
        if self._closed or self._queue.qsize() >= WAITING:
            raise Busy
        self._ensure_running()
        self._queue.put((lane, next(self._numbers), waiting))
        return waiting

    @staticmethod
    def _receipt(waiting: _Waiting) -> Receipt:
        try:
            return waiting.receipt.result(ANSWER_WITHIN)
        except TimeoutError:
            raise Busy from None

    def drain(self) -> None:
        """Take nothing new, finish what waits, stop. Called once, when the process is asked to end."""
        self._closed = True
        if self._thread is not None and self._thread.is_alive():
            self._queue.put((_Lane.END, next(self._numbers), None))
            self._thread.join()

    def _ensure_running(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (batch := self._gather()) is not None:
            try:
                stored = self._store([each.submission for each in batch])
            except Exception as error:
                self._one_by_one(batch, error)
            else:
                self._settle(batch, stored)

    def _gather(self) -> list[_Waiting] | None:
        """Whoever waits already; None when it is time to stop.

        As many as came together last time get a moment to come together again: each commit costs the same,
        however many share it. Somebody who comes alone is not kept waiting.
        """
        batch: list[_Waiting] = []
        uploaded = 0
        until = math.inf
        while len(batch) < BATCH and uploaded < SLICE:
            try:
                lane, number, following = self._queue.get(timeout=self._patience(len(batch), until))
            except queue.Empty:
                break
            if following is None:
                if batch:
                    self._queue.put((lane, number, None))
                break
            until = until if batch else time.monotonic() + GATHER
            uploaded += lane is _Lane.MANY
            batch.append(following)
        self._together = len(batch)
        return batch or None

    def _patience(self, gathered: int, until: float) -> float | None:
        """Seconds to wait for the next one; None is for ever."""
        if not gathered:
            return None
        return max(until - time.monotonic(), 0.0) if gathered < self._together else 0.0

    def _store(self, submissions: Sequence[Submission]) -> tuple[list[Result], list[Event]]:
        with self._engine().begin() as connection:
            return record(connection, submissions, clock.now())

    @staticmethod
    def _settle(batch: Sequence[_Waiting], stored: tuple[list[Result], list[Event]]) -> None:
        """Answer everybody whose submission is committed. Nothing after a commit may run it again."""
        results, events = stored
        for waiting, result in zip(batch, results, strict=True):
            if isinstance(result, Exception):
                waiting.receipt.set_exception(result)
            else:
                waiting.receipt.set_result(result)
        try:
            tell(events)
        except Exception:
            log.exception("what was stored could not be told")

    def _one_by_one(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """A batch that failed is run again singly, so that one bad member cannot take others with it.

        A single one is tried again only where another process had stored the same a moment earlier.
        """
        if len(batch) == 1 and not isinstance(error, IntegrityError):
            batch[0].receipt.set_exception(error)
            return
        for waiting in batch:
            try:
                stored = self._store([waiting.submission])
            except Exception as own:
                waiting.receipt.set_exception(own)
            else:
                self._settle([waiting], stored)


def _caught(step: Callable[..., _Made], *given: Any) -> _Made | Exception:
    """What a step makes, or the refusal that it raises."""
    try:
        return step(*given)
    except (Invalid, Refused, Busy) as refusal:
        return refusal
