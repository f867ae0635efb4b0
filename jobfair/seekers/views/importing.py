"""A ledger taken in through the browser: upload, preview, confirm, the refused rows back."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit import imports
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.web import db
from jobfair.regions import queries as regions
from jobfair.seekers.services.importing import SeekerRow, places_of, seeker_spec
from jobfair.seekers.views.room import bp, occupations, registering_office


def _words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import seekers"),
        intro=_("A labour ledger with names and ID numbers; title rows above the header are fine."),
        upload="seekers.import_file",
        preview="seekers.import_preview",
        result="seekers.import_result",
        errors="seekers.import_errors",
        done="seekers.people",
        template="seekers.template",
    )


def _spec(_name: str) -> ImportSpec[SeekerRow]:
    scope = who().scope(Permission.SEEKERS_IMPORT).division
    with db().reading() as session:
        gazetteer = regions.gazetteer(session)
    places = places_of(gazetteer, occupations(), default=scope)
    return seeker_spec(places, registered_by=registering_office(), scope_division=scope)


@bp.route("/import", methods=["GET", "POST"])
@allow(Permission.SEEKERS_IMPORT)
def import_file() -> imports.Page:
    """Choose a file."""
    return imports.upload_page(_words())


@bp.route("/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.SEEKERS_IMPORT)
def import_preview(import_id: str) -> imports.Page:
    """Show what the file would do, and do it when confirmed."""
    return imports.preview_page(import_id, _words(), _spec)


@bp.route("/import/<string:import_id>/result")
@allow(Permission.SEEKERS_IMPORT)
def import_result(import_id: str) -> imports.Page:
    """Show what became of the rows."""
    return imports.result_page(import_id, _words())


@bp.route("/import/<string:import_id>/errors.xlsx")
@allow(Permission.SEEKERS_IMPORT)
def import_errors(import_id: str) -> Response:
    """Give the refused rows with their reasons, ready to mend."""
    return imports.errors_file(import_id)
