"""The form of a fair; gives a draft."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from jobfair.fairs.queries import FairRow
from jobfair.fairs.rules import (
    LONGEST_CODE,
    CodeUnusable,
    DaysReversed,
    GateUnusable,
    check_code,
    check_days,
    read_gates,
)
from jobfair.fairs.services import FairDraft
from jobfair.kit.forms import DayField, Form
from jobfair.kit.i18n import translate


class FairForm(Form):
    """What is typed about a fair."""

    name = StringField(
        _l("Name of the fair"), [InputRequired(_l("Enter the name")), Length(max=120)]
    )
    name_en = StringField(
        _l("Name in English"),
        [Optional(), Length(max=120)],
        description=_l("Shown on English pages; left empty, they show the Chinese name."),
    )
    code = StringField(
        _l("Code of the fair"),
        [InputRequired(_l("Enter a code")), Length(max=LONGEST_CODE)],
        description=_l("Stands in addresses and commands, for example bijie-2026"),
    )
    starts_on = DayField(
        _l("First day of the fair"), [InputRequired(_l("Enter the first day of the fair"))]
    )
    ends_on = DayField(
        _l("Last day of the fair"), [InputRequired(_l("Enter the last day of the fair"))]
    )
    venue = StringField(_l("Venue"), [InputRequired(_l("Enter the venue")), Length(max=200)])
    division_code = SelectField(
        _l("Host office"),
        [InputRequired(_l("Choose the host office"))],
        description=_l("The fair belongs to this office's division."),
    )
    gates = TextAreaField(
        _l("Gates"),
        [Optional()],
        description=_l("One a line, as people on the spot call them, for example East gate"),
    )

    def __init__(self, hosts: Sequence[tuple[str, str]], fair: FairRow | None = None) -> None:
        super().__init__(obj=fair)
        if fair and not isinstance(self.gates.data, str):  # nothing was typed: they stay
            self.gates.data = "\n".join(fair.gates)
        self._code = fair.code if fair else None
        self.division_code.choices = [("", translate("Choose")), *hosts]

    def validate_code(self, field: Field) -> None:
        """A new code must be able to stand in an address; one in use stays as it is."""
        if field.data != self._code:
            try:
                check_code(field.data)
            except CodeUnusable as refusal:
                raise ValidationError(translate(refusal.message)) from refusal

    def validate_ends_on(self, field: Field) -> None:
        """The days must be a range."""
        if self.starts_on.data and field.data:
            try:
                check_days(self.starts_on.data, field.data)
            except DaysReversed as refusal:
                raise ValidationError(translate(refusal.message)) from refusal

    def validate_gates(self, field: Field) -> None:
        """Each gate must be able to name a station."""
        try:
            read_gates(field.data or "")
        except GateUnusable as refusal:
            raise ValidationError(translate(refusal.message)) from refusal

    def draft(self) -> FairDraft:
        """Return what was typed; call after validation."""
        if self.starts_on.data is None or self.ends_on.data is None:
            raise ValueError("the form was not validated")
        return FairDraft(
            code=self.code.data or "",
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            venue=self.venue.data or "",
            division_code=self.division_code.data or "",
            gates=read_gates(self.gates.data or ""),
        )
