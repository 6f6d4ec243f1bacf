"""What the actions on a case ask for, and the one engine function that each calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import IntegerField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from cem.domain.reaching import TO_MANY
from cem.domain.vocabulary import ExcuseReason, Outcome, PauseReason, ResolutionCode, Via
from cem.engine import case_endings, cases, reopenings
from cem.engine.case_endings import Resolution
from cem.engine.case_steps import Seen
from cem.extensions import db
from cem.http import labels
from cem.http.access import visible_path
from cem.models import Case, Site

_l = lazy_gettext

LONGEST: Final = 4_000
LARGEST: Final = 2**31 - 1  # what a case's number can be
CHOOSE: Final = _l("Choose one.")
WRITE: Final = _l("Write a few words.")


def _choices(words: dict[str, Any], leave_out: tuple[str, ...] = ()) -> list[SelectChoice]:
    return [SelectChoice(code, word) for code, word in words.items() if code not in leave_out]


def options(form: FlaskForm) -> dict[str, list[tuple[str, Any]]]:
    """What there is to choose from, by field."""
    return {
        field.name: [(one.value, one.label) for one in field.choices]
        for field in form
        if isinstance(field, RadioField)
    }


def _words(required: Any = WRITE) -> TextAreaField:
    """A few words; blanks alone are none."""
    first = DataRequired(required) if required else Optional()
    return TextAreaField(validators=[first, Length(max=LONGEST)], filters=[_stripped])


def _stripped(said: str | None) -> str | None:
    return said.strip() if said else said


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """One touch; `version` is which state of the case the person was looking at."""

    version = IntegerField(validators=[Optional()])


class NoteForm(EmptyForm):
    text = _words()


class ContactForm(EmptyForm):
    via = RadioField(choices=_choices(labels.VIAS), validators=[InputRequired(CHOOSE)])
    outcome = RadioField(choices=_choices(labels.OUTCOMES), validators=[InputRequired(CHOOSE)])
    summary = _words()


class AssignmentForm(EmptyForm):
    user = StringField(validators=[InputRequired(CHOOSE)])


class PauseForm(EmptyForm):
    reason = RadioField(
        choices=_choices(labels.PAUSES, leave_out=("outside_hours",)), validators=[InputRequired(CHOOSE)]
    )


class ResolutionForm(EmptyForm):
    code = RadioField(choices=_choices(labels.RESOLUTIONS), validators=[InputRequired(CHOOSE)])
    summary = _words()
    customer_words = _words(required=None)
    reply = _words(required=None)


class OutcomeForm(EmptyForm):
    """The same for many."""

    code = RadioField(choices=_choices(labels.RESOLUTIONS), validators=[InputRequired(CHOOSE)])
    summary = _words()


class DismissalForm(EmptyForm):
    reason = RadioField(choices=_choices(labels.EXCUSES), validators=[InputRequired(CHOOSE)])
    evidence = _words()
    confirmed = StringField()


class MergeForm(EmptyForm):
    into = IntegerField(
        validators=[InputRequired(_l("Write the number of the other case.")), NumberRange(min=1)]
    )

    def validate_into(self, field: Any) -> None:
        if field.data and (field.data > LARGEST or case_id(field.data) is None):
            raise ValidationError(_l("There is no case with this number."))


class ReopeningForm(EmptyForm):
    reason = _words()


def case_id(number: int) -> UUID | None:
    """The case with this number, if it lies in this person's places."""
    below = Site.path.startswith(visible_path(), autoescape=True)
    statement = select(Case.id).join(Site, Site.id == Case.site_id).where(Case.number == number, below)
    found: UUID | None = db.session.scalar(statement)
    return found


def _merge(seen: Seen, form: MergeForm) -> None:
    into = case_id(form.into.data)
    assert into is not None, "the form looked it up"
    case_endings.merge(seen, into)


def _resolve(seen: Seen, form: ResolutionForm) -> None:
    words = (form.summary.data, form.customer_words.data or None, form.reply.data or None)
    case_endings.resolve(seen, Resolution(ResolutionCode(form.code.data), *words))


def _contact(seen: Seen, form: ContactForm) -> None:
    cases.contact(seen, Via(form.via.data), form.summary.data, Outcome(form.outcome.data))


@dataclass(frozen=True, slots=True)
class Act:
    """`draft` names the field whose words are kept when somebody else was first."""

    form: type[EmptyForm]
    do: Callable[[Seen, Any], object]
    draft: str = ""


ACTS: Final[dict[str, Act]] = {
    "acknowledgement": Act(EmptyForm, lambda seen, form: cases.acknowledge(seen)),
    "assignment": Act(AssignmentForm, lambda seen, form: cases.assign(seen, form.user.data)),
    "notes": Act(NoteForm, lambda seen, form: cases.note(seen, form.text.data), "text"),
    "contacts": Act(ContactForm, _contact, "summary"),
    "pause": Act(PauseForm, lambda seen, form: cases.pause(seen, PauseReason(form.reason.data))),
    "resumption": Act(EmptyForm, lambda seen, form: cases.resume(seen)),
    "resolution": Act(ResolutionForm, _resolve, "summary"),
    "closure": Act(EmptyForm, lambda seen, form: case_endings.close(seen)),
    "dismissal": Act(
        DismissalForm,
        lambda seen, form: case_endings.dismiss(seen, ExcuseReason(form.reason.data), form.evidence.data),
        "evidence",
    ),
    "merge": Act(MergeForm, _merge),
    "reopening": Act(ReopeningForm, lambda seen, form: reopenings.reopen(seen, form.reason.data), "reason"),
}
"""By the last part of the address, as in the API."""


def _bare(words: str) -> str:
    """Without the hyphens of a code, as people write it off."""
    return words.replace("-", "").replace(" ", "").casefold()


class ReplyForm(FlaskForm):  # type: ignore[misc]
    via = RadioField(choices=_choices(labels.VIAS), default="message", validators=[InputRequired(CHOOSE)])
    text = _words(_l("Write what the customer is to read."))

    def may_go(self, codes: Iterable[str]) -> bool:
        """Whether it is filled in, and no code stands where everybody reads it: it opens the page."""
        if not self.validate():
            return False
        text = _bare(self.text.data)
        told = self.via.data == Via.PUBLIC_REPLY and any(_bare(code) in text for code in codes)
        if told:
            self.text.errors = [
                gettext("In public the customer's code would open their page to everybody. Take it out.")
            ]
        return not told


class GroupReplyForm(ReplyForm):
    """One text for many: for all who are owed an answer, or for those that are ticked."""

    via = RadioField(
        choices=[each for each in _choices(labels.VIAS) if each.value in TO_MANY],
        default="message",
        validators=[InputRequired(CHOOSE)],
    )
    which = RadioField(
        choices=[SelectChoice("all", _l("All of them")), SelectChoice("some", _l("Those I tick"))],
        default="all",
        validators=[Optional()],
    )


class ExcuseForm(FlaskForm):  # type: ignore[misc]
    reason = RadioField(choices=_choices(labels.EXCUSES), validators=[InputRequired(CHOOSE)])
    evidence = _words()
