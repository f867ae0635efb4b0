"""Forms of placements; each gives a draft or a filter."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DecimalField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from jobfair.kit.events.forms import EventForm, EvidenceForm
from jobfair.kit.events.rules import Fact, Grade, Precision, first_of
from jobfair.kit.forms import DayField, choices
from jobfair.kit.i18n import N_, translate
from jobfair.placements.queries import SORTS, PlacementFilter, Standing
from jobfair.placements.rules.counting import CHANNEL_NAMES, DESTINATION_NAMES, Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.rules.words import (
    EXEMPT_NAMES,
    GRADE_NAMES,
    KIND_NAMES,
    OFF_BATCH_NAMES,
    REASON_NAMES,
    VERDICT_NAMES,
    WORD_NAMES,
)

STANDING_NAMES: Mapping[str, str] = {
    Standing.RUNNING: N_("Running"),
    Standing.ENDED: N_("Over"),
    Standing.INCOMPLETE: N_("First day missing"),
}
# What the form of an event offers; a change of employer has a page of its own, and so have the
# agreement and the seat in a batch.
OFFERED = tuple(
    kind
    for kind in EventKind
    if kind
    not in {
        EventKind.REVERSAL,
        EventKind.CHANGED_EMPLOYER,
        EventKind.REMATCHED,
        EventKind.INTENTION,
        EventKind.BATCH_ASSIGNED,
    }
)
# The reasons offered, with the kinds of entry that they belong to.
_REASONS: tuple[tuple[tuple[EventKind, ...], Mapping[str, str]], ...] = (
    ((EventKind.LEFT_POST, EventKind.RETURNED_HOME), REASON_NAMES),
    ((EventKind.EXEMPT,), EXEMPT_NAMES),
    ((EventKind.HEALTH_CHECKED,), VERDICT_NAMES),
    ((EventKind.EMPLOYER_CONFIRMED,), WORD_NAMES),
    ((EventKind.BATCH_LEFT,), OFF_BATCH_NAMES),
)


class PlacementForm(EvidenceForm):
    """Where somebody works, since when, and how we know."""

    employer_name = StringField(
        _l("Employer"), [DataRequired(_l("Enter the employer")), Length(max=200)]
    )
    title = StringField(_l("Post or kind of work"), [Optional(), Length(max=200)])
    workplace = StringField(
        _l("Workplace"),
        [DataRequired(_l("Enter city and district of the workplace")), Length(max=300)],
        description=_l("City and district where the work is done, not the head office"),
    )
    channel = SelectField(
        _l("How the work was found"), [InputRequired(_l("Choose how the work was found"))]
    )
    started_on = DayField(
        _l("First day at work"), [InputRequired(_l("Enter the first day at work"))]
    )
    wage = DecimalField(
        _l("Monthly wage in yuan"),
        [Optional(), NumberRange(1, 1_000_000, _l("Enter an amount from 1 to 1,000,000"))],
    )
    wage_confirmed = BooleanField(_l("The pay is right as it stands"))

    def __init__(self) -> None:
        super().__init__()
        self.channel.choices = choices(CHANNEL_NAMES, empty=N_("Choose one"))
        self.offer(GRADE_NAMES)

    def draft(self, workplace_division: str | None) -> PlacementDraft:
        """Return what was typed; call after validation."""
        if self.started_on.data is None:
            raise ValueError("call after validation")
        precision = Precision(self.precision.data)
        wage = self.wage.data
        return PlacementDraft(
            employer_name=self.employer_name.data or "",
            channel=Channel(self.channel.data),
            started_on=first_of(self.started_on.data, precision),
            precision=precision,
            title=self.title.data or "",
            workplace_division=workplace_division,
            workplace_text=self.workplace.data or "",
            wage_fen=int(wage * 100) if wage is not None else None,
            grade=Grade(self.grade.data),
            evidence=self.evidence.data or "",
        )


class PlacementEventForm(EventForm):
    """Something that happened in a placement."""

    reason = SelectField(_l("Reason, result or word, where the entry needs one"), default="")

    def __init__(self) -> None:
        super().__init__({kind: KIND_NAMES[kind] for kind in OFFERED}, GRADE_NAMES)
        self.reason.choices = {"": [("", translate(N_("Not said")))]} | {
            " / ".join(translate(KIND_NAMES[kind]) for kind in kinds): choices(names)
            for kinds, names in _REASONS
        }

    def fact(self) -> Fact[EventKind]:
        """Return what was typed; call after validation."""
        gives = any(self.kind.data in kinds for kinds, _names in _REASONS)
        return self.fact_of(EventKind, self.reason.data or "" if gives else "")


def read_filter(args: MultiDict[str, str], *, scope: str | None) -> PlacementFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    standing = args.get("standing", "")
    month = _month(args.get("month", ""))
    export, sort = args.get("export", ""), args.get("sort", "")
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
        sort=sort if sort in SORTS else SORTS[0],
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
