"""Builds each report from the people behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.fairs.queries import find_fair, list_fair_positions, list_fairs
from jobfair.kit import clock
from jobfair.kit.errors import Invalid, NotFound
from jobfair.kit.i18n import N_
from jobfair.placements.queries.exports import ExportedRow, exported_rows
from jobfair.regions import codes
from jobfair.regions import queries as regions
from jobfair.reports.rules import (
    F01,
    F02,
    F02P,
    P02,
    P03,
    REG,
    S01,
    Report,
    Subject,
    age_band,
    fold,
    project,
)
from jobfair.school.queries.intake import intake_rows
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import within

FAIR = "fair-summary"
EXPORTED = "exported"
INTAKE = "intake"
CODES = (FAIR, EXPORTED, INTAKE)
TITLES = {
    FAIR: N_("Fair summary"),
    EXPORTED: N_("Exported labourers"),
    INTAKE: N_("Work-study intake"),
}
DIMENSIONS = {
    FAIR: ("county", "category", "sex", "age", "education"),
    EXPORTED: ("county", "month", "channel", "category"),
    INTAKE: ("origin", "major", "category"),
}
DIMENSION_NAMES = {
    "county": N_("County"),
    "category": N_("Household category"),
    "sex": N_("Sex"),
    "age": N_("Age"),
    "education": N_("Schooling"),
    "month": N_("Month"),
    "channel": N_("Organised"),
    "origin": N_("Home"),
    "major": N_("Major"),
    "position": N_("Position"),
}
_DEFAULT_BY = {FAIR: ("county", "category"), EXPORTED: ("county",), INTAKE: ("origin",)}
GUIZHOU = "52"


class UnknownDimension(Invalid):
    """The report has no such dimension."""

    code = "unknown_dimension"
    message = N_("This report has no dimension %(name)s. It has: %(known)s.")


class UnknownReport(NotFound):
    """There is no such report."""

    code = "unknown_report"
    message = N_("There is no report %(name)s. There are: %(known)s.")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a report.

    Attributes:
        by: dimensions to break the figures down by; None for the report's own choice.
        as_of: what had happened by this day; None for today.
        known_at: what had been recorded by then; None for now.
        division: only people of this home.
        organisation_id: only this school's students.
        fair: code of the fair; None for the newest.
    """

    by: tuple[str, ...] | None = None
    as_of: date | None = None
    known_at: datetime | None = None
    division: str | None = None
    organisation_id: int | None = None
    fair: str | None = None
    year: int | None = None


def build(session: Session, code: str, question: Question, *, language: str) -> Report:
    """Return a report.

    Raises:
        UnknownReport: no such code.
        UnknownDimension: a dimension the report does not have.
    """
    if code not in CODES:
        raise UnknownReport(name=code, known=", ".join(CODES))
    by = question.by if question.by is not None else _DEFAULT_BY[code]
    for name in by:
        if name not in DIMENSIONS[code]:
            raise UnknownDimension(name=name, known=", ".join(DIMENSIONS[code]))
    builder = {FAIR: _fair, EXPORTED: _exported, INTAKE: _intake}[code]
    return builder(session, question, by, language)


def _fair(session: Session, question: Question, by: Sequence[str], language: str) -> Report:
    as_of = question.as_of or clock.today()
    blank = tuple("" for _ in by)
    figures = []
    fair = find_fair(session, question.fair or _newest_fair(session) or "")
    posts = list_fair_positions(session, fair.id) if fair else []
    figures += fold(F01, [Subject(p.employer_id, blank) for p in posts])
    figures += fold(F02P, [Subject(p.position_id, blank) for p in posts])
    figures += fold(F02, [Subject(p.position_id, blank, p.headcount) for p in posts])
    people = _registered(session, question.division, as_of, language)
    figures += fold(REG, project(people, DIMENSIONS[FAIR], by))
    return Report(FAIR, as_of, tuple(by), tuple(figures))


