"""Forms of duties and differences."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from jobfair.follow_ups.rules.outcomes import WAY_NAMES, Way
from jobfair.fulfilment.rules.mismatches import POSSIBLE, SETTLING_NAMES, Settling
from jobfair.kit import clock
from jobfair.kit.forms import DayField, Form, choices

_WAYS = (Way.PHONE, Way.MESSAGE, Way.VISIT)


class ReminderForm(Form):
    """How an employer was reminded, and whether somebody was reached."""

    way = RadioField(_l("Reminded how"), [InputRequired()], default=Way.PHONE.value)
    happened_on = DayField(
        _l("On which day"), [InputRequired(_l("Enter the day"))], default=clock.today
    )
    reached = BooleanField(_l("Somebody was reached"), default=True)
    note = StringField(
        _l("What they answered"),
        [Optional(), Length(max=300)],
        description=_l("No names or telephone numbers"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.way.choices = choices({way: WAY_NAMES[way] for way in _WAYS})


class ExcuseForm(Form):
    """Why an employer need not report."""

    reason = StringField(
        _l("Why the employer is excused"),
        [
            InputRequired(_l("Enter why the employer is excused. It stands beside the duty.")),
            Length(max=300),
        ],
    )


class SilenceForm(Form):
    """What was found out of the people whom an employer has not spoken of."""

    note = StringField(
        _l("What was found out"),
        [
            InputRequired(_l("Enter what was found out. It stays beside both words.")),
            Length(max=300),
        ],
    )


class SettlingForm(Form):
    """Which word stands, and what was found out."""

    how = RadioField(_l("Which word stands?"), [InputRequired(_l("Choose which word stands."))])
    note = StringField(
        _l("What was found out"),
        [
            InputRequired(_l("Enter what was found out. It stays beside both words.")),
            Length(max=300),
        ],
    )

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.how.choices = choices({how: SETTLING_NAMES[how] for how in POSSIBLE[kind]})

    def chosen(self) -> Settling | None:
        """Return which word stands."""
        return Settling(self.how.data) if self.how.data in set(Settling) else None
