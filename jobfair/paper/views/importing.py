"""Take in filled sheets: choose the fair and the file, see it, confirm."""

import io

from flask import flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import Page, found
from jobfair.kit import imports
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import write_template
from jobfair.kit.web import db, language
from jobfair.paper.importing import sheets_import, template_columns, template_notes
from jobfair.paper.services import FilledRow
from jobfair.paper.views.common import bp

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _words(choice: imports.Choice | None = None) -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Take in filled sheets"),
        intro=_(
            "One line for each ticked row, typed from the sheets. Each row of a sheet is taken in "
            "once, however often the file is sent."
        ),
        upload="paper.import_sheets",
        preview="paper.import_preview",
        result="paper.import_result",
        errors="paper.import_errors",
        done="fairs.fairs",
        template="paper.template",
        choice=choice,
    )


@bp.route("/paper/import", methods=["GET", "POST"])
@allow(Permission.PAPER_WRITE)
def import_sheets() -> Page:
    """Choose the fair and the file."""
    with db().reading() as session:
        rows = fairs.list_fairs(session)
    if not rows:
        flash(_("There is no fair yet."), "warning")
        return redirect(url_for("fairs.fairs"), 303)
    options = tuple((fair.code, fair.title(language())) for fair in rows)
    chosen = request.form.get("fair") or request.args.get("fair", "")
    if chosen not in dict(options):
        chosen = options[0][0]
    choice = imports.Choice("fair", _("Fair"), options, chosen)
    return imports.upload_page(_words(choice), fair=chosen)


@bp.route("/paper/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.PAPER_WRITE)
def import_preview(import_id: str) -> Page:
    """See what the file would do, and confirm."""
    fair = found(imports.remembered(import_id, "fair"))
    user_id = who().user_id

    def make_spec(_name: str) -> ImportSpec[FilledRow]:
        return sheets_import(fair, import_id, user_id=user_id)

    return imports.preview_page(import_id, _words(), make_spec)


@bp.route("/paper/import/<string:import_id>/result")
@allow(Permission.PAPER_WRITE)
def import_result(import_id: str) -> Page:
    """See what became of the rows."""
    return imports.result_page(import_id, _words())


@bp.route("/paper/import/<string:import_id>/errors.xlsx")
@allow(Permission.PAPER_WRITE)
def import_errors(import_id: str) -> Response:
    """Download the refused rows."""
    return imports.errors_file(import_id)


@bp.route("/paper/template.xlsx")
@allow(Permission.PAPER_WRITE)
def template() -> Response:
    """Download the empty template with the columns of the printed sheet."""
    out = io.BytesIO()
    write_template(out, template_columns(), template_notes())
    out.seek(0)
    name = "check-in-sheets-template.xlsx"
    return send_file(out, mimetype=_XLSX, as_attachment=True, download_name=name)
