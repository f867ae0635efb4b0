"""Taking in a transfer ledger through the browser."""

from io import BytesIO

from flask import request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit import imports
from jobfair.kit.downloads import beijing
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Column, write_template
from jobfair.kit.web import db
from jobfair.ledgers import queries
from jobfair.ledgers.rules.rows import CHANGES, WAGES, LedgerRow
from jobfair.ledgers.services.giving_out import COLUMNS
from jobfair.ledgers.services.taking_in import Incoming, ledger_spec
from jobfair.ledgers.views.common import Page, bp, recorder
from jobfair.regions import queries as regions
from jobfair.seekers.services.importing import places_of
from jobfair.seekers.views.room import occupations

AS_TEXT = frozenset({"id_number", "phone", "head_id", "credit_code", "household_no"})
QUESTIONS = {
    WAGES: N_("The unusual wages are right"),
    CHANGES: N_("Who is still on post elsewhere has changed the employer on the day of the row"),
}


def _words(import_id: str = "") -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import a transfer ledger"),
        intro=_(
            "The office's own columns are understood. People who are not registered yet are "
            "registered; rows without a first day are kept to be completed; who does not work is "
            "kept with the reason."
        ),
        upload="ledgers.import_ledger",
        preview="ledgers.import_preview",
        result="ledgers.import_result",
        errors="ledgers.import_errors",
        done="ledgers.ledger",
        template="ledgers.template",
        columns="ledgers.columns",
        questions=QUESTIONS,
        before=_before(import_id) if import_id else "",
        after=(("ledgers.imports", _("Files taken in")),),
    )


def _before(import_id: str) -> str:
    """Say when the same file was taken in before."""
    digest = str(imports.remembered(import_id, "digest") or "")
    with db().reading() as session:
        found = queries.find_taken_in(session, digest, who().organisation_id)
    if found is None or found.key == import_id:
        return ""
    told: str = _(
        "This file was taken in already, at %(at)s by %(by)s. Taking it in again changes nothing.",
        at=beijing(found.at),
        by=found.by or "–",
    )
    return told


def _spec(import_id: str, file_name: str) -> ImportSpec[LedgerRow]:
    scope = division_filter(who(), Permission.PLACEMENTS_IMPORT)
    known_occupations = occupations()
    with db().reading() as session:
        incoming = Incoming(
            import_id,
            file_name,
            recorder(),
            str(imports.remembered(import_id, "digest") or ""),
            scope,
            frozenset(request.form.getlist("yes")) & QUESTIONS.keys(),
            queries.words_of(session, who().organisation_id),
        )
        places = places_of(regions.gazetteer(session), known_occupations, default=scope)
        return ledger_spec(session, places, incoming)


@bp.route("/import", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_IMPORT)
def import_ledger() -> Page:
    """Choose a file."""
    return imports.upload_page(_words())


@bp.route("/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_IMPORT)
def import_preview(import_id: str) -> Page:
    """Show what the file would change, then do it."""
    words = _words(import_id)
    return imports.preview_page(import_id, words, lambda name: _spec(import_id, name))


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
    columns = [Column(title, text=name in AS_TEXT) for name, title in COLUMNS]
    instructions = [
        translate(N_("One row for each time at work. Name and ID number are needed once.")),
        _("Dates like 2010-03-08, 2010.3.8 or 2010年3月. Leave the return empty while it lasts."),
        _(
            "A wage far from what is usual is asked about: write 是 under 月收入属实 when it "
            "is right."
        ),
    ]
    target = BytesIO()
    write_template(target, columns, instructions)
    target.seek(0)
    return send_file(target, as_attachment=True, download_name="transfer-ledger.xlsx")
