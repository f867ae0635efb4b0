"""Reads of employers and positions; plain frozen rows out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.employers.rules.drafts import (
    EmployerStatus,
    MonthlyWage,
    PositionDraft,
    PositionStatus,
)
from jobfair.employers.rules.identity import name_key
from jobfair.employers.rules.readings import Reading, stored_readings
from jobfair.kit import crypto

_OUR_ID_DIGITS = 10
_NAMED_AT_ONCE = 500  # ids in one statement
RANKABLE = (PositionStatus.OPEN, PositionStatus.DRAFT)


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """An employer as lists show it."""

    id: int
    name: str
    credit_code: str | None
    kind: str | None
    division_code: str | None
    status: str
    organisation_id: int | None
    source: str
    created_at: datetime
    positions: int
    open_positions: int
    posts: int


@dataclass(frozen=True, slots=True)
class EmployerDetail:
    """An employer with its opened contact columns; for who may see it."""

    id: int
    name: str
    credit_code: str | None
    kind: str | None
    industry_code: str | None
    division_code: str | None
    address: str
    contact_name: str
    contact_phone: str
    status: str
    organisation_id: int | None
    verified_at: datetime | None
    refused_reason: str | None
    source: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position as lists, exports and the matching pool read it.

    ``bookable`` says whether a fair may book it and an offer may be made: open, with an employer
    the office has verified.
    """

    id: int
    employer_id: int
    employer_name: str
    employer_status: str
    employer_organisation_id: int | None
    employer_division: str | None
    source_ref: str | None
    source: str
    title: str
    occupation_code: str | None
    headcount: int | None
    wage_low: int | None
    wage_high: int | None
    wage_text: str
    pay_type: str | None
    pay_months: int | None
    hours_per_day: float | None
    days_per_week: float | None
    shift: str | None
    night_shift: bool | None
    height_work: bool
    restricted_for_minors: bool
    lodging: bool | None
    meals: bool | None
    insurance: bool | None
    min_education: str | None
    education_rank: int | None
    min_experience_years: int | None
    min_age: int | None
    max_age: int | None
    certificates: list[str]
    skills: list[str]
    readings: list[dict[str, Any]]
    requirements: str
    description: str
    workplace_division: str | None
    workplace_text: str
    starts_on: date | None
    valid_until: date | None
    dispatch: bool
    status: str
    missing: list[str]
    published_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    revision: int

    @property
    def bookable(self) -> bool:
        """Whether it may stand at a fair and be offered."""
        return (
            self.status == PositionStatus.OPEN and self.employer_status == EmployerStatus.VERIFIED
        )

    @property
    def wage(self) -> MonthlyWage | None:
        """The range, or None when nothing or "negotiable" was said."""
        if self.wage_low is None or self.wage_high is None:
            return None
        return MonthlyWage(self.wage_low, self.wage_high)

    @property
    def read(self) -> tuple[Reading, ...]:
        """What was read from its text, and what each reading does."""
        return stored_readings(self.readings)

    def draft(self) -> PositionDraft:
        """Return what would be typed to make this position again."""
        values = {name: getattr(self, name) for name in _DRAFT_FIELDS}
        values["certificates"] = tuple(self.certificates)
        values["skills"] = tuple(self.skills)
        return PositionDraft(wage=self.wage, **values)


_DRAFT_FIELDS = tuple(f.name for f in fields(PositionDraft) if f.name != "wage")
_EMPLOYER_COLUMNS: dict[str, Any] = {
    "employer_name": Employer.name,
    "employer_status": Employer.status,
    "employer_organisation_id": Employer.organisation_id,
    "employer_division": Employer.division_code,
}
_POSITION_COLUMNS: list[Any] = [
    _EMPLOYER_COLUMNS.get(f.name, getattr(Position, f.name, None)) for f in fields(PositionRow)
]


