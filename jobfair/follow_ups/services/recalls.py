"""Drawing a month's samples, and what the second calls found."""

import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from jobfair.accounts.queries import list_organisations
from jobfair.accounts.rules import OrganisationKind
from jobfair.follow_ups.models import Recall, RecallSample
from jobfair.follow_ups.queries.recalls import drawn_counties, follow_ups_of
from jobfair.follow_ups.rules.outcomes import Outcome
from jobfair.follow_ups.rules.sampling import (
    NoOtherOffice,
    Office,
    RecalledBefore,
    draw,
    office_for,
)
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder

_OFFICES = 5_000


def draw_samples(session: Session, month: date, recorder: Recorder, *, seed: str = "") -> int:
    """Draw the samples of a month, one for each county that has none yet; return how many.

    Args:
        session: the writing session.
        month: its first day.
        recorder: who asks for it.
        seed: to draw by; a new one without it.

    Raises:
        NoOtherOffice: nobody outside the county could call.
    """
    seed = seed or secrets.token_hex(8)
    offices = _offices(session)
    there = drawn_counties(session, month)
    drawn = 0
    for county, ids in sorted(follow_ups_of(session, month).items()):
        if county in there:
            continue
        office = office_for(county, offices, seed)
        if office is None:
            raise NoOtherOffice(county=county)
        sample = RecallSample(
            month=month,
            county=county,
            seed=seed,
            drawn_from=len(ids),
            office_id=office.id,
            drawn_at=clock.now(),
            drawn_by=recorder.user_id,
        )
        session.add(sample)
        session.flush()
        session.add_all(Recall(sample_id=sample.id, follow_up_id=one) for one in draw(ids, seed))
        drawn += 1
    if drawn:
        detail = {"month": month.isoformat(), "counties": drawn}
        audit.record(session, "recall.draw", subject="recall_sample", detail=detail)
    return drawn


def record_recall(session: Session, recall_id: int, outcome: Outcome, recorder: Recorder) -> None:
    """Record what the second call found of the day of the first.

    Nothing is written on the placement's line: the first office answers for what it recorded.

    Raises:
        NotFound: no such call.
        RecalledBefore: it was recorded.
    """
    recall = session.get(Recall, recall_id, with_for_update=True)
    if recall is None:
        raise NotFound
    if recall.outcome is not None:
        raise RecalledBefore
    recall.outcome, recall.answered_at = outcome, clock.now()
    recall.answered_by = recorder.user_id
    detail = {"recall": recall_id, "outcome": outcome}
    audit.record(session, "recall.record", subject="recall", subject_id=recall_id, detail=detail)


def _offices(session: Session) -> Sequence[Office]:
    found = list_organisations(
        session, kind=OrganisationKind.LABOUR_OFFICE, active=True, limit=_OFFICES
    )
    return [Office(one.id, one.division_code) for one in found if one.division_code]
