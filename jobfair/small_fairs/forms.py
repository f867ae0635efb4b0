"""The one form of a small fair; gives a draft."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from jobfair.employers.rules.drafts import MonthlyWage
from jobfair.kit.forms import DayField, Form
from jobfair.kit.i18n import translate
from jobfair.small_fairs.rules import (
    MOST_BOOTHS,
    MOST_HEADCOUNT,
    SmallBoothDraft,
    SmallFairDraft,
)

_NEEDED = ("employer", "title", "headcount")
_OF_A_BOOTH = (*_NEEDED, "pay", "credit_code")
EMPLOYERS_LIST = "known-employers"  # the element the names are chosen from


class SmallFairForm(Form):
    """What is typed about a small fair; the fields of its booths are added below."""

    name = StringField(
        _l("Name of the fair"), [InputRequired(_l("Enter the name")), Length(max=120)]
    )
    day = DayField(_l("Day of the fair"), [InputRequired(_l("Enter the day of the fair"))])
    venue = StringField(_l("Venue"), [InputRequired(_l("Enter the venue")), Length(max=200)])
    division_code = SelectField(_l("Host office"), [InputRequired(_l("Choose the host office"))])

    def __init__(self, hosts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        choose = [("", translate("Choose"))] if len(hosts) != 1 else []
        self.division_code.choices = [*choose, *hosts]
        for name in _NEEDED:  # there is one booth at the least
            self.fields_of(0)[name].flags.required = True

    def fields_of(self, place: int) -> dict[str, Field]:
        """Return the fields of a booth, from 0, by name."""
        return {name: self[f"{name}_{place + 1}"] for name in _OF_A_BOOTH}

    def _typed(self) -> list[int]:
        """Return the booths about which anything is typed."""
        return [
            place
            for place in range(MOST_BOOTHS)
            if any(field.raw_data and field.raw_data[0] for field in self.fields_of(place).values())
        ]

    def validate(self, extra_validators: None = None) -> bool:
        """Check also that there is a booth, and that what is typed of one is complete."""
        sound: bool = super().validate(extra_validators)
        for place in self._typed() or [0]:
            for name, field in self.fields_of(place).items():
                if name in _NEEDED and not field.data and not field.errors:
                    field.errors = [translate("Fill this in, or leave the booth empty.")]
                    sound = False
        return sound

    def has_more(self, shown: int) -> bool:
        """Return whether anything is typed beyond the booths shown at once."""
        return any(place >= shown for place in self._typed())

    def blame(self, place: int, text: str) -> None:
        """Put a refusal beside the booth it is about, by the order of the draft."""
        field = self.fields_of(self._typed()[place])["employer"]
        field.errors = [text]

    def draft(self, entrance: str) -> SmallFairDraft:
        """Return what was typed; call after validation."""
        if self.day.data is None:
            raise ValueError("the form was not validated")
        return SmallFairDraft(
            name=self.name.data or "",
            day=self.day.data,
            venue=self.venue.data or "",
            division_code=self.division_code.data or "",
            entrance=entrance,
            booths=tuple(self._booth(place) for place in self._typed()),
        )

    def _booth(self, place: int) -> SmallBoothDraft:
        said = {name: field.data for name, field in self.fields_of(place).items()}
        pay = said["pay"]
        return SmallBoothDraft(
            employer=said["employer"],
            title=said["title"],
            headcount=said["headcount"],
            wage=MonthlyWage.from_yuan(pay, pay) if pay else None,
            credit_code=said["credit_code"] or "",
        )


def _add_booth(n: int) -> None:
    """Give the form the fields of its n-th booth, from 1."""
    number = _l("Enter a whole number")
    listed = {"list": EMPLOYERS_LIST, "autocomplete": "off"}
    made = {
        "employer": StringField(
            _l("Employer of booth %(n)s", n=n), [Optional(), Length(max=200)], render_kw=listed
        ),
        "title": StringField(_l("Position at booth %(n)s", n=n), [Optional(), Length(max=100)]),
        "headcount": IntegerField(
            _l("Headcount at booth %(n)s", n=n),
            [Optional(), NumberRange(1, MOST_HEADCOUNT, number)],
        ),
        "pay": IntegerField(
            _l("Pay at booth %(n)s", n=n),
            [Optional(), NumberRange(1, 1_000_000, number)],
            description=_l("Yuan a month; left empty, it is negotiable."),
        ),
        "credit_code": StringField(
            _l("Credit code of booth %(n)s", n=n),
            [Optional(), Length(max=30)],
            description=_l("Only for an employer that is not known yet; see its licence."),
        ),
    }
    for name, field in made.items():
        setattr(SmallFairForm, f"{name}_{n}", field)


for _n in range(1, MOST_BOOTHS + 1):
    _add_booth(_n)
