"""Forms of the list of people in charge and of the phone screens."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError

from jobfair.accounts.rules import Scope
from jobfair.charges.queries import ChargeFilter, Working
from jobfair.follow_ups.forms import ANY_OWNER
from jobfair.follow_ups.queries.work import OwnedBy
from jobfair.follow_ups.rules.drafts import FollowUpDraft
from jobfair.follow_ups.rules.outcomes import (
    HOME_REASONS,
    LEAVING_REASONS,
    OUTCOME_NAMES,
    PROBLEM_NAMES,
    Outcome,
    Problem,
    Way,
)
from jobfair.kit import clock
from jobfair.kit.events.rules import Fact, Grade
from jobfair.kit.forms import DayField, Form, MultiCheckboxField, choices
from jobfair.kit.i18n import N_, translate
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EndReason, EventKind
from jobfair.placements.rules.words import REASON_NAMES
from jobfair.seekers.forms import check_id_number, check_phone
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.drafts import SeekerDraft, Wish
from jobfair.seekers.rules.identity import IdNumber
from jobfair.seekers.rules.searching import tidy_name, tidy_phone

_LEFT = (Outcome.RETURNED_SEASONAL, Outcome.RETURNED_FINAL, Outcome.UNEMPLOYED_AWAY)
TOLD: Mapping[str, str] = {
    Way.VISIT: N_("I met the person"),
    Way.PHONE: N_("I telephoned the person"),
    Way.RELATIVE: N_("The family told me"),
}


def read_charges(args: MultiDict[str, str], scope: Scope) -> ChargeFilter:
    """Return the filter of a query string; what is not understood is no limit.

    A home office sees first what it owns itself; another word shows its people of stations too.
    """
    working, county, owner = args.get("state", ""), args.get("county", ""), args.get("owner", "")
    own = None if scope.organisation_id is not None else OwnedBy.HOME
    chosen = OwnedBy(owner) if owner in set(OwnedBy) else own
    return ChargeFilter(
        today=clock.today(),
        scope=scope.division,
        station_id=scope.organisation_id,
        owner=None if owner == ANY_OWNER else chosen,
        working=Working(working) if working in set(Working) else None,
        overdue=args.get("overdue") == "1",
        county=county if county.isascii() and county.isdigit() and len(county) <= 12 else "",
        employer=args.get("employer", "").strip()[:100],
    )


class _Told(Form):
    """How it was learnt."""

    way = RadioField(_l("How do you know"), [InputRequired()], default=Way.VISIT.value)
    relative = StringField(
        _l("Which relative"),
        [Optional(), Length(max=60)],
        description=_l("Relation and name; kept sealed"),
    )

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.way.choices = choices(TOLD)

    @property
    def grade(self) -> Grade:
        """The evidence that it is: a relative's word, or the person's own."""
        return Grade.D if self.way.data == Way.RELATIVE else Grade.C


class ContactForm(_Told):
    """Somebody was spoken to, and nothing has changed."""

    def draft(self) -> FollowUpDraft:
        """Return what was typed; call after validation."""
        way = Way(self.way.data)
        relative = self.relative.data or ""
        return FollowUpDraft(Outcome.ON_POST_SAME, way, clock.today(), relative=relative)


class ReturnedForm(_Told):
    """Somebody came home."""

    since = DayField(_l("Home since"), [InputRequired(_l("Enter the day"))], default=clock.today)
    goes_again = BooleanField(_l("Only for the season: goes out again"))
    reason = SelectField(_l("Why the person came home"), default=HOME_REASONS[0].value)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.reason.choices = _reasons(HOME_REASONS)

    def draft(self) -> FollowUpDraft:
        """Return what was typed; call after validation."""
        final = Outcome.RETURNED_FINAL
        return FollowUpDraft(
            Outcome.RETURNED_SEASONAL if self.goes_again.data else final,
            Way(self.way.data),
            clock.today(),
            since=self.since.data,
            reason="" if self.goes_again.data else self.reason.data or "",
            relative=self.relative.data or "",
        )


class GoneForm(_Told):
    """Somebody went out to work."""

    workplace = StringField(
        _l("Where to"),
        [InputRequired(_l("Enter the place, for example 深圳市宝安区")), Length(max=300)],
    )
    employer_name = StringField(_l("Employer"), [Optional(), Length(max=200)])
    since = DayField(
        _l("First day at work"), [InputRequired(_l("Enter the day"))], default=clock.today
    )

    def draft(self, workplace_division: str | None) -> PlacementDraft:
        """Return what was typed; call after validation."""
        return PlacementDraft(
            employer_name=self.employer_name.data or "",
            channel=Channel.SELF_ARRANGED,
            started_on=self.since.data,
            workplace_text=self.workplace.data or "",
            workplace_division=workplace_division,
            grade=self.grade,
            source="village",
        )


class NumberForm(Form):
    """Somebody has another telephone number."""

    phone = StringField(
        _l("New phone number"),
        [InputRequired(_l("Enter the new number"))],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )

    def validate_phone(self, field: Field) -> None:
        """Refuse what cannot be dialled."""
        check_phone(field.data or "")

    def number(self) -> str:
        """Return what was typed; call after validation."""
        return tidy_phone(self.phone.data or "")


class NeighbourForm(Form):
    """A neighbour, registered on the doorstep."""

    id_number = StringField(
        _l("ID number"),
        [InputRequired(_l("Enter the ID number"))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(
        _l("Name"), [InputRequired(_l("Enter the person's name")), Length(min=2, max=50)]
    )
    phone = StringField(_l("Phone"), render_kw={"inputmode": "tel", "autocomplete": "off"})
    village = StringField(_l("Village"), [Length(max=100)])
    wish = StringField(_l("Work wanted"), [Optional(), Length(max=100)])
    agreed = BooleanField(_l("The person has heard the consent text and agrees to it"))

    def validate_id_number(self, field: Field) -> None:
        """Refuse a number that cannot be one."""
        check_id_number(field.data or "")

    def validate_phone(self, field: Field) -> None:
        """Refuse what cannot be dialled."""
        check_phone(field.data or "")

    def validate_agreed(self, field: Field) -> None:
        """Refuse a registration without consent."""
        if not field.data:
            raise ValidationError(translate(consent.NOT_GIVEN))

    def draft(self, home: str, occupation: str | None) -> SeekerDraft:
        """Return what was typed; call after validation.

        Args:
            home: the collector's own division.
            occupation: code of the work wanted, None where it is not understood.
        """
        wish = self.wish.data or ""
        return SeekerDraft(
            name=tidy_name(self.name.data or ""),
            id_number=IdNumber.parse(self.id_number.data or "", today=clock.today()),
            home_division=home,
            phone=tidy_phone(self.phone.data or "") or None,
            village=self.village.data or None,
            wishes=(Wish(wish, occupation),) if wish else None,
            consent_version=consent.FORM.version,
        )


class Step(StrEnum):
    """What one button of a liaison's screen records."""

    ARRIVED = "arrived"
    ON_POST = "on_post"
    STILL = "still"
    UNREACHED = "unreached"


