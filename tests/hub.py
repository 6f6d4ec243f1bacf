"""A whole hub, started as people start it: `cem up` in an instance folder of its own, on a free port.

with hub(tmp_path) as running:
    token = running.token("admin")
    running.get("/api/v1/sites", token)
    running.kill("web")
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from tests.processes.eventually import eventually

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90.0
"""Seconds for a first start on a busy machine: the demo company is loaded then."""

CLEAN = ("CEM_", "PYTEST_")


@dataclass
class Reply:
    """What the hub answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Hub:
    """One running hub. `env` are further CEM_* settings; the demo company and the sandbox are on."""

    instance: Path
    env: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    _begun: int = 0

    def start(self, **env: str) -> str:
        """Start it and wait until everything answers; its address. A stopped hub may be started again."""
        self.env |= env
        self.instance.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self._begun = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cem.cli", "up"], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        eventually(self._is_ready, within=PATIENCE)
        return self.url

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Everything that it printed, in all its lives."""
        return self.instance / "printed.log"

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its processes, and of commands that run beside it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(CLEAN)}
        mine = {"CEM_INSTANCE": str(self.instance), "CEM_PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        return kept | {"CEM_DEMO": "1", "CEM_SANDBOX": "1", "CEM_PROFILE": "fast"} | mine | self.env

    def cem(self, *command: str, stdin: str = "") -> str:
        """Run a command beside it; what it printed. Fails with its complaint where it does."""
        done = self.try_cem(*command, stdin=stdin)
        assert done.returncode == 0, f"cem {' '.join(command)}: {done.stdout}{done.stderr}"
        return done.stdout

    def try_cem(self, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cem.cli", *command],
            cwd=ROOT,
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def token(self, scope: str = "admin", site: str | None = None) -> str:
        """A new token for a program."""
        narrowed = ("--site", site) if site else ()
        return self.cem("token", "create", "--name", f"test {scope}", "--scope", scope, *narrowed).strip()

    def sign_ins(self) -> dict[str, str]:
        """The demo's passwords by user name."""
        lines = (self.instance / "demo-sign-ins.txt").read_text(encoding="utf-8").splitlines()
        return {user: password for user, password, *_ in (line.split("\t") for line in lines)}

    def get(self, path: str, token: str | None = None, **headers: str) -> Reply:
        return self.ask("GET", path, token, None, headers)

    def post(self, path: str, body: Any, token: str | None = None, **headers: str) -> Reply:
        return self.ask("POST", path, token, body, headers)

    def ask(
        self,
        method: str,
        path: str,
        token: str | None,
        body: Any,
        headers: Mapping[str, str],
        timeout: float = 30,
    ) -> Reply:
        """One request. Header names may be written with underscores: `Idempotency_Key="a"`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Authorization": f"Bearer {token}"} if token else {}
        sent |= {"Content-Type": "application/json"} if body is not None else {}
        client = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            client.request(method, path, None if body is None else json.dumps(body), sent)
            return _reply(client.getresponse())
        finally:
            client.close()

    def advance(self, duration: str, token: str) -> str:
        """Walk the sandbox's clock; the new time."""
        answer = self.ask("POST", "/api/v1/sandbox/clock", token, {"advance": duration}, {}, timeout=120)
        assert answer.status == 200, answer.text
        return str(answer.json["now"])

    def family(self) -> list[psutil.Process]:
        """Every process below the supervisor."""
        if self.process is None:
            return []
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def find(self, name: str) -> psutil.Process:
        """The supervisor's child of this name: queue, web, schedule, nlp, notify or outside."""
        assert self.process is not None, "the hub has not been started"
        wanted = {"queue": "valkey-server"}.get(name, f"cem {name}")
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if child.name() == wanted)

    def kill(self, name: str) -> psutil.Process:
        """SIGKILL one of its processes, with what is below it; the hub starts it again."""
        victim = self.find(name)
        for one in [victim, *victim.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        return victim

    def comes_back(self, victim: psutil.Process, name: str) -> psutil.Process:
        """The process that took the place of `victim`."""

        def successor() -> psutil.Process | None:
            with contextlib.suppress(StopIteration, psutil.NoSuchProcess):
                found = self.find(name)
                return found if found.pid != victim.pid else None
            return None

        found = eventually(successor, within=30)
        assert found is not None
        return found

    def stop(self, number: signal.Signals = signal.SIGTERM, within: float = 15) -> int:
        """End it and wait; the exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(within)
        self.process = None
        return status

    def printed(self) -> str:
        """What it said since it was started last."""
        return self.log.read_bytes()[self._begun :].decode(errors="replace")

    def _is_ready(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"the hub ended with {self.process.returncode}:\n{self.printed()[-4000:]}")
        return any(line.startswith("ready ") for line in self.printed().splitlines())


@contextlib.contextmanager
def hub(folder: Path, **env: str) -> Iterator[Hub]:
    """A hub that is ready, and is ended afterwards whatever happens."""
    running = Hub(folder / "instance", dict(env))
    try:
        running.start()
        yield running
    finally:
        if running.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.stop()
            if running.process is not None:
                running.process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def path_of(url: str) -> str:
    """The path of a printed address, to be asked of a hub."""
    return urlsplit(url).path


def _reply(response: HTTPResponse) -> Reply:
    return Reply(response.status, dict(response.getheaders()), response.read())
