"""Who stands behind a number."""

from flask import render_template, request, url_for

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db
from jobfair.reports import files
from jobfair.reports.people import Kind, Line, lines_of
from jobfair.reports.queries import TITLES
from jobfair.reports.rules import UNIT_NAMES, Report
from jobfair.reports.views.common import asked, bp, made, query

_SHOWN = 100
# A line opens the first of these pages that the reader may see; no page, no link.
_PAGES = {
    Kind.SEEKER: (
        (Permission.PLACEMENTS_READ, "placements.person", "seeker_id"),
        (Permission.LINES_INSPECT, "reports.seeker_line", "seeker_id"),
    ),
    Kind.STUDENT: (
        (Permission.STUDENTS_READ, "school.student", "student_id"),
        (Permission.LINES_INSPECT, "reports.student_line", "student_id"),
    ),
    Kind.EMPLOYER: ((Permission.EMPLOYERS_READ, "employers.employer", "employer_id"),),
    Kind.POSITION: ((Permission.POSITIONS_READ, "employers.position", "position_id"),),
}


@bp.route("/<report_code>/people/<indicator_code>")
@allow(Permission.REPORTS_PEOPLE)
def people(report_code: str, indicator_code: str) -> str:
    """Show, masked, who stands behind one number, or behind a total when no cell is named."""
    found = made(report_code, asked(report_code))
    indicator = next((i for i in found.indicators if i.code == indicator_code), None)
    if indicator is None:
        raise NotFound
    keys = tuple(request.args.getlist("at"))
    labels, value, subjects = _cell(found, indicator_code, keys)
    page = max(1, request.args.get("page", 1, type=int))
    ids = subjects[(page - 1) * _SHOWN : page * _SHOWN]
    with db().reading() as session:
        lines = [(line, _url(line)) for line in lines_of(session, indicator_code, ids)]
    kept = query()
    return render_template(
        "reports/people.html",
        indicator=indicator,
        unit=UNIT_NAMES[indicator.unit],
        value=value,
        labels=labels,
        conditions=files.conditions(found),
        lines=lines,
        subjects=len(subjects),
        title=TITLES[report_code],
        number=page,
        size=_SHOWN,
        back=url_for("reports.report", report_code=report_code, **kept),
        page_url=lambda n: url_for(
            "reports.people",
            report_code=report_code,
            indicator_code=indicator_code,
            at=keys,
            page=n,
            **kept,
        ),
    )


def _cell(
    found: Report, indicator: str, keys: tuple[str, ...]
) -> tuple[list[str], int, tuple[int, ...]]:
    """Return what a cell is called, its number and its subjects; no keys: the total.

    Raises:
        NotFound: nobody in reach is counted there.
    """
    if not keys:
        return [], found.total(indicator), found.subjects(indicator)
    for figure in found.figures:
        if figure.indicator.code == indicator and figure.dimensions == keys:
            return found.labels(figure), figure.value, figure.subjects
    raise NotFound


def _url(line: Line) -> str | None:
    for permission, endpoint, parameter in _PAGES[line.kind]:
        if who().may(permission):
            return url_for(endpoint, **{parameter: line.id})  # type: ignore[arg-type]
    return None
