"""A small application behind the real server, for the tests of streams: a stream, a tap, a publisher.

python -m tests.processes.stage    FOLDER, THREADS, LIMIT, REDIS_URL, HEARTBEAT, RECHECK in the environment
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from cem.http import streams
from cem.http.server import listen, serve
from workers.supervisor import Child, Supervisor

HISTORY = [
    {"id": number, "kind": "case.opened", "at": "t", "v": 1, "site_path": "/a/"} for number in range(1, 6)
]


def create_stage(folder: Path, environ: dict[str, str]) -> Flask:
    app = Flask(__name__)
    pace = streams.Pace(float(environ.get("HEARTBEAT", "15")), float(environ.get("RECHECK", "60")))
    streams.init_app(app, environ.get("REDIS_URL"), int(environ.get("LIMIT", "2000")), pace)
    live = streams.of(app)

    @app.get("/healthz")
    def alive() -> Response:
        return Response("ok")

    @app.get("/stream")
    def stream() -> Response:
        path = request.args.get("path", "/")
        return streams.open(
            wants=lambda event: str(event["site_path"]).startswith(path),
            still_allowed=lambda: not (folder / "forbidden").exists(),
            backlog=_since(request.headers.get("Last-Event-ID", ""), live),
        )

    @app.post("/tap")
    def tap() -> dict[str, Any]:
        live.publish(request.get_json())
        return {"streams": live.keeper.open_streams}

    @app.get("/open")
    def opened() -> dict[str, Any]:
        return {"streams": live.keeper.open_streams}

    @app.post("/echo")
    def echo() -> bytes:
        return request.get_data()

    return app


def _since(last: str, live: streams.Streams) -> Iterator[streams.Event]:
    """The history after `last`; while it is read, one more thing happens, and one is told twice."""
    if not last:
        return
    live.publish({"id": 6, "kind": "case.changed", "at": "t", "v": 1, "site_path": "/a/"})
    live.publish(HISTORY[-1])
    yield from (event for event in HISTORY if int(event["id"]) > int(last))  # type: ignore[call-overload]


def main() -> int:
    environ = dict(os.environ)
    folder = Path(environ["FOLDER"])
    app = create_stage(folder, environ)
    listener = listen("127.0.0.1", 0)
    (folder / "port").write_text(str(listener.getsockname()[1]), encoding="ascii")
    threads = int(environ.get("THREADS", "4"))

    def web() -> None:
        serve(app, listener, threads=threads, processes=int(environ.get("PROCESSES", "1")))

    return Supervisor([Child("web", web), Child("other", signal.pause)]).run(
        lambda: print("ready", flush=True)
    )


if __name__ == "__main__":
    raise SystemExit(main())
