"""Forms of employers and positions; each gives a draft."""

import re
from datetime import date
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    Field,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from jobfair.accounts.passwords import LONGEST, SHORTEST
from jobfair.employers.queries import EmployerDetail, PositionRow
from jobfair.employers.rules.drafts import (
    LABELS,
    EmployerDraft,
    EmployerKind,
    MonthlyWage,
    PayType,
    PositionDraft,
    Shift,
)
from jobfair.employers.rules.identity import credit_code_fault, tidy_code
from jobfair.kit.forms import DayField, Form
from jobfair.kit.i18n import N_, translate
from jobfair.kit.values.education import rank_of

_LIST_MARKS = re.compile(r"[,，、;；\n]+")
EDUCATION_LABELS = {
    "81": N_("Primary school"),
    "71": N_("Junior middle school"),
    "61": N_("Senior high school"),
    "41": N_("Secondary vocational school"),
    "31": N_("Junior college"),
    "21": N_("Bachelor's degree"),
    "10": N_("Postgraduate degree"),
}
_UNSAID = {"": None, "yes": True, "no": False}
_SAID = {None: "", True: "yes", False: "no"}


def _choices(values: type[StrEnum]) -> list[tuple[str, str]]:
    return [("", translate(N_("Not said")))] + [
        (value.value, translate(LABELS[value])) for value in values
    ]


def _parts(text: str | None) -> tuple[str, ...]:
    found = (part.strip() for part in _LIST_MARKS.split(text or ""))
    return tuple(dict.fromkeys(part for part in found if part))


class EmployerForm(Form):
    """An employer's own facts."""

    name = StringField(
        _l("Employer's full name"), [InputRequired(_l("Enter the full name")), Length(max=200)]
    )
    credit_code = StringField(
        _l("Unified Social Credit Code"),
        [InputRequired(_l("Enter the credit code")), Length(max=30)],
        description=_l("18 characters, on the business licence"),
    )
    kind = SelectField(_l("Kind of employer"), [Optional()])
    place = StringField(
        _l("City and district"),
        [InputRequired(_l("Enter the city and the district")), Length(max=100)],
        description=_l("For example 深圳市龙岗区"),
    )
    address = StringField(_l("Address"), [Optional(), Length(max=200)])
    contact_name = StringField(_l("Contact person"), [Optional(), Length(max=60)])
    contact_phone = StringField(_l("Phone"), [Optional(), Length(max=30)])

    def __init__(self, employer: EmployerDetail | None = None, *, place: str = "") -> None:
        if employer is None:
            super().__init__()
        else:
            super().__init__(obj=employer, place=place)
        self.kind.choices = _choices(EmployerKind)

    def validate_credit_code(self, field: Field) -> None:
        """Say what is wrong with the code."""
        fault = credit_code_fault(field.data or "")
        if fault:
            raise ValidationError(translate(fault))

    def draft(self, division_code: str | None) -> EmployerDraft:
        """Return what was typed; call after validation."""
        return EmployerDraft(
            name=self.name.data or "",
            credit_code=tidy_code(self.credit_code.data or ""),
            kind=self.kind.data or None,
            division_code=division_code,
            address=self.address.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
        )


