"""One person's line of events for an auditor: masked, nothing to change, each look recorded."""

from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.events.queries import EventRow
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.placements import queries as placements
from jobfair.placements.rules.counting import CHANNEL_NAMES
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.rules.words import ANY_REASON_NAMES, GRADE_NAMES, KIND_NAMES
from jobfair.regions import queries as regions
from jobfair.reports import services
from jobfair.reports.views.common import bp
from jobfair.school import queries as school
from jobfair.school.rules.events import STUDENT_GRADE_NAMES, STUDENT_KIND_NAMES
from jobfair.seekers import queries as seekers


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as an auditor reads it; free texts are left out, they may name people."""

    what: str
    day: str
    note: str
    recorded: str
    reversed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The events of one placement, or of one place at a school."""

    title: str
    facts: str
    entries: tuple[Entry, ...]


@bp.route("/lines/seekers/<int:seeker_id>")
@allow(Permission.LINES_INSPECT)
def seeker_line(seeker_id: int) -> str:
    """Show what happened to a person."""
    scope = who().scope(Permission.LINES_INSPECT)
    with db().reading() as session:
        seeker = seekers.find_seeker(session, seeker_id)
        if seeker is None:
            raise NotFound
        scope.must_cover(division=seeker.row.home_division)
        lines = placements.person_lines(session, seeker_id)
        home = seeker.row.home_division[:6]
        codes = {home} | {line.workplace_division or "" for line in lines}
        names = regions.names_of(session, codes)
    parts = [
        Part(
            line.employer_name or line.workplace_text or _("Employer not recorded"),
            " · ".join(
                filter(
                    None,
                    (
                        line.title,
                        names.get(line.workplace_division or "") or line.workplace_text,
                        translate(CHANNEL_NAMES[line.channel]),
                    ),
                )
            ),
            tuple(_entry(row) for row in line.events if row.event.kind != "reversal"),
        )
        for line in lines
    ]
    _record("seeker", seeker_id)
    return render_template(
        "reports/line.html",
        name=seeker.row.name,
        id_number=seeker.row.id_number,
        home=names.get(home, home),
        parts=parts,
    )


def _entry(row: EventRow[EventKind]) -> Entry:
    event = row.event
    reason = ANY_REASON_NAMES.get(event.reason or "")
    note = [translate(reason)] if reason else []
    return Entry(
        translate(KIND_NAMES[event.kind]),
        event.occurred_on.isoformat(),
        " · ".join([*note, translate(GRADE_NAMES[event.grade])]),
        _recorded(beijing(event.recorded_at), row.office),
        row.reversal is not None,
    )


@bp.route("/lines/students/<int:student_id>")
@allow(Permission.LINES_INSPECT)
def student_line(student_id: int) -> str:
    """Show what happened to a student."""
    scope = who().scope(Permission.LINES_INSPECT)
    with db().reading() as session:
        student = school.find_student(session, student_id)
        if student is None:
            raise NotFound
        scope.must_cover(organisation_id=student.organisation_id, division=student.home_division)
        home = student.home_division[:6]
        names = regions.names_of(session, {home})
    entries = tuple(
        Entry(
            translate(STUDENT_KIND_NAMES[row.event.kind]),
            row.event.occurred_on.isoformat(),
            translate(STUDENT_GRADE_NAMES[row.event.grade]),
            _recorded(beijing(row.event.recorded_at), row.office),
            row.reversal is not None,
        )
        for row in student.events
        if row.event.kind != "reversal"
    )
    _record("student", student_id)
    return render_template(
        "reports/line.html",
        name=student.name,
        id_number=student.id_number,
        home=names.get(home, home),
        parts=[Part(student.school, f"{student.intake_year} · {student.major}", entries)],
    )


def _recorded(at: str, office: str) -> str:
    return str(_("recorded %(at)s by %(who)s", at=at, who=office or _("the system")))


def _record(subject: str, subject_id: int) -> None:
    with db().writing() as session:
        services.record_inspection(session, subject=subject, subject_id=subject_id)
