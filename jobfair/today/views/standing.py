"""Where things stand: figures that open; and where somebody goes on from here."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Actor, Permission, Role
from jobfair.employers.queries import PositionFilter, count_positions
from jobfair.fairs import queries as fairs
from jobfair.reports.queries import EXPORTED, FAIR, INTAKE
from jobfair.today import queries


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name and the page it opens."""

    number: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """A way to go on."""

    title: str
    text: str
    url: str


def _figure(number: int, label: str, url: str) -> Figure:
    return Figure(f"{number:,}", label, url)


def figures_of(session: Session, actor: Actor) -> list[Figure]:
    """Return where things stand within somebody's reach."""
    if actor.role in {Role.LEADER, Role.AUDITOR}:
        return list(_headlines(session))
    parts = (_office, _employer, _fair, _school)
    return [figure for part in parts for figure in part(session, actor)]


def _headlines(session: Session) -> Iterator[Figure]:
    """Give the figures that head the reports; each is the report's own number."""
    report = "reports.report"
    exported = queries.count_exported(session)
    yield _figure(exported, _("persons exported"), url_for(report, report_code=EXPORTED))
    registered = queries.count_registered(session)
    yield _figure(registered, _("registered seekers"), url_for(report, report_code=FAIR))
    yield from _enrolled(session, None)
    newest = fairs.list_fairs(session)
    if newest:
        url = url_for("fairs.fair", fair_code=newest[0].code)
        yield _figure(newest[0].employers, _("employers at the latest fair"), url)
        yield _figure(newest[0].posts, _("posts at the latest fair"), url)


def _office(session: Session, actor: Actor) -> Iterator[Figure]:
    if actor.may(Permission.SEEKERS_READ):
        division = actor.scope(Permission.SEEKERS_READ).division
        number = queries.count_register(session, division)
        yield _figure(number, _("people in the register"), url_for("seekers.people"))
    if actor.may(Permission.PLACEMENTS_READ):
        division = actor.scope(Permission.PLACEMENTS_READ).division
        number = queries.count_placements(session, division)
        url = url_for("placements.placements", standing="running")
        yield _figure(number, _("people at work in a recorded placement"), url)


def _employer(session: Session, actor: Actor) -> Iterator[Figure]:
    if actor.role is Role.STAFF or not actor.may(Permission.POSITIONS_READ):
        return
    own = actor.scope(Permission.POSITIONS_READ).organisation_id
    totals = count_positions(session, PositionFilter(status="open", organisation_id=own))
    url = url_for("employers.positions", status="open")
    yield _figure(totals.positions, _("open positions"), url)
    yield _figure(totals.posts, _("posts in them"), url)


def _fair(session: Session, actor: Actor) -> Iterator[Figure]:
    if not actor.may(Permission.FAIRS_READ):
        return
    rows = fairs.list_fairs(session)
    yield _figure(len(rows), _("fairs"), url_for("fairs.fairs"))
    if rows:
        url = url_for("fairs.fair", fair_code=rows[0].code)
        yield _figure(rows[0].employers, _("employers at the latest fair"), url)
        yield _figure(rows[0].posts, _("posts at the latest fair"), url)


def _school(session: Session, actor: Actor) -> Iterator[Figure]:
    if actor.role is not Role.REGISTRAR:
        return
    yield from _enrolled(session, actor.organisation_id)


def _enrolled(session: Session, school: int | None) -> Iterator[Figure]:
    year = queries.newest_year(session, school)
    if year is not None:
        url = url_for("reports.report", report_code=INTAKE, year=year)
        number = queries.count_enrolled(session, year, school)
        yield _figure(number, _("students enrolled in %(year)s", year=year), url)


def cards_of(actor: Actor, own_employer: int | None) -> list[Card]:
    """Return the ways on that a role uses most; at most six."""
    wanted = (
        (
            Permission.SEEKERS_WRITE,
            "seekers.new_seeker",
            _("Register a seeker"),
            _("At the counter, by form"),
        ),
        (
            Permission.SEEKERS_IMPORT,
            "seekers.import_file",
            _("Import seekers"),
            _("A list of any layout"),
        ),
        (
            Permission.PLACEMENTS_IMPORT,
            "ledgers.import_ledger",
            _("Import a transfer ledger"),
            _("Who works where"),
        ),
        (
            Permission.STUDENTS_WRITE,
            "school.new_student",
            _("Register a student"),
            _("Application by form"),
        ),
        (
            Permission.STUDENTS_IMPORT,
            "school.import_students",
            _("Import an intake list"),
            _("A whole intake at once"),
        ),
        (
            Permission.VILLAGE_WORK,
            "charges.village",
            _("Neighbours"),
            _("Who came home, who went out, who has a new number"),
        ),
        (
            Permission.LIAISON_WORK,
            "charges.liaison",
            _("Our people today"),
            _("Who is on the way, and who is to be asked"),
        ),
        (Permission.FAIRS_WRITE, "fairs.new_fair", _("New fair"), _("Name, days, venue")),
        (
            Permission.POSITIONS_IMPORT,
            "employers.import_positions",
            _("Import positions"),
            _("A vacancy list of any layout"),
        ),
        (Permission.FAIRS_READ, "fairs.fairs", _("Job fairs"), _("Employers and positions")),
        (
            Permission.REPORTS_READ,
            "reports.index",
            _("Reports"),
            _("Every number opens into the people behind it."),
        ),
        (Permission.CODES_READ, "accounts.account", _("My account"), _("Password and sessions")),
    )
    found = [
        Card(title, text, url_for(endpoint))
        for permission, endpoint, title, text in wanted
        if actor.may(permission)
    ]
    if own_employer is not None:
        url = url_for("employers.new_position", employer_id=own_employer)
        found.insert(0, Card(_("New position"), _("By form, with a check of the rules"), url))
        url = url_for("venues.own_fairs")
        found.insert(1, Card(_("Our fairs"), _("Booth, positions and headcount"), url))
    return found[:6]