@dataclass(frozen=True, slots=True)
class PositionFilter:
    """What a list of positions is narrowed by; an empty field does not narrow."""

    text: str = ""
    status: str = ""
    division: str = ""
    employer_id: int | None = None
    organisation_id: int | None = None
    ids: Sequence[int] | None = None
    source: str = ""

    def clauses(self) -> list[ColumnElement[bool]]:
        """Return the conditions."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            like = f"%{_escape(self.text.strip())}%"
            columns = (Position.title, Employer.name, Position.source_ref)
            found.append(or_(*(column.ilike(like, escape="\\") for column in columns)))
        if self.status:
            found.append(Position.status == self.status)
        if self.division:
            found.append(Position.workplace_division.startswith(self.division, autoescape=True))
        if self.employer_id is not None:
            found.append(Position.employer_id == self.employer_id)
        if self.organisation_id is not None:
            found.append(Employer.organisation_id == self.organisation_id)
        if self.ids is not None:
            found.append(Position.id.in_(self.ids))
        if self.source:
            found.append(Position.source == self.source)
        return found


POSITION_SORTS = {
    "newest": (Position.id.desc(),),
    "title": (Position.title, Position.id),
    "wage": (func.coalesce(Position.wage_high, 0).desc(), Position.id),
    "headcount": (func.coalesce(Position.headcount, 0).desc(), Position.id),
}


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _positions() -> Select[*tuple[Any, ...]]:
    return select(*_POSITION_COLUMNS).join(Employer, Position.employer_id == Employer.id)


def list_positions(
    session: Session,
    narrowed: PositionFilter,
    *,
    sort: str = "newest",
    limit: int | None = 50,
    offset: int = 0,
) -> list[PositionRow]:
    """Return a page of positions."""
    order = POSITION_SORTS.get(sort, POSITION_SORTS["newest"])
    found = session.execute(
        _positions().where(*narrowed.clauses()).order_by(*order).limit(limit).offset(offset)
    )
    return [PositionRow(*row) for row in found]


@dataclass(frozen=True, slots=True)
class PositionTotals:
    """How much a filter finds."""

    positions: int
    posts: int
    by_status: dict[str, int]


def count_positions(session: Session, narrowed: PositionFilter) -> PositionTotals:
    """Return the number of positions and posts a filter finds, and positions by status."""
    found = session.execute(
        select(Position.status, func.count(), func.coalesce(func.sum(Position.headcount), 0))
        .join(Employer, Position.employer_id == Employer.id)
        .where(*narrowed.clauses())
        .group_by(Position.status)
    ).all()
    by_status = {status: int(count) for status, count, _posts in found}
    posts = sum([row[2] or 0 for row in found])
    return PositionTotals(sum(by_status.values()), posts, by_status)


def find_position(session: Session, position_id: int) -> PositionRow | None:
    """Return one position, or None."""
    row = session.execute(_positions().where(Position.id == position_id)).one_or_none()
    return PositionRow(*row) if row else None


def bookable_ids(session: Session, marks: Collection[tuple[int, str]]) -> list[int]:
    """Return the positions that a fair may book among those of a file.

    Args:
        session: any session.
        marks: employer and fingerprint of each.
    """
    found = session.execute(
        select(Position.id, Position.employer_id, Position.fingerprint)
        .join(Employer, Employer.id == Position.employer_id)
        .where(
            Position.status == PositionStatus.OPEN,
            Employer.status == EmployerStatus.VERIFIED,
            Position.fingerprint.is_not(None),
        )
        .order_by(Position.id)
    )
    return [row.id for row in found if (row.employer_id, row.fingerprint) in marks]


def find_position_by_ref(session: Session, ref: str) -> PositionRow | None:
    """Return the position of our id or of a file's own number; the newest when several have it."""
    if ref.isascii() and ref.isdigit() and len(ref) < _OUR_ID_DIGITS:
        found = find_position(session, int(ref))
        if found:
            return found
    row = session.execute(
        _positions().where(Position.source_ref == ref).order_by(Position.id.desc()).limit(1)
    ).one_or_none()
    return PositionRow(*row) if row else None


def position_facts(session: Session, *, after_revision: int = 0) -> list[PositionRow]:
    """Return every position touched after a revision, in id order; closed ones too."""
    found = session.execute(
        _positions().where(Position.revision > after_revision).order_by(Position.id)
    )
    return [PositionRow(*row) for row in found]


def _employers() -> Select[*tuple[Any, ...]]:
    per_employer = (
        select(
            Position.employer_id,
            func.count().label("positions"),
            func.count().filter(Position.status == PositionStatus.OPEN).label("open"),
            func.coalesce(func.sum(Position.headcount), 0).label("posts"),
        )
        .group_by(Position.employer_id)
        .subquery()
    )
    names = (f.name for f in fields(EmployerRow) if hasattr(Employer, f.name))
    columns = [getattr(Employer, name) for name in names]
    counts = [func.coalesce(per_employer.c[name], 0) for name in ("positions", "open", "posts")]
    return select(*columns, *counts).outerjoin(
        per_employer, per_employer.c.employer_id == Employer.id
    )


