"""Monthly reports of a school: days of school and beds; the list, taking one in, one student."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.grants import queries
from jobfair.grants.forms import MonthForm
from jobfair.grants.rules.reading import read_month_of
from jobfair.grants.services.months import MonthRow, keep_months, months_spec
from jobfair.grants.services.students import Who
from jobfair.grants.views.common import Cell, Page, bp, own_school, recorder, student_in_reach
from jobfair.kit import clock, imports
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import N_
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db

_EXPORT_ROWS = 200_000
_ABSENT = "absent"


def _asked(reported: list[date]) -> tuple[date, bool]:
    """Return the month asked for, else the latest reported; whether only who was missing."""
    asked = read_month_of(request.args.get("month", ""))
    month = asked or (reported[0] if reported else clock.today().replace(day=1))
    return month, request.args.get("show") == _ABSENT


@bp.route("/months")
@allow(Permission.STUDENTS_READ)
@counted_by(N_("Students' months"), "C1")
def months() -> Page:
    """List one month by class, the least present first."""
    own = own_school(Permission.STUDENTS_READ)
    with db().reading() as session:
        reported = queries.months_reported(session, own)
        month, absent = _asked(reported)
        total = queries.count_months(session, own, month, absent=absent)
        paging = asked_page(total)
        rows = queries.list_months(
            session, own, month, limit=paging.size, offset=paging.offset, absent=absent
        )
    return render_template(
        "grants/months.html",
        rows=rows,
        total=total,
        paging=paging,
        month=f"{month:%Y-%m}",
        reported=[(f"{one:%Y-%m}", f"{one:%Y-%m}") for one in reported],
        absent=_ABSENT,
        args=request.args,
    )


@bp.route("/months/export/<kind>")
@allow(Permission.STUDENTS_READ)
@counted_by(N_("Students' months"), "C1")
def export_months(kind: str) -> Page:
    """Download a month, masked, as xlsx or csv."""
    own = own_school(Permission.STUDENTS_READ)
    with db().reading() as session:
        month, absent = _asked(queries.months_reported(session, own))
        rows = queries.list_months(session, own, month, limit=_EXPORT_ROWS, absent=absent)
    titles = (
        _("Name"),
        _("Student number"),
        _("Class"),
        _("Month"),
        _("Days due"),
        _("Days present"),
        _("Dormitory room"),
    )
    columns = [Column(str(title), text=place in {1, 6}) for place, title in enumerate(titles)]
    cells: list[list[Cell]] = [
        [
            row.name,
            row.student_number,
            row.school_class,
            f"{row.month:%Y-%m}",
            row.days_due,
            row.days_present,
            row.room,
        ]
        for row in rows
    ]
    return download(kind, "student-months", columns, cells)


def _import_words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import a monthly report"),
        intro=_(
            "Student number or ID number, month, days due, days present, dormitory room. What is "
            "told later of the same month takes the place of what was told before."
        ),
        upload="grants.import_months",
        preview="grants.months_preview",
        result="grants.months_result",
        errors="grants.months_errors",
        done="grants.months",
    )


def _spec(_file_name: str) -> ImportSpec[MonthRow]:
    return months_spec(own_school(Permission.STUDENTS_IMPORT), recorder())


@bp.route("/months/import", methods=["GET", "POST"])
@allow(Permission.STUDENTS_IMPORT)
def import_months() -> imports.Page:
    """Choose the file."""
    return imports.upload_page(_import_words())


@bp.route("/months/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.STUDENTS_IMPORT)
def months_preview(import_id: str) -> imports.Page:
    """Show what the file would change, then do it."""
    return imports.preview_page(import_id, _import_words(), _spec)


@bp.route("/months/import/<string:import_id>/result")
@allow(Permission.STUDENTS_IMPORT)
def months_result(import_id: str) -> imports.Page:
    """Show what was kept."""
    return imports.result_page(import_id, _import_words())


@bp.route("/months/import/<string:import_id>/errors.xlsx")
@allow(Permission.STUDENTS_IMPORT)
def months_errors(import_id: str) -> Response | imports.Page:
    """Give the refused rows back with their reasons."""
    return imports.errors_file(import_id)


@bp.route("/<int:student_id>/months/new", methods=["GET", "POST"])
@allow(Permission.STUDENTS_WRITE)
def new_month(student_id: int) -> Page:
    """Enter or correct a month of one student."""
    with db().reading() as session:
        found = student_in_reach(session, student_id, Permission.STUDENTS_WRITE, unmasked=True)
        masked = student_in_reach(session, student_id, Permission.STUDENTS_WRITE)
    form = MonthForm()
    kept: list[bool] = []

    def keep(session: Session) -> None:
        draft = form.draft()
        if draft:
            own = own_school(Permission.STUDENTS_WRITE)
            keep_months(session, own, [MonthRow(Who("", found.id_number, ""), draft)], recorder())
            kept.append(True)

    if carried_out(form, keep) and kept:
        flash(_("The month is recorded."))
        return redirect(url_for("grants.of_student", student_id=student_id), 303)
    page = render_template("grants/month_form.html", form=form, student=masked)
    return page, 422 if form.errors else 200
