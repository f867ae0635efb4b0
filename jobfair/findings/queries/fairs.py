"""What a fair's gates say against the placements."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from jobfair.attendance.models import GateRecord
from jobfair.attendance.rules import Kind
from jobfair.cards.models import Card
from jobfair.fairs.models import Fair
from jobfair.findings.rules import Code, Found, Subject
from jobfair.kit.clock import day_of
from jobfair.offers.models import Hold
from jobfair.placements.models import Placement
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON


def no_check_in(session: Session) -> Iterator[Found]:
    """Give who accepted a post at a fair whose gates were in use and never saw them."""
    entry = aliased(GateRecord)
    used = select(entry.id).where(entry.fair_id == Hold.fair_id).exists()
    came = (
        select(GateRecord.id)
        .join(Card, Card.digest == GateRecord.card)
        .where(
            GateRecord.fair_id == Hold.fair_id,
            GateRecord.kind == Kind.IN,
            Card.seeker_id == Hold.seeker_id,
        )
        .exists()
    )
    rows = session.execute(
        select(Hold.fair_id, Hold.seeker_id, Seeker.home_division, Fair.name)
        .join(Seeker, Seeker.id == Hold.seeker_id)
        .join(Fair, Fair.id == Hold.fair_id)
        .where(Hold.accepted_at.is_not(None), Hold.released_at.is_(None), used, ~came)
        .order_by(Hold.seeker_id)
    )
    for row in rows:
        yield Found(
            Code.NO_CHECK_IN,
            Subject.SEEKER,
            row.seeker_id,
            row.home_division,
            str(row.fair_id),
            row.seeker_id,
            {"fair": row.name},
        )


def at_work_and_at_a_fair(session: Session) -> Iterator[Found]:
    """Give people on post away from home who checked in at a fair meanwhile."""
    undo = aliased(GateRecord)
    rows = session.execute(
        select(
            Placement.id,
            Placement.home_division,
            Placement.employer_name,
            Placement.started_on,
            Placement.ended_on,
            PERSON.label("person"),
            GateRecord.fair_id,
            Fair.name,
            func.min(GateRecord.at).label("at"),
        )
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .join(Card, Card.seeker_id == Seeker.id)
        .join(GateRecord, GateRecord.card == Card.digest)
        .join(Fair, Fair.id == GateRecord.fair_id)
        .where(
            Placement.main,
            ~Placement.void,
            Placement.export,
            Placement.started_on.is_not(None),
            GateRecord.kind == Kind.IN,
            ~select(undo.id).where(undo.target == GateRecord.id).exists(),
        )
        .group_by(
            Placement.id,
            Placement.home_division,
            Placement.employer_name,
            Placement.started_on,
            Placement.ended_on,
            PERSON,
            GateRecord.fair_id,
            Fair.name,
        )
        .order_by(Placement.id)
    )
    for row in rows:
        day = day_of(row.at)
        if row.started_on < day and (row.ended_on is None or day < row.ended_on):
            yield Found(
                Code.AT_A_FAIR,
                Subject.PLACEMENT,
                row.id,
                row.home_division,
                str(row.fair_id),
                row.person,
                {
                    "employer": row.employer_name or "–",
                    "since": row.started_on.isoformat(),
                    "fair": row.name,
                    "day": day.isoformat(),
                },
            )
