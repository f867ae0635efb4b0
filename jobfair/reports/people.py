"""Who stands behind a number: masked lines, and what each of them is."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from jobfair.employers.queries import PositionFilter, find_employer, list_positions
from jobfair.placements.queries.listing import PlacementFilter, list_placements
from jobfair.school.queries.listing import StudentFilter, list_students
from jobfair.seekers.queries.people import names_of


class Kind(StrEnum):
    """What a line is about; decides which page it may open."""

    SEEKER = "seeker"
    STUDENT = "student"
    EMPLOYER = "employer"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class Line:
    """One subject of a figure."""

    id: int
    name: str
    note: str
    kind: Kind


def lines_of(session: Session, indicator: str, ids: tuple[int, ...]) -> list[Line]:
    """Return the subjects of an indicator in order of id, masked."""
    kinds = {
        "F01": _employers,
        "F02": _positions,
        "F02P": _positions,
        "P03": _placements,
        "S01": _students,
    }
    return kinds.get(indicator, _seekers)(session, ids)


def _seekers(session: Session, ids: tuple[int, ...]) -> list[Line]:
    found = names_of(session, ids)
    return [Line(i, found[i].name, found[i].id_number, Kind.SEEKER) for i in ids if i in found]


def _placements(session: Session, ids: tuple[int, ...]) -> list[Line]:
    rows = list_placements(session, PlacementFilter(ids=ids), limit=len(ids))
    return [
        Line(
            r.seeker_id,
            r.name,
            f"{r.started_on} {r.employer_name} {r.title}",
            Kind.SEEKER,
        )
        for r in sorted(rows, key=lambda r: r.id)
    ]


def _students(session: Session, ids: tuple[int, ...]) -> list[Line]:
    rows = list_students(session, StudentFilter(ids=ids), limit=len(ids))
    return [
        Line(r.id, r.name, f"{r.id_number} {r.major}", Kind.STUDENT)
        for r in sorted(rows, key=lambda r: r.id)
    ]


def _employers(session: Session, ids: tuple[int, ...]) -> list[Line]:
    found = [find_employer(session, i) for i in ids]
    return [Line(e.id, e.name, e.credit_code or "", Kind.EMPLOYER) for e in found if e]


def _positions(session: Session, ids: tuple[int, ...]) -> list[Line]:
    rows = list_positions(session, PositionFilter(ids=ids), limit=len(ids))
    return [
        Line(p.id, p.title, f"{p.employer_name} × {p.headcount}", Kind.POSITION)
        for p in sorted(rows, key=lambda p: p.id)
    ]
