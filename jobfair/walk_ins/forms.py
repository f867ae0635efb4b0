"""The form that completes a walk-in."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length

from jobfair.kit.forms import Form
from jobfair.walk_ins.rules import FIELDS, LONGEST_FIELD

_SHORT = [Length(max=LONGEST_FIELD)]


class WalkInForm(Form):
    """What the desk typed, to be corrected."""

    name = StringField(_l("Name"), _SHORT)
    id_number = StringField(_l("ID number"), _SHORT, render_kw={"autocomplete": "off"})
    phone = StringField(_l("Phone"), _SHORT, render_kw={"inputmode": "tel"})
    address = StringField(_l("Address"), _SHORT, description=_l("Empty: as the ID number says"))
    wishes = StringField(_l("Occupations wanted"), _SHORT)

    def said(self) -> dict[str, str]:
        """Return what is typed now, by name."""
        return {name: (self[name].data or "").strip() for name in FIELDS}