class StepForm(Form):
    """One press of a button.

    Attributes:
        seen: the newest follow-up that the page showed, so that two presses count once.
    """

    step = HiddenField(validators=[AnyOf([*Step], _l("Press one of the buttons"))])
    seen = HiddenField(default="")

    def follow_up(self) -> FollowUpDraft | None:
        """Return the follow-up that was pressed, None for a step of the journey."""
        seen = self.seen.data or ""
        number = int(seen) if seen.isdecimal() else None
        today = clock.today()
        match Step(self.step.data or ""):
            case Step.STILL:
                return FollowUpDraft(Outcome.ON_POST_SAME, Way.STATION, today, seen=number)
            case Step.UNREACHED:
                return FollowUpDraft(Outcome.UNREACHED, Way.PHONE, today, seen=number)
            case _:
                return None

    def fact(self) -> Fact[EventKind]:
        """Return the step of the journey that was pressed."""
        arrived = Step(self.step.data or "") is Step.ARRIVED
        kind = EventKind.ARRIVED if arrived else EventKind.ON_POST
        return Fact(kind, clock.today(), grade=Grade.C)


class ProblemForm(Form):
    """What is wrong at the post."""

    problems = MultiCheckboxField(
        _l("Problems"), [InputRequired(_l("Choose at least one problem"))]
    )
    note = StringField(_l("Note"), [Optional(), Length(max=300)], description=_l("No names"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.problems.choices = choices(PROBLEM_NAMES)

    def draft(self) -> FollowUpDraft:
        """Return what was typed; call after validation."""
        return FollowUpDraft(
            Outcome.ON_POST_SAME,
            Way.STATION,
            clock.today(),
            problems=tuple(Problem(one) for one in self.problems.data or ()),
            note=self.note.data or "",
        )


class LeftForm(Form):
    """The work has ended: home, or still there without work."""

    outcome = RadioField(_l("What was found"), [InputRequired(_l("Choose what was found"))])
    since = DayField(
        _l("Since which day"), [InputRequired(_l("Enter the day"))], default=clock.today
    )
    reason = SelectField(_l("Reason of the end"), default="")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.outcome.choices = choices({one: OUTCOME_NAMES[one] for one in _LEFT})
        self.reason.choices = {
            "": [("", translate(N_("Not said")))],
            translate(OUTCOME_NAMES[Outcome.RETURNED_FINAL]): _reasons(HOME_REASONS),
            translate(OUTCOME_NAMES[Outcome.UNEMPLOYED_AWAY]): _reasons(LEAVING_REASONS),
        }

    def draft(self) -> FollowUpDraft:
        """Return what was typed; call after validation."""
        return FollowUpDraft(
            Outcome(self.outcome.data),
            Way.STATION,
            clock.today(),
            since=self.since.data,
            reason=self.reason.data or "",
        )


def _reasons(reasons: Iterable[EndReason]) -> list[tuple[str, str]]:
    return choices({reason: REASON_NAMES[reason] for reason in reasons})
