"""Employers confirm their people once a month: the sheet out, and in again filled."""

from datetime import date

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers.queries import find_employer
from jobfair.follow_ups.queries import confirming as queries
from jobfair.follow_ups.rules.confirming import HEADERS, SAID_WORDS, Confirmation
from jobfair.follow_ups.services.confirming import confirmation_spec
from jobfair.follow_ups.views.common import bp
from jobfair.follow_ups.views.work import EXPORT_ROWS
from jobfair.kit import audit, clock, imports
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.placements.views.common import Page, recorder

_PEOPLE = 20_000


def _reach() -> queries.Reach:
    scope = who().scope(Permission.CONFIRMATIONS)
    return queries.Reach(scope.division, scope.organisation_id)


@bp.route("/confirmations")
@allow(Permission.CONFIRMATIONS)
@counted_by(N_("Employers' confirmations"), "C1", "C12")
def employers() -> Page:
    """List employers with people on post; a recruiter sees the own one."""
    with db().reading() as session:
        total = queries.count_employers(session, _reach())
        paging = asked_page(total)
        rows = queries.list_employers(session, _reach(), limit=paging.size, offset=paging.offset)
    return render_template(
        "follow_ups/employers.html", rows=rows, total=total, paging=paging, today=clock.today()
    )


@bp.route("/confirmations/export/<kind>")
@allow(Permission.CONFIRMATIONS)
@counted_by(N_("Employers' confirmations"), "C1", "C12")
def export_employers(kind: str) -> Page:
    """Download which employers have people on post, and when each last confirmed."""
    with db().reading() as session:
        rows = queries.list_employers(session, _reach(), limit=EXPORT_ROWS)
    columns = [
        Column(str(title)) for title in (_("Employer"), _("People on post"), _("Last confirmed"))
    ]
    cells: list[list[Cell]] = [
        [row.name, row.on_post, row.confirmed_on.isoformat() if row.confirmed_on else ""]
        for row in rows
    ]
    return download(kind, "confirmations", columns, cells)


@bp.route("/confirmations/<int:employer_id>/export/<kind>")
@allow(Permission.CONFIRMATIONS)
@counted_by(N_("Employers' confirmations"), "C1", "C12")
def people(employer_id: int, kind: str) -> Page:
    """Download an employer's people on post, masked, to be filled in; it is recorded."""
    with db().reading() as session:
        employer = find_employer(session, employer_id)
        if employer is None:
            raise NotFound
        scope = who().scope(Permission.CONFIRMATIONS)
        if scope.organisation_id is not None:
            scope.must_cover(organisation_id=employer.organisation_id)
        rows = queries.list_on_post(session, employer_id, _reach(), limit=_PEOPLE)
    # The import knows the sheet by these headers, in whatever language its pages are.
    columns = [Column(headers[0], text=name in {"key", "id_number"}) for name, headers in _SHEET]
    answer = download(kind, f"confirmation-{clock.today():%Y-%m}", columns, [*map(_cells, rows)])
    with db().writing() as session:
        detail = {"people": len(rows), "kind": kind}
        audit.record(
            session,
            "confirmation.download",
            subject="employer",
            subject_id=employer_id,
            detail=detail,
        )
    return answer


_SHEET = tuple(HEADERS.items())


def _cells(row: queries.OnPostRow) -> list[Cell]:
    first: date = row.started_on
    return [row.key, row.name, row.id_number, row.title, first.isoformat(), "", "", ""]


def _words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import an employer's confirmation"),
        intro=_(
            "Fill in the sheet downloaded for the employer: %(words)s, the day of leaving, the pay "
            "of last month. Rows left empty are refused and nothing is written for them.",
            words=" / ".join(SAID_WORDS.values()),
        ),
        upload="follow_ups.import_confirmation",
        preview="follow_ups.confirmation_preview",
        result="follow_ups.confirmation_result",
        errors="follow_ups.confirmation_errors",
        done="follow_ups.employers",
    )


def _spec(_file_name: str) -> ImportSpec[Confirmation]:
    return confirmation_spec(_reach(), recorder())


@bp.route("/confirmations/import", methods=["GET", "POST"])
@allow(Permission.CONFIRMATIONS)
def import_confirmation() -> Page:
    """Choose the filled sheet."""
    return imports.upload_page(_words())


@bp.route("/confirmations/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.CONFIRMATIONS)
def confirmation_preview(import_id: str) -> Page:
    """Show what the sheet would write, then do it."""
    return imports.preview_page(import_id, _words(), _spec)


@bp.route("/confirmations/import/<string:import_id>/result")
@allow(Permission.CONFIRMATIONS)
def confirmation_result(import_id: str) -> Page:
    """Show what was kept."""
    return imports.result_page(import_id, _words())


@bp.route("/confirmations/import/<string:import_id>/errors.xlsx")
@allow(Permission.CONFIRMATIONS)
def confirmation_errors(import_id: str) -> Response:
    """Give the refused rows back with their reasons."""
    return imports.errors_file(import_id)
