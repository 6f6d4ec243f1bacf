"""One touch on a kiosk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid
from cem.domain.submission import N_, Idempotency, Submission
from cem.domain.vocabulary import Channel
from cem.http.i18n import known
from surveys.channels.base import body_hash, event_id, instant, only, whole
from surveys.entrances import Entrance

FIELDS: Final = frozenset({"event_id", "value", "occurred_at", "language", "sequence"})


def parse(raw: Any, entrance: Entrance) -> Submission:
    """A tap as the device says it. `sequence` counts the device's taps and never goes back."""
    tap = only(raw, FIELDS)
    return Submission(
        channel=Channel.KIOSK,
        site=entrance.site_code,
        touchpoint=entrance.touchpoint_code,
        rating=_rating(tap, entrance),
        survey_code=entrance.survey_code,
        survey_version=entrance.survey_version,
        language=_language(tap.get("language")),
        occurred_at=instant("occurred_at", tap["occurred_at"]) if "occurred_at" in tap else None,
        attributes={"sequence": whole("sequence", tap["sequence"])} if "sequence" in tap else None,
        idempotency=Idempotency(entrance.device, event_id(tap.get("event_id")), body_hash(raw)),
    )


def from_form(form: Mapping[str, str]) -> dict[str, Any]:
    """The same tap where the kiosk has no script: a plain form, whose page brought the event id."""
    tap: dict[str, Any] = {name: form[name] for name in ("event_id", "language") if name in form}
    value = form.get("value", "")
    return tap | {"value": int(value) if value.isascii() and value.isdigit() else value}


def _language(raw: Any) -> str | None:
    if raw is None or (isinstance(raw, str) and known(raw)):
        return raw
    raise Invalid({"language": [N_("This is not one of the page's languages.")]})


def _rating(tap: Mapping[str, Any], entrance: Entrance) -> Rating:
    try:
        return Rating(entrance.question.scale, whole("value", tap.get("value")))
    except ValueError:
        raise Invalid({"value": [N_("There is no such face.")]}) from None
