"""The form behind a link or a QR code: a rating, words, and a contact only with consent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid
from cem.domain.submission import N_, GivenCustomer, Idempotency, Submission
from cem.domain.vocabulary import Channel
from cem.http.i18n import known
from surveys.channels.base import body_hash, event_id
from surveys.entrances import Entrance

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_ASKED = ("rating", "text", "contact", "consent", "language")


def parse(given: Mapping[str, str], entrance: Entrance) -> Submission:
    """What the form holds. Raises `Invalid` with everything that has to be mended, by field."""
    said = {name: given.get(name, "").strip() for name in _ASKED}
    errors = _errors(said, entrance)
    if errors:
        raise Invalid(errors)
    return Submission(
        channel=Channel.LINK,
        site=entrance.site_code,
        touchpoint=entrance.touchpoint_code,
        rating=_rating(said["rating"], entrance),
        text=_as_said(given.get("text", "")),
        survey_code=entrance.survey_code,
        survey_version=entrance.survey_version,
        language=known(said["language"]),
        customer=_customer(said),
        idempotency=Idempotency(entrance.device, event_id(given.get("event_id")), body_hash(said)),
    )


def _errors(said: dict[str, str], entrance: Entrance) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not said["rating"] and not said["text"]:
        errors["rating"] = [N_("Choose one, or write a line below.")]
    elif said["rating"] and _rating(said["rating"], entrance) is None:
        errors["rating"] = [N_("This is not on the scale. Choose one of those shown.")]
    if said["contact"] and not _customer(said | {"consent": "yes"}):
        errors["contact"] = [N_("This is neither a phone number nor an e-mail address.")]
    elif said["contact"] and said["consent"] != "yes":
        errors["consent"] = [N_("Tick this if we may contact you, or empty the field above.")]
    elif said["consent"] == "yes" and not said["contact"]:
        errors["contact"] = [N_("Where can we reach you? Or take the tick away.")]
    return errors


def _as_said(text: str) -> str | None:
    """A form's own line ends are not the customer's words; everything else is."""
    return text.replace("\r\n", "\n") if text.strip() else None


def _rating(raw: str, entrance: Entrance) -> Rating | None:
    try:
        return Rating(entrance.question.scale, int(raw)) if raw.isascii() and raw.isdigit() else None
    except ValueError:
        return None


def _customer(said: Mapping[str, str]) -> GivenCustomer | None:
    """Nothing is kept of a contact without consent."""
    if said["consent"] != "yes" or not said["contact"]:
        return None
    if _EMAIL.fullmatch(said["contact"]):
        return GivenCustomer(email=said["contact"], contact_consent=True)
    digits = re.sub(r"[\s().\-]", "", said["contact"])
    return GivenCustomer(phone=digits, contact_consent=True) if _PHONE.fullmatch(digits) else None
