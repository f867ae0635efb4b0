"""The import of positions that take part in a fair as soon as they are in."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from jobfair.employers.importing import PositionRow, positions_import
from jobfair.employers.queries import bookable_ids
from jobfair.fairs import services
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome


@dataclass(slots=True)
class Booked:
    """How many positions an import added to a fair."""

    count: int = 0


def fair_import(
    session: Session, fair_id: int, *, source: str, created_by: int | None
) -> tuple[ImportSpec[PositionRow], Booked]:
    """Return the import of positions whose bookable rows join a fair in the same transaction.

    Args:
        session: a reading session.
        fair_id: the fair.
        source: the file's name, kept with each position.
        created_by: the user who imports.
    """
    made = positions_import(session, source=source, created_by=created_by)
    booked = Booked()

    def apply(writing: Session, drafts: list[PositionRow]) -> list[Outcome]:
        outcomes = list(made.spec.apply(writing, drafts))
        ids = bookable_ids(writing, made.marks)
        booked.count += services.add_positions(writing, fair_id, ids)
        return outcomes

    return replace(made.spec, apply=apply), booked
