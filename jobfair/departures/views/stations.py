"""The office's page of a batch's phones: add with a code, revoke."""

import segno
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.departures.forms import BatchStationForm
from jobfair.departures.queries.stations import list_stations
from jobfair.departures.rules.scans import Job, show_code
from jobfair.departures.services import stations
from jobfair.departures.views.common import Page, batch_in_reach, bp
from jobfair.kit.forms import carried_out
from jobfair.kit.qr import drawn
from jobfair.kit.web import db
from jobfair.stations.rules import PAIRING_VALID


@bp.route("/<int:batch_id>/phones", methods=["GET", "POST"])
@allow(Permission.DEPARTURES_WRITE)
def phones(batch_id: int) -> Page:
    """Show the phones of a batch; add one and show its code, which is shown this once."""
    with db().reading() as session:
        found = batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
    form, codes = BatchStationForm(), []

    def add(session: Session) -> None:
        codes.append(
            stations.add_station(session, batch_id, form.name.data or "", Job(form.job.data))
        )

    done = carried_out(form, add)
    with db().reading() as session:
        rows = list_stations(session, batch_id)
    address = url_for("station_calls.page", _external=True)
    page = render_template(
        "departures/phones.html",
        batch=found,
        rows=rows,
        form=form,
        code=show_code(codes[0]) if done else "",
        address=address,
        qr=drawn(segno.make_qr(f"{address}#{codes[0]}", error="m")) if done else "",
        minutes=int(PAIRING_VALID.total_seconds() // 60),
    )
    return page, 422 if form.errors else 200


@bp.route("/<int:batch_id>/phones/revoke", methods=["POST"])
@allow(Permission.DEPARTURES_WRITE)
def revoke_phone(batch_id: int) -> Response:
    """Let a phone do nothing more."""
    with db().writing() as session:
        batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
        if "id" in request.form:
            stations.revoke(session, batch_id, request.form.get("id", 0, type=int))
            flash(_("The phone is revoked. What it had sent is kept."))
    return redirect(url_for("departures.phones", batch_id=batch_id), 303)
