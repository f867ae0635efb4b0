"""Who is invited to a fair, what they say, and who came."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.allocations.models import FairInvitation
from jobfair.attendance.queries import people_seen
from jobfair.employers.models import Employer, Position
from jobfair.invitations.models import InvitationAnswer
from jobfair.invitations.rules import State, state_of
from jobfair.kit.bulk import in_slices
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON, within

_TOWNSHIP = 9  # digits of its code (GB/T 10114)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody invited to a fair, and where they stand.

    Attributes:
        township: as far as the home is known.
        reason: why they do not come, as they said.
        answered_at: when they said so.
    """

    seeker_id: int
    township: str
    state: State
    reason: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Meant:
    """The position somebody is invited for."""

    title: str
    employer: str


def list_invited(session: Session, fair_id: int, division: str | None) -> list[Invited]:
    """Return who is invited from a division, None for everywhere, by township."""
    person = PERSON
    asked = (
        select(FairInvitation.seeker_id, person, Seeker.home_division)
        .join(Seeker, Seeker.id == FairInvitation.seeker_id)
        .where(FairInvitation.fair_id == fair_id)
        .distinct()
    )
    if division:
        asked = asked.where(within(division))
    newest = (
        select(func.max(InvitationAnswer.id))
        .where(InvitationAnswer.fair_id == fair_id)
        .group_by(InvitationAnswer.seeker_id)
    )
    said = {
        row.seeker_id: row
        for row in session.execute(
            select(InvitationAnswer).where(InvitationAnswer.id.in_(newest))
        ).scalars()
    }
    seen = people_seen(session, fair_id)
    found = []
    for seeker_id, kept, home in session.execute(asked):
        answer = said.get(seeker_id)
        state = state_of(answer.answer if answer else None, came=kept in seen)
        reason, at = (answer.reason, answer.answered_at) if answer else (None, None)
        found.append(Invited(seeker_id, home[:_TOWNSHIP], state, reason, at))
    return sorted(found, key=lambda one: (one.township, one.seeker_id))


def count_states(rows: Sequence[Invited]) -> dict[str, Counter[State]]:
    """Return how many stand where, by township."""
    counts: dict[str, Counter[State]] = {}
    for row in rows:
        counts.setdefault(row.township, Counter())[row.state] += 1
    return counts


def positions_of(
    session: Session, fair_id: int, seeker_ids: Collection[int]
) -> dict[int, list[Meant]]:
    """Return the positions that some people are invited for, by person."""
    asked = (
        select(FairInvitation.seeker_id, Position.title, Employer.name)
        .join(Position, Position.id == FairInvitation.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(FairInvitation.fair_id == fair_id)
        .order_by(FairInvitation.invited_at, Position.id)
    )
    found: dict[int, list[Meant]] = {}
    for some in in_slices(seeker_ids):
        for seeker_id, title, employer in session.execute(
            asked.where(FairInvitation.seeker_id.in_(some))
        ):
            found.setdefault(seeker_id, []).append(Meant(title, employer))
    return found


def newest_answer(session: Session, fair_id: int, seeker_id: int) -> tuple[str, str | None] | None:
    """Return what somebody said last, with the reason; None before they say anything."""
    row = session.execute(
        select(InvitationAnswer.answer, InvitationAnswer.reason)
        .where(InvitationAnswer.fair_id == fair_id, InvitationAnswer.seeker_id == seeker_id)
        .order_by(InvitationAnswer.id.desc())
        .limit(1)
    ).one_or_none()
    return (row.answer, row.reason) if row else None
