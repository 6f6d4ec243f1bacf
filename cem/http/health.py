"""Alive, and ready: the addresses that a process manager and a load balancer ask."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy.exc import SQLAlchemyError

from cem import database
from cem.extensions import csrf, limiter
from cem.http.at_work import at_work
from cem.queues import QUEUES
from cem.settings import Settings

health = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(health)
    csrf.exempt(health)
    limiter.exempt(health)


@health.get("/healthz")
def alive() -> Response:
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when everything answers, else 503 and what does not."""
    found = checks()
    return jsonify(found), 200 if all(found.values()) else 503


def checks() -> dict[str, bool]:
    """Whether `database`, `queue` and `workers` answer."""
    return {"database": _database(), **_background()}


def _database() -> bool:
    try:
        return database.answers()
    except SQLAlchemyError:
        return False


def _background() -> dict[str, bool]:
    """Whether the queue server answers, and whether each of its queues has a worker."""
    settings: Settings = current_app.extensions["cem_settings"]
    client = Redis.from_url(
        settings.queue_url,
        socket_timeout=0.2,
        socket_connect_timeout=0.2,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
    try:
        return {"queue": bool(client.ping()), "workers": all(at_work(client, queue) for queue in QUEUES)}
    except (RedisError, OSError):
        return {"queue": False, "workers": False}
    finally:
        client.close()
