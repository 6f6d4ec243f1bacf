"""The rows of one feedback, as intake inserts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from cem.domain.submission import Submission, inferred_kind, settled_time
from cem.engine.organisation import Place
from cem.engine.rows import Row
from cem.ids import new_id, new_tracking_code


def feedback_row(now: datetime, submission: Submission, place: Place) -> Row:
    occurred_at = settled_time(submission.occurred_at, now)
    local = occurred_at.astimezone(ZoneInfo(place.timezone))
    source = submission.source
    return {
        "tracking_code": new_tracking_code(),
        "channel": submission.channel,
        "site_id": place.id,
        "kind": inferred_kind(submission),
        "kind_given": submission.kind is not None,
        "rating_scale": submission.rating.scale if submission.rating else None,
        "rating_value": submission.rating.value if submission.rating else None,
        "text": submission.text or None,
        "language": submission.language,
        "occurred_at": occurred_at,
        "received_at": now,
        "local_day": local.date(),
        "local_hour": local.hour,
        "order_id": submission.order_id,
        "staff": submission.staff,
        "attributes": dict(submission.attributes) if submission.attributes else None,
        "flags": list(submission.flags) or None,
        "source_system": source.system if source else None,
        "source_id": source.id if source else None,
        "source_url": source.url if source else None,
    }


def first_move(now: datetime, entry: Row, submission: Submission) -> Row:
    return {
        "id": new_id(now),
        "feedback_id": entry["feedback_id"],
        "at": now,
        "by": f"channel:{submission.channel}",
        "to_state": entry["state"],
        "how": entry["how"],
        "evidence": entry["evidence"],
        "owner_id": entry["owner_id"],
        "due_at": entry["due_at"],
    }


def answer_rows(now: datetime, submission: Submission, feedback: Row) -> Iterator[Row]:
    """The rating is an answer like the others, so that metrics need to read only one table."""
    shared = {
        "feedback_id": feedback["id"],
        "survey_version_id": feedback["survey_version_id"],
        "site_id": feedback["site_id"],
        "staff": feedback["staff"],
        "occurred_at": feedback["occurred_at"],
        "choices": None,
        "text": None,
    }
    if submission.rating:
        rating = {"question": "rating", "scale": submission.rating.scale, "value": submission.rating.value}
        yield {"id": new_id(now), **shared, **rating}
    for answer in submission.answers:
        given = {
            "question": answer.question,
            "scale": answer.scale,
            "value": answer.value,
            "choices": list(answer.choices) if answer.choices is not None else None,
            "text": answer.text,
        }
        yield {"id": new_id(now), **shared, **given}
