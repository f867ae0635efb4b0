"""Forms of follow-ups; each gives a draft or a filter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DecimalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from jobfair.follow_ups.queries.cases import CaseFilter
from jobfair.follow_ups.queries.made import CONTACT, MadeFilter
from jobfair.follow_ups.queries.work import OwnedBy, Show, WorkFilter
from jobfair.follow_ups.rules.cases import (
    CASE_DAYS,
    CASE_OUTCOME_NAMES,
    CaseDraft,
    CaseOutcome,
    StepDraft,
)
from jobfair.follow_ups.rules.checkpoints import ANSWERS, CHECKPOINT_NAMES
from jobfair.follow_ups.rules.drafts import FollowUpDraft, FoundTerms
from jobfair.follow_ups.rules.outcomes import (
    HOME_REASONS,
    LEAVING_REASONS,
    OUTCOME_NAMES,
    PROBLEM_NAMES,
    WAY_NAMES,
    Outcome,
    Problem,
    Way,
)
from jobfair.kit import clock
from jobfair.kit.events.rules import Grade
from jobfair.kit.forms import DayField, Form, MultiCheckboxField, choices
from jobfair.kit.i18n import N_, translate
from jobfair.placements.rules.words import EXEMPT_NAMES, REASON_NAMES

MONTHS_BACK = 36  # how many months the list of follow-ups made goes back
NOBODY = "nobody"
ANY_OWNER = "any"
CASE_STANDINGS: Mapping[str, str] = {
    "open": N_("Under way"),
    "overdue": N_("Past the deadline"),
    "closed": N_("Case closed"),
}
LODGING_ANSWERS: Mapping[str, str] = {
    "yes": N_("There is a bed, as promised"),
    "no": N_("There is no bed, or it is not as promised"),
}
_TOLD: Mapping[str, Mapping[str, str]] = {
    "lodging": LODGING_ANSWERS,
    "as_promised": {
        "yes": N_("The work is as promised"),
        "no": N_("The work is not as promised"),
    },
    "contract": {
        "yes": N_("There is a written contract"),
        "no": N_("There is no written contract"),
    },
    "insured": {
        "yes": N_("Social insurance is paid"),
        "no": N_("Social insurance is not paid"),
    },
    "wants_change": {"yes": N_("Wants another post"), "no": N_("Does not want another post")},
    "stays_next_year": {
        "yes": N_("Means to keep this work next year"),
        "no": N_("Will not come back to this work next year"),
    },
}
_YES_NO: Mapping[str, bool] = {"yes": True, "no": False}
TOLD_NAMES: Mapping[str, str] = {
    f"{name}-{answer}": text for name, answers in _TOLD.items() for answer, text in answers.items()
}
# What people may say of themselves; the rest needs evidence or somebody who asks.
_OWN = (
    Outcome.ON_POST_SAME,
    Outcome.ON_POST_OTHER,
    Outcome.RETURNED_SEASONAL,
    Outcome.RETURNED_FINAL,
    Outcome.UNEMPLOYED_AWAY,
)


def _paid(label: Any) -> DecimalField:
    limits = NumberRange(0, 100_000, _l("Enter an amount from 0 to 100,000"))
    return DecimalField(label, [Optional(), limits])


class AnswerForm(Form):
    """How somebody is, as they say it or as it was found out."""

    outcome = RadioField(_l("What was found"), [InputRequired(_l("Choose what was found"))])
    since = DayField(_l("Since which day"), [Optional()])
    reason = SelectField(_l("Reason of the end"), default="")
    employer_name = StringField(_l("New employer"), [Optional(), Length(max=200)])
    workplace = StringField(_l("New workplace"), [Optional(), Length(max=300)])
    wage = DecimalField(
        _l("Pay received for a month, in yuan"),
        [Optional(), NumberRange(1, 1_000_000, _l("Enter an amount from 1 to 1,000,000"))],
    )
    wage_confirmed = BooleanField(_l("The pay is right as it stands"))
    problems = MultiCheckboxField(_l("Problems"))
    hours = DecimalField(
        _l("Hours worked on a usual day"),
        [Optional(), NumberRange(1, 24, _l("Enter hours from 1 to 24"))],
    )
    days = DecimalField(
        _l("Days worked in a usual week"),
        [Optional(), NumberRange(1, 7, _l("Enter days from 1 to 7"))],
    )
    lodging = SelectField(_l("Lodging"), default="")
    as_promised = SelectField(_l("Work as promised"), default="")
    contract = SelectField(_l("Written contract"), default="")
    insured = SelectField(_l("Social insurance"), default="")
    wants_change = SelectField(_l("Another post wanted"), default="")
    stays_next_year = SelectField(_l("Plan for next year"), default="")
    fee = _paid(_l("Fee or deposit to employer, agency or agent, in yuan"))
    travel = _paid(_l("Own money for the journey, in yuan"))
    medical = _paid(_l("Own money for the health check, in yuan"))
    documents = _paid(_l("Own money for papers and photographs, in yuan"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.problems.choices = choices(PROBLEM_NAMES)
        self.reason.choices = self._reasons()
        for name, answers in _TOLD.items():
            self[name].choices = choices(answers, empty=N_("Not asked"))

    def asked_at(self, checkpoint: str | None) -> list[Field]:
        """Return the fields of what is asked at a checkpoint beside pay and problems."""
        return [self[name] for name in ANSWERS.get(checkpoint or "", ())]

    def other_answers(self, checkpoint: str | None) -> list[Field]:
        """Return the fields of what is asked at other checkpoints only."""
        now = ANSWERS.get(checkpoint or "", ())
        return [self[name] for name in _TOLD if name not in now]

    def _terms(self) -> FoundTerms:
        """Return what was found beside the pay; of the costs all are known once one is."""
        costs: dict[str, Any] = {
            f"{name}_fen": _fen(self[name].data)
            for name in ("fee", "travel", "medical", "documents")
        }
        if any(cost is not None for cost in costs.values()):
            costs = {name: cost or 0 for name, cost in costs.items()}
        return FoundTerms(
            hours_per_day=float(self.hours.data) if self.hours.data is not None else None,
            days_per_week=float(self.days.data) if self.days.data is not None else None,
            **costs,
            **{name: _YES_NO.get(self[name].data or "") for name in _TOLD},
        )

    def _reasons(self) -> dict[str, list[tuple[str, str]]]:
        """Return the reasons offered, by the outcome that they belong to."""
        return {
            "": [("", translate(N_("Not said")))],
            translate(OUTCOME_NAMES[Outcome.RETURNED_FINAL]): choices(
                {reason: REASON_NAMES[reason] for reason in HOME_REASONS}
            ),
            translate(OUTCOME_NAMES[Outcome.UNEMPLOYED_AWAY]): choices(
                {reason: REASON_NAMES[reason] for reason in LEAVING_REASONS}
            ),
        }

    def _draft(self, way: Way, day: date, workplace_division: str | None) -> FollowUpDraft:
        return FollowUpDraft(
            outcome=Outcome(self.outcome.data),
            way=way,
            happened_on=day,
            since=self.since.data,
            reason=self.reason.data or "",
            wage_fen=_fen(self.wage.data),
            wage_confirmed=bool(self.wage_confirmed.data),
            employer_name=self.employer_name.data or "",
            workplace_text=self.workplace.data or "",
            workplace_division=workplace_division,
            problems=tuple(Problem(one) for one in self.problems.data or ()),
            terms=self._terms(),
        )


class OwnAnswerForm(AnswerForm):
    """What somebody says of themselves by their own link."""

    def __init__(self) -> None:
        super().__init__()
        self.outcome.choices = choices({outcome: OUTCOME_NAMES[outcome] for outcome in _OWN})

    def draft(self, workplace_division: str | None) -> FollowUpDraft:
        """Return what was typed; call after validation."""
        return self._draft(Way.OWN_LINK, clock.today(), workplace_division)


class FollowUpForm(AnswerForm):
    """What a caller records."""

    way = RadioField(_l("Asked by which way"), [InputRequired()], default=Way.PHONE.value)
    happened_on = DayField(
        _l("On which day"), [InputRequired(_l("Enter the day"))], default=clock.today
    )
    seconds = IntegerField(
        _l("Length of the call in seconds"), [Optional(), NumberRange(0, 36_000)]
    )
    relative = StringField(
        _l("Which relative"),
        [Optional(), Length(max=60)],
        description=_l("Relation and name; kept sealed"),
    )
    evidence = StringField(
        _l("Where the evidence is kept"),
        [Optional(), Length(max=200)],
        description=_l("Needed when somebody is taken out of the count; no names"),
    )
    note = StringField(_l("Note"), [Optional(), Length(max=300)])
    seen = HiddenField(default="")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.outcome.choices = choices(OUTCOME_NAMES)
        self.way.choices = choices(
            {way: name for way, name in WAY_NAMES.items() if way != Way.OWN_LINK}
        )

    def _reasons(self) -> dict[str, list[tuple[str, str]]]:
        """Return the reasons offered, those that take somebody out of the count with them."""
        exempt = {reason: name for reason, name in EXEMPT_NAMES.items() if reason != "study"}
        return super()._reasons() | {translate(OUTCOME_NAMES[Outcome.EXEMPT]): choices(exempt)}

    def draft(self, workplace_division: str | None) -> FollowUpDraft:
        """Return what was typed; call after validation."""
        if self.happened_on.data is None:
            raise ValueError("call after validation")
        draft = self._draft(Way(self.way.data), self.happened_on.data, workplace_division)
        seen = self.seen.data or ""
        return replace(
            draft,
            seconds=self.seconds.data,
            relative=self.relative.data or "",
            evidence=self.evidence.data or "",
            note=self.note.data or "",
            seen=int(seen) if seen.isdecimal() else None,
        )


class StepForm(Form):
    """What was done about a rights case, and how it stands then."""

    note = StringField(
        _l("What was done"), [DataRequired(_l("Enter what was done")), Length(max=500)]
    )
    recovered = DecimalField(
        _l("Money recovered by it, in yuan"),
        [Optional(), NumberRange(-10_000_000, 10_000_000)],
        description=_l("With a minus to correct an amount"),
    )
    claimed = DecimalField(_l("Money owed, in yuan"), [Optional(), NumberRange(1, 10_000_000)])
    owner = SelectField(_l("Owner"), default="")
    deadline = DayField(_l("Deadline"), [InputRequired(_l("Enter the day"))])
    outcome = SelectField(_l("Close the case"), default="")

    def __init__(self, owners: Mapping[int, str], **shown: Any) -> None:
        super().__init__(data=shown)
        self.owner.choices = [("", translate(N_("Nobody yet")))] + [
            (str(user), name) for user, name in owners.items()
        ]
        self.outcome.choices = choices(CASE_OUTCOME_NAMES, empty=N_("Leave it open"))

    def draft(self) -> StepDraft:
        """Return what was typed; call after validation."""
        if self.deadline.data is None:
            raise ValueError("call after validation")
        outcome = self.outcome.data
        return StepDraft(
            note=self.note.data or "",
            deadline=self.deadline.data,
            owner_id=int(self.owner.data) if self.owner.data else None,
            recovered_fen=_fen(self.recovered.data) or 0,
            claimed_fen=_fen(self.claimed.data),
            outcome=CaseOutcome(outcome) if outcome else None,
        )


class CaseForm(Form):
    """A rights case opened by hand."""

    kind = RadioField(_l("Problem"), [InputRequired(_l("Choose what it is about"))])
    note = TextAreaField(
        _l("What happened"),
        [DataRequired(_l("Enter what happened")), Length(max=500)],
        description=_l("What the person says, since when, and what the employer answered"),
    )
    claimed = DecimalField(_l("Money owed, in yuan"), [Optional(), NumberRange(1, 10_000_000)])
    owner = SelectField(_l("Owner"), default="")
    deadline = DayField(
        _l("Deadline"),
        [Optional()],
        description=_l("Left empty: 15 days for unpaid wages, 30 for an injury, 45 for a dispute"),
    )

    def __init__(self, owners: Mapping[int, str], **shown: Any) -> None:
        super().__init__(data=shown)
        self.kind.choices = choices({kind: PROBLEM_NAMES[kind] for kind in CASE_DAYS})
        self.owner.choices = [("", translate(N_("Nobody yet")))] + [
            (str(user), name) for user, name in owners.items()
        ]

    def validate_deadline(self, field: Any) -> None:
        """Check that something can still be done by then.

        Raises:
            ValidationError: the day has passed.
        """
        if field.data is not None and field.data < clock.today():
            raise ValidationError(translate(N_("Enter a day that has not passed")))

    def draft(self) -> CaseDraft:
        """Return what was typed; call after validation."""
        return CaseDraft(
            kind=Problem(self.kind.data),
            note=self.note.data or "",
            owner_id=int(self.owner.data) if self.owner.data else None,
            deadline=self.deadline.data,
            claimed_fen=_fen(self.claimed.data),
        )


class ReopenForm(Form):
    """Why a closed case is opened again."""

    note = StringField(
        _l("Why it is opened again"), [DataRequired(_l("Enter the reason")), Length(max=500)]
    )


def _fen(yuan: Decimal | None) -> int | None:
    return int(yuan * 100) if yuan is not None else None


def read_case_filter(args: MultiDict[str, str], *, scope: str | None, user_id: int) -> CaseFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    kind, standing = args.get("kind", ""), args.get("standing", "")
    return CaseFilter(
        today=clock.today(),
        scope=scope,
        kind=kind if kind in set(CASE_DAYS) else "",
        standing=standing if standing in CASE_STANDINGS else "",
        owner_id=_user(args.get("owner", ""), user_id),
        employer=args.get("employer", "")[:200],
        person=args.get("person", None, int),
    )


def read_made_filter(args: MultiDict[str, str], *, scope: str | None) -> MadeFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    this_month = clock.today().replace(day=1)
    months = [clock.add_months(this_month, -back) for back in range(MONTHS_BACK)]
    outcome, checkpoint = args.get("outcome", ""), args.get("checkpoint", "")
    grade, told = args.get("grade", ""), args.get("told", "")
    name, _dash, answer = told.partition("-")
    return MadeFilter(
        month=next((m for m in months if f"{m:%Y-%m}" == args.get("month")), this_month),
        scope=scope,
        outcome=outcome if outcome in OUTCOME_NAMES else "",
        checkpoint=checkpoint if checkpoint in (*CHECKPOINT_NAMES, CONTACT) else "",
        grade=grade if grade in set(Grade) else "",
        told=(name, answer == "yes") if told in TOLD_NAMES else None,
    )


def _user(asked: str, user_id: int) -> int | None:
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    return {"me": user_id, NOBODY: 0}.get(asked, number)


def read_filter(args: MultiDict[str, str], *, scope: str | None, user_id: int) -> WorkFilter:
    """Return the filter of a query string; what is not understood is no limit."""
    show, checkpoint = args.get("show", ""), args.get("checkpoint", "")
    place = args.get("place", "")
    return WorkFilter(
        today=clock.today(),
        scope=scope,
        place=place if place.isascii() and place.isdigit() and len(place) <= 12 else "",
        checkpoint=checkpoint if checkpoint in CHECKPOINT_NAMES else "",
        caller_id=_user(args.get("caller", ""), user_id),
        show=Show(show) if show in set(Show) else None,
        owner=_owner(args.get("owner", "")),
    )


def _owner(asked: str) -> OwnedBy | None:
    """Return whose people a list shows: without a word the own ones, which no station has."""
    if asked == ANY_OWNER:
        return None
    return OwnedBy.STATION if asked == OwnedBy.STATION else OwnedBy.HOME
