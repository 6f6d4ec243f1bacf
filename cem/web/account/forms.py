"""What the door and the account ask for."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

_l = lazy_gettext

SHORTEST: Final = 10
LONGEST: Final = 200


class SignInForm(FlaskForm):  # type: ignore[misc]
    username = StringField(validators=[InputRequired(_l("Write your user name.")), Length(max=LONGEST)])
    password = PasswordField(validators=[InputRequired(_l("Write your password.")), Length(max=LONGEST)])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    present = PasswordField(
        validators=[InputRequired(_l("Write the password that you use now.")), Length(max=LONGEST)]
    )
    new = PasswordField(
        validators=[
            InputRequired(_l("Write a new password.")),
            Length(SHORTEST, LONGEST, _l("A password has ten characters or more.")),
        ]
    )
    again = PasswordField(validators=[InputRequired(_l("Write the new password once more."))])

    def validate_new(self, field: Any) -> None:
        if field.data == self.present.data:
            raise ValidationError(_l("This is the password that you use now."))
        if current_user.username.casefold() in field.data.casefold():
            raise ValidationError(_l("Your user name must not be a part of it."))

    def validate_again(self, field: Any) -> None:
        if field.data != self.new.data:
            raise ValidationError(_l("This is not the same as the line above."))
