"""`cem demo`, which `make demo` becomes: one compressed business day through the public HTTP interface.

It uses the hub that runs here, if that one has the sandbox; otherwise it starts one of its own in
`instance/demo` and ends it afterwards. It fails when the ledger does not add up.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cem.commands import Trouble

if TYPE_CHECKING:
    from cem.demo.day import DayText
    from cem.demo.replay import Progress
    from cem.demo.report import Report

SEED: Final = 7
CLEAR: Final = ("CEM_DATABASE_URL", "CEM_REDIS_URL", "CEM_URL", "CEM_ENV", "CEM_SECRET_KEY")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--reviews", type=Path, help="texts to be said, JSON lines, instead of our own")
    parser.add_argument("--seed", type=int, default=SEED, help="another day (default: %(default)s)")


def run(args: Namespace) -> int:
    texts = _texts(args.reviews) if args.reviews else None
    with _hub() as environ:
        report = _play(environ, args.seed, texts)
        print("\n".join(report.lines()))
        verified = _cem(environ, "verify")
        print(verified.stdout.strip())
    return 0 if report.balances and verified.returncode == 0 else 1


def _texts(path: Path) -> tuple[DayText, ...]:
    from cem.demo.day import read_texts

    try:
        return read_texts(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble(f"{path} cannot be used: {error}.") from error


def _play(environ: Mapping[str, str], seed: int, texts: tuple[DayText, ...] | None) -> Report:
    from cem import clock
    from cem.demo import report
    from cem.demo.client import Hub
    from cem.demo.day import business_day
    from cem.demo.replay import Replay

    token = _cem(environ, "token", "create", "--name", "demo", "--scope", "admin").stdout.strip()
    hub = Hub(environ["CEM_URL"], token)
    events = business_day(seed, texts)
    before = hub.get("/ledger")
    with _bar("the day", len(events)) as progress:
        day = Replay(hub, events, seed, f"demo-{clock.now():%Y%m%dT%H%M%S}").run(progress)
    with _bar("the report", None) as progress:
        return report.ask(hub, before, day, progress)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Progress]:
    from tqdm import tqdm

    with tqdm(total=total, desc=what, file=sys.stderr, mininterval=0.5) as bar:
        yield bar.update


@contextmanager
def _hub() -> Iterator[Mapping[str, str]]:
    """The environment of a running hub with the sandbox: the one that is here, or one of our own."""
    from cem.commands.hub import settings_here

    settings = settings_here()
    if _has_sandbox(settings.url):
        yield {**os.environ, "CEM_URL": settings.url, "CEM_SANDBOX": "1"}
        return
    instance = settings.instance / "demo"
    kept = {name: value for name, value in os.environ.items() if name not in CLEAR}
    environ = kept | {"CEM_INSTANCE": str(instance), "CEM_SANDBOX": "1", "CEM_DEMO": "1", "CEM_PORT": "0"}
    line = [sys.executable, "-m", "cem.cli", "up"]
    process = subprocess.Popen(line, env=environ, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        yield environ | {"CEM_URL": _address(process)}
    finally:
        process.terminate()
        process.wait(30)


def _has_sandbox(url: str) -> bool:
    """Whether a hub with the sandbox answers there (its clock asks for a token)."""
    parts = urlsplit(url)
    try:
        connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=2)
        connection.request("GET", "/api/v1/sandbox/clock")
        return connection.getresponse().status == 401
    except OSError:
        return False


def _address(process: subprocess.Popen[str]) -> str:
    """The address in the line that says that the hub is ready."""
    assert process.stdout is not None
    for line in process.stdout:
        words = line.split()
        if words[:1] == ["ready"]:
            return next(word for word in words if word.startswith("http")).rstrip("/,;")
    raise Trouble("The demo's hub did not start; its complaint stands above.")


def _cem(environ: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "cem.cli", *command]
    return subprocess.run(line, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
