"""Messages in the words of those who look after them: what they are, and why one did not get through."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

from cem.domain.vocabulary import DeliveryKind, HeldFor, TransportName

_l = lazy_gettext

TRANSPORTS: Final[dict[TransportName, Any]] = {
    TransportName.INBOX: _l("Inbox"),
    TransportName.WEBPUSH: _l("Browser"),
    TransportName.EMAIL: _l("E-mail"),
    TransportName.SMS: _l("Text message"),
    TransportName.WECOM: _l("WeCom"),
    TransportName.DINGTALK: _l("DingTalk"),
    TransportName.FEISHU: _l("Feishu"),
    TransportName.WEBHOOK: _l("Webhook"),
    TransportName.CONSOLE: _l("Console"),
}

KINDS: Final[dict[DeliveryKind, Any]] = {
    DeliveryKind.PAGE: _l("Call to act"),
    DeliveryKind.ESCALATION: _l("Escalation"),
    DeliveryKind.WARNING: _l("Warning"),
    DeliveryKind.BREACH: _l("Broken promise"),
    DeliveryKind.GROUP: _l("Storm"),
    DeliveryKind.DIGEST: _l("Digest"),
    DeliveryKind.NEWS: _l("News"),
    DeliveryKind.EVENT: _l("Event"),
    DeliveryKind.RECEIPT: _l("Receipt to the customer"),
    DeliveryKind.REPLY: _l("Reply to the customer"),
    DeliveryKind.REASK: _l("Asked again"),
    DeliveryKind.INVITATION: _l("Invitation"),
    DeliveryKind.REMINDER: _l("Reminder"),
}

_HOLDS: Final[dict[HeldFor, Any]] = {
    HeldFor.MINUTE: _l("This minute is full."),
    HeldFor.RETRY: _l("Is tried again."),
    HeldFor.BUNDLE: _l("Waits for others to the same person."),
    HeldFor.QUIET: _l("Quiet hours."),
    HeldFor.DIGEST: _l("Waits for the digest."),
    HeldFor.DEVICE: _l("As many as one telephone should get."),
}

_KNOWN: Final[dict[str, Any]] = {
    "no answer in time": _l("The other side did not answer in time."),
    "the host was not found": _l("There is no such host. Check the address."),
    "the address is not a public one": _l("The address lies inside a private network, and is refused."),
    "this is no https:// address": _l("The address is no https:// address."),
    "the server's certificate is not valid": _l("The certificate of the other side is not valid."),
    "the answer cannot be read": _l("The other side answered with something that is no answer of a robot."),
    "this is no e-mail address": _l("This is no e-mail address."),
    "the mail server offers no such thing": _l("The mail server does not offer what is asked of it."),
    "its secret is not one of a webhook": _l("Its secret is not one of a webhook. Make a new one."),
    "this transport is not set up": _l("This way is not set up on this hub."),
    "nobody is to be reached there any more": _l("It was ended, or the address was taken back."),
    "taken, and could not be delivered": _l("The provider took it and could not deliver it."),
    "this is no subscription of a browser": _l("The browser gave no address that can be used."),
    "the browser wants no more": _l("The browser has taken its permission back."),
    "HTTP 410: it wants no more": _l("The other side wants nothing more (HTTP 410); it was ended."),
    "HTTP 401": _l("The other side does not let us in (HTTP 401). Check the address and its key."),
    "HTTP 403": _l("The other side does not let us in (HTTP 403). Check the address and its key."),
    "HTTP 404": _l("There is nothing at this address (HTTP 404)."),
    "code 93000": _l("WeCom does not know this robot (93000). Copy its address again."),
    "code 45009": _l("WeCom took no more in this minute (45009)."),
    "code 310000": _l(
        "DingTalk refused it (310000). Check its secret, its keyword and its list of addresses."
    ),
    "code 300001": _l("DingTalk does not know this robot (300001). Copy its address again."),
    "code 19001": _l("Feishu does not know this robot (19001). Copy its address again."),
    "code 19021": _l("Feishu refused the signature (19021). Check the secret."),
    "code 19022": _l("Feishu does not take messages from this address (19022). Add it to the robot's list."),
    "code 19024": _l("Feishu misses its keyword (19024). Take the keyword off the robot."),
}

_SHAPES: Final[tuple[tuple[re.Pattern[str], Callable[[str], str]], ...]] = (
    (
        re.compile(r"HTTP (5\d\d)"),
        lambda code: gettext("The other side has a fault of its own (HTTP %(code)s).", code=code),
    ),
    (
        re.compile(r"HTTP (\d{3})"),
        lambda code: gettext("The other side refused it (HTTP %(code)s).", code=code),
    ),
    (re.compile(r"SMTP (5\d\d)"), lambda code: gettext("The mail server refused it (%(code)s).", code=code)),
    (
        re.compile(r"SMTP (\d{3})"),
        lambda code: gettext("The mail server asks for patience (%(code)s).", code=code),
    ),
    (
        re.compile(r"code (-?\d+)"),
        lambda code: gettext("The messenger refused it (code %(code)s).", code=code),
    ),
    (
        re.compile(r"no answer \((\w+)\)"),
        lambda what: gettext("The other side cannot be reached (%(what)s).", what=what),
    ),
    (
        re.compile(r"the mail server failed \((\w+)\)"),
        lambda what: gettext("The mail server cannot be reached (%(what)s).", what=what),
    ),
    (
        re.compile(r"a defect \((\w+)\)"),
        lambda what: gettext("A defect of the hub itself (%(what)s).", what=what),
    ),
)


def why(error: str | None) -> str:
    """One sentence. What nobody has put into words is shown as it was kept: without address or secret."""
    if error is None:
        return ""
    if error in _KNOWN:
        return str(_KNOWN[error])
    for shape, says in _SHAPES:
        if (match := shape.fullmatch(error)) is not None:
            return says(match[1])
    return error


def why_held(reason: HeldFor | None) -> str:
    return str(_HOLDS[reason]) if reason is not None else ""
