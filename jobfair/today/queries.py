"""What waits for somebody, and where things stand; every read is bounded or served by an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.employers.rules.drafts import EmployerStatus, PositionStatus
from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.masking import mask_name
from jobfair.placements.models import Placement
from jobfair.school.models import Student
from jobfair.school.queries.exports import student_placements
from jobfair.school.queries.intake import ROLL_DAYS
from jobfair.school.queries.sealed import open_column
from jobfair.seekers.models import Seeker, SeekerWish
from jobfair.seekers.queries.people import EXPIRING_SOON, PERSON, within
from jobfair.seekers.rules.drafts import SeekerStatus
from jobfair.seekers.rules.identity import age_on

CLOSING_SOON = timedelta(days=14)
NEW_FOR = timedelta(days=7)
ADULT = 18
# A mass import may register a hundred thousand people in a day; nobody needs them counted exactly.
_NEWEST = 3_000
_NAMED = 3
VERIFIED = "audit.verify"


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position that somebody must look at.

    Attributes:
        missing: what it lacks, as codes.
        until: the last day it is valid.
    """

    id: int
    title: str
    missing: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Newcomers:
    """People registered lately who want the kind of work of a position.

    Attributes:
        at_least: there were so many registrations that only the newest were looked at.
    """

    position_id: int
    title: str
    people: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class StudentLine:
    """A student who lacks something, name masked."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Intake:
    """What is open in the newest intake of a school.

    Attributes:
        waiting: applied or admitted, not on the roll.
        lacking: code of what is missing → the students on roll without it.
    """

    year: int
    waiting: int
    lacking: dict[str, list[StudentLine]]


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The last recorded check of the audit chain."""

    at: datetime
    entries: int
    valid: bool


def count_unverified(session: Session) -> int:
    """Return how many employers wait for the office."""
    waiting = Employer.status == EmployerStatus.UNVERIFIED
    return session.execute(select(func.count(Employer.id)).where(waiting)).scalar_one()


def _drafts(organisation_id: int | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Position.status == PositionStatus.DRAFT]
    return found + _of(organisation_id)


def _of(organisation_id: int | None) -> list[ColumnElement[bool]]:
    return [] if organisation_id is None else [Employer.organisation_id == organisation_id]


def count_drafts(session: Session, organisation_id: int | None) -> int:
    """Return how many positions lack something; one employer's when asked."""
    query = select(func.count(Position.id)).join(Employer, Employer.id == Position.employer_id)
    return session.execute(query.where(*_drafts(organisation_id))).scalar_one()


def list_drafts(session: Session, organisation_id: int, *, limit: int) -> list[PositionLine]:
    """Return an employer's positions that lack something, the oldest first."""
    rows = session.execute(
        select(Position.id, Position.title, Position.missing)
        .join(Employer, Employer.id == Position.employer_id)
        .where(*_drafts(organisation_id))
        .order_by(Position.id)
        .limit(limit)
    )
    return [PositionLine(row.id, row.title, tuple(row.missing)) for row in rows]


def list_closing(session: Session, organisation_id: int | None) -> list[PositionLine]:
    """Return the open positions whose validity ends within two weeks, the next first."""
    today = clock.today()
    rows = session.execute(
        select(Position.id, Position.title, Position.valid_until)
        .join(Employer, Employer.id == Position.employer_id)
        .where(
            Position.status == PositionStatus.OPEN,
            Position.valid_until.between(today, today + CLOSING_SOON),
            *_of(organisation_id),
        )
        .order_by(Position.valid_until, Position.id)
    )
    return [PositionLine(row.id, row.title, (), row.valid_until) for row in rows]


def count_expiring(session: Session, division: str | None) -> int:
    """Return how many registrations run out within two weeks."""
    today = clock.today()
    query = select(func.count(Seeker.id)).where(
        Seeker.status == SeekerStatus.ACTIVE,
        Seeker.expires_on.between(today, today + EXPIRING_SOON),
    )
    return session.execute(query.where(*_home(division))).scalar_one()


def _home(division: str | None) -> list[ColumnElement[bool]]:
    return [within(division)] if division else []


def count_register(session: Session, division: str | None) -> int:
    """Return how many people stand in the register, within a division when one is given."""
    query = select(func.count()).select_from(Seeker).where(Seeker.status == SeekerStatus.ACTIVE)
    return session.execute(query.where(*_home(division))).scalar_one()


def count_registered(session: Session) -> int:
    """Return what the fair summary counts as registered: in the register, with consent."""
    query = select(func.count()).select_from(Seeker)
    active = (Seeker.status == SeekerStatus.ACTIVE, Seeker.consent_at.is_not(None))
    return session.execute(query.where(*active)).scalar_one()


def count_exported(session: Session) -> int:
    """Return the distinct people whose export began, as the report of exported labourers does.

    A merged record counts as the one it went into. Merged records are few: they are put right one
    by one, so that all others are counted from the index alone.
    """
    began: tuple[Any, ...] = (
        Placement.export,
        ~Placement.void,
        Placement.started_on <= clock.today(),
    )
    students = student_placements(session, as_of=clock.today())
    if students:
        began = (*began, Placement.id.not_in(students))

    def people(*more: ColumnElement[bool]) -> Select[int]:
        return select(Placement.seeker_id).where(*began, *more).distinct()

    direct = session.execute(select(func.count()).select_from(people().subquery())).scalar_one()
    merged = session.execute(
        select(Seeker.id, Seeker.merged_into_id)
        .join(Placement, Placement.seeker_id == Seeker.id)
        .where(Seeker.merged_into_id.is_not(None), *began)
    )
    into = {row.id: row.merged_into_id for row in merged}
    targets = set(into.values())
    there = set(session.execute(people(Placement.seeker_id.in_(targets))).scalars())
    return direct - len(into) + len(targets - (there - into.keys()))


