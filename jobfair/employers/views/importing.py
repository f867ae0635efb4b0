"""Pages of files: import, empty template, export."""

import io

from flask import request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers import queries
from jobfair.employers.importing import BATCH, PositionRow, positions_import
from jobfair.employers.rules.drafts import LABELS, MISSING_LABELS
from jobfair.employers.sheets import export_columns, export_row, template_columns, template_notes
from jobfair.employers.views.common import Page, bp, employer_in_reach, own_organisation
from jobfair.employers.views.positions import position_filter
from jobfair.kit import imports
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import write_csv, write_table, write_template
from jobfair.kit.web import db

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST = 50_000


def _words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import positions"),
        intro=_(
            "A vacancy list of any layout: columns are found by their names or by their content. "
            "What a row lacks is listed, and the row is kept as a draft."
        ),
        upload="employers.import_positions",
        preview="employers.import_preview",
        result="employers.import_result",
        errors="employers.import_errors",
        done="employers.positions",
        template="employers.positions_template",
    )


def _own_employer() -> int | None:
    """Return the employer all rows belong to: the recruiter's own, or the one asked for."""
    own = own_organisation(Permission.POSITIONS_IMPORT)
    with db().reading() as session:
        if own is not None:
            found = queries.find_employer_of_organisation(session, own)
            if found is None:
                raise NotFound
            return found.id
        asked = request.args.get("employer", type=int)
        if asked is not None:
            employer_in_reach(session, asked, Permission.POSITIONS_IMPORT)
        return asked


@bp.route("/positions/import", methods=["GET", "POST"])
@allow(Permission.POSITIONS_IMPORT)
def import_positions() -> Page:
    """Choose a file."""
    return imports.upload_page(_words(), employer_id=_own_employer())


@bp.route("/positions/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.POSITIONS_IMPORT)
def import_preview(import_id: str) -> Page:
    """See what the file would do, and confirm."""
    employer_id = imports.remembered(import_id, "employer_id")

    def make_spec(name: str) -> ImportSpec[PositionRow]:
        with db().reading() as session:
            made = positions_import(
                session, source=name, employer_id=employer_id, created_by=who().user_id
            )
        return made.spec

    return imports.preview_page(import_id, _words(), make_spec, batch=BATCH)


@bp.route("/positions/import/<string:import_id>/result")
@allow(Permission.POSITIONS_IMPORT)
def import_result(import_id: str) -> Page:
    """See what became of the rows."""
    return imports.result_page(import_id, _words())


@bp.route("/positions/import/<string:import_id>/errors.xlsx")
@allow(Permission.POSITIONS_IMPORT)
def import_errors(import_id: str) -> Response:
    """Download the refused rows."""
    return imports.errors_file(import_id)


@bp.route("/positions/template.xlsx")
@allow(Permission.POSITIONS_IMPORT)
def positions_template() -> Response:
    """Download the empty template with its drop-downs."""
    out = io.BytesIO()
    write_template(out, template_columns(), template_notes())
    out.seek(0)
    name = "positions-template.xlsx"
    return send_file(out, mimetype=_XLSX, as_attachment=True, download_name=name)


@bp.route("/positions/export.<any(xlsx, csv):file_format>")
@allow(Permission.POSITIONS_READ)
def export_positions(file_format: str) -> Response:
    """Download the positions of a filter."""
    with db().reading() as session:
        rows = queries.list_positions(
            session, position_filter(), sort=request.args.get("sort", "newest"), limit=_MOST
        )
    words = {
        str(value): translate(text) for value, text in (*LABELS.items(), *MISSING_LABELS.items())
    }
    table = [export_row(row, words) for row in rows]
    out = io.BytesIO()
    if file_format == "csv":
        write_csv(out, export_columns(), table)
    else:
        write_table(out, export_columns(), table)
    out.seek(0)
    mime = "text/csv; charset=utf-8" if file_format == "csv" else _XLSX
    name = f"positions.{file_format}"
    return send_file(out, mimetype=mime, as_attachment=True, download_name=name)
