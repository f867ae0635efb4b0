"""Taking in a transfer ledger through the browser."""

from io import BytesIO

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit import imports
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Column, write_template
from jobfair.kit.web import db
from jobfair.occupations.core.resolver import Occupations
from jobfair.placements.services.ledger import FIELDS, LedgerRow, ledger_spec
from jobfair.placements.views.common import Page, bp, recorder
from jobfair.regions import queries as regions
from jobfair.seekers.services.importing import places_of

_AS_TEXT = frozenset({"id_number", "phone"})


def _words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import a transfer ledger"),
        intro=_(
            "The office's own columns are understood. People who are not registered yet are "
            "registered; rows without a first day are kept to be completed."
        ),
        upload="placements.import_ledger",
        preview="placements.import_preview",
        result="placements.import_result",
        errors="placements.import_errors",
        done="placements.placements",
        template="placements.template",
    )


def _spec(_file_name: str) -> ImportSpec[LedgerRow]:
    scope = division_filter(who(), Permission.PLACEMENTS_IMPORT)
    with db().reading() as session:
        gazetteer = regions.gazetteer(session)
    places = places_of(gazetteer, Occupations(()), default=scope)
    return ledger_spec(places, recorder(), scope_division=scope)


@bp.route("/import", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_IMPORT)
def import_ledger() -> Page:
    """Choose a file."""
    return imports.upload_page(_words())


@bp.route("/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_IMPORT)
def import_preview(import_id: str) -> Page:
    """Show what the file would change, then do it."""
    return imports.preview_page(import_id, _words(), _spec)


@bp.route("/import/<string:import_id>/result")
@allow(Permission.PLACEMENTS_IMPORT)
def import_result(import_id: str) -> Page:
    """Show what was done."""
    return imports.result_page(import_id, _words())


@bp.route("/import/<string:import_id>/errors.xlsx")
@allow(Permission.PLACEMENTS_IMPORT)
def import_errors(import_id: str) -> Response:
    """Give the refused rows back with their reasons."""
    return imports.errors_file(import_id)


@bp.route("/template.xlsx")
@allow(Permission.PLACEMENTS_IMPORT)
def template() -> Response:
    """Give an empty ledger with the columns understood."""
    columns = [
        Column(spec.aliases[0] if spec.aliases else translate(spec.title), spec.name in _AS_TEXT)
        for spec in FIELDS
    ]
    instructions = [
        _("One row for each time at work. Name and ID number are needed once."),
        _("Dates like 2010-03-08, 2010.3.8 or 2010年3月. Leave the return empty while it lasts."),
    ]
    target = BytesIO()
    write_template(target, columns, instructions)
    target.seek(0)
    return send_file(target, as_attachment=True, download_name="transfer-ledger.xlsx")
