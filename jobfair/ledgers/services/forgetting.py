"""What a ledger said of somebody who was erased goes as well."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobfair.kit import audit
from jobfair.ledgers.models import LedgerLine
from jobfair.seekers.models import Seeker


def forget_erased(session: Session) -> int:
    """Let go of what ledgers said of people erased since; return of how many lines.

    It is done whenever a ledger is taken in or given out: erasing somebody happens in a room below
    this one, which does not know of ledgers.
    """
    erased = select(Seeker.id).where(Seeker.erased_at.is_not(None))
    found = session.execute(
        update(LedgerLine)
        .where(LedgerLine.seeker_id.in_(erased), LedgerLine.told_sealed.is_not(None))
        .values(told_sealed=None)
        .returning(LedgerLine.id)
    )
    count = len(found.scalars().all())
    if count:
        audit.record(session, "ledger.forget", subject="ledger_line", detail={"count": count})
    return count
