"""The lists of who must not be paid: what they say, and taking one in."""

from flask import Response, render_template, request
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, who
from jobfair.findings.queries.stops import StopRow, count_stops, list_stops
from jobfair.findings.rules import STOP_NAMES, Stop, StopKind
from jobfair.findings.services.stops import stops_spec
from jobfair.findings.views.listing import Page, bp
from jobfair.kit import imports
from jobfair.kit.downloads import beijing, download
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db

_EXPORT_ROWS = 200_000


def _kind() -> str:
    asked = request.args.get("kind_of", "")
    return asked if asked in set(StopKind) else ""


@bp.route("/payment-stops")
@allow(Permission.PAYMENT_STOPS)
def stops() -> Page:
    """List who must not be paid, masked."""
    kind = _kind()
    with db().reading() as session:
        total = count_stops(session, kind)
        paging = asked_page(total)
        rows = list_stops(session, kind, limit=paging.size, offset=paging.offset)
    return render_template(
        "findings/stops.html",
        rows=rows,
        total=total,
        paging=paging,
        kinds=[(str(one), translate(name)) for one, name in STOP_NAMES.items()],
        names={str(one): translate(name) for one, name in STOP_NAMES.items()},
        chosen=kind,
        args=request.args,
        beijing=beijing,
    )


@bp.route("/payment-stops/export/<kind>")
@allow(Permission.PAYMENT_STOPS)
def export_stops(kind: str) -> Response | Page:
    """Download the list, masked."""
    with db().reading() as session:
        rows = list_stops(session, _kind(), limit=_EXPORT_ROWS)
    titles = (
        _("ID number"),
        _("Why nothing may be paid"),
        _("From"),
        _("Until"),
        _("In the register"),
        _("Source"),
        _("Recorded at"),
    )
    columns = [Column(str(title), text=True) for title in titles]
    return download(kind, "payment-stops", columns, [_cells(row) for row in rows])


def _cells(row: StopRow) -> list[Cell]:
    return [
        row.id_number,
        translate(STOP_NAMES[row.kind]),
        row.since.isoformat(),
        row.until.isoformat() if row.until else "",
        _("yes") if row.registered else _("no"),
        row.source,
        beijing(row.recorded_at),
    ]


def _words() -> imports.ImportWords:
    return imports.ImportWords(
        title=_("Import a list of payment stops"),
        intro=_(
            "ID number, reason (death, prison, military service, full-time study), from and until. "
            "The numbers are kept sealed and only compared; names are not read."
        ),
        upload="findings.import_stops",
        preview="findings.stops_preview",
        result="findings.stops_result",
        errors="findings.stops_errors",
        done="findings.stops",
    )


def _spec(file_name: str) -> ImportSpec[Stop]:
    actor = who()
    return stops_spec(Recorder(actor.user_id, actor.organisation_id), file_name)


@bp.route("/payment-stops/import", methods=["GET", "POST"])
@allow(Permission.PAYMENT_STOPS)
def import_stops() -> imports.Page:
    """Choose the file."""
    return imports.upload_page(_words())


@bp.route("/payment-stops/import/<string:import_id>", methods=["GET", "POST"])
@allow(Permission.PAYMENT_STOPS)
def stops_preview(import_id: str) -> imports.Page:
    """Show what the file would do, then do it."""
    return imports.preview_page(import_id, _words(), _spec)


@bp.route("/payment-stops/import/<string:import_id>/result")
@allow(Permission.PAYMENT_STOPS)
def stops_result(import_id: str) -> imports.Page:
    """Show what was kept."""
    return imports.result_page(import_id, _words())


@bp.route("/payment-stops/import/<string:import_id>/errors.xlsx")
@allow(Permission.PAYMENT_STOPS)
def stops_errors(import_id: str) -> Response | imports.Page:
    """Give the refused rows back with their reasons."""
    return imports.errors_file(import_id)
