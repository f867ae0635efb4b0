"""Keeping the word of a second office about work that is on record from another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_rows
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import ReasonMissing, Recorder
from jobfair.kit.i18n import N_, translate
from jobfair.placements.models import Placement, PlacementClaim
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.offices import Work, same_work
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON

JOINED = N_(
    "%(office)s has this person on record since %(day)s. Your office's word is kept beside it; the "
    "person counts once, for the earlier evidence (C15)."
)


@dataclass(frozen=True, slots=True)
class Joined:
    """The placement on record that an office's word was joined to, and whose it is."""

    placement_id: int
    office: str
    since: date

    def told(self) -> str:
        """Return what the second office is told."""
        return translate(JOINED, office=self.office, day=self.since.isoformat())


def join_claims(
    session: Session, told: Sequence[tuple[int, PlacementDraft]], recorder: Recorder
) -> list[Joined | None]:
    """Keep an office's word where another office has the same work of the same person on record.

    Said twice, it is kept once. The person goes on counting once.

    Args:
        session: the writing session.
        told: the person and the placement as this office has it.
        recorder: who tells; without an office nothing is kept.

    Returns:
        In order, what each was joined to; None where no other office has that work.
    """
    if recorder.office_id is None:
        return [None] * len(told)
    known = _known(session, {person for person, _ in told}, recorder.office_id)
    answers: list[Joined | None] = []
    new: dict[int, dict[str, Any]] = {}
    for person, draft in told:
        work = Work(draft.employer_name, draft.started_on, draft.ended_on)
        row = next((r for r in known.get(person, ()) if same_work(_work(r), work)), None)
        if row is None or draft.started_on is None:
            answers.append(None)
            continue
        answers.append(Joined(row.id, row.office, row.started_on))
        new.setdefault(row.id, _claim(row, draft.started_on, draft, recorder))
    _insert(session, new, recorder.office_id)
    return answers


def withdraw_claim(session: Session, claim_id: int, why: str, recorder: Recorder) -> None:
    """Take an office's word back, with the reason.

    Raises:
        NotFound: no such word, or it was taken back before.
        ReasonMissing: no reason.
    """
    row = session.get(PlacementClaim, claim_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise NotFound
    if not why.strip():
        raise ReasonMissing
    row.withdrawn_at, row.withdrawn_by = clock.now(), recorder.user_id
    row.withdrawn_why = why.strip()[:300]
    audit.record(session, "placement.unclaim", subject="placement", subject_id=row.placement_id)


def _known(session: Session, people: Collection[int], office_id: int) -> dict[int, list[Any]]:
    """Return the placements that other offices have of some people, by person."""
    found: dict[int, list[Any]] = {}
    for block in in_slices(sorted(people)):
        rows = session.execute(
            select(
                Placement.id,
                Placement.seeker_id,
                Placement.employer_name,
                Placement.started_on,
                Placement.ended_on,
                PERSON.label("person"),
                Organisation.name.label("office"),
            )
            .join(Seeker, Seeker.id == Placement.seeker_id)
            .join(Organisation, Organisation.id == Placement.office_id)
            .where(
                or_(Seeker.id.in_(block), Seeker.merged_into_id.in_(block)),
                Placement.main,
                ~Placement.void,
                Placement.office_id != office_id,
            )
            .order_by(Placement.started_on, Placement.id)
        )
        for row in rows:
            found.setdefault(row.person, []).append(row)
    return found


def _work(row: Any) -> Work:
    return Work(row.employer_name, row.started_on, row.ended_on)


def _claim(row: Any, started: date, draft: PlacementDraft, recorder: Recorder) -> dict[str, Any]:
    return {
        "placement_id": row.id,
        "seeker_id": row.seeker_id,
        "office_id": recorder.office_id,
        "employer_name": draft.employer_name.strip(),
        "started_on": started,
        "grade": draft.grade,
        "recorded_at": clock.now(),
        "recorded_by": recorder.user_id,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawn_why": "",
    }


def _insert(session: Session, new: dict[int, dict[str, Any]], office_id: int) -> None:
    there: set[int] = set()
    for block in in_slices(sorted(new)):
        there.update(
            session.execute(
                select(PlacementClaim.placement_id).where(
                    PlacementClaim.placement_id.in_(block),
                    PlacementClaim.office_id == office_id,
                    PlacementClaim.withdrawn_at.is_(None),
                )
            ).scalars()
        )
    rows = [row for placement, row in new.items() if placement not in there]
    if rows:
        insert_rows(session, cast(Table, PlacementClaim.__table__), rows)
        audit.record(
            session,
            "placement.claim",
            subject="organisation",
            subject_id=office_id,
            detail={"placements": len(rows)},
        )
