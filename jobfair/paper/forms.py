"""The form of slip numbers."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from jobfair.kit.forms import Form
from jobfair.paper.rules import MOST_SLIPS

_COUNT = _l("Enter how many slips, 1 to %(most)s", most=f"{MOST_SLIPS:,}")


class SlipsForm(Form):
    """How many slips to number."""

    count = IntegerField(
        _l("How many slips"), [InputRequired(_COUNT), NumberRange(1, MOST_SLIPS, _COUNT)]
    )
