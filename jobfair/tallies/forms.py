"""The form of an entry; gives a draft."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from jobfair.kit.forms import DayField, Form, choices
from jobfair.kit.i18n import translate
from jobfair.kit.ids import new_key
from jobfair.tallies.rules import LONGEST_NAME, MOST_AT_ONCE, SERVICE_NAMES, Service
from jobfair.tallies.services import TallyDraft

_NUMBER = _l("Enter a whole number from 1 to %(most)s", most=f"{MOST_AT_ONCE:,}")


class TallyForm(Form):
    """So many more of a service."""

    key = HiddenField(validators=[InputRequired(), Regexp("[0-9a-f]{32}$")])
    service = SelectField(_l("Service"), [InputRequired(_l("Choose the service"))])
    name = StringField(
        _l("What else"),
        [Optional(), Length(max=LONGEST_NAME)],
        description=_l("Only for something else"),
    )
    number = IntegerField(
        _l("How many more"), [InputRequired(_NUMBER), NumberRange(1, MOST_AT_ONCE, _NUMBER)]
    )
    day = DayField(_l("Day"), [InputRequired(_l("Enter the day"))])
    place = StringField(
        _l("Desk or gate"),
        [InputRequired(_l("Enter the desk or gate")), Length(max=60)],
        description=_l("For example policy desk or gate B"),
    )

    def __init__(self, day: date, kept: dict[str, Any] | None = None) -> None:
        """Begin with a day, and with what the last entry said."""
        super().__init__(data={"day": day, "key": new_key()} | (kept or {}))
        self.service.choices = choices(SERVICE_NAMES, empty="Choose")

    def validate_service(self, field: Field) -> None:
        """Something else needs a name; nothing else keeps one."""
        if field.data == Service.OTHER and not self.name.data:
            raise ValidationError(translate("Say what else was done"))
        if field.data != Service.OTHER:
            self.name.data = ""

    def draft(self) -> TallyDraft:
        """Return what was typed; call after validation."""
        if self.number.data is None or self.day.data is None:
            raise ValueError("the form was not validated")
        return TallyDraft(
            self.key.data or "",
            Service(self.service.data),
            self.name.data or "",
            self.number.data,
            self.day.data,
            self.place.data or "",
        )
