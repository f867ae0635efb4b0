"""Forms of the seeker pages; each gives a draft or a filter."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from jobfair.kit import clock
from jobfair.kit.forms import DayField, Form, MultiCheckboxField
from jobfair.kit.i18n import N_, translate
from jobfair.kit.values.reading import Unread
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.drafts import (
    EDUCATION_LABELS,
    LABELS,
    WISHES_AT_MOST,
    HouseholdCategory,
    HukouKind,
    Refused,
    SeekerDraft,
    Wish,
)
from jobfair.seekers.rules.household import (
    CAPACITY_NAMES,
    EXIT_NAMES,
    read_exit_day,
)
from jobfair.seekers.rules.identity import IdNumber, id_number_fault, tidy_id_number
from jobfair.seekers.rules.searching import tidy_name, tidy_phone

FindPlace = Callable[[str], str | None]
FindOccupation = Callable[[str], str | None]

_FEN = 100
_PARTS = re.compile(r"[\n,，、;；]+")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}")
_LONGEST_AHEAD = timedelta(days=2 * 365)

REVEAL_REASONS = {
    "contact": N_("To call the person"),
    "check": N_("To compare with the ID card"),
    "handover": N_("To hand the record to another office"),
    "complaint": N_("To answer a complaint or request of the person"),
}


def check_id_number(text: str) -> None:
    """Check that a text may be an ID number.

    Raises:
        ValidationError: it cannot; the message says why.
    """
    fault = id_number_fault(text, today=clock.today())
    if fault:
        raise ValidationError(translate(fault))


def check_phone(text: str) -> None:
    """Check that a text can be dialled; no text is no number.

    Raises:
        ValidationError: it cannot.
    """
    if text and not _PHONE.fullmatch(tidy_phone(text)):
        raise ValidationError(
            _("Enter a mobile number of 11 digits, or a landline with its area code")
        )


def _parts(text: str | None) -> tuple[str, ...]:
    """Return the things named in a text, one a line or between commas, each once."""
    found = (part.strip() for part in _PARTS.split(text or ""))
    return tuple(dict.fromkeys(part for part in found if part))


def _select(options: dict[str, str]) -> list[tuple[str, str]]:
    return [("", _("Not stated")), *((code, translate(name)) for code, name in options.items())]


def education_choices() -> list[tuple[str, str]]:
    """Return the choices of education, highest first."""
    return _select(EDUCATION_LABELS)


def category_choices() -> list[tuple[str, str]]:
    """Return the choices of household category."""
    return _select({item.value: LABELS[item] for item in HouseholdCategory})


class SeekerForm(Form):
    """A person at the counter."""

    id_number = StringField(
        _l("ID number"),
        [InputRequired(_l("Enter the ID number"))],
        description=_l("18 characters, as on the card. An existing record is found by it."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(
        _l("Name"), [InputRequired(_l("Enter the person's name")), Length(min=2, max=50)]
    )
    phone = StringField(_l("Phone"), render_kw={"inputmode": "tel", "autocomplete": "off"})
    home = StringField(
        _l("Home division"),
        [InputRequired(_l("Enter the home county or township")), Length(max=100)],
        description=_l("County and township, for example 大方县 or 520521, as of today."),
    )
    village = StringField(_l("Village"), [Length(max=100)])
    address = StringField(_l("Address"), [Length(max=200)], render_kw={"autocomplete": "off"})
    ethnic_group = SelectField(_l("Ethnic group"))
    education = SelectField(_l("Education"))
    hukou_kind = SelectField(_l("Household register"))
    household_category = SelectField(_l("Household category"))
    household_category_since = DayField(_l("Category holds since"), [Optional()])
    household_no = StringField(
        _l("Number of the household"),
        [Length(max=40)],
        description=_l("As in the register of households; members have the same."),
        render_kw={"autocomplete": "off"},
    )
    relation = SelectField(_l("Relation to the head"), default="")
    household_since = DayField(_l("Number and relation hold since"), [Optional()])
    labour_capacity = SelectField(
        _l("Ability to work"),
        default="",
        description=_l("The verdict only, never an illness or a disability."),
    )
    labour_capacity_since = DayField(_l("Ability holds since"), [Optional()])
    exit_state = SelectField(_l("Exit from poverty"), default="")
    exit_since = StringField(
        _l("Day of the exit"),
        [Length(max=20)],
        description=_l("As exactly as it is known: 2019, 2019-12 or 2019-12-05"),
    )
    wishes = TextAreaField(
        _l("Occupations wanted"),
        [Length(max=500)],
        description=_l("One a line, the most wanted first, at most five."),
    )
    wage_min = IntegerField(
        _l("Lowest monthly wage"),
        [Optional(), NumberRange(100, 200_000, _l("Enter whole yuan a month, 100 to 200,000"))],
        description=_l("Yuan a month"),
    )
    wanted_divisions = TextAreaField(
        _l("Places wanted"),
        [Length(max=300)],
        description=_l("One a line, for example 深圳市宝安区. Leave empty for anywhere."),
    )
    available_from = DayField(_l("Available from"), [Optional()])
    experience_years = IntegerField(
        _l("Years of experience"), [Optional(), NumberRange(0, 60, _l("Enter 0 to 60 years"))]
    )
    skills = TextAreaField(_l("Skills"), [Length(max=500)], description=_l("One a line"))
    certificates = TextAreaField(
        _l("Certificates"), [Length(max=500)], description=_l("One a line")
    )
    refusals = MultiCheckboxField(_l("Does not want"))
    travel_group = StringField(
        _l("Travel group"),
        [Length(max=60)],
        description=_l("People who type the same word here want to go to the same employer."),
    )
    only_with_group = BooleanField(
        _l("Only with the whole group"),
        description=_l("The group goes to one employer together, or not at all."),
    )
    current_job = StringField(_l("Present work"), [Length(max=100)])
    agreed = BooleanField(_l("The person has heard the consent text and agrees to it"))

    find_place: FindPlace
    find_occupation: FindOccupation
    must_agree = True

    def prepare(
        self,
        *,
        ethnic_groups: list[tuple[str, str]],
        relations: list[tuple[str, str]],
        find_place: FindPlace,
        find_occupation: FindOccupation,
    ) -> None:
        """Fill the choices in the page's language and say how places and titles are found."""
        self.find_place = find_place
        self.find_occupation = find_occupation
        self.ethnic_group.choices = [("", _("Not stated")), *ethnic_groups]
        self.education.choices = education_choices()
        self.hukou_kind.choices = _select({item.value: LABELS[item] for item in HukouKind})
        self.household_category.choices = category_choices()
        self.relation.choices = [("", _("Not stated")), *relations]
        self.labour_capacity.choices = _select(dict(CAPACITY_NAMES))
        self.exit_state.choices = _select(dict(EXIT_NAMES))
        self.refusals.choices = [(item.value, translate(LABELS[item])) for item in Refused]

    def validate_id_number(self, field: Field) -> None:
        """Refuse a number that cannot be one."""
        check_id_number(field.data or "")

    def validate_phone(self, field: Field) -> None:
        """Refuse what cannot be dialled."""
        check_phone(field.data or "")

    def validate_home(self, field: Field) -> None:
        """Refuse a place that is not a county or township."""
        code = self.find_place(field.data or "")
        if code is None or len(code) < 6:
            raise ValidationError(
                _("No such county or township. Write its name in full, or its code")
            )

    def validate_wanted_divisions(self, field: Field) -> None:
        """Refuse places nobody knows, naming them."""
        unknown = [part for part in _parts(field.data) if self.find_place(part) is None]
        if unknown:
            raise ValidationError(_("Unknown place: %(places)s", places="、".join(unknown)))

    def validate_wishes(self, field: Field) -> None:
        """Refuse a sixth wish."""
        if len(_parts(field.data)) > WISHES_AT_MOST:
            raise ValidationError(_("Name at most five occupations"))

    def validate_available_from(self, field: Field) -> None:
        """Refuse a day that is a slip of the pen."""
        if field.data and field.data > clock.today() + _LONGEST_AHEAD:
            raise ValidationError(_("This day is more than two years away; check the year"))

    def validate_household_category_since(self, field: Field) -> None:
        """Refuse a category that begins in the future."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("This day lies in the future"))

    validate_household_since = validate_household_category_since
    validate_labour_capacity_since = validate_household_category_since

    def validate_exit_since(self, field: Field) -> None:
        """Refuse a day that is none, lies in the future, or belongs to no exit."""
        day = read_exit_day(field.data or "")
        if isinstance(day, Unread):
            raise ValidationError(_("Write the day like 2019, 2019-12 or 2019-12-05"))
        if day and day > clock.today().isoformat():
            raise ValidationError(_("This day lies in the future"))
        if day and not self.exit_state.data:
            raise ValidationError(_("Choose the state of the exit that this day is of"))

    def validate_agreed(self, field: Field) -> None:
        """Refuse a registration without consent."""
        if self.must_agree and not field.data:
            raise ValidationError(translate(consent.NOT_GIVEN))

    def draft(self) -> SeekerDraft:
        """Return what was typed; call after validation."""
        today = clock.today()
        places = (self.find_place(part) for part in _parts(self.wanted_divisions.data))
        return SeekerDraft(
            name=tidy_name(self.name.data or ""),
            id_number=IdNumber.parse(self.id_number.data or "", today=today),
            home_division=self.find_place(self.home.data or "") or "",
            phone=tidy_phone(self.phone.data or "") or None,
            address=self.address.data or None,
            village=self.village.data or None,
            ethnic_group=self.ethnic_group.data or None,
            education=self.education.data or None,
            hukou_kind=self.hukou_kind.data or None,
            household_category=self.household_category.data or None,
            household_category_since=self.household_category_since.data,
            **self._household(),
            experience_years=self.experience_years.data,
            skills=_parts(self.skills.data),
            certificates=_parts(self.certificates.data),
            wage_min=self.wage_min.data * _FEN if self.wage_min.data else None,
            wanted_divisions=tuple(dict.fromkeys(code for code in places if code)),
            available_from=self.available_from.data,
            travel_group=self.travel_group.data or None,
            only_with_group=bool(self.travel_group.data and self.only_with_group.data),
            refusals=tuple(self.refusals.data or ()),
            wishes=tuple(Wish(t, self.find_occupation(t)) for t in _parts(self.wishes.data)),
            current_job=self.current_job.data or None,
            consent_version=consent.FORM.version if self.agreed.data else None,
        )

    def _household(self) -> dict[str, Any]:
        """Return what was typed of the household; a day without its fact is none."""
        number, relation = (self.household_no.data or "").strip() or None, self.relation.data
        capacity, state = self.labour_capacity.data or None, self.exit_state.data or None
        day = read_exit_day(self.exit_since.data or "")
        return {
            "household_no": number,
            "relation": relation or None,
            "household_since": self.household_since.data if number or relation else None,
            "labour_capacity": capacity,
            "labour_capacity_since": self.labour_capacity_since.data if capacity else None,
            "exit_state": state,
            "exit_since": day if state and isinstance(day, str) else None,
        }

    @staticmethod
    def values_of(draft: SeekerDraft, *, home: str, places: tuple[str, ...]) -> dict[str, object]:
        """Return the values that show a record in the form; places by name."""
        return {
            "id_number": draft.id_number.text,
            "name": draft.name,
            "phone": draft.phone,
            "home": home,
            "village": draft.village,
            "address": draft.address,
            "ethnic_group": draft.ethnic_group or "",
            "education": draft.education or "",
            "hukou_kind": draft.hukou_kind or "",
            "household_category": draft.household_category or "",
            "household_category_since": draft.household_category_since,
            "household_no": draft.household_no,
            "relation": draft.relation or "",
            "household_since": draft.household_since,
            "labour_capacity": draft.labour_capacity or "",
            "labour_capacity_since": draft.labour_capacity_since,
            "exit_state": draft.exit_state or "",
            "exit_since": draft.exit_since,
            "wishes": "\n".join(wish.title for wish in draft.wishes or ()),
            "wage_min": draft.wage_min // _FEN if draft.wage_min else None,
            "wanted_divisions": "\n".join(places),
            "available_from": draft.available_from,
            "experience_years": draft.experience_years,
            "skills": "\n".join(draft.skills or ()),
            "certificates": "\n".join(draft.certificates or ()),
            "refusals": list(draft.refusals or ()),
            "travel_group": draft.travel_group,
            "only_with_group": draft.only_with_group,
            "current_job": draft.current_job,
        }


class LookupForm(Form):
    """Is this ID number registered already?"""

    id_number = StringField(_l("ID number"), [InputRequired()])

    def validate_id_number(self, field: Field) -> None:
        """Refuse a number that cannot be one."""
        fault = id_number_fault(field.data or "", today=clock.today())
        if fault:
            raise ValidationError(translate(fault))

    def number(self) -> str:
        """Return the tidy number; call after validation."""
        return tidy_id_number(self.id_number.data or "")


class RevealForm(Form):
    """Why do you need to see it in clear?"""

    reason = SelectField(_l("Reason"), [InputRequired(_l("Choose a reason"))])

    def prepare(self) -> None:
        """Fill the choices in the page's language."""
        self.reason.choices = [(code, translate(text)) for code, text in REVEAL_REASONS.items()]


def whole_number(text: str | None) -> int | None:
    """Return a filter's number; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else None
