"""The list of students: filters, search, pages."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, organisation_filter, who
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db, hide_query, show_query
from jobfair.regions import queries as regions
from jobfair.school import queries
from jobfair.school.forms import read_filter
from jobfair.school.rules.events import LEVEL_NAMES
from jobfair.school.views.common import Cell, Page, bp
from jobfair.seekers.rules.drafts import CATEGORY_NAMES, SEX_LABELS

EXPORT_ROWS = 200_000
ORDERS = {
    "-year": N_("Newest intake first"),
    "number": N_("By student number"),
    "-entered": N_("Latest entry first"),
    "entered": N_("Earliest entry first"),
    "-applied": N_("Latest application first"),
}


@bp.route("/")
@allow(Permission.STUDENTS_READ)
@counted_by(N_("Students"), "C1", "C11")
def students() -> Page:
    """List students, the latest intake first."""
    own = organisation_filter(who(), Permission.STUDENTS_READ)
    text = show_query(request.args.get("find", ""))
    wanted = read_filter(request.args, organisation_id=own)
    with db().reading() as session:
        if text:
            wanted = replace(wanted, ids=queries.find_by_text(session, text, own))
        total = queries.count_students(session, wanted)
        paging = asked_page(total)
        rows = queries.list_students(session, wanted, limit=paging.size, offset=paging.offset)
        codes = {row.home_division[:n] for row in rows for n in (2, 6)}
        names = regions.names_of(session, codes)
        years = queries.intake_years(session, own)
        majors = queries.majors(session, own)
    return render_template(
        "school/students.html",
        rows=rows,
        total=total,
        paging=paging,
        names=names,
        years={str(year): str(year) for year in years},
        majors={major: major for major in majors},
        search=text,
        args=request.args,
        orders={code: translate(text) for code, text in ORDERS.items()},
    )


@bp.route("/search", methods=["POST"])
@allow(Permission.STUDENTS_READ)
def search() -> Page:
    """Find a student; what is typed travels sealed, so that no name stands in a URL."""
    text = request.form.get("text", "").strip()
    return redirect(url_for("school.students", find=hide_query(text) if text else None))


@bp.route("/export/<kind>")
@allow(Permission.STUDENTS_READ)
@counted_by(N_("Students"), "C1", "C11")
def export(kind: str) -> Page:
    """Download the filtered list, masked, as xlsx or csv."""
    own = organisation_filter(who(), Permission.STUDENTS_READ)
    wanted = read_filter(request.args, organisation_id=own)
    text = show_query(request.args.get("find", ""))
    with db().reading() as session:
        if text:
            wanted = replace(wanted, ids=queries.find_by_text(session, text, own))
        rows = queries.list_students(session, wanted, limit=EXPORT_ROWS)
        names = regions.names_of(session, {row.home_division[:n] for row in rows for n in (2, 6)})
    return download(kind, "students", _columns(), [_cells(row, names) for row in rows])


def _columns() -> list[Column]:
    titles = (
        _("Name"),
        _("ID number"),
        _("Sex"),
        _("Student number"),
        _("Home"),
        _("Household category"),
        _("Intake year"),
        _("Major"),
        _("Level"),
        _("Class"),
        _("Day of the application"),
        _("Day of entry"),
        _("Day of leaving"),
    )
    return [Column(str(title), text=place in {1, 3}) for place, title in enumerate(titles)]


def _cells(row: queries.StudentRow, names: dict[str, str]) -> list[Cell]:
    category = CATEGORY_NAMES.get(row.household_category or "")
    return [
        row.name,
        row.id_number,
        translate(SEX_LABELS[row.sex]),
        row.student_number or "",
        names.get(row.home_division[:2], "") + names.get(row.home_division[:6], ""),
        translate(category) if category else "",
        row.intake_year,
        row.major,
        translate(LEVEL_NAMES[row.level]),
        row.school_class,
        row.applied_on.isoformat(),
        row.enrolled_on.isoformat() if row.enrolled_on else "",
        row.left_on.isoformat() if row.left_on else "",
    ]
