"""Work that another office's ledger tells of one of our people."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.employers.queries import employer_ids
from jobfair.employers.rules.identity import name_key, tidy_code
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.ledgers.models import LedgerLine
from jobfair.ledgers.queries import open_told
from jobfair.ledgers.rules.rows import CHANGES, WAGES, Known, LedgerRow, read_ledger_row, row_of
from jobfair.placements.services import record_placement
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.sealed import open_column
from jobfair.seekers.rules.reading import Places


class NoWorkTold(Refusal):
    """The line tells of no work that could be recorded."""

    code = "no_work_told"
    message = N_("This row tells of no work that can be recorded. Ask the office that sent it.")


def record_overlap(session: Session, line_id: int, places: Places, recorder: Recorder) -> int:
    """Put on record what another office's ledger tells; return the placement's id.

    Raises:
        NotFound: no such line, or its work is on record.
        Refusal: the work cannot be recorded so; the message says why.
    """
    line = session.execute(
        select(LedgerLine)
        .where(LedgerLine.id == line_id, LedgerLine.overlap, LedgerLine.current)
        .with_for_update()
    ).scalar_one_or_none()
    person = session.get(Seeker, line.seeker_id) if line else None
    if line is None or line.placement_id is not None or person is None:
        raise NotFound
    cells = open_told(line.told_sealed, line.key) | {
        "name": open_column(person, "name_sealed"),
        "id_number": open_column(person, "id_number_sealed"),
    }
    by_code, by_name = employer_ids(session)
    known = Known(
        places,
        lambda code, name: by_code.get(tidy_code(code)) or by_name.get(name_key(name)),
        lambda _title: (),
        clock.today(),
        (WAGES, CHANGES),
    )
    row = read_ledger_row(row_of(cells), known)
    if not isinstance(row, LedgerRow) or row.placement is None:
        raise NoWorkTold
    line.placement_id = record_placement(session, line.seeker_id, row.placement, recorder)
    audit.record(session, "ledger.record_overlap", subject="ledger_line", subject_id=line.id)
    return line.placement_id
