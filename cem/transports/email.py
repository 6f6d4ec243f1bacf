"""E-mail by SMTP. What the server's answer says of another try is heeded; its words are not repeated."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from cem import clock
from cem.domain.throttle import PATIENCE
from cem.transports.base import Message, TransportError
from cem.transports.network import Deadline

STEP_SECONDS: Final = 5.0
TOTAL_SECONDS: Final = PATIENCE.total_seconds() - 1
_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SUBJECT: Final = 120  # letters


@dataclass(frozen=True, slots=True)
class Email:
    """`url`: `smtps://user:password@host:465`, `smtp+starttls://…:587`, or plainly `smtp://host:25`."""

    url: str = field(repr=False)
    sender: str
    seconds: float = TOTAL_SECONDS

    def send(self, message: Message) -> str | None:
        letter = self._letter(message)
        try:
            self._hand_over(letter)
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from None
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(*(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPNotSupportedError:
            raise TransportError("the mail server offers no such thing", permanent=True) from None
        except (smtplib.SMTPException, OSError) as error:
            raise TransportError(
                f"the mail server failed ({type(error).__name__})", permanent=False
            ) from None
        return str(letter["Message-ID"])

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self.sender
        letter["To"] = _mailbox(message.address)
        letter["Subject"] = message.text.replace("\n", " ")[:_SUBJECT]
        letter["Date"] = format_datetime(clock.now())
        letter["Message-ID"] = f"<{message.id}@{_domain(self.sender)}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.words)
        return letter

    def _hand_over(self, letter: EmailMessage) -> None:
        parts = urlsplit(self.url)
        deadline, server = Deadline(self.seconds), self._server(parts.scheme)
        server._host = parts.hostname or ""  # whose certificate it must show; only __init__ sets it
        with deadline.ends(lambda: server.sock):
            try:
                server.connect(server._host, parts.port or _PORTS[parts.scheme])
                if parts.scheme == "smtp+starttls":
                    server.starttls(context=ssl.create_default_context())
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(letter)
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()  # it has the letter, however we part
            finally:
                server.close()

    def _server(self, scheme: str) -> smtplib.SMTP:
        step, name = min(STEP_SECONDS, self.seconds), _domain(self.sender)
        if scheme == "smtps":
            tls = ssl.create_default_context()
            return smtplib.SMTP_SSL(timeout=step, local_hostname=name, context=tls)
        return smtplib.SMTP(timeout=step, local_hostname=name)


def _mailbox(address: str) -> Address:
    try:
        return Address(addr_spec=address)
    except (ValueError, IndexError):
        raise TransportError("this is no e-mail address", permanent=True) from None


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].rstrip("> ") or "localhost"


def _refused(*codes: int) -> TransportError:
    """Codes from 500 on are final; all others mean later."""
    return TransportError(f"SMTP {min(codes)}", permanent=min(codes) >= 500)
