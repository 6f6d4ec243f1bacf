"""What is asked of a robot or a webhook."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from cem.domain.events import PUBLIC
from cem.domain.vocabulary import TransportName
from cem.http.i18n import LANGUAGES

_l = lazy_gettext

OFFERED: Final = (TransportName.WECOM, TransportName.DINGTALK, TransportName.FEISHU, TransportName.WEBHOOK)
LONGEST: Final = 2_000


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class RobotForm(FlaskForm):  # type: ignore[misc]
    """Address and secret are never shown again: left empty, those that it has stay."""

    name = StringField(
        filters=[_stripped],
        validators=[InputRequired(_l("Write a name that people know it by.")), Length(max=200)],
    )
    transport = SelectField(
        choices=[each.value for each in OFFERED], validators=[InputRequired(_l("Choose what it is."))]
    )
    site = SelectField(validators=[InputRequired(_l("Choose the place that it is for."))])
    url = StringField(filters=[_stripped], validators=[Length(max=LONGEST)])
    secret = StringField(filters=[_stripped], validators=[Length(max=200)])
    locale = SelectField(choices=list(LANGUAGES), default="zh-Hans")
    events = SelectMultipleField(choices=sorted(PUBLIC))

    def validate_events(self, field: Any) -> None:
        if self.transport.data == TransportName.WEBHOOK and not field.data:
            raise ValidationError(_l("Choose at least one event."))
