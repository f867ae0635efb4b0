"""Showing a roster in clear, to be printed; that somebody looked is recorded."""

from sqlalchemy.orm import Session

from jobfair.departures.queries.batches import BatchRow
from jobfair.departures.queries.printing import PrintedRider, list_printed
from jobfair.kit import audit


def reveal_roster(session: Session, batch: BatchRow) -> list[PrintedRider]:
    """Return a roster with names and telephones in clear.

    Args:
        session: a writing session, for the audit entry.
        batch: whose roster.
    """
    found = list_printed(session, batch)
    if found:
        detail = {
            "reason": "print_departure",
            "fields": ["name", "phone"],
            "batch": batch.id,
            "seekers": [one.rider.seeker_id for one in found],
        }
        audit.record(session, "seeker.unmask", subject="seeker", detail=detail)
    return found
