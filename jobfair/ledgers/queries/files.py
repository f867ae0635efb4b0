"""Files taken in, and the headers that an office taught."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.accounts.queries import recorder_names
from jobfair.ledgers.models import LedgerImport, LedgerLine, LedgerWord


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One file taken in.

    Attributes:
        by: name of who took it in.
        left: lines that stand and were not taken back.
        kept: lines that an undo had to leave.
        division: of the office that took it in; empty for the system itself.
    """

    id: int
    key: str
    file_name: str
    at: datetime
    by: str
    created: int
    updated: int
    unchanged: int
    left: int
    undone_at: datetime | None
    kept: int
    division: str


def list_imports(
    session: Session, scope: str | None, *, limit: int, offset: int = 0
) -> tuple[int, list[ImportRow]]:
    """Return how many files offices of a division took in, and a page, the latest first."""
    mine: ColumnElement[bool] = true()
    if scope:
        inside = Organisation.division_code.startswith(scope, autoescape=True)
        mine = LedgerImport.office_id.in_(select(Organisation.id).where(inside))
    total = session.execute(select(func.count(LedgerImport.id)).where(mine)).scalar_one()
    rows = session.execute(
        select(LedgerImport)
        .where(mine)
        .order_by(LedgerImport.id.desc())
        .limit(limit)
        .offset(offset)
    ).scalars()
    return total, _rows(session, list(rows))


def find_import(session: Session, import_id: int) -> ImportRow | None:
    """Return a file that was taken in."""
    found = session.get(LedgerImport, import_id)
    return _rows(session, [found])[0] if found else None


def find_taken_in(session: Session, digest: str, office_id: int | None) -> ImportRow | None:
    """Return when an office took in the same file last, as long as it was not taken back."""
    found = session.execute(
        select(LedgerImport)
        .where(
            LedgerImport.digest == digest,
            LedgerImport.digest != "",
            LedgerImport.office_id == office_id,
            LedgerImport.undone_at.is_(None),
        )
        .order_by(LedgerImport.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return _rows(session, [found])[0] if found else None


def words_of(session: Session, office_id: int | None) -> Mapping[str, str]:
    """Return the headers that an office taught: plain header → field, empty when not used."""
    found = select(LedgerWord.header, LedgerWord.field).where(LedgerWord.office_id == office_id)
    return {row.header: row.field for row in session.execute(found)}


def _rows(session: Session, found: list[LedgerImport]) -> list[ImportRow]:
    names, _ = recorder_names(session, {one.taken_in_by for one in found if one.taken_in_by}, ())
    offices = {one.office_id for one in found if one.office_id}
    homes = select(Organisation.id, Organisation.division_code).where(Organisation.id.in_(offices))
    divisions = {row.id: row.division_code for row in session.execute(homes)}
    left = {
        row.import_id: row.lines
        for row in session.execute(
            select(LedgerLine.import_id, func.count(LedgerLine.id).label("lines"))
            .where(LedgerLine.import_id.in_([one.id for one in found]), ~LedgerLine.undone)
            .group_by(LedgerLine.import_id)
        )
    }
    return [
        ImportRow(
            one.id,
            one.key,
            one.file_name,
            one.taken_in_at,
            names.get(one.taken_in_by or 0, ""),
            one.created,
            one.updated,
            one.unchanged,
            left.get(one.id, 0),
            one.undone_at,
            one.kept,
            divisions.get(one.office_id or 0) or "",
        )
        for one in found
    ]
