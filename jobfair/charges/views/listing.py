"""The list of the people whom an office owns: filters, pages, export."""

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.charges import queries
from jobfair.charges.forms import read_charges
from jobfair.charges.views.common import WORKING_NAMES, bp
from jobfair.follow_ups.forms import ANY_OWNER
from jobfair.follow_ups.queries.work import OwnedBy
from jobfair.follow_ups.views.work import bring_up_to_date
from jobfair.kit import audit
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.ownership.queries import HandOverFilter, count_hand_overs, station_names
from jobfair.ownership.rules import Standing, home_of
from jobfair.placements.views.common import Page
from jobfair.regions import queries as regions

EXPORT_ROWS = 200_000


def _wanted() -> queries.ChargeFilter:
    return read_charges(request.args, who().scope(Permission.OWNERSHIP_READ))


def _names(session: Session, rows: list[queries.ChargeRow]) -> dict[str, str]:
    codes = {home_of(row.home_division) for row in rows}
    codes |= {row.job.workplace_division or "" for row in rows if row.job}
    return regions.names_of(session, codes)


@bp.route("/charges")
@allow(Permission.OWNERSHIP_READ)
@counted_by(N_("People in charge"), "C1", "C9")
def charges() -> Page:
    """List whom an office owns, by home."""
    waiting = bring_up_to_date()
    wanted = _wanted()
    scope = who().scope(Permission.OWNERSHIP_READ)
    offered = HandOverFilter(scope.division, scope.organisation_id, Standing.OFFERED)
    with db().reading() as session:
        total = queries.count_charges(session, wanted)
        paging = asked_page(total)
        rows = queries.list_charges(session, wanted, limit=paging.size, offset=paging.offset)
        names = _names(session, rows)
        counties = regions.names_of(session, set(queries.home_counties(session, wanted)))
        stations = station_names(session)
        offers = count_hand_overs(session, offered)
    return render_template(
        "charges/charges.html",
        rows=rows,
        total=total,
        paging=paging,
        names=names,
        counties=counties,
        stations=stations,
        offers=offers,
        owners={OwnedBy.STATION.value: _("A labour station"), ANY_OWNER: _("Any owner")},
        at_station=scope.organisation_id is not None,
        today=wanted.today,
        home_of=home_of,
        args=request.args,
        waiting=waiting,
    )


@bp.route("/charges/export/<kind>")
@allow(Permission.OWNERSHIP_READ)
@counted_by(N_("People in charge"), "C1", "C9")
def export_charges(kind: str) -> Page:
    """Download the list, masked; that it was taken is recorded."""
    bring_up_to_date()
    wanted = _wanted()
    with db().reading() as session:
        rows = queries.list_charges(session, wanted, limit=EXPORT_ROWS)
        names = _names(session, rows)
        stations = station_names(session)
    titles = (
        _("Home"),
        _("Name"),
        _("Owning office"),
        _("Owner since"),
        _("State"),
        _("Employer"),
        _("Workplace"),
        _("First day"),
        _("Follow-up due by"),
    )
    cells = [_cells(row, names, stations) for row in rows]
    answer = download(kind, "people-in-charge", [Column(str(title)) for title in titles], cells)
    with db().writing() as session:
        detail = {"people": len(rows), "kind": kind}
        audit.record(session, "charge.download", subject="seeker", detail=detail)
    return answer


def _cells(row: queries.ChargeRow, names: dict[str, str], stations: dict[int, str]) -> list[Cell]:
    home = home_of(row.home_division)
    place = names.get(home, home)
    job = row.job
    working = queries.Working.YES if job and job.started_on else queries.Working.NO
    return [
        place,
        row.name,
        stations.get(row.station_id or 0, place),
        row.since.isoformat() if row.since else "",
        translate(WORKING_NAMES[working]),
        job.employer_name if job else "",
        (names.get(job.workplace_division or "") or job.workplace_text) if job else "",
        job.started_on.isoformat() if job and job.started_on else "",
        row.closes_on.isoformat() if row.closes_on else "",
    ]
