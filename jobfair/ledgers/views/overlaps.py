"""People whom two offices name: told to both, counted once at home."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit.counting import counted_by
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Column
from jobfair.kit.web import db
from jobfair.ledgers import queries
from jobfair.ledgers.services.overlaps import record_overlap
from jobfair.ledgers.views.common import Page, bp, recorder
from jobfair.placements.views.listing import EXPORT_ROWS
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.services.importing import places_of
from jobfair.seekers.views.room import occupations


@bp.route("/overlaps")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("In the ledger of another office"), "C1", "C9", "C15")
def overlaps() -> Page:
    """List the rows of other offices' ledgers about our people, the open ones first."""
    scope = division_filter(who(), Permission.PLACEMENTS_READ)
    paging = asked_page()
    with db().reading() as session:
        total, rows = queries.list_overlaps(session, scope, limit=paging.size, offset=paging.offset)
        people = seekers.names_of(session, {row.seeker_id for row in rows})
        names = regions.names_of(session, {row.home_division[:6] for row in rows})
    return render_template(
        "ledgers/overlaps.html", rows=rows, total=total, paging=paging, people=people, names=names
    )


@bp.route("/overlaps/export/<kind>")
@allow(Permission.PLACEMENTS_READ)
@counted_by(N_("In the ledger of another office"), "C1", "C9", "C15")
def export_overlaps(kind: str) -> Response:
    """Download the list, masked, as xlsx or csv."""
    scope = division_filter(who(), Permission.PLACEMENTS_READ)
    with db().reading() as session:
        _total, rows = queries.list_overlaps(session, scope, limit=EXPORT_ROWS)
        people = seekers.names_of(session, {row.seeker_id for row in rows})
        names = regions.names_of(session, {row.home_division[:6] for row in rows})
    titles = (
        _("Name"),
        _("Home county"),
        _("The other office"),
        _("Employer on record"),
        _("First day"),
        _("Standing"),
    )
    cells = [
        [
            people[row.seeker_id].name,
            names.get(row.home_division[:6], row.home_division),
            row.office,
            row.employer_name,
            row.started_on.isoformat() if row.started_on else "",
            _("on record, counted once") if row.placement_id else _("not on record here"),
        ]
        for row in rows
    ]
    return download(kind, "overlaps", [Column(str(title)) for title in titles], cells)


@bp.route("/overlaps/<int:line_id>/record", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def record(line_id: int) -> Response:
    """Put on record what the other office's ledger tells."""
    scope = who().scope(Permission.PLACEMENTS_WRITE)
    known = occupations()
    with db().reading() as session:
        found = queries.find_overlap(session, line_id)
        if found is None:
            raise NotFound
        scope.must_cover(division=found.home_division)
        places = places_of(regions.gazetteer(session), known, default=found.home_division[:6])
    with db().writing() as session:
        record_overlap(session, line_id, places, recorder())
    flash(_("The work is on record; the person is counted at home."))
    return redirect(url_for("placements.person", seeker_id=found.seeker_id), 303)
