"""Verbs of service tallies: count some more, take a wrong entry back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobfair.fairs.services import lock_fair, must_run_here
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key
from jobfair.tallies.models import TallyEntry
from jobfair.tallies.rules import MOST_AT_ONCE, Service


class TakenBack(Refusal):
    """The entry was taken back already, or takes one back itself."""

    code = "tally_taken_back"
    message = N_("This entry was taken back already. Enter the right number anew.")


@dataclass(frozen=True, slots=True)
class TallyDraft:
    """What is typed of an entry.

    Attributes:
        key: UUIDv7 of the form; the same again is the same entry.
        name: what it is, where the service is something else; else empty.
    """

    key: str
    service: Service
    name: str
    number: int
    day: date
    place: str


def count_more(session: Session, fair_id: int, draft: TallyDraft, *, user_id: int | None) -> None:
    """Count so many more of a service; a form sent twice counts once.

    Raises:
        ValueError: the number is not 1 to 100,000, or a name goes with the wrong service.
    """
    if not 0 < draft.number <= MOST_AT_ONCE:
        raise ValueError("count at least one, and not too many at once")
    if (draft.service is Service.OTHER) != bool(draft.name):
        raise ValueError("something else has a name, and nothing else has")
    must_run_here(session, fair_id)
    lock_fair(session, fair_id)  # a second of the same form waits, and finds the first
    if session.execute(select(TallyEntry.id).where(TallyEntry.key == draft.key)).first():
        return
    entry = TallyEntry(
        key=draft.key,
        fair_id=fair_id,
        service=draft.service,
        name=draft.name,
        number=draft.number,
        day=draft.day,
        place=draft.place,
        entered_at=clock.now(),
        entered_by=user_id,
    )
    _keep(session, entry, "tally.count")


def _keep(session: Session, entry: TallyEntry, action: str) -> None:
    session.add(entry)
    session.flush()
    detail = {"entry": entry.id, "service": entry.service, "number": entry.number}
    audit.record(session, action, subject="fair", subject_id=entry.fair_id, detail=detail)


def take_back(session: Session, entry_id: int, *, user_id: int | None) -> None:
    """Take a wrong entry back by one of the opposite number, on the same day at the same place.

    Raises:
        NotFound: there is no such entry.
        TakenBack: it was taken back already, or takes one back itself.
    """
    wrong = session.get(TallyEntry, entry_id)
    if wrong is None:
        raise NotFound
    must_run_here(session, wrong.fair_id)
    if wrong.reverses_id is not None:
        raise TakenBack
    entry = TallyEntry(
        key=new_key(),
        fair_id=wrong.fair_id,
        service=wrong.service,
        name=wrong.name,
        number=-wrong.number,
        day=wrong.day,
        place=wrong.place,
        reverses_id=wrong.id,
        entered_at=clock.now(),
        entered_by=user_id,
    )
    try:
        _keep(session, entry, "tally.take_back")
    except IntegrityError as fault:  # the database knows of one that takes it back
        raise TakenBack from fault
