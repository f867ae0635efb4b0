"""Labour stations: where each stands, what it serves, how much it has."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.employers.queries import same_name_employers
from jobfair.kit.downloads import download
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.ownership import queries, services
from jobfair.ownership.forms import ServingForm
from jobfair.ownership.views.common import bp, settle_ownership
from jobfair.placements.views.common import Page
from jobfair.regions import queries as regions


def _place_names(session: Session, rows: list[queries.StationRow]) -> dict[str, str]:
    codes = {row.division for row in rows} | {place for row in rows for place in row.places}
    return regions.names_of(session, codes)


@bp.route("/labour-stations")
@allow(Permission.LABOUR_STATIONS_MANAGE)
def stations() -> Page:
    """List the labour stations."""
    settle_ownership()
    with db().reading() as session:
        rows = queries.list_stations(session)
        names = _place_names(session, rows)
    return render_template("ownership/stations.html", rows=rows, names=names)


@bp.route("/labour-stations/export/<kind>")
@allow(Permission.LABOUR_STATIONS_MANAGE)
def export_stations(kind: str) -> Page:
    """Download the list of labour stations."""
    settle_ownership()
    with db().reading() as session:
        rows = queries.list_stations(session)
        names = _place_names(session, rows)
    titles = (
        _("Labour station"),
        _("Stands in"),
        _("Serves"),
        _("Employers served"),
        _("People it owns"),
        _("Waiting to be accepted"),
    )
    cells: list[list[Cell]] = [
        [
            row.name,
            names.get(row.division, row.division),
            "、".join(names.get(place, place) for place in row.places),
            "、".join(name for _id, name in row.employers),
            row.held,
            row.waiting,
        ]
        for row in rows
    ]
    return download(kind, "labour-stations", [Column(str(title)) for title in titles], cells)


def _station(session: Session, station_id: int) -> queries.StationRow:
    found = queries.find_station(session, station_id)
    if found is None:
        raise NotFound
    return found


@bp.route("/labour-stations/<int:labour_station_id>", methods=["GET", "POST"])
@allow(Permission.LABOUR_STATIONS_MANAGE)
def station(labour_station_id: int) -> Page:
    """Show what a station serves, and add to it."""
    with db().reading() as session:
        row = _station(session, labour_station_id)
        names = _place_names(session, [row])
    form = ServingForm()
    if form.validate_on_submit() and _add(form, labour_station_id):
        flash(_("The station serves it from now on. Who works there is offered to it."))
        return redirect(url_for("ownership.station", labour_station_id=labour_station_id), 303)
    page = render_template("ownership/station.html", form=form, row=row, names=names)
    return page, 422 if form.errors else 200


def _add(form: ServingForm, station_id: int) -> bool:
    """Let a station serve what was typed; else say beside the field what is wrong."""
    place, employer = form.place.data or "", form.employer.data or ""
    with db().reading() as session:
        code = regions.gazetteer(session).find(place) if place else None
        employers = same_name_employers(session, employer) if employer else []
    if not place and not employer:
        form.form_errors.append(_("Enter a division or an employer."))
    if place and code is None:
        form.place.errors = [_("No such place. Write its name in full, or its code")]
    if employer and len(employers) != 1:
        form.employer.errors = [
            _("Several employers have this name: serve their place instead.")
            if employers
            else _("No employer on record has this name. Write it in full.")
        ]
    if form.errors:
        return False
    try:
        with db().writing() as session:
            if code:
                services.serve_place(session, station_id, code)
            for one in employers:
                services.serve_employer(session, station_id, one)
    except Refusal as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.params))
    return not form.errors


@bp.route("/labour-stations/<int:labour_station_id>/leave-off", methods=["POST"])
@allow(Permission.LABOUR_STATIONS_MANAGE)
def leave_off(labour_station_id: int) -> Page:
    """Take a division or an employer off a station."""
    with db().writing() as session:
        _station(session, labour_station_id)
        services.leave_off(
            session,
            labour_station_id,
            division=request.form.get("place", ""),
            employer_id=request.form.get("employer", type=int),
        )
    flash(_("The station serves it no longer. Whom it owns stays with it until the work ends."))
    return redirect(url_for("ownership.station", labour_station_id=labour_station_id), 303)
