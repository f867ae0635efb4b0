"""Forms of a line of events; a room adds its kinds, grades and reasons."""

from collections.abc import Mapping

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from jobfair.kit.events.rules import (
    PRECISION_NAMES,
    Fact,
    Grade,
    K,
    Precision,
    first_of,
)
from jobfair.kit.forms import DayField, Form, choices
from jobfair.kit.i18n import N_

# Said after a reversal; a reversal is taken back by recording the entry anew.
REVERSED = N_(
    "The entry is reversed. It stays visible, struck out, with your reason. If that was a "
    "mistake, record it anew."
)


class EvidenceForm(Form):
    """How exactly a day is known, and how we know at all."""

    precision = SelectField(
        _l("How exactly the day is known"), [InputRequired()], default=Precision.DAY.value
    )
    grade = SelectField(_l("Evidence"), [InputRequired()], default=Grade.E.value)
    evidence = StringField(
        _l("File or note of the evidence"),
        [Optional(), Length(max=200)],
        description=_l("For example the number of the contract; no names, no phone numbers"),
    )

    def offer(self, grades: Mapping[str, str]) -> None:
        """Fill the lists."""
        self.precision.choices = choices(PRECISION_NAMES)
        self.grade.choices = choices(grades)


class EventForm(EvidenceForm):
    """Something that happened; to record an entry anew, the address gives what it said."""

    kind = SelectField(_l("What happened"), [InputRequired(_l("Choose what happened"))])
    occurred_on = DayField(_l("On which day"), [InputRequired(_l("Enter the day"))])

    def __init__(self, kinds: Mapping[str, str], grades: Mapping[str, str]) -> None:
        given = {"formdata": request.args} if request.method == "GET" and request.args else {}
        super().__init__(**given)
        self.kind.choices = choices(kinds, empty=N_("Choose one"))
        self.offer(grades)

    def fact_of(self, kinds: type[K], reason: str) -> Fact[K]:
        """Return what was typed; call after validation."""
        if self.occurred_on.data is None:
            raise ValueError("call after validation")
        precision = Precision(self.precision.data)
        return Fact(
            kinds(self.kind.data),
            first_of(self.occurred_on.data, precision),
            precision,
            Grade(self.grade.data),
            self.evidence.data or "",
            reason,
        )


class ReversalForm(Form):
    """Why an entry is taken back."""

    reason = StringField(
        _l("Why the entry is wrong"), [DataRequired(_l("Enter the reason")), Length(max=300)]
    )
