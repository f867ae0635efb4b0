"""The lists: batches, and those who wait for a journey."""

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.departures.forms import read_filter
from jobfair.departures.queries import batches, roster
from jobfair.departures.rules.states import MODE_NAMES, PAYER_NAMES, STATE_NAMES
from jobfair.departures.views.common import Page, bp
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.regions import queries as regions

EXPORT_ROWS = 100_000


@bp.route("/")
@allow(Permission.DEPARTURES_READ)
@counted_by(N_("Journeys"), "C1", "C12")
def departures() -> str:
    """List the batches of one's division, the latest planned day first."""
    wanted = read_filter(request.args, division_filter(who(), Permission.DEPARTURES_READ))
    with db().reading() as session:
        total = batches.count_batches(session, wanted)
        paging = asked_page(total)
        rows = batches.list_batches(session, wanted, limit=paging.size, offset=paging.offset)
        waiting = roster.count_candidates(session, roster.CandidateFilter(wanted.scope))
        missed = roster.count_candidates(session, roster.CandidateFilter(wanted.scope, missed=True))
    return render_template(
        "departures/departures.html",
        rows=rows,
        total=total,
        paging=paging,
        args=request.args,
        waiting=waiting,
        missed=missed,
    )


@bp.route("/export/<kind>")
@allow(Permission.DEPARTURES_READ)
@counted_by(N_("Journeys"), "C1", "C12")
def export(kind: str) -> Page:
    """Download the list of batches as xlsx or csv."""
    wanted = read_filter(request.args, division_filter(who(), Permission.DEPARTURES_READ))
    with db().reading() as session:
        rows = batches.list_batches(session, wanted, limit=EXPORT_ROWS)
    titles = (
        _("Batch"),
        _("State"),
        _("Transport"),
        _("Departure from"),
        _("Journey to"),
        _("Planned departure"),
        _("Departed on"),
        _("Arrived on"),
        _("On the roster"),
        _("Seats"),
        _("Carrier"),
        _("Carrier's licence number"),
        _("Number of the travel insurance policy"),
        _("Cost in yuan"),
        _("Who pays"),
    )
    return download(
        kind, "departures", [Column(str(title)) for title in titles], [_cells(row) for row in rows]
    )


def _cells(row: batches.BatchRow) -> list[Cell]:
    return [
        row.number,
        translate(STATE_NAMES[row.state]),
        translate(MODE_NAMES[row.mode]),
        row.origin,
        row.destination,
        row.departs_on,
        row.departed_on,
        row.arrived_on,
        row.going,
        row.seats,
        row.carrier,
        row.carrier_licence,
        row.policy_number,
        row.cost_fen / 100,
        translate(PAYER_NAMES[row.payer]),
    ]


def asked_candidates(permission: Permission) -> roster.CandidateFilter:
    """Return what the address narrows those who wait to."""
    return roster.CandidateFilter(
        scope=division_filter(who(), permission),
        county=request.args.get("county", ""),
        employer=request.args.get("employer", "").strip(),
        missed=bool(request.args.get("missed")),
    )


@bp.route("/waiting")
@allow(Permission.DEPARTURES_READ)
@counted_by(N_("Who waits for a journey"), "C1", "C9", "C12")
def waiting() -> str:
    """List who has agreed to a post, has not departed and is on no roster."""
    wanted = asked_candidates(Permission.DEPARTURES_READ)
    with db().reading() as session:
        total = roster.count_candidates(session, wanted)
        paging = asked_page(total)
        rows = roster.list_candidates(session, wanted, limit=paging.size, offset=paging.offset)
        places = regions.gazetteer(session)
        counties = roster.home_counties(session, wanted.scope)
    return render_template(
        "departures/waiting.html",
        rows=rows,
        total=total,
        paging=paging,
        args=request.args,
        place=lambda code: places.full_name(code) or code,
        counties=[(code, places.full_name(code) or code) for code in counties],
    )


@bp.route("/waiting/export/<kind>")
@allow(Permission.DEPARTURES_READ)
@counted_by(N_("Who waits for a journey"), "C1", "C9", "C12")
def export_waiting(kind: str) -> Page:
    """Download those who wait, masked, as xlsx or csv."""
    with db().reading() as session:
        rows = roster.list_candidates(
            session, asked_candidates(Permission.DEPARTURES_READ), limit=EXPORT_ROWS
        )
        cells = _waiting_cells(session, rows)
    titles = (
        _("Name"),
        _("ID number"),
        _("Telephone"),
        _("Home"),
        _("Travel group"),
        _("Only with the whole group"),
        _("Employer"),
        _("Post or kind of work"),
        _("Did not come to batch"),
    )
    columns = [Column(str(title), text=place == 1) for place, title in enumerate(titles)]
    return download(kind, "waiting", columns, cells)


def _waiting_cells(session: Session, rows: list[roster.Candidate]) -> list[list[Cell]]:
    places = regions.gazetteer(session)
    return [
        [
            row.person.name,
            row.person.id_number,
            row.person.phone,
            places.full_name(row.township) or row.township,
            row.group,
            _("yes") if row.only_with_group else "",
            row.employer,
            row.title,
            row.missed,
        ]
        for row in rows
    ]
