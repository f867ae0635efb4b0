"""Taking in an intake list through the browser."""

from io import BytesIO

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, organisation_filter, who
from jobfair.kit import imports
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Column, write_template
from jobfair.kit.web import db
from jobfair.occupations.core.resolver import Occupations
from jobfair.regions import queries as regions
from jobfair.school import queries
from jobfair.school.services.intake_list import FIELDS, IntakeRow, intake_spec
from jobfair.school.views.common import Page, bp, recorder
from jobfair.seekers.services.importing import places_of

_AS_TEXT = frozenset({"id_number", "phone"})


def _words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import an intake list"),
        intro=_(
            "The school's own columns are understood. Applicants whose papers are not complete "
            "are kept as applications; the result says what is missing."
        ),
        upload="school.import_students",
        preview="school.import_preview",
        result="school.import_result",
        errors="school.import_errors",
        done="school.students",
        template="school.template",
    )


def _spec(_file_name: str) -> ImportSpec[IntakeRow]:
    own = organisation_filter(who(), Permission.STUDENTS_IMPORT)
    with db().reading() as session:
        gazetteer = regions.gazetteer(session)
        school = queries.only_school(session, own)
    return intake_spec(places_of(gazetteer, Occupations(())), school, recorder())


@bp.route("/import", methods=["GET", "POST"])
@allow(Permission.STUDENTS_IMPORT)
def import_students() -> Page:
    """Choose a file."""
    return imports.upload_page(_words())


@bp.route("/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.STUDENTS_IMPORT)
def import_preview(import_id: str) -> Page:
    """Show what the file would change, then do it."""
    return imports.preview_page(import_id, _words(), _spec)


@bp.route("/import/<string:import_id>/result")
@allow(Permission.STUDENTS_IMPORT)
def import_result(import_id: str) -> Page:
    """Show what was done."""
    return imports.result_page(import_id, _words())


@bp.route("/import/<string:import_id>/errors.xlsx")
@allow(Permission.STUDENTS_IMPORT)
def import_errors(import_id: str) -> Response:
    """Give the refused rows back with their reasons."""
    return imports.errors_file(import_id)


@bp.route("/template.xlsx")
@allow(Permission.STUDENTS_IMPORT)
def template() -> Response:
    """Give an empty list with the columns understood."""
    columns = [
        Column(spec.aliases[0] if spec.aliases else translate(spec.title), spec.name in _AS_TEXT)
        for spec in FIELDS
    ]
    instructions = [
        _("One row for each applicant. Name, ID number, major and one date are needed."),
        _("Under 18, the day of the guardian's consent is needed, too."),
    ]
    target = BytesIO()
    write_template(target, columns, instructions)
    target.seek(0)
    return send_file(target, as_attachment=True, download_name="intake-list.xlsx")
