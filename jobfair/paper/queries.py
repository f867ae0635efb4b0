"""Who stands on a check-in sheet, whose card a row shows, slip numbers, and what was taken in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.cards.models import Card
from jobfair.employers.models import Employer
from jobfair.kit.bulk import in_slices
from jobfair.paper.models import PaperRow, SlipBatch
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import names_of
from jobfair.seekers.queries.people import within
from jobfair.seekers.rules.drafts import SeekerStatus

_TOWNSHIP = 9  # digits of its code (GB/T 10114)
_township = func.substr(Seeker.home_division, 1, _TOWNSHIP)


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """A line of a check-in sheet, the name masked."""

    name: str = field(repr=False)
    village: str
    code: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Slip numbers given out together: ``first`` and those after it, ``count`` in all."""

    id: int
    fair_id: int
    first: int
    count: int
    issued_at: datetime


def _with_card(division: str | None) -> list[ColumnElement[bool]]:
    found = [Seeker.status == SeekerStatus.ACTIVE, Card.revoked_at.is_(None)]
    return [*found, within(division)] if division else found


def count_townships(session: Session, division: str | None) -> dict[str, int]:
    """Return how many people with a card in force live in each township within a division.

    A home known less finely counts under what is known.
    """
    rows = session.execute(
        select(_township, func.count())
        .select_from(Seeker)
        .join(Card, Card.seeker_id == Seeker.id)
        .where(*_with_card(division))
        .group_by(_township)
        .order_by(_township)
    )
    return {row[0]: row[1] for row in rows}


def list_sheet_people(
    session: Session, township: str, *, limit: int, offset: int = 0
) -> list[SheetPerson]:
    """Return the people of a township with a card in force, village by village."""
    village = func.coalesce(Seeker.village, "")
    rows = session.execute(
        select(Seeker.id, village, Card.code)
        .join(Card, Card.seeker_id == Seeker.id)
        .where(*_with_card(None), _township == township, within(township))
        .order_by(village, Seeker.id)
        .limit(limit)
        .offset(offset)
    ).all()
    people = names_of(session, [row[0] for row in rows])
    return [SheetPerson(people[i].name, place, code) for i, place, code in rows]


def digests_of(session: Session, codes: Iterable[str]) -> dict[str, bytes]:
    """Return the digests of those short codes that some card has, in force or not."""
    found: dict[str, bytes] = {}
    for some in in_slices(set(codes)):
        rows = session.execute(select(Card.code, Card.digest).where(Card.code.in_(some)))
        found |= {code: bytes(digest) for code, digest in rows}
    return found


def known_digests(session: Session, digests: Iterable[bytes]) -> set[bytes]:
    """Return those digests that some card has, in force or not."""
    found: set[bytes] = set()
    for some in in_slices(set(digests)):
        rows = session.execute(select(Card.digest).where(Card.digest.in_(some))).scalars()
        found |= {bytes(digest) for digest in rows}
    return found


def list_batches(session: Session, fair_id: int) -> list[Batch]:
    """Return the batches of slip numbers of a fair, the newest first."""
    query = select(SlipBatch).where(SlipBatch.fair_id == fair_id).order_by(SlipBatch.first.desc())
    return [_batch(row) for row in session.execute(query).scalars()]


def find_batch(session: Session, batch_id: int) -> Batch | None:
    """Return a batch of slip numbers; None when there is none of this id."""
    row = session.get(SlipBatch, batch_id)
    return _batch(row) if row else None


def _batch(row: SlipBatch) -> Batch:
    return Batch(row.id, row.fair_id, row.first, row.count, row.issued_at)


@dataclass(frozen=True, slots=True)
class PaperImport:
    """What came in with one file: so many rows, so many of them taken back since."""

    import_id: str
    taken_in_at: datetime
    rows: int
    outcomes: int
    undone: int


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A row of a sheet that was taken in; ``outcome`` is None for an arrival."""

    record_id: str
    sheet: str
    row: int
    outcome: str | None
    employer: str
    undone_at: datetime | None


def undone(session: Session, ids: Iterable[str]) -> set[str]:
    """Return those records that came from rows of sheets and were taken back as such."""
    found: set[str] = set()
    for some in in_slices(ids):
        query = select(PaperRow.record_id).where(
            PaperRow.record_id.in_(some), PaperRow.undone_at.is_not(None)
        )
        found.update(session.execute(query).scalars())
    return found


def lock_rows(session: Session, fair_id: int, import_id: str, record: str | None) -> list[PaperRow]:
    """Return the rows of an import that stand, or one of them; nobody else takes them back now."""
    query = select(PaperRow).where(
        PaperRow.fair_id == fair_id,
        PaperRow.import_id == import_id,
        PaperRow.undone_at.is_(None),
    )
    if record is not None:
        query = query.where(PaperRow.record_id == record)
    locked = query.order_by(PaperRow.record_id).with_for_update()
    return list(session.execute(locked).scalars())


def list_imports(session: Session, fair_id: int) -> list[PaperImport]:
    """Return what was taken in from paper at a fair, file by file, the newest first."""
    first = func.min(PaperRow.taken_in_at)
    rows = session.execute(
        select(
            PaperRow.import_id,
            first,
            func.count(),
            func.count(PaperRow.outcome),
            func.count(PaperRow.undone_at),
        )
        .where(PaperRow.fair_id == fair_id)
        .group_by(PaperRow.import_id)
        .order_by(first.desc(), PaperRow.import_id)
    )
    return [PaperImport(*row) for row in rows]


def list_taken_in(
    session: Session, fair_id: int, import_id: str, *, limit: int, offset: int = 0
) -> list[TakenIn]:
    """Return the rows of an import by sheet and row."""
    rows = session.execute(
        select(PaperRow, Employer.name)
        .outerjoin(Employer, Employer.id == PaperRow.employer_id)
        .where(PaperRow.fair_id == fair_id, PaperRow.import_id == import_id)
        .order_by(PaperRow.sheet, PaperRow.row, PaperRow.record_id)
        .limit(limit)
        .offset(offset)
    )
    return [
        TakenIn(row.record_id, row.sheet, row.row, row.outcome, employer or "", row.undone_at)
        for row, employer in rows
    ]