def _employer_clauses(
    text: str, status: str, organisation_id: int | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if text:
        like = f"%{_escape(text.strip())}%"
        found.append(
            or_(
                Employer.name.ilike(like, escape="\\"),
                Employer.credit_code.ilike(like, escape="\\"),
            )
        )
    if status:
        found.append(Employer.status == status)
    if organisation_id is not None:
        found.append(Employer.organisation_id == organisation_id)
    return found


def list_employers(
    session: Session,
    *,
    text: str = "",
    status: str = "",
    organisation_id: int | None = None,
    limit: int | None = 50,
    offset: int = 0,
) -> list[EmployerRow]:
    """Return a page of employers by name."""
    clauses = _employer_clauses(text, status, organisation_id)
    found = session.execute(
        _employers()
        .where(*clauses)
        .order_by(Employer.name, Employer.id)
        .limit(limit)
        .offset(offset)
    )
    return [EmployerRow(*row) for row in found]


def count_employers(
    session: Session, *, text: str = "", status: str = "", organisation_id: int | None = None
) -> int:
    """Return how many employers a filter finds."""
    clauses = _employer_clauses(text, status, organisation_id)
    return session.execute(select(func.count(Employer.id)).where(*clauses)).scalar_one()


def _detail(employer: Employer) -> EmployerDetail:
    vault = crypto.vault()

    def opened(column: str) -> str:
        sealed: bytes | None = getattr(employer, column)
        if sealed is None:
            return ""
        return vault.open(sealed, table="employer", column=column, row=employer.key)

    return EmployerDetail(
        employer.id,
        employer.name,
        employer.credit_code,
        employer.kind,
        employer.industry_code,
        employer.division_code,
        opened("address"),
        opened("contact_name"),
        opened("contact_phone"),
        employer.status,
        employer.organisation_id,
        employer.verified_at,
        employer.refused_reason,
        employer.source,
        employer.created_at,
    )


def details_of(session: Session, employer_ids: Collection[int]) -> dict[int, EmployerDetail]:
    """Return some employers by id."""
    found = session.execute(select(Employer).where(Employer.id.in_(employer_ids))).scalars()
    return {employer.id: _detail(employer) for employer in found}


def find_employer(session: Session, employer_id: int) -> EmployerDetail | None:
    """Return one employer, or None."""
    employer = session.get(Employer, employer_id)
    return _detail(employer) if employer else None


def find_employer_of_organisation(session: Session, organisation_id: int) -> EmployerDetail | None:
    """Return the employer whose people sign in under an organisation, or None."""
    employer = session.execute(
        select(Employer).where(Employer.organisation_id == organisation_id)
    ).scalar_one_or_none()
    return _detail(employer) if employer else None


def find_employer_by_code(session: Session, credit_code: str) -> EmployerDetail | None:
    """Return the employer of a credit code, or None."""
    employer = session.execute(
        select(Employer).where(Employer.credit_code == credit_code)
    ).scalar_one_or_none()
    return _detail(employer) if employer else None


def employer_ids(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """Return ids by credit code and by name key; a coded employer's name wins over a bare one."""
    by_code: dict[str, int] = {}
    by_name: dict[str, int] = {}
    found = session.execute(
        select(Employer.id, Employer.credit_code, Employer.name_key).order_by(
            Employer.credit_code.is_not(None), Employer.id
        )
    )
    for employer_id, code, key in found:
        if code:
            by_code[code] = employer_id
        by_name[key] = employer_id
    return by_code, by_name


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What an import compares a row with."""

    id: int
    digest: str | None
    title: str
    occupation_code: str | None
    readings: list[dict[str, Any]]


def stored_rows(session: Session, employers: Collection[int]) -> dict[tuple[int, str], StoredRow]:
    """Return some employers' imported positions by employer and fingerprint."""
    columns = (
        Position.employer_id,
        Position.fingerprint,
        Position.id,
        Position.content_digest,
        Position.title,
        Position.occupation_code,
        Position.readings,
    )
    stored = {}
    for some in _pieces(employers):
        asked = Position.employer_id.in_(some) & Position.fingerprint.is_not(None)
        for employer_id, mark, *rest in session.execute(select(*columns).where(asked)):
            stored[employer_id, mark] = StoredRow(*rest)
    return stored


def employer_standings(session: Session, employers: Collection[int]) -> dict[int, tuple[str, bool]]:
    """Return some employers' status and whether the credit code is known, by id."""
    columns = (Employer.id, Employer.status, Employer.credit_code)
    return {
        row.id: (row.status, row.credit_code is not None)
        for some in _pieces(employers)
        for row in session.execute(select(*columns).where(Employer.id.in_(some)))
    }


def _pieces(ids: Collection[int]) -> Iterator[list[int]]:
    """Give ids in pieces that a statement can name."""
    every = sorted(ids)
    for at in range(0, len(every), _NAMED_AT_ONCE):
        yield every[at : at + _NAMED_AT_ONCE]


def same_name_employers(session: Session, name: str) -> list[int]:
    """Return the ids of the employers whose normalised name is this one."""
    return list(
        session.execute(select(Employer.id).where(Employer.name_key == name_key(name))).scalars()
    )
