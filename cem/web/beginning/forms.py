"""What an organisation needs to begin."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Regexp

from cem.domain.localtime import zone
from cem.domain.reasons import Invalid

_l = lazy_gettext

LONGEST: Final = 200
SHORTEST: Final = 10
PACKS: Final = (
    ("restaurant", _l("Restaurants")),
    ("hotel", _l("Hotels")),
    ("bank", _l("Banks")),
    ("retail", _l("Shops")),
)


class BeginningForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        validators=[InputRequired(_l("Write what your organisation is called.")), Length(max=LONGEST)]
    )
    pack = SelectField(
        choices=[SelectChoice(*pack) for pack in PACKS], validators=[InputRequired(_l("Choose what you do."))]
    )
    timezone = StringField(default="Asia/Shanghai", validators=[InputRequired(), Length(max=64)])
    person = StringField(validators=[InputRequired(_l("Write your name.")), Length(max=LONGEST)])
    username = StringField(
        validators=[
            InputRequired(_l("Write your user name.")),
            Length(max=LONGEST),
            Regexp(r"^[^\s/]+$", message=_l("A user name has no spaces and no slash.")),
        ]
    )
    password = PasswordField(
        validators=[
            InputRequired(_l("Write a new password.")),
            Length(SHORTEST, LONGEST, _l("A password has ten characters or more.")),
        ]
    )
    again = PasswordField(validators=[InputRequired(_l("Write the new password once more."))])

    def validate_timezone(self, field: Any) -> None:
        try:
            zone(field.data)
        except Invalid:
            raise ValidationError(_l("There is no such time zone; write it as Asia/Shanghai.")) from None

    def validate_password(self, field: Any) -> None:
        if (self.username.data or "\0").casefold() in field.data.casefold():
            raise ValidationError(_l("Your user name must not be a part of it."))

    def validate_again(self, field: Any) -> None:
        if field.data != self.password.data:
            raise ValidationError(_l("This is not the same as the line above."))