def eligible_figures(session: Session, fair_code: str | None) -> list[tuple[str, str, int, int]]:
    """Return employer, position, headcount and eligible people of each position of a fair."""
    fair = find_fair(session, fair_code or _newest_fair(session) or "")
    posts = list_fair_positions(session, fair.id) if fair else []
    return [(p.employer, p.title, p.headcount, p.eligible or 0) for p in posts]


def _newest_fair(session: Session) -> str | None:
    fairs = list_fairs(session)
    return fairs[0].code if fairs else None


def _registered(
    session: Session, division: str | None, as_of: date, language: str
) -> list[Subject]:
    statement = select(
        Seeker.id,
        Seeker.home_division,
        Seeker.household_category,
        Seeker.sex,
        Seeker.birth_date,
        Seeker.education,
    ).where(Seeker.status == "active", Seeker.consent_at.is_not(None))
    if division:
        statement = statement.where(within(division))
    rows = session.execute(statement).all()
    names = regions.names_of(session, {r.home_division[:6] for r in rows})
    category = {c: v.name(language) for c, v in codes.code_list("household_categories").items()}
    sexes = {c: v.name(language) for c, v in codes.code_list("sexes").items()}
    schooling = {c: v.name(language) for c, v in codes.code_list("education").items()}
    return [
        Subject(
            r.id,
            (
                names.get(r.home_division[:6], "–"),
                category.get(r.household_category or "", "–"),
                sexes.get(r.sex, "–"),
                age_band(r.birth_date, as_of),
                schooling.get(r.education or "", "–"),
            ),
        )
        for r in rows
    ]


_CHANNELS = {True: ("有组织", "organised"), False: ("自发", "self-arranged")}


def _exported(session: Session, question: Question, by: Sequence[str], language: str) -> Report:
    as_of = question.as_of or clock.today()
    since = date(question.year, 1, 1) if question.year else None
    if question.year:
        as_of = min(as_of, date(question.year, 12, 31))
    rows = exported_rows(
        session,
        as_of=as_of,
        known_at=question.known_at,
        division=question.division,
        since=since,
    )
    names = regions.names_of(session, {r.county for r in rows})
    category = {c: v.name(language) for c, v in codes.code_list("household_categories").items()}
    english = int(language == "en")

    def dims(row: ExportedRow) -> tuple[str, ...]:
        return (
            names.get(row.county, "–"),
            row.month.strftime("%Y-%m"),
            _CHANNELS[row.organised][english],
            category.get(row.category or "", "–"),
        )

    persons: dict[int, Subject] = {}
    for row in rows:  # a person counts once, where their first placement of the period belongs
        persons.setdefault(row.seeker_id, Subject(row.seeker_id, dims(row)))
    moves = [Subject(r.placement_id, dims(r)) for r in rows if r.opens_move]
    figures = fold(P02, project(list(persons.values()), DIMENSIONS[EXPORTED], by))
    figures += fold(P03, project(moves, DIMENSIONS[EXPORTED], by))
    return Report(EXPORTED, as_of, tuple(by), tuple(figures))


def _intake(session: Session, question: Question, by: Sequence[str], language: str) -> Report:
    as_of = question.as_of or clock.today()
    rows = intake_rows(
        session,
        year=question.year or 2010,
        as_of=as_of,
        known_at=question.known_at,
        organisation_id=question.organisation_id,
        division=question.division,
    )
    rows = [r for r in rows if r.still_on_roll]
    names = regions.names_of(session, {r.county for r in rows} | {r.province for r in rows})
    category = {c: v.name(language) for c, v in codes.code_list("household_categories").items()}
    subjects = [
        Subject(
            r.student_id,
            (
                _origin(names, r.county, r.province),
                r.major,
                category.get(r.category or "", "–"),
            ),
        )
        for r in rows
    ]
    figures = fold(S01, project(subjects, DIMENSIONS[INTAKE], by))
    return Report(INTAKE, as_of, tuple(by), tuple(figures))


def _origin(names: dict[str, str], county: str, province: str) -> str:
    """Return province and, inside Guizhou, the county."""
    whole = names.get(province, "–")
    return f"{whole} {names.get(county, '')}".strip() if province == GUIZHOU else whole
