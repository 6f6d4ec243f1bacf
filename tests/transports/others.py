"""Other companies' servers, for real, on this machine: each speaks its protocol and is as rude as asked."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

logging.getLogger("mail.log").setLevel("CRITICAL")  # what the mail server writes is not what the hub writes


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


@dataclass
class WebServer:
    """Answers every POST alike. `silent`: takes the request and never answers. `drips`: one letter at a time,
    for ever. `looks` is called while the other side waits for the answer."""

    url: str = ""
    status: int = 200
    answer: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    drips: bool = False
    looks: Callable[[], None] = lambda: None
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def says(self, content: Any, status: int = 200, **headers: str) -> None:
        self.answer = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.status, self.headers = status, headers


@contextmanager
def web_server() -> Iterator[WebServer]:
    here = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            here.requests.append(Request(self.path, headers, self.rfile.read(length)))
            here.looks()
            if here.silent:
                here.over.wait(20)
            if here.drips:
                return self.drip()
            self.send_response(here.status)
            for name, value in here.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(here.answer)))
            self.end_headers()
            self.wfile.write(here.answer)

        def drip(self) -> None:
            for letter in b"HTTP/1.1 200 OK" * 1000:
                try:
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                except OSError:
                    return
                if here.over.wait(0.05):
                    return

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket.listen(128)  # the five that are usual turn away a whole batch at once
    here.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield here
    finally:
        here.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailServer:
    """Answers every letter alike: `says` is its answer to it, `to_recipient` its answer to the address."""

    port: int = 0
    says: str = "250 taken"
    to_recipient: str = "250 fine"
    password: str | None = None
    letters: list[EmailMessage] = field(default_factory=list)
    silent: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, _s: Any, _e: Any, envelope: Any, address: str, _o: Any) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.silent:
            await asyncio.Event().wait()
        if self.says.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return self.says

    def allows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, said: Any) -> AuthResult:
        right = isinstance(said, LoginPassword) and said.password.decode() == self.password
        return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(password: str | None = None) -> Iterator[MailServer]:
    here = MailServer(password=password)
    checked: dict[str, Any] = (
        {"authenticator": here.allows, "auth_require_tls": False, "auth_required": True} if password else {}
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    started = loop.create_server(lambda: SMTP(here, loop=loop, **checked), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(started, loop).result(10)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
