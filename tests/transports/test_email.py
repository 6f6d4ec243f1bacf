"""E-mail reaches a real SMTP server, whole, once, and says what went wrong without repeating its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cem.settings import UnsafeSettings
from cem.transports.base import Message, TransportError
from cem.transports.email import Email
from tests.transports.others import MailServer, mail_server
from tests.world import settings_for

TEXT = "外滩店 · 前台：个案 7（P1）。请在 10:05 前接手。"


def letter(address: str = "lin@example.com", text: str = TEXT) -> Message:
    return Message("0190-7", "page", "lin", text, address, link="https://hub.example/desk/cases/7")


def send(server: MailServer, message: Message, url: str | None = None) -> str | None:
    return Email(url or server.url, "Answered 有应 <hub@example.com>", 3).send(message)


def test_a_letter_arrives_with_its_words_and_a_stable_id() -> None:
    with mail_server() as server:
        assert send(server, letter()) == "<0190-7@example.com>"
        (arrived,) = server.letters
    assert arrived["Message-ID"] == "<0190-7@example.com>"
    assert arrived["Subject"] == TEXT
    assert arrived["To"] == "lin@example.com"
    assert arrived["From"] == "Answered 有应 <hub@example.com>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content().split() == [*TEXT.split(), "https://hub.example/desk/cases/7"]


@pytest.mark.parametrize(("answer", "permanent"), [("451 later", False), ("550 no such user", True)])
def test_an_answer_to_the_address_says_whether_another_try_helps(answer: str, permanent: bool) -> None:
    with mail_server() as server:
        server.to_recipient = answer
        with pytest.raises(TransportError, match=f"^SMTP {answer[:3]}$") as caught:
            send(server, letter())
    assert caught.value.permanent is permanent


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(("password", "right"), [("right", True), ("wrong", False)])
def test_the_hub_signs_in_where_the_server_asks_for_it(password: str, right: bool) -> None:
    with mail_server("right") as server:
        url = server.url.replace("smtp://", f"smtp://hub:{password}@")
        if right:
            assert send(server, letter(), url)
        else:
            with pytest.raises(TransportError, match=r"^SMTP 535$"):
                send(server, letter(), url)
        assert len(server.letters) == right


def test_no_server_there_is_worth_another_try() -> None:
    with pytest.raises(TransportError) as caught:
        Email("smtp://127.0.0.1:9", "hub@example.com", 1).send(letter())
    assert not caught.value.permanent


def test_a_server_without_the_encryption_that_was_asked_for_gets_nothing() -> None:
    with mail_server() as server:
        with pytest.raises(TransportError):
            send(server, letter(), server.url.replace("smtp:", "smtp+starttls:"))
        assert server.letters == []


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: everybody@example.com", "a b@example.com"])
def test_what_is_no_address_is_refused_before_anything_is_sent(address: str) -> None:
    with mail_server() as server:
        with pytest.raises(TransportError, match="no e-mail address") as caught:
            send(server, letter(address))
        assert caught.value.permanent
        assert server.letters == []


def test_a_text_of_several_lines_is_one_subject() -> None:
    with mail_server() as server:
        send(server, letter(text="one\ntwo"))
        assert server.letters[0]["Subject"] == "one two"


@pytest.mark.parametrize(
    ("url", "sender", "named"),
    [
        ("http://mail.example", "hub@example.com", "CEM_SMTP_URL"),
        ("smtp://hub:secret@mail.example", "hub@example.com", "in the clear"),
        ("smtps://mail.example", "", "CEM_MAIL_FROM"),
    ],
)
def test_settings_that_make_no_sense_are_refused_at_the_door(
    tmp_path: Path, url: str, sender: str, named: str
) -> None:
    with pytest.raises(UnsafeSettings, match=named) as caught:
        settings_for(tmp_path, "sqlite://", CEM_SMTP_URL=url, CEM_MAIL_FROM=sender)
    assert "secret" not in str(caught.value)
