"""Who came back and waits for a new referral: the list, its file, referring again by one tap."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit import clock
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db
from jobfair.placements.queries.back import (
    BACK_DAYS,
    PERIODS,
    BackFilter,
    BackRow,
    back_offices,
    count_back,
    list_back,
)
from jobfair.placements.rules.words import KIND_NAMES, REASON_NAMES
from jobfair.placements.services.referring import refer_again
from jobfair.placements.views.common import Cell, bp, placement_in_reach, recorder
from jobfair.placements.views.listing import EXPORT_ROWS
from jobfair.regions import queries as regions

_COUNTY, _TOWNSHIP = 6, 9


def _wanted() -> BackFilter:
    days = request.args.get("days", BACK_DAYS, type=int)
    office, reason = request.args.get("office", ""), request.args.get("reason", "")
    return BackFilter(
        clock.today(),
        division_filter(who(), Permission.PLACEMENTS_READ),
        days if days in PERIODS else BACK_DAYS,
        office if office.isascii() and office.isdigit() else None,
        reason if reason in REASON_NAMES else None,
    )


@bp.route("/back")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Waiting to be referred again"), "C1", "C9")
def back() -> str:
    """List people whose post ended and who wait for a new referral, by office."""
    wanted = _wanted()
    length = _TOWNSHIP if len(wanted.scope or "") >= _COUNTY else _COUNTY
    with db().reading() as session:
        total = count_back(session, wanted)
        paging = asked_page(total)
        rows = list_back(session, wanted, limit=paging.size, offset=paging.offset)
        every = BackFilter(wanted.today, wanted.scope, wanted.days)
        offices = back_offices(session, every, length)
        places = {row.home_division[:n] for row in rows for n in (_COUNTY, _TOWNSHIP)}
        codes = {code[:n] for code in offices for n in (_COUNTY, _TOWNSHIP)}
        names = regions.names_of(session, places | codes)
    return render_template(
        "placements/back.html",
        rows=rows,
        total=total,
        paging=paging,
        office_choices=[
            (code, f"{office_name(code, names)} ({count:,})") for code, count in offices.items()
        ],
        names=names,
        wanted=wanted,
        periods=PERIODS,
        reasons={str(code): translate(text) for code, text in REASON_NAMES.items()},
        args=request.args,
        why=why,
        office_name=office_name,
    )


@bp.route("/back/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Waiting to be referred again"), "C1", "C9")
def export_back(kind: str) -> Response:
    """Download the list, masked, as xlsx or csv."""
    with db().reading() as session:
        rows = list_back(session, _wanted(), limit=EXPORT_ROWS)
        names = regions.names_of(
            session, {row.home_division[:n] for row in rows for n in (_COUNTY, _TOWNSHIP)}
        )
    titles = (
        _("Name"),
        _("Phone"),
        _("Office"),
        _("Employer"),
        _("Post or kind of work"),
        _("Last day"),
        _("Why it ended"),
        _("Days since then"),
    )
    columns = [Column(str(title), text=place == 1) for place, title in enumerate(titles)]
    return download(kind, "waiting-for-referral", columns, [_cells(row, names) for row in rows])


def _cells(row: BackRow, names: dict[str, str]) -> list[Cell]:
    return [
        row.name,
        row.phone,
        office_name(row.home_division, names),
        row.employer_name,
        row.title,
        row.ended_on.isoformat(),
        why(row),
        row.days,
    ]


def office_name(division: str, names: dict[str, str]) -> str:
    """Return the county, and the township where it is known."""
    county, township = names.get(division[:_COUNTY], ""), ""
    if len(division) >= _TOWNSHIP:
        township = names.get(division[:_TOWNSHIP], "")
    return f"{county}{township}" or division


def why(row: BackRow) -> str:
    """Return how a post ended, with the reason where it is known."""
    reason = REASON_NAMES.get(row.reason)
    return " · ".join(translate(text) for text in (KIND_NAMES[row.kind], reason) if text)


@bp.route("/<int:placement_id>/refer-again", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def refer(placement_id: int) -> Response:
    """Record that the person is referred again, and go on to the positions that fit."""
    with db().reading() as session:
        _line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    with db().writing() as session:
        refer_again(session, placement_id, recorder())
    flash(
        _("%(name)s is referred again. Choose a position from the ranking.", name=seeker.row.name)
    )
    return redirect(url_for("matching.positions", seeker_id=seeker.row.id), 303)
