"""Every transport there is, and which of them this hub can use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from cem.domain.vocabulary import TransportName as Name
from cem.settings import Settings
from cem.transports.base import Transport
from cem.transports.console import Console
from cem.transports.dingtalk import Dingtalk
from cem.transports.email import Email
from cem.transports.feishu import Feishu
from cem.transports.http import Http
from cem.transports.inbox import Inbox
from cem.transports.recorded import Recorded
from cem.transports.sms import HttpSms, Sms
from cem.transports.webhook import Webhook
from cem.transports.webpush import Webpush, key_from
from cem.transports.wecom import Wecom

IN_THIS_HOUSE = frozenset({Name.INBOX})
"""What needs nobody else's server."""
LEAVING = frozenset(
    {Name.EMAIL, Name.WEBHOOK, Name.WECOM, Name.DINGTALK, Name.FEISHU, Name.SMS, Name.WEBPUSH, Name.CONSOLE}
)


@cache
def transports(settings: Settings) -> Mapping[Name, Transport]:
    """The transports that these settings allow. What is missing here is not planned for."""
    if settings.nothing_leaves:
        return {Name.INBOX: Inbox(), **dict.fromkeys(LEAVING, Recorded())}
    http = Http(private=settings.private_addresses)
    found: dict[Name, Transport] = {
        Name.INBOX: Inbox(),
        Name.WEBHOOK: Webhook(http),
        Name.WECOM: Wecom(http),
        Name.DINGTALK: Dingtalk(http),
        Name.FEISHU: Feishu(http),
        Name.WEBPUSH: Webpush(http, key_from(settings.secret_key), _subject(settings)),
    }
    if settings.smtp_url and settings.mail_from:
        found[Name.EMAIL] = Email(settings.smtp_url, settings.mail_from)
    if settings.sms_url:
        found[Name.SMS] = Sms(HttpSms(http, settings.sms_url, settings.sms_token))
    if settings.env != "production":
        found[Name.CONSOLE] = Console()
    return found


def _subject(settings: Settings) -> str:
    """Where a browser's service can write to when it has a question about us."""
    mailbox = (settings.mail_from or "").rpartition("<")[2].rstrip("> ")
    return f"mailto:{mailbox}" if mailbox else settings.url
