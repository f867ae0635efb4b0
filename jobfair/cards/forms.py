"""Forms of the card pages."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from jobfair.cards.rules import REASON_NAMES, RevokeReason
from jobfair.kit.forms import Form
from jobfair.kit.i18n import translate

_LONGEST_TEXT = 60


class RevokeForm(Form):
    """Why is the card in force no more?"""

    reason = SelectField(_l("Why it is void"), [InputRequired(_l("Choose a reason"))])

    def prepare(self) -> None:
        """Fill the choices in the page's language."""
        self.reason.choices = [(str(code), translate(name)) for code, name in REASON_NAMES.items()]

    def chosen(self) -> RevokeReason:
        """Return the reason; call after validation."""
        return RevokeReason(self.reason.data)


class FindForm(Form):
    """A card's code as read out, or what a scanner types."""

    text = StringField(
        _l("Code of a card"), [InputRequired(_l("Type the code")), Length(max=_LONGEST_TEXT)]
    )
