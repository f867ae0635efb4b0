"""Samples called again: what was drawn, what the second calls found, how much differs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.follow_ups.models import FollowUp, FollowUpReversal, Recall, RecallSample
from jobfair.follow_ups.rules.sampling import JUDGED, Agreement
from jobfair.kit.clock import add_months
from jobfair.placements.models import Placement
from jobfair.seekers import queries as seekers

_COUNTY = 6


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample of one county and month."""

    id: int
    month: date
    county: str
    seed: str
    drawn_from: int
    office_id: int
    office: str
    answered: int
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class RecallRow:
    """One follow-up to call again; what was found first is told only after the second call."""

    id: int
    sample_id: int
    office_id: int
    seeker_id: int
    name: str
    employer_name: str
    title: str
    asked_on: date
    first_outcome: str
    outcome: str | None
    answered_at: datetime | None


def list_samples(
    session: Session, office_id: int | None, *, limit: int = 50, offset: int = 0
) -> list[SampleRow]:
    """Return samples, the newest month first; None for those of every office."""
    return _samples(session, *_of_office(office_id), limit=limit, offset=offset)


def count_samples(session: Session, office_id: int | None) -> int:
    """Return how many samples there are."""
    counted = select(func.count()).select_from(RecallSample).where(*_of_office(office_id))
    return session.execute(counted).scalar_one()


def find_sample(session: Session, sample_id: int) -> SampleRow | None:
    """Return one sample."""
    found = _samples(session, RecallSample.id == sample_id, limit=1, offset=0)
    return found[0] if found else None


def list_recalls(session: Session, sample_id: int) -> list[RecallRow]:
    """Return a sample's follow-ups in the order they were drawn."""
    return _recalls(session, Recall.sample_id == sample_id)


def find_recall(session: Session, recall_id: int) -> RecallRow | None:
    """Return one follow-up to call again."""
    found = _recalls(session, Recall.id == recall_id)
    return found[0] if found else None


def follow_ups_of(session: Session, month: date) -> dict[str, list[int]]:
    """Return the follow-ups of a month in which something was found out, by home county."""
    county = func.substr(Placement.home_division, 1, _COUNTY)
    rows = session.execute(
        select(county, FollowUp.id)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .outerjoin(FollowUpReversal, FollowUpReversal.follow_up_id == FollowUp.id)
        .where(
            FollowUp.happened_on >= month,
            FollowUp.happened_on < add_months(month, 1),
            FollowUp.outcome.in_(sorted(JUDGED)),
            FollowUpReversal.follow_up_id.is_(None),
        )
    )
    found: dict[str, list[int]] = {}
    for code, follow_up in rows:
        found.setdefault(code, []).append(follow_up)
    return found


def drawn_counties(session: Session, month: date) -> set[str]:
    """Return the counties whose sample of a month was drawn."""
    query = select(RecallSample.county).where(RecallSample.month == month)
    return set(session.execute(query).scalars())


def _of_office(office_id: int | None) -> Collection[Any]:
    return [] if office_id is None else [RecallSample.office_id == office_id]


def _samples(session: Session, *conditions: Any, limit: int, offset: int) -> list[SampleRow]:
    judged = Recall.outcome.in_(sorted(JUDGED))
    rows = session.execute(
        select(
            RecallSample,
            Organisation.name,
            func.count(),
            func.count(Recall.outcome),
            func.count(case((judged, 1))),
            func.count(case((judged & (Recall.outcome != FollowUp.outcome), 1))),
        )
        .join(Organisation, Organisation.id == RecallSample.office_id)
        .join(Recall, Recall.sample_id == RecallSample.id)
        .join(FollowUp, FollowUp.id == Recall.follow_up_id)
        .where(*conditions)
        .group_by(RecallSample.id, Organisation.name)
        .order_by(RecallSample.month.desc(), RecallSample.county)
        .limit(limit)
        .offset(offset)
    )
    return [
        SampleRow(
            one.id,
            one.month,
            one.county,
            one.seed,
            one.drawn_from,
            one.office_id,
            office,
            answered,
            Agreement(drawn, judged, differ),
        )
        for one, office, drawn, answered, judged, differ in rows
    ]


def _recalls(session: Session, condition: Any) -> list[RecallRow]:
    found = session.execute(
        select(
            Recall,
            RecallSample.office_id,
            FollowUp.happened_on,
            FollowUp.outcome,
            Placement.seeker_id,
            Placement.employer_name,
            Placement.title,
        )
        .join(RecallSample, RecallSample.id == Recall.sample_id)
        .join(FollowUp, FollowUp.id == Recall.follow_up_id)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .where(condition)
        .order_by(Recall.id)
    ).all()
    people = seekers.names_of(session, {row.seeker_id for row in found})
    return [
        RecallRow(
            one.id,
            one.sample_id,
            office_id,
            seeker_id,
            people[seeker_id].name,
            employer,
            title,
            asked_on,
            first,
            one.outcome,
            one.answered_at,
        )
        for one, office_id, asked_on, first, seeker_id, employer, title in found
    ]
