"""Whether somebody does the jobs of a queue, as the workers' own records in the queue server say."""

from __future__ import annotations

import os
import socket
from typing import cast

from redis import Redis


def at_work(connection: Redis, queue: str) -> bool:
    """Whether a worker has loaded what it needs and takes the jobs of this queue.

    `connection` decodes its answers. A record lasts a while longer than a worker that was killed: of those
    on this machine the process itself is asked, by signal 0, which only asks.
    """
    names = connection.smembers(f"rq:workers:{queue}")
    return any(_lives(cast("dict[str, str]", connection.hgetall(name))) for name in names)


def _lives(record: dict[str, str]) -> bool:
    if not record:
        return False  # it has lapsed
    if record.get("hostname") != socket.gethostname():
        return True
    try:
        os.kill(int(record["pid"]), 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True
