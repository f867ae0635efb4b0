"""Follow-ups that were made, of many people; masked, newest first, without those taken back."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import Organisation, UserAccount
from jobfair.follow_ups.models import FollowUp, FollowUpReversal, FollowUpTerms
from jobfair.follow_ups.queries.calls import terms_of
from jobfair.follow_ups.rules.drafts import FoundTerms
from jobfair.kit.clock import add_months
from jobfair.placements.models import Placement
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker

# For the filter: what was kept beside the checkpoints.
CONTACT = "contact"
Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")


@dataclass(frozen=True, slots=True)
class MadeFilter:
    """What the list is narrowed to; None or empty is no limit.

    Attributes:
        month: its first day: asked in this month.
        scope: the caller's division: only people whose home begins with it.
        checkpoint: one of them, or `CONTACT`.
        told: a field of `FoundTerms` and what was answered to it.
    """

    month: date
    scope: str | None = None
    outcome: str = ""
    checkpoint: str = ""
    grade: str = ""
    told: tuple[str, bool] | None = None


@dataclass(frozen=True, slots=True)
class MadeRow:
    """One follow-up with whom it asked about; the name is masked."""

    placement_id: int
    name: str
    home_division: str
    employer_name: str
    title: str
    promised_fen: int | None
    happened_on: date
    checkpoint: str | None
    outcome: str
    way: str
    grade: str
    wage_fen: int | None
    problems: tuple[str, ...]
    note: str
    terms: FoundTerms
    recorder: str
    office: str


def list_made(
    session: Session, wanted: MadeFilter, *, limit: int = 50, offset: int = 0
) -> list[MadeRow]:
    """Return a page of the follow-ups, the newest first."""
    recorder = aliased(UserAccount)
    query = (
        select(
            FollowUp,
            FollowUpTerms,
            Placement,
            Seeker.home_division,
            recorder.display_name,
            Organisation.name,
        )
        .outerjoin(recorder, recorder.id == FollowUp.recorded_by)
        .outerjoin(Organisation, Organisation.id == FollowUp.office_id)
        .order_by(FollowUp.happened_on.desc(), FollowUp.id.desc())
        .limit(limit)
        .offset(offset)
    )
    rows = session.execute(_narrowed(query, wanted)).all()
    people = seekers.names_of(session, {placement.seeker_id for _, _, placement, *_ in rows})
    return [
        MadeRow(
            placement_id=placement.id,
            name=people[placement.seeker_id].name,
            home_division=home,
            employer_name=placement.employer_name,
            title=placement.title,
            promised_fen=placement.wage_fen,
            happened_on=asked.happened_on,
            checkpoint=asked.checkpoint,
            outcome=asked.outcome,
            way=asked.way,
            grade=asked.grade,
            wage_fen=asked.wage_fen,
            problems=tuple(asked.problems),
            note=asked.note,
            terms=terms_of(terms),
            recorder=recorded_by or "",
            office=office or "",
        )
        for asked, terms, placement, home, recorded_by, office in rows
    ]


def count_made(session: Session, wanted: MadeFilter) -> tuple[int, int]:
    """Return how many follow-ups the whole list has, and how many people they asked about."""
    query = select(func.count(), func.count(Placement.seeker_id.distinct())).select_from(FollowUp)
    follow_ups, people = session.execute(_narrowed(query, wanted)).one()
    return follow_ups, people


def _narrowed(query: Query, wanted: MadeFilter) -> Query:
    conditions: list[ColumnElement[bool]] = [
        FollowUpReversal.follow_up_id.is_(None),
        FollowUp.happened_on >= wanted.month,
        FollowUp.happened_on < add_months(wanted.month, 1),
    ]
    if wanted.scope:
        conditions.append(Seeker.home_division.startswith(wanted.scope, autoescape=True))
    if wanted.outcome:
        conditions.append(FollowUp.outcome == wanted.outcome)
    if wanted.checkpoint == CONTACT:
        conditions.append(FollowUp.checkpoint.is_(None))
    elif wanted.checkpoint:
        conditions.append(FollowUp.checkpoint == wanted.checkpoint)
    if wanted.grade:
        conditions.append(FollowUp.grade == wanted.grade)
    if wanted.told:
        name, answer = wanted.told
        conditions.append(getattr(FollowUpTerms, name).is_(answer))
    return (
        query.join(Placement, Placement.id == FollowUp.placement_id)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .outerjoin(FollowUpTerms, FollowUpTerms.follow_up_id == FollowUp.id)
        .outerjoin(FollowUpReversal, FollowUpReversal.follow_up_id == FollowUp.id)
        .where(*conditions)
    )
