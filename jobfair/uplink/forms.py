"""Forms of handing a fair's day over and taking it back."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from jobfair.kit.forms import Form
from jobfair.uplink.rules import LONGEST_NAME, LONGEST_REASON


class HandOverForm(Form):
    """To which laptop."""

    name = StringField(
        _l("Name of the laptop"),
        [DataRequired(_l("Enter what people call the laptop")), Length(max=LONGEST_NAME)],
        description=_l("As people know it, for example: laptop of the hall"),
    )


class TakeBackForm(Form):
    """Why without the laptop."""

    reason = StringField(
        _l("Why the laptop cannot hand it back"),
        [DataRequired(_l("Enter the reason")), Length(max=LONGEST_REASON)],
    )
