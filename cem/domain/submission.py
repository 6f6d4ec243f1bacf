"""What a channel hands in: one shape for all of them, and the checks that hold for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from cem.domain.ratings import Rating
from cem.domain.reasons import Invalid
from cem.domain.vocabulary import Channel, Kind

TEXT_LIMIT: Final = 20_000
"""Unicode code points in a customer's text."""
STRING_LIMIT: Final = 200
URL_LIMIT: Final = 2_000
ATTRIBUTE_LIMIT: Final = 20
AHEAD: Final = timedelta(minutes=5)
"""A device's clock may be so far ahead and is taken as now."""


def N_(message: str) -> str:  # noqa: N802
    """Mark a sentence for translation; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    question: str
    scale: str | None = None
    value: int | None = None
    choices: tuple[str, ...] | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class GivenCustomer:
    """What the customer let us know. `contact_consent` is None where nothing was asked."""

    external_id: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    contact_consent: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where it stands elsewhere. The pair of system and id is an identity: it is stored once."""

    system: str
    id: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A key of one owner (`token:…`, `device:…`) with the hash of the body that it came with."""

    owner: str
    key: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    channel: Channel
    site: str
    touchpoint: str | None = None
    rating: Rating | None = None
    text: str | None = None
    answers: tuple[GivenAnswer, ...] = ()
    survey_code: str | None = None
    survey_version: int | None = None
    language: str | None = None
    occurred_at: datetime | None = None
    customer: GivenCustomer | None = None
    source: Source | None = None
    order_id: str | None = None
    staff: str | None = None
    kind: Kind | None = None
    attributes: Mapping[str, Any] | None = None
    idempotency: Idempotency | None = None
    flags: tuple[str, ...] = ()
    visible_path: str = ""
    """The part of the place tree that the sender may store into; empty is everything."""

    @property
    def has_other_words(self) -> bool:
        return any(answer.text for answer in self.answers)


def check(submission: Submission, now: datetime) -> None:
    """Raises `Invalid` naming every field that cannot be taken: 413 where something is too long, else 422."""
    too_long = {
        name: [N_("This is too long.")] for name, text, limit in _texts(submission) if len(text) > limit
    }
    if too_long:
        raise Invalid(too_long, status=413)
    wrong: dict[str, list[str]] = {}
    for name, text, _ in _texts(submission):
        if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text):
            wrong[name] = [N_("This holds a character that no text can hold (NUL or half a pair).")]
    if submission.rating is None and not (submission.text or "").strip():
        wrong.setdefault("rating", []).append(N_("Give a rating or a text."))
    if submission.occurred_at and submission.occurred_at > now + AHEAD:
        wrong["occurred_at"] = [N_("This time lies in the future.")]
    if len(submission.attributes or {}) > ATTRIBUTE_LIMIT:
        wrong["attributes"] = [N_("No more than 20 attributes are taken.")]
    if wrong:
        raise Invalid(wrong)


def _texts(submission: Submission) -> Iterator[tuple[str, str, int]]:
    """Every text in it, with its field's name and its limit."""
    if submission.text:
        yield "text", submission.text, TEXT_LIMIT
    for name in ("site", "touchpoint", "language", "order_id", "staff", "survey_code"):
        if value := getattr(submission, name):
            yield name.replace("survey_", "survey."), value, STRING_LIMIT
    for part, name in ((submission.customer, "customer"), (submission.source, "source")):
        for field in fields(part) if part else ():
            value = getattr(part, field.name)
            if isinstance(value, str):
                yield f"{name}.{field.name}", value, URL_LIMIT if field.name == "url" else STRING_LIMIT
    for number, answer in enumerate(submission.answers):
        yield from _answer_texts(f"answers.{number}", answer)
    for key, value in (submission.attributes or {}).items():
        yield "attributes", key, STRING_LIMIT
        if isinstance(value, str):
            yield f"attributes.{key}", value, STRING_LIMIT
    if submission.idempotency:
        yield "Idempotency-Key", submission.idempotency.key, STRING_LIMIT


def _answer_texts(where: str, answer: GivenAnswer) -> Iterator[tuple[str, str, int]]:
    yield f"{where}.question", answer.question, STRING_LIMIT
    if answer.text:
        yield f"{where}.text", answer.text, TEXT_LIMIT
    for choice in answer.choices or ():
        yield f"{where}.choices", choice, STRING_LIMIT


def settled_time(occurred_at: datetime | None, now: datetime) -> datetime:
    """When it happened: as said, but never later than now."""
    return now if occurred_at is None else min(occurred_at, now)


def inferred_kind(submission: Submission) -> Kind:
    """The kind that was given, or the one that its channel and content suggest."""
    if submission.kind:
        return submission.kind
    if submission.channel is Channel.REVIEW:
        return Kind.REVIEW
    if submission.channel is Channel.COMPLAINT:
        return Kind.COMPLAINT
    if not submission.text:
        return Kind.RATING
    return Kind.COMPLAINT if submission.rating and submission.rating.dissatisfied else Kind.REVIEW
