"""Forms of public notices: is this me, an objection, a decision."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from jobfair.kit.forms import Form, choices
from jobfair.kit.i18n import N_
from jobfair.notices.rules import LONGEST_REASON, WAY_NAMES, Way


class QuestionForm(Form):
    """Is this me?"""

    name = StringField(
        _l("Your own name"), [InputRequired(_l("Enter your own name")), Length(max=60)]
    )
    last4 = StringField(
        _l("Last four of your ID number"),
        [
            InputRequired(_l("Enter the last four of your ID number")),
            Regexp(r"[0-9]{3}[0-9Xx]", message=_l("Four digits; the last may be X")),
        ],
    )


class ObjectionForm(Form):
    """What somebody says against a line; who it is need not be told."""

    number = IntegerField(
        _l("Number of the line"),
        [InputRequired(_l("Enter the number of the line")), NumberRange(1, 1_000_000)],
    )
    reason = TextAreaField(
        _l("What is not right"),
        [InputRequired(_l("Say what is not right")), Length(max=LONGEST_REASON)],
    )
    contact = StringField(
        _l("How we can answer you"),
        [Optional(), Length(max=100)],
        description=_l("You need not say who you are. The office alone reads this."),
    )


class RecordedForm(ObjectionForm):
    """An objection that came by telephone or on paper, written down by the office."""

    way = RadioField(_l("How it came"), [InputRequired(_l("Choose how it came"))])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.way.choices = choices({way: WAY_NAMES[way] for way in (Way.TELEPHONE, Way.PAPER)})


class DecisionForm(Form):
    """What was found out."""

    upheld = RadioField(_l("Decision"), [InputRequired(_l("Choose a decision"))])
    answer = TextAreaField(
        _l("Answer in writing"),
        [InputRequired(_l("Write the answer")), Length(max=LONGEST_REASON)],
        description=_l("Said to who objected and kept in the archive; no names, no numbers"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.upheld.choices = choices(
            {
                "yes": N_("The objection is right: take the line off"),
                "no": N_("The objection is not right: the line goes on"),
            }
        )
