"""Reads of divisions."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.regions.codes import former_names
from jobfair.regions.models import Division, Twinning
from jobfair.regions.rules import Gazetteer, Place


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division of today, for lists and select boxes."""

    code: str
    name: str
    level: str


_columns = (
    Division.code,
    Division.name,
    Division.level,
    Division.parent_code,
    Division.successor_code,
)


def gazetteer(session: Session) -> Gazetteer:
    """Return the index of all divisions, with the names their codes had before."""
    former = former_names()
    return Gazetteer.of(
        Place(*row, former=tuple(known.name for known in former.get(row.code, ())))
        for row in session.execute(select(*_columns))
    )


def list_children(session: Session, parent: str) -> list[DivisionRow]:
    """Return today's divisions directly below one, in code order."""
    found = session.execute(
        select(Division.code, Division.name, Division.level)
        .where(Division.parent_code == parent, Division.valid_to.is_(None))
        .order_by(Division.code)
    )
    return [DivisionRow(*row) for row in found]


def names_of(session: Session, codes: set[str]) -> dict[str, str]:
    """Return the names of divisions by code."""
    found = select(Division.code, Division.name).where(Division.code.in_(sorted(codes)))
    return {row.code: row.name for row in session.execute(found)}


def find_division(session: Session, code: str) -> DivisionRow | None:
    """Return one division."""
    found = session.execute(
        select(Division.code, Division.name, Division.level).where(Division.code == code)
    ).one_or_none()
    return DivisionRow(*found) if found else None


def list_pairs(session: Session) -> list[tuple[str, str]]:
    """Return (host, home) codes of every pair there ever was."""
    found = select(Twinning.host_code, Twinning.home_code).order_by(Twinning.id)
    return [(host, home) for host, home in session.execute(found)]
