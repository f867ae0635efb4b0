"""Forms of placements; each gives a draft or a filter."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from jobfair.kit.forms import DayField, Form
from jobfair.kit.i18n import N_, translate
from jobfair.placements.queries import PlacementFilter, Standing
from jobfair.placements.rules.counting import CHANNEL_NAMES, DESTINATION_NAMES, Channel
from jobfair.placements.rules.drafts import Fact, PlacementDraft
from jobfair.placements.rules.events import (
    GRADE_NAMES,
    KIND_NAMES,
    REASON_NAMES,
    EventKind,
    Grade,
    Precision,
)

PRECISION_NAMES: Mapping[str, str] = {
    Precision.DAY: N_("Exact day"),
    Precision.MONTH: N_("Only the month is known"),
    Precision.YEAR: N_("Only the year is known"),
}
STANDING_NAMES: Mapping[str, str] = {
    Standing.RUNNING: N_("Running"),
    Standing.ENDED: N_("Over"),
    Standing.INCOMPLETE: N_("First day missing"),
}
# What the form of an event offers; a change of employer has a page of its own.
OFFERED = tuple(
    kind
    for kind in EventKind
    if kind not in {EventKind.REVERSAL, EventKind.CHANGED_EMPLOYER, EventKind.INTENTION}
)


def _choices(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(str(value), translate(text)) for value, text in names.items()]


def rounded(day: date, precision: Precision) -> date:
    """Return the day as it is kept: the first of the month or year when no more is known."""
    if precision is Precision.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if precision is Precision.MONTH else day


class PlacementForm(Form):
    """Where somebody works, since when, and how we know."""

    employer_name = StringField(
        _l("Employer"), [InputRequired(_l("Enter the employer")), Length(max=200)]
    )
    title = StringField(_l("Post or kind of work"), [Optional(), Length(max=200)])
    workplace = StringField(
        _l("Workplace"),
        [InputRequired(_l("Enter city and district of the workplace")), Length(max=300)],
        description=_l("City and district where the work is done, not the head office"),
    )
    channel = SelectField(_l("How the work was found"), [InputRequired()])
    started_on = DayField(
        _l("First day at work"), [InputRequired(_l("Enter the first day at work"))]
    )
    precision = SelectField(_l("How exactly the day is known"), [InputRequired()])
    wage = DecimalField(
        _l("Monthly wage in yuan"),
        [Optional(), NumberRange(1, 1_000_000, _l("Enter an amount from 1 to 1,000,000"))],
    )
    grade = SelectField(_l("Evidence"), [InputRequired()], default=Grade.E.value)
    evidence = StringField(
        _l("File or note of the evidence"),
        [Optional(), Length(max=200)],
        description=_l("For example the number of the contract; no names, no phone numbers"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.channel.choices = _choices(CHANNEL_NAMES)
        self.precision.choices = _choices(PRECISION_NAMES)
        self.grade.choices = _choices(GRADE_NAMES)

    def draft(self, workplace_division: str | None) -> PlacementDraft:
        """Return what was typed; call after validation."""
        if self.started_on.data is None:
            raise ValueError("call after validation")
        precision = Precision(self.precision.data)
        wage = self.wage.data
        return PlacementDraft(
            employer_name=self.employer_name.data or "",
            channel=Channel(self.channel.data),
            started_on=rounded(self.started_on.data, precision),
            precision=precision,
            title=self.title.data or "",
            workplace_division=workplace_division,
            workplace_text=self.workplace.data or "",
            wage_fen=int(wage * 100) if wage is not None else None,
            grade=Grade(self.grade.data),
            evidence=self.evidence.data or "",
        )


class EventForm(Form):
    """Something that happened in a placement."""

    kind = SelectField(_l("What happened"), [InputRequired()])
    occurred_on = DayField(_l("On which day"), [InputRequired(_l("Enter the day"))])
    precision = SelectField(_l("How exactly the day is known"), [InputRequired()])
    reason = SelectField(_l("Reason, for a return home"), [Optional()])
    grade = SelectField(_l("Evidence"), [InputRequired()], default=Grade.E.value)
    evidence = StringField(
        _l("File or note of the evidence"),
        [Optional(), Length(max=200)],
        description=_l("For example the number of the contract; no names, no phone numbers"),
    )

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = _choices({k: KIND_NAMES[k] for k in OFFERED})
        self.precision.choices = _choices(PRECISION_NAMES)
        self.reason.choices = [("", translate(N_("Not said"))), *_choices(REASON_NAMES)]
        self.grade.choices = _choices(GRADE_NAMES)

    def fact(self) -> Fact:
        """Return what was typed; call after validation."""
        if self.occurred_on.data is None:
            raise ValueError("call after validation")
        kind, precision = EventKind(self.kind.data), Precision(self.precision.data)
        return Fact(
            kind,
            rounded(self.occurred_on.data, precision),
            precision,
            Grade(self.grade.data),
            self.evidence.data or "",
            (self.reason.data or "") if kind is EventKind.RETURNED_HOME else "",
        )


class ReversalForm(Form):
    """Why an entry is taken back."""

    reason = StringField(
        _l("Why the entry is wrong"), [InputRequired(_l("Enter the reason")), Length(max=300)]
    )


def read_filter(args: MultiDict[str, str], *, scope: str | None) -> PlacementFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    standing = args.get("standing", "")
    month = _month(args.get("month", ""))
    export = args.get("export", "")
    return PlacementFilter(
        scope=scope,
        county=_code(args.get("county", "")),
        channel=_member(args.get("channel", ""), CHANNEL_NAMES),
        category=args.get("category") or None,
        destination=_member(args.get("destination", ""), DESTINATION_NAMES),
        export={"yes": True, "no": False}.get(export),
        standing=Standing(standing) if standing in set(Standing) else None,
        started_from=month[0] if month else None,
        started_to=month[1] if month else None,
        text=args.get("employer", "").strip(),
    )


def _member(value: str, names: Mapping[str, str]) -> str | None:
    return value if value in names else None


def _code(value: str) -> str | None:
    return value if value.isascii() and value.isdigit() else None


def _month(value: str) -> tuple[date, date] | None:
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return None
    return first, first.replace(day=monthrange(first.year, first.month)[1])
