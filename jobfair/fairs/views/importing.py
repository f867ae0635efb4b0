"""Take in a vacancy file for a fair: choose the fair and the file, see it, confirm."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers.importing import BATCH, PositionRow
from jobfair.fairs import queries
from jobfair.fairs.importing import Booked, fair_import
from jobfair.fairs.views.common import Page, bp, found
from jobfair.kit import imports
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.web import db, language


def _words(choice: imports.Choice | None = None) -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import positions for a fair"),
        intro=_(
            "A vacancy list of any layout. Complete positions of verified employers take part "
            "in the fair at once; the rest is kept as drafts to complete."
        ),
        upload="fairs.import_positions",
        preview="fairs.import_preview",
        result="fairs.import_result",
        errors="fairs.import_errors",
        done="fairs.fairs",
        template="employers.positions_template",
        choice=choice,
    )


@bp.route("/import", methods=["GET", "POST"])
@allow(Permission.FAIRS_WRITE)
def import_positions() -> Page:
    """Choose the fair and the file."""
    with db().reading() as session:
        fairs = queries.list_fairs(session)
    chosen = request.form.get("fair") or request.args.get("fair", "")
    if not fairs:
        flash(_("Set up a fair first."), "warning")
        return redirect(url_for("fairs.new_fair"), 303)
    options = tuple((fair.code, fair.title(language())) for fair in fairs)
    if chosen not in dict(options):
        chosen = options[0][0]
    choice = imports.Choice("fair", _("Fair"), options, chosen)
    return imports.upload_page(_words(choice), fair=chosen)


@bp.route("/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.FAIRS_WRITE)
def import_preview(import_id: str) -> Page:
    """See what the file would do, and confirm."""
    fair = found(imports.remembered(import_id, "fair"))
    made: list[Booked] = []

    def make_spec(name: str) -> ImportSpec[PositionRow]:
        with db().reading() as session:
            spec, booked = fair_import(session, fair.id, source=name, created_by=who().user_id)
        made.append(booked)
        return spec

    page = imports.preview_page(import_id, _words(), make_spec, batch=BATCH)
    if request.method == "POST" and made:
        flash(
            _(
                "%(n)s positions added to %(fair)s.",
                n=made[0].count,
                fair=fair.title(language()),
            )
        )
    return page


@bp.route("/import/<string:import_id>/result")
@allow(Permission.FAIRS_WRITE)
def import_result(import_id: str) -> Page:
    """See what became of the rows."""
    return imports.result_page(import_id, _words())


@bp.route("/import/<string:import_id>/errors.xlsx")
@allow(Permission.FAIRS_WRITE)
def import_errors(import_id: str) -> Response:
    """Download the refused rows."""
    return imports.errors_file(import_id)
