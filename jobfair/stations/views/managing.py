"""The manager's page of a fair's stations: add, pair, revoke."""

import segno
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import Page, fair_of, found, managed
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import translate
from jobfair.kit.qr import drawn
from jobfair.kit.web import db, language
from jobfair.stations import queries, services
from jobfair.stations.forms import StationForm
from jobfair.stations.rules import (
    JOB_NAMES,
    MOST_PLACES,
    PAIRING_VALID,
    STATE_NAMES,
    Job,
    State,
    show_code,
)
from jobfair.stations.views.common import bp
from jobfair.venues import queries as venues


@bp.route("/fairs/<fair_code>/stations", methods=["GET", "POST"])
@allow(Permission.STATIONS_MANAGE)
def stations(fair_code: str) -> Page:
    """Show the stations of a fair; add one."""
    fair = managed(found(fair_code))
    with db().reading() as session:
        employers = fairs.list_fair_employers(session, fair.id)
    form = StationForm([(row.employer_id, row.name) for row in employers])
    if form.validate_on_submit():
        try:
            with db().writing() as session:
                services.add_station(
                    session,
                    fair.id,
                    form.name.data or "",
                    Job(form.job.data),
                    employer_id=form.employer.data,
                    user_id=who().user_id,
                )
        except services.NameTaken as refusal:
            form.name.errors = [translate(refusal.message)]
        else:
            flash(_("The station is added. Show its code when the device is at hand."))
            return redirect(url_for("stations.stations", fair_code=fair.code), 303)
    with db().reading() as session:
        rows = queries.list_stations(session, fair.id)
        booths = venues.list_booths(session, fair.id)
    named = {row.name for row in rows}
    page = render_template(
        "stations/stations.html",
        fair=fair,
        title=fair.title(language()),
        rows=rows,
        places=[n for n in (*fair.gates, *(b.number for b in booths)) if n not in named],
        form=form,
        employers={row.employer_id: row.name for row in employers},
        job_names=JOB_NAMES,
        state_names=STATE_NAMES,
    )
    return page, 422 if form.errors else 200


def _station(session: Session, station_id: int) -> tuple[fairs.FairRow, queries.StationRow]:
    """Return a station and its fair.

    Raises:
        NotFound: there is no such station, or the fair is another office's.
    """
    station = queries.find_station(session, station_id)
    if station is None:
        raise NotFound
    return managed(fair_of(session, station.fair_id)), station


@bp.route("/stations/<int:station_id>/pairing", methods=["POST"])
@allow(Permission.STATIONS_MANAGE)
def pairing(station_id: int) -> str:
    """Show a new one-time code for a station; it is shown this once."""
    with db().writing() as session:
        fair, station = _station(session, station_id)
        code = services.offer_pairing(session, station.id)
    address = url_for("station_calls.page", _external=True)
    return render_template(
        "stations/pairing.html",
        fair=fair,
        station=station,
        code=show_code(code),
        address=address,
        qr=drawn(segno.make_qr(f"{address}#{code}", error="m")),
        minutes=int(PAIRING_VALID.total_seconds() // 60),
    )


@bp.route("/fairs/<fair_code>/one-phone", methods=["GET", "POST"])
@allow(Permission.STATIONS_MANAGE)
def one_phone(fair_code: str) -> Page:
    """Pair one phone for several places: this one, or another by a code."""
    fair = managed(found(fair_code))
    with db().reading() as session:
        rows = [r for r in queries.list_stations(session, fair.id) if r.state != State.REVOKED]
    rows.sort(key=lambda row: row.job is Job.BOOTH)  # where people come in first
    ids = {row.id for row in rows}
    asked = [n for n in request.form.getlist("station", type=int) if n in ids]
    shown = {"fair": fair, "title": fair.title(language()), "rows": rows, "job_names": JOB_NAMES}
    if request.method == "GET" or not 0 < len(asked) <= MOST_PLACES:
        chosen = asked or ([row.id for row in rows] if len(rows) <= MOST_PLACES else [])
        fault = ""
        if request.method == "POST":
            fault = _("Choose at least one place, and at most %(n)s.", n=MOST_PLACES)
        page = render_template(
            "stations/one_phone.html", **shown, chosen=chosen, fault=fault, qr=""
        )
        return page, 422 if fault else 200
    with db().writing() as session:
        codes = [services.offer_pairing(session, row.id) for row in rows if row.id in asked]
    if request.form.get("how") == "here":
        return redirect(url_for("station_calls.page", _anchor="-".join(codes)), 303)
    address = url_for("station_calls.page", _external=True)
    return render_template(
        "stations/one_phone.html",
        **shown,
        codes=map(show_code, codes),
        address=address,
        qr=drawn(segno.make_qr(f"{address}#{'-'.join(codes)}", error="m")),
        minutes=int(PAIRING_VALID.total_seconds() // 60),
    )


@bp.route("/stations/<int:station_id>/revoke", methods=["POST"])
@allow(Permission.STATIONS_MANAGE)
def revoke(station_id: int) -> Response:
    """Let a station do nothing more."""
    with db().writing() as session:
        fair, station = _station(session, station_id)
        services.revoke(session, station.id)
    flash(_("%(name)s is revoked. Its device can do nothing more.", name=station.name))
    return redirect(url_for("stations.stations", fair_code=fair.code), 303)