def count_placements(session: Session, division: str | None) -> int:
    """Return how many people are at work in a recorded placement."""
    query = (
        select(func.count(PERSON.distinct()))
        .select_from(Placement)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(~Placement.void, Placement.started_on.is_not(None), Placement.ended_on.is_(None))
    )
    if division:
        query = query.where(Placement.home_division.startswith(division, autoescape=True))
    return session.execute(query).scalar_one()


def newcomers(session: Session, organisation_id: int, *, limit: int) -> list[Newcomers]:
    """Return, for an employer's largest open positions, the people who came with that wish."""
    posts = session.execute(
        select(Position.id, Position.title, Position.occupation_code)
        .join(Employer, Employer.id == Position.employer_id)
        .where(
            Position.status == PositionStatus.OPEN,
            Position.occupation_code.is_not(None),
            *_of(organisation_id),
        )
        .order_by(Position.headcount.desc(), Position.id)
        .limit(limit)
    ).all()
    since = clock.now() - NEW_FOR
    first = session.execute(
        select(Seeker.id)
        .where(Seeker.registered_at >= since)
        .order_by(Seeker.registered_at)
        .limit(1)
    ).scalar_one_or_none()
    if first is None or not posts:
        return []
    newest = session.execute(select(func.max(SeekerWish.seeker_id))).scalar_one() or 0
    low = max(first, newest - _NEWEST)
    rows = session.execute(
        select(SeekerWish.occupation_code, func.count(SeekerWish.seeker_id.distinct()))
        .join(Seeker, Seeker.id == SeekerWish.seeker_id)
        .where(
            Seeker.status == SeekerStatus.ACTIVE,
            Seeker.employed_since.is_(None),
            # An index on the wish would be walked for people of all times.
            func.coalesce(SeekerWish.occupation_code, "").in_({r.occupation_code for r in posts}),
            SeekerWish.seeker_id >= low,
        )
        .group_by(SeekerWish.occupation_code)
    )
    counts = {row[0]: row[1] for row in rows}
    found = [Newcomers(r.id, r.title, counts.get(r.occupation_code, 0), low > first) for r in posts]
    return [line for line in found if line.people]


def newest_year(session: Session, organisation_id: int | None) -> int | None:
    """Return the newest intake year on record, of one school when it is given."""
    found = select(func.max(Student.intake_year)).where(~Student.void, *_school(organisation_id))
    year: int | None = session.execute(found).scalar_one()
    return year


def _school(organisation_id: int | None) -> list[ColumnElement[bool]]:
    return [] if organisation_id is None else [Student.organisation_id == organisation_id]


def count_enrolled(session: Session, year: int, organisation_id: int | None) -> int:
    """Return the students of an intake who were on roll at day 30, as the report counts them."""
    entered = (
        Student.intake_year == year,
        ~Student.void,
        Student.enrolled_on <= clock.today(),
        *_school(organisation_id),
    )
    everybody = session.execute(select(func.count(Student.id)).where(*entered)).scalar_one()
    left = session.execute(
        select(Student.enrolled_on, Student.left_on).where(*entered, Student.left_on.is_not(None))
    )
    roll = timedelta(days=ROLL_DAYS)
    early = [row for row in left if row.left_on <= row.enrolled_on + roll]
    return everybody - len(early)


def newest_intake(session: Session, organisation_id: int) -> Intake | None:
    """Return what is open in the newest intake of a school."""
    year = newest_year(session, organisation_id)
    if year is None:
        return None
    present = (
        Student.intake_year == year,
        ~Student.void,
        Student.left_on.is_(None),
        *_school(organisation_id),
    )
    waiting = session.execute(
        select(func.count(Student.id)).where(*present, Student.enrolled_on.is_(None))
    ).scalar_one()
    here = select(Student.id).where(*present, Student.enrolled_on.is_not(None)).order_by(Student.id)
    minors = session.execute(
        here.add_columns(Student.birth_date, Student.applied_on).where(
            Student.guardian_consent_on.is_(None)
        )
    )
    number = func.coalesce(Student.student_number, "")
    without = {
        "guardian": [r.id for r in minors if age_on(r.birth_date, r.applied_on) < ADULT],
        "education": session.execute(here.where(Student.education.is_(None))).scalars().all(),
        "number": session.execute(here.where(number == "")).scalars().all(),
    }
    lacking = {code: _lines(session, ids) for code, ids in without.items()}
    return Intake(year, waiting, lacking)


def _lines(session: Session, ids: Sequence[int]) -> list[StudentLine]:
    """Return lines of students; only the first have their names opened, the rest are counted."""
    named = session.execute(select(Student).where(Student.id.in_(ids[:_NAMED]))).scalars()
    names = {student.id: mask_name(open_column(student, "name")) for student in named}
    return [StudentLine(i, names.get(i, "")) for i in ids]


def last_check(session: Session) -> ChainCheck | None:
    """Return the last recorded check of the audit chain."""
    entry = session.execute(
        select(AuditEntry).where(AuditEntry.action == VERIFIED).order_by(AuditEntry.seq.desc())
    ).scalars()
    found = entry.first()
    if found is None:
        return None
    return ChainCheck(found.at, found.detail["entries"], found.detail["valid"])
