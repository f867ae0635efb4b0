"""The counting rules, and the people whom two offices say they placed."""

from collections.abc import Iterator

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, may, who
from jobfair.kit.counting import COUNTING_RULES, counted_by, declared_by
from jobfair.kit.downloads import beijing, download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.queries.exports import first_day_years
from jobfair.placements.queries.overlaps import OverlapRow, list_overlaps
from jobfair.placements.rules.words import GRADE_NAMES
from jobfair.regions import queries as regions
from jobfair.reports.forms import AskedOverlaps, read_overlaps
from jobfair.reports.queries import COUNTED, TITLES
from jobfair.reports.views.common import bp

_COUNTY = 6


@bp.route("/counting-rules")
@allow(Permission.ACCOUNT_SELF)
def counting_rules() -> str:
    """Show each rule of counting, where it comes from and which lists count by it."""
    used: dict[str, list[str]] = {code: [] for code in COUNTING_RULES}
    for code, title in _uses():
        if title not in used[code]:
            used[code].append(title)
    return render_template("reports/counting_rules.html", rules=COUNTING_RULES.values(), used=used)


def _uses() -> Iterator[tuple[str, str]]:
    for view in current_app.view_functions.values():
        title, rules = declared_by(view)
        for rule in rules:
            yield rule.code, title
    for report, codes in COUNTED.items():
        for code in codes:
            yield code, TITLES[report]


def _asked() -> AskedOverlaps:
    actor = who()
    scope = division_filter(actor, Permission.OVERLAPS_READ)
    return read_overlaps(request.args, scope=scope, office_id=actor.organisation_id)


@bp.route("/overlaps")
@allow(Permission.OVERLAPS_READ)
@counted_by(N_("People of two offices"), "C1", "C9", "C14", "C15")
def overlaps() -> str:
    """List the people of two offices: who, both offices, which counts and why."""
    asked = _asked()
    with db().reading() as session:
        rows = list_overlaps(session, asked.wanted)
        paging = asked_page(len(rows))
        shown = rows[paging.offset : paging.offset + paging.size]
        names = regions.names_of(session, {row.home_division[:_COUNTY] for row in shown})
        years = first_day_years(session)
    return render_template(
        "reports/overlaps.html",
        rows=shown,
        total=len(rows),
        paging=paging,
        names=names,
        asked=asked,
        years=[(year, year) for year in sorted({*years, asked.year}, reverse=True)],
        grades={str(grade): translate(name) for grade, name in GRADE_NAMES.items()},
        opens=_opens,
        office_id=who().organisation_id,
        beijing=beijing,
        args=request.args,
    )


def _opens(row: OverlapRow) -> str | None:
    scope = who().scope(Permission.OVERLAPS_READ).division
    if may(Permission.PLACEMENTS_READ) and row.home_division.startswith(scope or ""):
        return url_for("placements.person", seeker_id=row.seeker_id)
    if may(Permission.LINES_INSPECT):
        return url_for("reports.seeker_line", seeker_id=row.seeker_id)
    return None


@bp.route("/overlaps/export/<kind>")
@allow(Permission.OVERLAPS_READ)
@counted_by(N_("People of two offices"), "C1", "C9", "C14", "C15")
def export_overlaps(kind: str) -> Response:
    """Download the list, masked: a row for each office's word."""
    with db().reading() as session:
        rows = list_overlaps(session, _asked().wanted)
        names = regions.names_of(session, {row.home_division[:_COUNTY] for row in rows})
    titles = (
        _("Name"),
        _("ID number"),
        _("Home county"),
        _("Recorded by office"),
        _("Employer"),
        _("First day"),
        _("Recorded at"),
        _("Evidence"),
        _("Counts"),
    )
    columns = [Column(str(title), text=place == 1) for place, title in enumerate(titles)]
    return download(kind, "overlaps", columns, [c for row in rows for c in _cells(row, names)])


def _cells(row: OverlapRow, names: dict[str, str]) -> list[list[Cell]]:
    home = row.home_division[:_COUNTY]
    return [
        [
            row.name,
            row.id_number,
            names.get(home, home),
            line.office,
            line.employer,
            line.claim.happened_on.isoformat(),
            beijing(line.claim.recorded_at),
            translate(GRADE_NAMES[line.grade]),
            _("counts") if line is row.claims[0] else _("does not count"),
        ]
        for line in row.claims
    ]
