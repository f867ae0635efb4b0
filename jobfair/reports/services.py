"""The one thing reports write: who looked at whose line of events."""

from sqlalchemy.orm import Session

from jobfair.kit import audit


def record_inspection(session: Session, *, subject: str, subject_id: int) -> None:
    """Record that somebody who keeps no records looked at one person's line."""
    audit.record(session, "line.inspect", subject=subject, subject_id=subject_id)
