"""What was asked about one placement, and what is known of it."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import Organisation, UserAccount
from jobfair.follow_ups.models import FollowUp, FollowUpDue, FollowUpReversal, FollowUpTerms
from jobfair.follow_ups.rules.drafts import FoundTerms
from jobfair.follow_ups.rules.outcomes import Outcome, Tried, Way
from jobfair.kit import crypto
from jobfair.placements.models import Placement

# Newest first, so many at most: enough for a median, few enough to read at once.
_WAGES = 500


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One follow-up as shown; ``relative`` is opened, for who asks about the person."""

    id: int
    checkpoint: str | None
    outcome: str
    way: str
    grade: str
    happened_on: date
    recorded_at: datetime
    recorder: str
    office: str
    dialled: str
    seconds: int | None
    relative: str
    wage_fen: int | None
    problems: tuple[str, ...]
    note: str
    terms: FoundTerms
    reversed_because: str
    reversed_by: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """A checkpoint of a placement as shown."""

    checkpoint: str
    due_on: date
    opens_on: date
    closes_on: date
    state: str
    attempts: int
    caller_id: int | None


def list_follow_ups(session: Session, placement_id: int) -> list[FollowUpRow]:
    """Return all that was asked about a placement, the newest first, taken back or not."""
    recorder, reverser = aliased(UserAccount), aliased(UserAccount)
    rows = session.execute(
        select(
            FollowUp,
            recorder.display_name,
            Organisation.name,
            FollowUpReversal.reason,
            reverser.display_name,
            FollowUpTerms,
        )
        .outerjoin(FollowUpTerms, FollowUpTerms.follow_up_id == FollowUp.id)
        .outerjoin(recorder, recorder.id == FollowUp.recorded_by)
        .outerjoin(Organisation, Organisation.id == FollowUp.office_id)
        .outerjoin(FollowUpReversal, FollowUpReversal.follow_up_id == FollowUp.id)
        .outerjoin(reverser, reverser.id == FollowUpReversal.reversed_by)
        .where(FollowUp.placement_id == placement_id)
        .order_by(FollowUp.id.desc())
    )
    return [
        FollowUpRow(
            id=one.id,
            checkpoint=one.checkpoint,
            outcome=one.outcome,
            way=one.way,
            grade=one.grade,
            happened_on=one.happened_on,
            recorded_at=one.recorded_at,
            recorder=recorded_by or "",
            office=office or "",
            dialled=one.dialled,
            seconds=one.seconds,
            relative=_opened(one),
            wage_fen=one.wage_fen,
            problems=tuple(one.problems),
            note=one.note,
            terms=terms_of(terms),
            reversed_because=because or "",
            reversed_by=by or "",
        )
        for one, recorded_by, office, because, by, terms in rows
    ]


def terms_of(row: FollowUpTerms | None) -> FoundTerms:
    """Return what was found beside the pay."""
    if row is None:
        return FoundTerms()
    return FoundTerms(**{field.name: getattr(row, field.name) for field in fields(FoundTerms)})


def list_dues(session: Session, placement_id: int) -> list[DueRow]:
    """Return the checkpoints of a placement in order."""
    rows = session.execute(
        select(FollowUpDue)
        .where(FollowUpDue.placement_id == placement_id)
        .order_by(FollowUpDue.due_on)
    ).scalars()
    return [
        DueRow(
            one.checkpoint,
            one.due_on,
            one.opens_on,
            one.closes_on,
            one.state,
            one.attempts,
            one.caller_id,
        )
        for one in rows
    ]


def placement_of(session: Session, follow_up_id: int) -> int | None:
    """Return the placement a follow-up asked about."""
    query = select(FollowUp.placement_id).where(FollowUp.id == follow_up_id)
    return session.execute(query).scalar_one_or_none()


def tried(session: Session, placement_id: int) -> list[Tried]:
    """Return the attempts that count, in the order they were told."""
    rows = session.execute(
        select(FollowUp.happened_on, FollowUp.way, FollowUp.outcome)
        .outerjoin(FollowUpReversal, FollowUpReversal.follow_up_id == FollowUp.id)
        .where(FollowUp.placement_id == placement_id, FollowUpReversal.follow_up_id.is_(None))
        .order_by(FollowUp.id)
    )
    return [Tried(day, Way(way), outcome != Outcome.UNREACHED) for day, way, outcome in rows]


def wages_beside(session: Session, placement_id: int) -> list[int]:
    """Return what others earn at a placement's post, fen a month, else what was promised.

    The post is the same title at the same employer; where nobody else has a wage on record, the
    employer; then the placement's own promise.
    """
    own = session.get(Placement, placement_id)
    if own is None:
        return []
    if own.employer_id is not None:
        others = (
            select(Placement.title, Placement.wage_fen)
            .where(
                Placement.employer_id == own.employer_id,
                Placement.wage_fen.is_not(None),
                Placement.id != own.id,
                ~Placement.void,
            )
            .order_by(Placement.id.desc())
            .limit(_WAGES)
        )
        found = [(title, wage) for title, wage in session.execute(others) if wage is not None]
        at_post = [wage for title, wage in found if title == own.title]
        if found:
            return at_post or [wage for _title, wage in found]
    return [own.wage_fen] if own.wage_fen is not None else []


def _opened(one: FollowUp) -> str:
    if one.relative_sealed is None:
        return ""
    return crypto.vault().open(
        one.relative_sealed, table="follow_up", column="relative_sealed", row=one.key
    )
