"""The form of the weights; gives a draft."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, widgets
from wtforms.validators import InputRequired, Length

from jobfair.kit.errors import Refusal
from jobfair.kit.forms import Form
from jobfair.kit.i18n import translate
from jobfair.matching.core.weights import WEIGHTS
from jobfair.matching.explain import COMPONENT_NAMES, PRIORITY_NAME
from jobfair.matching.rules import (
    LONGEST_NOTE,
    AllZero,
    PointsOutOfRange,
    WeightDraft,
    check_points,
    most_points,
)

_DIGITS = 6


class PointsField(IntegerField):
    """Whole points; what was typed stays when it is none."""

    widget = widgets.TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number that was typed.

        Raises:
            ValueError: it is none, or out of range; the text says what is.
        """
        self.data = None
        most = most_points(self.short_name)
        typed = valuelist[0].strip() if valuelist else ""
        number = int(typed) if typed.isdecimal() and len(typed) <= _DIGITS else -1
        if not 0 <= number <= most:
            raise ValueError(translate(PointsOutOfRange.message, most=most))
        self.data = number


def _needed() -> InputRequired:
    return InputRequired(_l("Enter the points; 0 leaves this part out."))


def _points(name: str) -> PointsField:
    return PointsField(_l(COMPONENT_NAMES[name]), [_needed()])


class WeightsForm(Form):
    """The points of a profile and why they are changed."""

    occupation = _points("occupation")
    skills = _points("skills")
    wage = _points("wage")
    experience = _points("experience")
    education = _points("education")
    place = _points("place")
    travel_group = _points("travel_group")
    priority = PointsField(_l(PRIORITY_NAME), [_needed()])
    note = StringField(
        _l("Why the weights are changed"),
        [
            InputRequired(_l("Say why the weights are changed.")),
            Length(max=LONGEST_NOTE, message=_l("Say it in at most %(max)d characters.")),
        ],
        description=_l("Stands in the list of versions. Name no person."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, and that the points make a score."""
        super().validate(extra_validators)
        if not any(self[name].errors for name in WEIGHTS):
            try:
                check_points(self.points())
            except AllZero as refusal:
                self.refuse(refusal)
        return not self.errors

    def has_points(self) -> bool:
        """Return whether the points hold, whatever is said about them; instead of ``validate``."""
        self.validate()
        self.note.errors = ()
        return not self.errors

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal at the head of the form, where nothing typed is lost."""
        self.form_errors.append(translate(refusal.message, **refusal.params))

    def points(self) -> dict[str, int]:
        """Return the points typed; call after validation."""
        return {name: int(self[name].data or 0) for name in WEIGHTS}

    def draft(self) -> WeightDraft:
        """Return what was typed; call after validation."""
        return WeightDraft(self.points(), self.note.data or "")
