"""What every transport owes, whoever stands at its other end: a real server, on this machine."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cem.domain.vocabulary import TransportName
from cem.settings import Settings
from cem.transports.base import Message, Transport, TransportError
from cem.transports.console import Console
from cem.transports.dingtalk import Dingtalk
from cem.transports.email import Email
from cem.transports.feishu import Feishu
from cem.transports.http import Http
from cem.transports.inbox import Inbox
from cem.transports.recorded import Recorded
from cem.transports.registry import transports
from cem.transports.sms import HttpSms, Sms
from cem.transports.webhook import Webhook
from cem.transports.webpush import Webpush, key_from
from cem.transports.wecom import Wecom
from tests.transports.browser import Browser
from tests.transports.others import MailServer, WebServer, mail_server, web_server
from tests.world import settings_for

KEY = "hidden-key"
SECRET = "whsec_aGlkZGVuLXNlY3JldA=="
WORDS = "外滩店 · 前台: case 7 (P1). Take it by 10:05."
QUICK = Http(private=True, seconds=0.4)


@dataclass
class Other:
    """The other side of one transport, and how it is made to answer."""

    transport: Transport
    address: str
    takes: Callable[[], None]
    is_busy: Callable[[], None]
    refuses: Callable[[], None]
    is_silent: Callable[[], None]
    ids: Callable[[], list[str]]
    """The ids of our messages that have reached it, where the protocol carries them."""

    def message(self) -> Message:
        return Message("0190-7", "page", "lin", WORDS, self.address, SECRET, ids={"case": "7"})


def on_the_web(
    server: WebServer, transport: Transport, ok: object, busy: object, no: object, status: int = 200
) -> Other:
    return Other(
        transport,
        f"{server.url}/send?key={KEY}",
        lambda: server.says(ok),
        lambda: server.says(busy, 200 if status == 200 else 503),
        lambda: server.says(no, status),
        lambda: setattr(server, "silent", True),
        lambda: [
            request.headers.get("webhook-id") or request.headers["idempotency-key"]
            for request in server.requests
        ],
    )


def by_mail(server: MailServer) -> Other:
    def says(words: str) -> Callable[[], None]:
        return lambda: setattr(server, "says", words)

    return Other(
        Email(server.url, "hub@example.com", 0.4),
        f"{KEY}@example.com",
        says("250 taken"),
        says(f"451 {KEY} too busy"),
        says(f"554 {KEY} is unwanted"),
        lambda: setattr(server, "silent", True),
        lambda: [str(letter["Message-ID"]).strip("<>").split("@")[0] for letter in server.letters],
    )


@contextmanager
def other_side(name: str) -> Iterator[Other]:
    if name == "email":
        with mail_server() as mail:
            yield by_mail(mail)
        return
    with web_server() as web:
        code = "code" if name == "feishu" else "errcode"
        robots = {
            "wecom": (Wecom(QUICK), 45009, 93000),
            "dingtalk": (Dingtalk(QUICK), 130101, 310000),
            "feishu": (Feishu(QUICK), 9499, 19021),
        }
        if name in robots:
            transport, busy, no = robots[name]
            told = {"errmsg": f"{KEY} {SECRET}"}
            yield on_the_web(web, transport, {code: 0}, {code: busy} | told, {code: no} | told)
            return
        if name == "webpush":
            push = Webpush(QUICK, key_from(SECRET), "mailto:hub@example.com")
            other = on_the_web(web, push, b"", b"busy", KEY.encode(), status=400)
            yield replace(other, address=Browser().subscription(web.url, f"/send?key={KEY}"))
            return
        sms = Sms(HttpSms(QUICK, f"{web.url}/sms?key={KEY}", SECRET))
        transport = Webhook(QUICK) if name == "webhook" else sms
        yield on_the_web(web, transport, {}, b"busy", KEY.encode(), status=400)


LEAVING = ["dingtalk", "email", "feishu", "sms", "webhook", "webpush", "wecom"]


@pytest.fixture(params=LEAVING)
def other(request: pytest.FixtureRequest) -> Iterator[Other]:
    with other_side(request.param) as other:
        yield other


def failure(other: Other) -> TransportError:
    with pytest.raises(TransportError) as caught:
        other.transport.send(other.message())
    return caught.value


def test_what_the_other_side_takes_has_their_id_or_none(other: Other) -> None:
    other.takes()
    theirs = other.transport.send(other.message())
    assert theirs is None or (isinstance(theirs, str) and 0 < len(theirs) <= 200)


def test_no_answer_in_time_is_worth_another_try(other: Other) -> None:
    other.is_silent()
    assert failure(other).permanent is False


def test_a_busy_other_side_is_worth_another_try(other: Other) -> None:
    other.is_busy()
    assert failure(other).permanent is False


def test_what_is_refused_is_not_worth_another_try(other: Other) -> None:
    other.refuses()
    assert failure(other).permanent is True


@pytest.mark.parametrize("name", ["email", "sms", "webhook"])
def test_a_second_try_has_the_same_id(name: str) -> None:
    with other_side(name) as other:
        other.takes()
        other.transport.send(other.message())
        other.transport.send(other.message())
        assert other.ids() == ["0190-7"] * 2


@pytest.mark.parametrize("mood", ["takes", "is_busy", "refuses", "is_silent"])
def test_neither_secret_nor_address_is_ever_told(
    other: Other, mood: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    getattr(other, mood)()
    said = [repr(other.message()), repr(other.transport)]
    try:
        other.transport.send(other.message())
    except TransportError as error:
        said += traceback.format_exception(error)
    told = "\n".join([*said, caplog.text])
    assert KEY not in told
    assert SECRET not in told
    assert SECRET.removeprefix("whsec_") not in told


@pytest.mark.parametrize("transport", [Inbox(), Console(), Recorded()])
def test_what_stays_on_the_machine_always_arrives(transport: Transport) -> None:
    assert transport.send(Message("1", "page", "lin", WORDS)) is None


Make = Callable[..., Settings]


@pytest.fixture
def settings(tmp_path: Path) -> Make:
    return lambda **environ: settings_for(tmp_path, "sqlite://", **environ)


def test_in_the_sandbox_and_with_the_demo_company_nothing_leaves(settings: Make) -> None:
    smtp = {"CEM_SMTP_URL": "smtp://127.0.0.1:1", "CEM_MAIL_FROM": "hub@example.com"}
    for environ in ({"CEM_SANDBOX": "1"}, {"CEM_SANDBOX": "0", "CEM_DEMO": "1"}):
        found = transports(settings(**environ, **smtp))
        assert {type(found[name]) for name in found if name is not TransportName.INBOX} == {Recorded}


def test_only_what_is_set_up_is_offered(settings: Make) -> None:
    bare = transports(settings(CEM_SANDBOX="0"))
    assert {name.value for name in bare} == {
        "inbox",
        "webhook",
        "wecom",
        "dingtalk",
        "feishu",
        "webpush",
        "console",
    }
    more = {
        "CEM_SMTP_URL": "smtp://127.0.0.1:1",
        "CEM_MAIL_FROM": "hub@example.com",
        "CEM_SMS_URL": "https://sms",
    }
    full = transports(settings(CEM_SANDBOX="0", **more))
    assert set(full) - set(bare) == {TransportName.EMAIL, TransportName.SMS}


def test_the_console_is_not_offered_in_production(settings: Make) -> None:
    environ = {"CEM_SANDBOX": "0", "CEM_ENV": "production", "CEM_URL": "https://hub.example"}
    assert TransportName.CONSOLE not in transports(settings(**environ))
