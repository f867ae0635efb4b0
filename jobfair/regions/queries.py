"""Reads of divisions."""

from dataclasses import dataclass
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, and_, or_, select
from sqlalchemy.orm import Session

from jobfair.kit.changes import current_revision
from jobfair.regions.codes import former_names
from jobfair.regions.models import Division, Twinning
from jobfair.regions.rules import Gazetteer, Place, and_above


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
    """Return the index of all divisions, with the names their codes had before.

    It is built once for each state of the list: that takes longer than most pages.
    """
    engine, revision = session.get_bind().engine, current_revision(session, "division")
    with _building:
        kept = _built.get(engine)
        if kept is None or kept[0] != revision:
            kept = _built[engine] = (revision, _read_gazetteer(session))
    return kept[1]


_building = Lock()
_built: WeakKeyDictionary[Engine, tuple[int, Gazetteer]] = WeakKeyDictionary()


def _read_gazetteer(session: Session) -> Gazetteer:
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


@dataclass(frozen=True, slots=True)
class TwinningRow:
    """A pair of places over a period, both days included; no last day when it holds still."""

    host_code: str
    home_code: str
    valid_from: date
    valid_to: date | None


def list_twinnings(session: Session) -> list[TwinningRow]:
    """Return every pair there ever was, with its period."""
    found = select(
        Twinning.host_code, Twinning.home_code, Twinning.valid_from, Twinning.valid_to
    ).order_by(Twinning.id)
    return [TwinningRow(*row) for row in session.execute(found)]


def twinned(session: Session, division_a: str, division_b: str, on: date) -> bool:
    """Return whether two places are paired on a day, whichever of them helps the other.

    A pair of wider places covers the places inside them: a township of Bijie is twinned with a
    district of Shenzhen while the two cities are. Codes of any year are understood.
    """
    of_a, of_b = _and_above(session, division_a), _and_above(session, division_b)
    found = select(Twinning.id).where(
        or_(
            and_(Twinning.host_code.in_(of_a), Twinning.home_code.in_(of_b)),
            and_(Twinning.host_code.in_(of_b), Twinning.home_code.in_(of_a)),
        ),
        Twinning.valid_from <= on,
        or_(Twinning.valid_to.is_(None), Twinning.valid_to >= on),
    )
    return session.execute(found.limit(1)).first() is not None


def _and_above(session: Session, code: str) -> list[str]:
    """Return a division of today and those above it, by a code of any year."""
    old = select(Division.successor_code).where(Division.code == code)
    today = session.execute(old).scalar_one_or_none() or code
    return and_above(today)