class RegistrationForm(EmployerForm):
    """An employer and its first recruiter."""

    display_name = StringField(
        _l("Your name"), [InputRequired(_l("Enter your name")), Length(max=60)]
    )
    login = StringField(
        _l("Login"),
        [InputRequired(_l("Choose a login")), Length(3, 80)],
        description=_l("3 to 80 letters, digits or . _ - @ +"),
    )
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Choose a password")),
            Length(SHORTEST, LONGEST, _l("Use at least %(min)d characters")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class RefusalForm(Form):
    """Why an employer is refused."""

    reason = StringField(
        _l("Reason the employer will read"),
        [InputRequired(_l("Enter the reason")), Length(max=500)],
    )


class PositionForm(Form):
    """A position."""

    title = StringField(
        _l("Job title"), [InputRequired(_l("Enter the job title")), Length(max=200)]
    )
    headcount = IntegerField(
        _l("Number to hire"),
        [Optional(), NumberRange(1, 5000, _l("Enter a number, 1 to 5000"))],
        description=_l("Needed before the position can be published"),
    )
    pay_type = SelectField(_l("How the pay is counted"), [Optional()])
    wage_from = IntegerField(
        _l("Wage from, yuan a month"),
        [Optional(), NumberRange(1, 1_000_000, _l("Enter whole yuan a month"))],
        description=_l("Needed for publication unless the pay is negotiable"),
    )
    wage_to = IntegerField(
        _l("Wage to, yuan a month"),
        [Optional(), NumberRange(1, 1_000_000, _l("Enter whole yuan a month"))],
    )
    pay_months = IntegerField(
        _l("Months paid in a year"), [Optional(), NumberRange(12, 24, _l("Enter 12 to 24"))]
    )
    hours_per_day = DecimalField(
        _l("Hours a day"), [Optional(), NumberRange(1, 24, _l("Enter 1 to 24"))], places=1
    )
    days_per_week = DecimalField(
        _l("Days a week"), [Optional(), NumberRange(1, 7, _l("Enter 1 to 7"))], places=1
    )
    shift = SelectField(_l("Shifts"), [Optional()])
    night_shift = SelectField(_l("Night work"), [Optional()])
    lodging = SelectField(_l("Lodging provided"), [Optional()])
    meals = SelectField(_l("Meals provided"), [Optional()])
    insurance = SelectField(_l("Social insurance paid"), [Optional()])
    min_education = SelectField(_l("Lowest education"), [Optional()])
    min_experience_years = IntegerField(
        _l("Years of experience"), [Optional(), NumberRange(0, 40, _l("Enter 0 to 40"))]
    )
    min_age = IntegerField(
        _l("Lowest age"), [Optional(), NumberRange(10, 70, _l("Enter an age, 10 to 70"))]
    )
    max_age = IntegerField(
        _l("Highest age"), [Optional(), NumberRange(16, 80, _l("Enter an age, 16 to 80"))]
    )
    certificates = StringField(
        _l("Certificates required"),
        [Optional(), Length(max=300)],
        description=_l("Separate several with commas"),
    )
    skills = StringField(
        _l("Skills"), [Optional(), Length(max=500)], description=_l("Separate several with commas")
    )
    requirements = TextAreaField(_l("Requirements"), [Optional(), Length(max=5000)])
    description = TextAreaField(
        _l("The work and what is offered"), [Optional(), Length(max=20_000)]
    )
    workplace = StringField(
        _l("Workplace: city and district"),
        [Optional(), Length(max=200)],
        description=_l("Needed for publication, for example 深圳市龙岗区"),
    )
    starts_on = DayField(_l("Starts on"), [Optional()])
    valid_until = DayField(_l("Open until"), [Optional()])
    dispatch = BooleanField(_l("Labour dispatch (the worker's contract is with an agency)"))
    height_work = BooleanField(_l("Work at height"))
    restricted_for_minors = BooleanField(_l("Work restricted for people under 18"))

    def __init__(self, position: PositionRow | None = None) -> None:
        super().__init__(**(_typed(position) if position else {}))
        self.pay_type.choices = _choices(PayType)
        self.shift.choices = _choices(Shift)
        self.min_education.choices = [
            ("", translate(N_("Not said"))),
            ("90", translate(N_("Not limited"))),
            *((code, translate(label)) for code, label in EDUCATION_LABELS.items()),
        ]
        for field in (self.night_shift, self.lodging, self.meals, self.insurance):
            field.choices = [
                ("", translate(N_("Not said"))),
                ("yes", translate(N_("Yes"))),
                ("no", translate(N_("No"))),
            ]

    def validate_wage_to(self, field: Field) -> None:
        """Keep the range a range."""
        if field.data and (self.wage_from.data or 0) > field.data:
            raise ValidationError(translate(N_("The upper wage must not be below the lower one")))

    def validate_max_age(self, field: Field) -> None:
        """Keep the range a range."""
        if field.data and (self.min_age.data or 0) > field.data:
            raise ValidationError(translate(N_("The highest age must not be below the lowest")))

    def validate_valid_until(self, field: Field) -> None:
        """Refuse an end before the start."""
        starts: date | None = self.starts_on.data
        if field.data and starts and field.data < starts:
            raise ValidationError(translate(N_("This is before the work starts")))

    def _wage(self) -> MonthlyWage | None:
        low, high = self.wage_from.data, self.wage_to.data
        if not low and not high:
            return None
        return MonthlyWage.from_yuan(low or high or 0, high or low or 0)

    def draft(self, division_code: str | None) -> PositionDraft:
        """Return what was typed; call after validation."""
        education = self.min_education.data or None
        hours, days = self.hours_per_day.data, self.days_per_week.data
        return PositionDraft(
            title=self.title.data or "",
            headcount=self.headcount.data,
            wage=self._wage(),
            pay_type=self.pay_type.data or (PayType.MONTHLY if self._wage() else None),
            pay_months=self.pay_months.data,
            hours_per_day=float(hours) if hours is not None else None,
            days_per_week=float(days) if days is not None else None,
            shift=self.shift.data or None,
            night_shift=_UNSAID[self.night_shift.data or ""],
            lodging=_UNSAID[self.lodging.data or ""],
            meals=_UNSAID[self.meals.data or ""],
            insurance=_UNSAID[self.insurance.data or ""],
            min_education=education,
            education_rank=rank_of(education) if education else None,
            min_experience_years=self.min_experience_years.data,
            min_age=self.min_age.data,
            max_age=self.max_age.data,
            certificates=_parts(self.certificates.data),
            skills=_parts(self.skills.data),
            requirements=self.requirements.data or "",
            description=self.description.data or "",
            workplace_division=division_code,
            workplace_text=self.workplace.data or "",
            starts_on=self.starts_on.data,
            valid_until=self.valid_until.data,
            dispatch=bool(self.dispatch.data),
            height_work=bool(self.height_work.data),
            restricted_for_minors=bool(self.restricted_for_minors.data),
        )


_AS_IS = (
    "title", "headcount", "pay_months", "hours_per_day", "days_per_week", "min_experience_years",
    "min_age", "max_age", "requirements", "description", "starts_on", "valid_until", "dispatch",
    "height_work", "restricted_for_minors",
)  # fmt: skip


def _typed(row: PositionRow) -> dict[str, object]:
    """Return the fields as they would have been typed for a stored position."""
    values: dict[str, object] = {name: getattr(row, name) for name in _AS_IS}
    for name in ("night_shift", "lodging", "meals", "insurance"):
        values[name] = _SAID[getattr(row, name)]
    values |= {
        "pay_type": row.pay_type or "",
        "shift": row.shift or "",
        "min_education": row.min_education or "",
        "wage_from": row.wage_low // 100 if row.wage_low else None,
        "wage_to": row.wage_high // 100 if row.wage_high else None,
        "certificates": "，".join(row.certificates),
        "skills": "，".join(row.skills),
        "workplace": row.workplace_text,
    }
    return values
