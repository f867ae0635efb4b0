"""The list of findings, for the office that looks at them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from jobfair.accounts.queries import recorder_names
from jobfair.employers import queries as employers
from jobfair.findings.models import Finding
from jobfair.findings.rules import Code, FindingState, Subject, due_on
from jobfair.kit import clock
from jobfair.kit.bulk import in_slices
from jobfair.school.queries import StudentFilter, list_students
from jobfair.seekers import queries as seekers


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """What a list is narrowed to; None is no limit.

    Attributes:
        scope: the caller's division.
        organisation_id: the caller's school: only what is found about its students.
        overdue: only what is to be looked at and should have been by now.
    """

    scope: str | None = None
    organisation_id: int | None = None
    code: str | None = None
    state: str | None = FindingState.OPEN
    county: str | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding as shown.

    Attributes:
        name: of whom or what it is about, people masked.
        told: parameters of the rule's text.
        explained_by: name of who explained it.
    """

    id: int
    code: Code
    subject: Subject
    subject_id: int
    seeker_id: int | None
    division: str
    organisation_id: int | None
    name: str
    told: dict[str, str]
    state: FindingState
    found_at: datetime
    note: str
    explained_by: str
    explained_at: datetime | None

    @property
    def due_on(self) -> date:
        """The last day on which the office looks at it."""
        return due_on(self.code, clock.day_of(self.found_at))

    @property
    def overdue(self) -> bool:
        """Whether it waits longer than it should."""
        return self.state is FindingState.OPEN and self.due_on < clock.today()


def count_findings(session: Session, wanted: FindingFilter) -> int:
    """Return how many findings a filter finds."""
    query = select(func.count()).select_from(Finding).where(*_conditions(wanted))
    return session.execute(query).scalar_one()


def list_findings(
    session: Session, wanted: FindingFilter, *, limit: int = 50, offset: int = 0
) -> list[FindingRow]:
    """Return a page of findings, by rule, the oldest first."""
    query = (
        select(Finding)
        .where(*_conditions(wanted))
        .order_by(Finding.code, Finding.found_at, Finding.id)
        .limit(limit)
        .offset(offset)
    )
    return _rows(session, list(session.execute(query).scalars()))


def find_finding(session: Session, finding_id: int) -> FindingRow | None:
    """Return one finding."""
    found = session.get(Finding, finding_id)
    return _rows(session, [found])[0] if found else None


def open_by_rule(
    session: Session, scope: str | None, organisation_id: int | None = None
) -> dict[str, int]:
    """Return how many findings are open, by rule; rules that found nothing are left out."""
    wanted = FindingFilter(scope=scope, organisation_id=organisation_id)
    query = select(Finding.code, func.count()).where(*_conditions(wanted)).group_by(Finding.code)
    return {row[0]: row[1] for row in session.execute(query)}


def _conditions(wanted: FindingFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Finding.division.startswith(division, autoescape=True)
        for division in (wanted.scope, wanted.county)
        if division
    ]
    if wanted.organisation_id is not None:
        found.append(Finding.organisation_id == wanted.organisation_id)
    if wanted.code:
        found.append(Finding.code == wanted.code)
    if wanted.state:
        found.append(Finding.state == wanted.state)
    if wanted.overdue:
        found += [Finding.state == FindingState.OPEN, _past_due()]
    return found


def _past_due() -> ColumnElement[bool]:
    """Return the condition that the last day of a finding is over."""
    now = clock.today()
    of_days: dict[timedelta, list[Code]] = defaultdict(list)
    for code in Code:
        of_days[due_on(code, now) - now].append(code)
    return or_(
        *(
            and_(
                Finding.code.in_(codes),
                Finding.found_at < datetime.combine(now - days, time(), clock.BEIJING),
            )
            for days, codes in of_days.items()
        )
    )


def _students(session: Session, kept: list[Finding]) -> dict[int, str]:
    """Return the masked names of the students that findings are about."""
    ids = {one.subject_id for one in kept if one.subject == Subject.STUDENT}
    return {
        student.id: student.name
        for some in in_slices(sorted(ids))
        for student in list_students(session, StudentFilter(ids=tuple(some)), limit=len(some))
    }


def _rows(session: Session, kept: list[Finding]) -> list[FindingRow]:
    people = seekers.names_of(session, {one.seeker_id for one in kept if one.seeker_id})
    users = {one.explained_by for one in kept if one.explained_by}
    about = {one.subject_id for one in kept if one.subject == Subject.USER}
    names, _offices = recorder_names(session, users | about, set())
    firms = employers.details_of(
        session, {one.subject_id for one in kept if one.subject == Subject.EMPLOYER}
    )
    posts = {
        one.subject_id: employers.find_position(session, one.subject_id)
        for one in kept
        if one.subject == Subject.POSITION
    }
    known: dict[str, dict[int, str]] = {
        Subject.USER: names,
        Subject.STUDENT: _students(session, kept),
        Subject.EMPLOYER: {id_: firm.name for id_, firm in firms.items()},
        Subject.POSITION: {id_: f"{p.employer_name} {p.title}" for id_, p in posts.items() if p},
    }
    return [
        FindingRow(
            one.id,
            Code(one.code),
            Subject(one.subject),
            one.subject_id,
            one.seeker_id,
            one.division,
            one.organisation_id,
            people[one.seeker_id].name
            if one.seeker_id in people
            else known.get(one.subject, {}).get(one.subject_id, ""),
            one.told,
            FindingState(one.state),
            one.found_at,
            one.note,
            names.get(one.explained_by or 0, ""),
            one.explained_at,
        )
        for one in kept
    ]
