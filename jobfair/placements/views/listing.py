"""The list of placements: filters, search, pages."""

from collections.abc import Sequence
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.i18n import N_, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db, hide_query, show_query
from jobfair.placements import queries
from jobfair.placements.forms import read_filter
from jobfair.placements.queries.overlaps import ClaimLine, shared_work
from jobfair.placements.rules.counting import CHANNEL_NAMES, DESTINATION_NAMES
from jobfair.placements.views.common import Cell, Page, bp
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.rules.drafts import CATEGORY_NAMES
from jobfair.seekers.rules.searching import understand

EXPORT_ROWS = 200_000
# A name like 王伟 finds many people, most of them never placed.
_PEOPLE = 5_000
ORDERS = {
    "-started": N_("Latest first day first"),
    "started": N_("Earliest first day first"),
    "-ended": N_("Latest end first"),
    "-wage": N_("Highest wage first"),
    "wage": N_("Lowest wage first"),
}


@bp.route("/")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Placements"), "C1", "C3", "C5", "C6", "C7", "C9", "C12")
def placements() -> Page:
    """List placements, the latest first."""
    scope = division_filter(who(), Permission.PLACEMENTS_READ)
    text = show_query(request.args.get("find", ""))
    with db().reading() as session:
        wanted = _wanted(session, scope, text)
        total = queries.count_placements(session, wanted)
        paging = asked_page(total.placements)
        rows = queries.list_placements(session, wanted, limit=paging.size, offset=paging.offset)
        places = {r.home_division[:6] for r in rows} | {r.workplace_division or "" for r in rows}
        names = regions.names_of(session, {p for p in places if p})
        counties = regions.names_of(session, set(queries.home_counties(session, scope)))
        offices = shared_work(session, [row.id for row in rows])
    return render_template(
        "placements/placements.html",
        rows=rows,
        total=total,
        paging=paging,
        names=names,
        offices=offices,
        counties=counties,
        search=text,
        args=request.args,
        orders={code: translate(text) for code, text in ORDERS.items()},
    )


@bp.route("/search", methods=["POST"])
@allow(Permission.PLACEMENTS_READ)
def search() -> Page:
    """Find a person; what is typed travels sealed, so that no name stands in a URL."""
    text = request.form.get("text", "").strip()
    return redirect(url_for("placements.placements", find=hide_query(text) if text else None))


@bp.route("/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("Placements"), "C1", "C3", "C5", "C6", "C7", "C9", "C12")
def export(kind: str) -> Page:
    """Download the filtered list, masked, as xlsx or csv."""
    scope = division_filter(who(), Permission.PLACEMENTS_READ)
    with db().reading() as session:
        wanted = _wanted(session, scope, show_query(request.args.get("find", "")))
        rows = queries.list_placements(session, wanted, limit=EXPORT_ROWS)
        codes = {r.home_division[:6] for r in rows} | {r.workplace_division or "" for r in rows}
        names = regions.names_of(session, codes)
        offices = shared_work(session, [row.id for row in rows])
    cells = [_cells(row, names, offices.get(row.id, ())) for row in rows]
    return download(kind, "placements", _columns(), cells)


def _columns() -> list[Column]:
    titles = (
        _("Name"),
        _("ID number"),
        _("Home county"),
        _("Household category"),
        _("Employer"),
        _("Post or kind of work"),
        _("Workplace"),
        _("Destination"),
        _("How the work was found"),
        _("Monthly wage in yuan"),
        _("First day"),
        _("Last day"),
        _("Counts for"),
        _("Does not count for"),
    )
    return [Column(str(title), text=place == 1) for place, title in enumerate(titles)]


def _cells(
    row: queries.PlacementRow, names: dict[str, str], offices: Sequence[ClaimLine]
) -> list[Cell]:
    category = CATEGORY_NAMES.get(row.household_category or "")
    return [
        row.name,
        row.id_number,
        names.get(row.home_division[:6], row.home_division),
        translate(category) if category else "",
        row.employer_name,
        row.title,
        names.get(row.workplace_division or "") or row.workplace_text,
        translate(DESTINATION_NAMES[row.destination]),
        translate(CHANNEL_NAMES[row.channel]),
        row.wage_fen / 100 if row.wage_fen else "",
        row.started_on.isoformat() if row.started_on else "",
        row.ended_on.isoformat() if row.ended_on else "",
        offices[0].office if offices else "",
        translate(N_(", ")).join(one.office for one in offices[1:]),
    ]


def _wanted(session: Session, scope: str | None, text: str) -> queries.PlacementFilter:
    wanted = read_filter(request.args, scope=scope)
    looked_for = understand(text)
    if looked_for is None:
        return wanted
    found = seekers.list_seekers(
        session, seekers.SeekerFilter(scope=scope, search=looked_for), limit=_PEOPLE
    )
    return replace(wanted, seekers=tuple(row.id for row in found))
