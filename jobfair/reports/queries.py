"""Builds each report from the people behind it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jobfair.accounts.queries import recorder_names
from jobfair.fairs.queries import FairRow, find_fair, list_fair_positions, list_fairs
from jobfair.kit import clock
from jobfair.kit.errors import Invalid, NotFound
from jobfair.kit.i18n import N_
from jobfair.placements.queries.exports import ExportedRow, first_day_years
from jobfair.placements.queries.overlaps import listed_claims
from jobfair.placements.rules.offices import OfficeClaim, by_evidence
from jobfair.regions import codes
from jobfair.regions import queries as regions
from jobfair.reports.rules import (
    AGE_BANDS,
    F01,
    F02,
    F02P,
    P02,
    P03,
    P04,
    REG,
    S01,
    Figure,
    Indicator,
    Report,
    Scale,
    Subject,
    age_band,
    fold,
    narrow,
    project,
)
from jobfair.school.queries.exports import labour_exports
from jobfair.school.queries.intake import intake_rows
from jobfair.school.queries.listing import intake_years
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.homes import has_moved, homes_before
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
    EXPORTED: ("county", "month", "channel", "category", "office"),
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
    "office": N_("Recorded by office"),
}
_DEFAULT_BY = {FAIR: ("county", "category"), EXPORTED: ("county",), INTAKE: ("origin",)}
GUIZHOU = "52"
COUNTY = 6
_CHANNELS = {"organised": ("有组织", "organised"), "self": ("自发", "self-arranged")}
# By which of the counting rules each report counts.
COUNTED: Mapping[str, tuple[str, ...]] = {
    FAIR: ("C1", "C9"),
    EXPORTED: ("C1", "C2", "C3", "C5", "C7", "C9", "C11", "C13", "C14", "C15"),
    INTAKE: ("C1", "C11", "C14"),
}
INDICATORS: Mapping[str, tuple[Indicator, ...]] = {
    FAIR: (F01, F02P, F02, REG),
    EXPORTED: (P02, P03, P04),
    INTAKE: (S01,),
}
NOTES: Mapping[str, tuple[str, ...]] = {
    FAIR: (
        N_(
            "Registrations are kept as they are now and cannot be rewound: the as-of date only "
            "decides how old people are; known-at leaves out who was registered later."
        ),
        N_(
            "Employers, positions and posts are those of the whole fair; filters do not touch them."
        ),
    ),
    EXPORTED: (
        N_(
            "A person counts once, where the first placement of the period belongs: its county, "
            "month, way and household category. Each move counts where it began."
        ),
        N_("Persons and moves are different units and are never added."),
        N_(
            "By office: a person of two offices counts for the one with the earlier evidence; the "
            "list of overlaps names them."
        ),
    ),
    INTAKE: (N_("Home and household category are those on the day of application."),),
}
ABSTRACTS: Mapping[str, str] = {
    FAIR: N_("Employers, positions and posts; registered seekers by county, category, sex, age."),
    EXPORTED: N_("Persons and moves by county, month, way and household category."),
    INTAKE: N_("Students enrolled by home, major and household category."),
}
SOURCES: Mapping[str, str] = {
    FAIR: N_("Positions confirmed for the fair; register of seekers with consent."),
    EXPORTED: N_("Events of placements outside the home county, reversed entries left out."),
    INTAKE: N_("Events of students of the intake, reversed entries left out."),
}


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
        year: only this year; None for all, or for the newest intake.
        only: only these values of a dimension: name → keys.
    """

    by: tuple[str, ...] | None = None
    as_of: date | None = None
    known_at: datetime | None = None
    division: str | None = None
    organisation_id: int | None = None
    fair: str | None = None
    year: int | None = None
    only: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What a report counts before it is folded: of each indicator its subjects, all dimensions."""

    as_of: date
    subjects: Mapping[Indicator, list[Subject]]
    scales: tuple[Scale, ...]


def build(session: Session, code: str, question: Question, *, language: str) -> Report:
    """Return a report.

    Raises:
        UnknownReport: no such code.
        UnknownDimension: a dimension the report does not have.
    """
    if code not in CODES:
        raise UnknownReport(name=code, known=", ".join(CODES))
    by = question.by if question.by is not None else _DEFAULT_BY[code]
    for name in (*by, *question.only):
        if name not in DIMENSIONS[code]:
            raise UnknownDimension(name=name, known=", ".join(DIMENSIONS[code]))
    counted = {FAIR: _fair, EXPORTED: _exported, INTAKE: _intake}[code](session, question, language)
    figures: list[Figure] = []
    found: dict[str, set[str]] = {name: set() for name in DIMENSIONS[code]}
    for indicator, subjects in counted.subjects.items():
        if indicator.broken_down:
            for place, name in enumerate(DIMENSIONS[code]):
                found[name].update({s.dimensions[place] for s in subjects})
            chosen = narrow(subjects, DIMENSIONS[code], question.only)
            figures += fold(indicator, project(chosen, DIMENSIONS[code], by))
        else:
            figures += fold(indicator, subjects)
    return Report(
        code,
        counted.as_of,
        tuple(by),
        tuple(figures),
        scales=counted.scales,
        indicators=INDICATORS[code],
        only={name: keys for name, keys in question.only.items() if keys},
        known_at=question.known_at,
        choices={s.name: s.sorted(found[s.name]) for s in counted.scales},
        notes=NOTES[code],
    )


def fair_asked(session: Session, code: str | None) -> FairRow | None:
    """Return the fair asked for, else the newest."""
    fairs = list_fairs(session)
    return find_fair(session, code) if code else (fairs[0] if fairs else None)


def years_of(session: Session, code: str, organisation_id: int | None) -> list[int]:
    """Return the years a report can be asked for, newest first; none where it has no year."""
    if code == INTAKE:
        return intake_years(session, organisation_id)
    return first_day_years(session) if code == EXPORTED else []


def _fair(session: Session, question: Question, language: str) -> _Counted:
    as_of = question.as_of or clock.today()
    fair = fair_asked(session, question.fair)
    posts = list_fair_positions(session, fair.id) if fair else []
    people = _registered(session, question, as_of)
    names = _county_names(session, (s.dimensions[0] for s in people))
    return _Counted(
        as_of,
        {
            F01: [Subject(p.employer_id, ()) for p in posts],
            F02P: [Subject(p.position_id, ()) for p in posts],
            F02: [Subject(p.position_id, (), p.headcount) for p in posts],
            REG: people,
        },
        (
            Scale("county", names),
            _codes("category", "household_categories", language),
            _codes("sex", "sexes", language),
            Scale("age", {band: band for band in AGE_BANDS}),
            _codes("education", "education", language),
        ),
    )


def _codes(name: str, code_list: str, language: str) -> Scale:
    """Return a code list as the values of a dimension."""
    return Scale(name, {c: v.name(language) for c, v in codes.code_list(code_list).items()})


def _county_names(session: Session, found: Iterable[str]) -> dict[str, str]:
    """Return the names of counties by code, in the order of the codes."""
    return dict(sorted(regions.names_of(session, set(found)).items()))


def _registered(session: Session, question: Question, as_of: date) -> list[Subject]:
    # Whoever has moved since is counted where they lived on the day.
    moved = homes_before(session, as_of=as_of, known_at=question.known_at)
    statement = select(
        Seeker.id,
        Seeker.home_division,
        Seeker.household_category,
        Seeker.sex,
        Seeker.birth_date,
        Seeker.education,
    ).where(Seeker.status == "active", Seeker.consent_at.is_not(None))
    if question.division:
        statement = statement.where(or_(within(question.division), has_moved()))
    if question.known_at:
        statement = statement.where(Seeker.created_at <= question.known_at)
    bands: dict[date, str] = {}
    found = []
    for row_id, now, category, sex, born, education in session.execute(statement):
        home = moved.get(row_id, now)
        if question.division and not home.startswith(question.division):
            continue
        if born not in bands:
            bands[born] = age_band(born, as_of)
        found.append(
            Subject(row_id, (home[:COUNTY], category or "", sex, bands[born], education or ""))
        )
    return found


def _exported(session: Session, question: Question, language: str) -> _Counted:
    as_of = question.as_of or clock.today()
    since = date(question.year, 1, 1) if question.year else None
    if question.year:
        as_of = min(as_of, date(question.year, 12, 31))
    rows = labour_exports(
        session,
        as_of=as_of,
        known_at=question.known_at,
        division=question.division,
        since=since,
    )

    listed = listed_claims(session, as_of=as_of, known_at=question.known_at, since=since)
    offices = _offices(rows, listed)

    def dims(row: ExportedRow, office: str) -> tuple[str, ...]:
        channel = "organised" if row.organised else "self"
        return (row.county, row.month.strftime("%Y-%m"), channel, row.category or "", office)

    persons: dict[int, Subject] = {}
    employed: dict[int, Subject] = {}
    moves = []
    for row in rows:  # a person counts once, where their first placement of the period belongs
        subject = Subject(row.seeker_id, dims(row, offices[row.seeker_id]))
        persons.setdefault(row.seeker_id, subject)
        if row.employed:
            employed.setdefault(row.seeker_id, subject)
        if row.opens_move:
            own = str(row.claim.office_id) if row.claim else ""
            moves.append(Subject(row.placement_id, dims(row, own)))
    months = sorted({row.month.strftime("%Y-%m") for row in rows})
    english = int(language == "en")
    channels = {key: names[english] for key, names in _CHANNELS.items()}
    return _Counted(
        as_of,
        {P02: list(persons.values()), P03: moves, P04: list(employed.values())},
        (
            Scale("county", _county_names(session, (r.county for r in rows))),
            Scale("month", {month: month for month in months}),
            Scale("channel", channels),
            _codes("category", "household_categories", language),
            Scale("office", _office_names(session, rows, offices.values())),
        ),
    )


def _offices(
    rows: Iterable[ExportedRow], listed: Mapping[int, list[OfficeClaim]]
) -> dict[int, str]:
    """Return which office each person counts for (C15), as a key; empty for none."""
    claims: dict[int, list[OfficeClaim]] = {}
    for row in rows:
        own = claims.setdefault(row.seeker_id, [])
        own += [row.claim] if row.claim else []
        own += listed.get(row.placement_id, [])
    return {
        person: str(by_evidence(own)[0].office_id) if own else "" for person, own in claims.items()
    }


def _office_names(
    session: Session, rows: Iterable[ExportedRow], counted: Iterable[str]
) -> dict[str, str]:
    keys = {str(row.claim.office_id) for row in rows if row.claim} | set(filter(None, counted))
    names = recorder_names(session, (), {int(key) for key in keys})[1]
    return {str(office): name for office, name in sorted(names.items())}


def _intake(session: Session, question: Question, language: str) -> _Counted:
    as_of = question.as_of or clock.today()
    years = years_of(session, INTAKE, question.organisation_id)
    rows = intake_rows(
        session,
        year=question.year or (years[0] if years else as_of.year),
        as_of=as_of,
        known_at=question.known_at,
        organisation_id=question.organisation_id,
        division=question.division,
    )
    rows = [r for r in rows if r.still_on_roll]
    names = regions.names_of(session, {r.county for r in rows} | {r.province for r in rows})
    origins = sorted({_origin(r.county, r.province) for r in rows})
    labels = {
        o: " ".join(names.get(o[:n], "") for n in (2, COUNTY) if n <= len(o)) for o in origins
    }
    subjects = [
        Subject(r.student_id, (_origin(r.county, r.province), r.major, r.category or ""))
        for r in rows
    ]
    return _Counted(
        as_of,
        {S01: subjects},
        (
            Scale("origin", {o: text.strip() for o, text in labels.items()}),
            Scale("major", {major: major for major in sorted({r.major for r in rows})}),
            _codes("category", "household_categories", language),
        ),
    )


def _origin(county: str, province: str) -> str:
    """Return the code of the province and, inside Guizhou, of the county."""
    return county if province == GUIZHOU else province
