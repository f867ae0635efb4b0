"""The form of a duty of one's own."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from jobfair.kit.forms import DayField, Form


class DutyForm(Form):
    """What is to be done, and by when."""

    title = StringField(
        _l("What is to be done"), [InputRequired(_l("Say what is to be done")), Length(max=200)]
    )
    due_on = DayField(_l("To be done by"), [InputRequired(_l("Enter the last day for it"))])
