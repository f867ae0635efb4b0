"""Forms of students; each gives a draft or a filter."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from jobfair.kit import clock
from jobfair.kit.events.forms import EventForm
from jobfair.kit.events.rules import Fact
from jobfair.kit.forms import DayField, Form, choices
from jobfair.kit.i18n import N_, translate
from jobfair.school.queries import SORTS, StudentFilter
from jobfair.school.rules.drafts import StudentDraft
from jobfair.school.rules.events import (
    LEVEL_NAMES,
    STUDENT_GRADE_NAMES,
    STUDENT_KIND_NAMES,
    Level,
    StudentEventKind,
    StudentStage,
)
from jobfair.seekers.rules.drafts import CATEGORY_NAMES, EDUCATION_LABELS
from jobfair.seekers.rules.identity import IdNumber, id_number_fault

# What people bring who enter a technical school.
_EDUCATION = ("71", "61", "41", "44", "47")


class StudentForm(Form):
    """An applicant for the school."""

    name = StringField(_l("Name"), [DataRequired(_l("Enter the name")), Length(max=50)])
    id_number = StringField(
        _l("ID number"), [DataRequired(_l("Enter the ID number")), Length(max=30)]
    )
    phone = StringField(_l("Phone"), [Optional(), Length(max=30)])
    home = StringField(
        _l("Home county or township"),
        [DataRequired(_l("Enter the home county")), Length(max=100)],
        description=_l("As on the day of the application, for example 毕节市大方县"),
    )
    education = SelectField(_l("School certificate"), [InputRequired(_l("Choose one"))])
    household_category = SelectField(_l("Household category"), [Optional()])
    category_valid_until = DayField(_l("Proof of the category valid until"), [Optional()])
    guardian_consent_on = DayField(
        _l("Guardian's consent on"),
        [Optional()],
        description=_l("Needed for everybody under 18"),
    )
    intake_year = IntegerField(_l("Intake year"), [InputRequired(), NumberRange(2000, 2100)])
    applied_on = DayField(
        _l("Day of the application"), [InputRequired(_l("Enter the day of the application"))]
    )
    enrolled_on = DayField(
        _l("Day of entry"), [Optional()], description=_l("Leave empty until the student arrives")
    )
    major = StringField(_l("Major"), [DataRequired(_l("Enter the major")), Length(max=100)])
    level = SelectField(_l("Level"), [InputRequired()])
    school_class = StringField(_l("Class"), [Optional(), Length(max=60)])
    student_number = StringField(_l("Student number"), [Optional(), Length(max=40)])

    def __init__(self) -> None:
        super().__init__()
        self.education.choices = choices(
            {c: EDUCATION_LABELS[c] for c in _EDUCATION}, empty=N_("Not said")
        )
        self.household_category.choices = choices(CATEGORY_NAMES, empty=N_("Not said"))
        self.level.choices = choices(LEVEL_NAMES)
        if self.intake_year.data is None:
            self.intake_year.data = clock.today().year

    def validate_id_number(self, field: Field) -> None:
        """Say what is wrong with the number."""
        fault = id_number_fault(field.data or "", today=clock.today())
        if fault:
            raise ValidationError(translate(fault))

    def draft(self, home_division: str) -> StudentDraft:
        """Return what was typed; call after validation."""
        if self.applied_on.data is None or self.intake_year.data is None:
            raise ValueError("call after validation")
        return StudentDraft(
            name=self.name.data or "",
            id_number=IdNumber.parse(self.id_number.data or "", today=clock.today()),
            home_division=home_division,
            intake_year=self.intake_year.data,
            applied_on=self.applied_on.data,
            enrolled_on=self.enrolled_on.data,
            major=self.major.data or "",
            level=Level(self.level.data),
            school_class=self.school_class.data or "",
            student_number=self.student_number.data or None,
            phone=self.phone.data or None,
            household_category=self.household_category.data or None,
            category_valid_until=self.category_valid_until.data,
            guardian_consent_on=self.guardian_consent_on.data,
            education=self.education.data or None,
        )


class StudentEventForm(EventForm):
    """A step of a student's line."""

    reason = StringField(_l("Reason, when the student leaves"), [Optional(), Length(max=300)])

    def __init__(self) -> None:
        offered = {k: v for k, v in STUDENT_KIND_NAMES.items() if k != StudentEventKind.REVERSAL}
        super().__init__(offered, STUDENT_GRADE_NAMES)

    def fact(self) -> Fact[StudentEventKind]:
        """Return what was typed; call after validation."""
        return self.fact_of(StudentEventKind, self.reason.data or "")


def read_filter(args: MultiDict[str, str], *, organisation_id: int | None) -> StudentFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    stage, home, sort = (args.get(name, "") for name in ("stage", "home", "sort"))
    return StudentFilter(
        organisation_id=organisation_id,
        year=args.get("year", type=int),
        major=args.get("major") or None,
        level=args.get("level") or None,
        category=args.get("category") or None,
        home=home if home.isascii() and home.isdigit() else None,
        stage=StudentStage(stage) if stage in set(StudentStage) else None,
        sort=sort if sort in SORTS else SORTS[0],
    )
