"""The manager's page of what booths may promise while they are apart."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import fair_of, found, managed
from jobfair.kit import clock
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, language
from jobfair.offers import queries, services
from jobfair.offers.rules import units_to_lease
from jobfair.offers.views.common import PAGE_SIZE, bp
from jobfair.stations.queries import StationRow, find_station, list_stations
from jobfair.stations.rules import Job, State

_NOTHING = queries.LeaseCount(0, 0, 0, None)


@dataclass(frozen=True, slots=True)
class LeaseLine:
    """A booth's station with a position of its employer; ``by_rule`` is what the rule gives it."""

    station: StationRow
    post: fairs.FairPositionRow
    count: queries.LeaseCount
    left: int
    by_rule: int


@bp.route("/fairs/<fair_code>/leases")
@allow(Permission.STATIONS_MANAGE)
def leases(fair_code: str) -> str:
    """Show what each booth may promise apart, what it used and gave back, and when it was heard."""
    fair, now = managed(found(fair_code)), clock.now()
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        lines = _lines(session, fair.id, now)
    return render_template(
        "offers/leases.html",
        fair=fair,
        title=fair.title(language()),
        lines=lines[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        number=number,
        size=PAGE_SIZE,
        total=len(lines),
        page_url=lambda n: url_for("offers.leases", fair_code=fair.code, page=n),
        beijing=beijing,
    )


def _lines(session: Session, fair_id: int, now: datetime) -> list[LeaseLine]:
    posts = fairs.list_fair_positions(session, fair_id, fairs.FairFilter(), sort="employer")
    left = queries.posts_left(session, fair_id, now)
    counts = queries.count_leases(session, fair_id, now)
    stations = [one for one in list_stations(session, fair_id) if one.job is Job.BOOTH]
    found = []
    for station in stations:
        for post in posts:
            count = counts.get((station.id, post.position_id))
            mine = station.employer_id == post.employer_id and station.state is not State.REVOKED
            if count or mine:
                here = left[post.position_id]
                free = here.left + (count.at_hand if count else 0)
                by_rule = units_to_lease(here.headcount, free)
                found.append(LeaseLine(station, post, count or _NOTHING, here.left, by_rule))
    return found


@bp.route("/stations/<int:station_id>/leases", methods=["POST"])
@allow(Permission.STATIONS_MANAGE)
def order_leases(station_id: int) -> Response:
    """Let a booth have more or fewer posts at hand than the rule says."""
    position_id, units = (request.form.get(n, type=int) for n in ("position", "units"))
    with db().reading() as session:
        station = find_station(session, station_id)
        if station is None:
            raise NotFound
        fair = managed(fair_of(session, station.fair_id))
        own = fairs.FairFilter(employer_id=station.employer_id or 0)
        posts = {one.position_id for one in fairs.list_fair_positions(session, fair.id, own)}
    back = redirect(
        url_for("offers.leases", fair_code=fair.code, page=request.args.get("page")), 303
    )
    if position_id is None:
        return back
    if position_id not in posts:
        raise NotFound
    try:
        with db().writing() as session:
            more = services.order_leases(
                session,
                station,
                position_id,
                -1 if units is None else units,
                user_id=who().user_id,
            )
    except Refusal as refusal:
        flash(translate(refusal.message, **refusal.params), "warning")
        return back
    if more < 0:
        flash(_("%(n)s posts were taken back from %(name)s.", n=-more, name=station.name))
    else:
        flash(_("%(name)s may promise %(n)s more posts.", n=more, name=station.name))
    return back
