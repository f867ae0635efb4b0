"""Forms of findings."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from jobfair.kit.forms import Form


class ExplanationForm(Form):
    """How a finding is explained."""

    note = TextAreaField(
        _l("How it is explained"),
        [DataRequired(_l("Enter how it is explained")), Length(max=500)],
        description=_l("What you asked, whom, and what came out; no ID numbers, no phone numbers"),
    )
