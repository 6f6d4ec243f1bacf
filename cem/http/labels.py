"""The codes that staff meet, in people's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext, lazy_gettext

_l = lazy_gettext

ROLES: Final[dict[str, Any]] = {
    "admin": _l("Administrator"),
    "executive": _l("Executive"),
    "manager": _l("Manager"),
    "staff": _l("Staff"),
    "privacy": _l("Privacy officer"),
    "integrator": _l("Integrator"),
}
CHANNELS: Final[dict[str, Any]] = {
    "kiosk": _l("Kiosk"),
    "link": _l("Link"),
    "qr": _l("QR code"),
    "widget": _l("Website"),
    "email": _l("E-mail"),
    "sms": _l("SMS"),
    "review": _l("Review site"),
    "complaint": _l("Complaint"),
    "call": _l("Call"),
    "chat": _l("Chat"),
    "community": _l("Community"),
    "staff": _l("Told to staff"),
    "import": _l("Import"),
    "api": _l("Connected system"),
}
VIAS: Final[dict[str, Any]] = {
    "phone": _l("By phone"),
    "in_person": _l("In person"),
    "wechat": _l("WeChat"),
    "sms": _l("SMS"),
    "email": _l("E-mail"),
    "message": _l("On their page"),
    "public_reply": _l("In public"),
}
OUTCOMES: Final[dict[str, Any]] = {
    "reached": _l("Reached"),
    "not_reached": _l("Not reached"),
    "message_left": _l("Left a message"),
}
RESOLUTIONS: Final[dict[str, Any]] = {
    "apologised": _l("Apologised"),
    "explained": _l("Explained"),
    "corrected": _l("Put right"),
    "replaced": _l("Replaced"),
    "refunded": _l("Refunded"),
    "compensated": _l("Compensated"),
    "no_fault": _l("Nobody's fault"),
    "unreachable": _l("Not reachable"),
    "withdrawn": _l("Withdrawn by the customer"),
}
EXCUSES: Final[dict[str, Any]] = {
    "duplicate": _l("A duplicate"),
    "test": _l("A test"),
    "abuse": _l("Abuse"),
    "staff": _l("From our own staff"),
    "unreachable": _l("Not reachable after three tries"),
}
PAUSES: Final[dict[str, Any]] = {
    "waiting_customer": _l("waiting for the customer"),
    "waiting_third_party": _l("waiting for others"),
    "outside_hours": _l("outside business hours"),
}
SEVERITIES: Final[dict[str, Any]] = {
    "critical": _l("critical"),
    "high": _l("high"),
    "normal": _l("normal"),
    "low": _l("low"),
}

LEVELS: Final[dict[int, Any]] = {
    -2: _l("Very negative"),
    -1: _l("Negative"),
    0: _l("Neutral"),
    1: _l("Positive"),
    2: _l("Very positive"),
}
SIDES: Final[dict[str, Any]] = {
    "negative": _l("Complaint"),
    "neutral": _l("Only mentioned"),
    "positive": _l("Praise"),
    "none": _l("Not about this"),
}
URGENCIES: Final[dict[str, Any]] = {"high": _l("Urgent"), "normal": _l("Not urgent")}
LANGUAGES: Final[dict[str, Any]] = {
    "zh-Hans": _l("Simplified Chinese"),
    "zh-Hant": _l("Traditional Chinese"),
    "yue-Hant": _l("Cantonese"),
    "en": _l("English"),
    "ja": _l("Japanese"),
    "ko": _l("Korean"),
    "und": _l("Another language"),
}
PRIVATE: Final[dict[str, Any]] = {
    "phone": _l("Phone number"),
    "name": _l("Somebody's name"),
    "email": _l("E-mail"),
    "wechat": _l("WeChat"),
    "id_card": _l("Identity card"),
    "bank_card": _l("Bank card"),
    "plate": _l("Number plate"),
}
FLAGS: Final[dict[str, Any]] = {
    "rating_against_text": _l("The words contradict the rating"),
    "texts_alike": _l("Almost the same words, several times"),
}


def flags(codes: Sequence[str] | None) -> tuple[str, ...]:
    """The marks of a feedback that people are shown; what only programs use has no words."""
    return tuple(str(FLAGS[code]) for code in codes or () if code in FLAGS)


def faces() -> tuple[str, ...]:
    """The words under the five faces, from 1 to 5."""
    return (gettext("Very poor"), gettext("Poor"), gettext("Fair"), gettext("Good"), gettext("Very good"))


def rating(scale: str, value: int, high: int) -> str:
    """What was touched, as a sentence."""
    if high == 5:
        return gettext("Touched “%(word)s”", word=faces()[value - 1])
    return gettext("Gave %(value)s of %(high)s", value=value, high=high)


LIKENESSES: Final[dict[str, Any]] = {
    "nearly_the_same": _l("Nearly the same"),
    "much_alike": _l("Much alike"),
    "somewhat_alike": _l("Somewhat alike"),
}
CUSTOMERS_WORD: Final[dict[str, Any]] = {
    "solved": _l("The customer said that it is solved."),
    "not_at_first": _l("The customer said at first that it was not solved."),
    "no_answer": _l("The customer has not said whether it is solved."),
}
