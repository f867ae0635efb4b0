"""The booth's calls, and the staff's pages of booths and of what is to be settled."""

from itertools import islice
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.attendance.queries import holders_of
from jobfair.employers.views.common import employer_in_reach, own_organisation
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import Page, fair_of, found, managed
from jobfair.interviews import queries, services
from jobfair.interviews.fitting import booths_that_fit
from jobfair.interviews.rules import (
    OUTCOME_NAMES,
    REASON_NAMES,
    BoothRecordUnreadable,
    Kind,
    Place,
    prefix_of,
    read_facts,
)
from jobfair.kit import clock
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, Words, in_each_language, translate
from jobfair.kit.web import db, language
from jobfair.matching.views.common import pool
from jobfair.offers import queries as offers
from jobfair.stations.devices import device, tell_refusals
from jobfair.stations.queries import list_stations
from jobfair.stations.rules import Job

bp = Blueprint("interviews", __name__)
calls = Blueprint("interviews_calls", __name__, url_prefix="/station")
tell_refusals(calls)
_OTHERS = 3  # booths to send somebody to instead
_PLACE_NAMES: dict[str, str] = {
    Place.CALLED: N_("Called"),
    Place.WAITING: N_("Waiting"),
    Place.AWAY: N_("Called, not there"),
    Place.TALKED: N_("Talked"),
    Place.GONE: N_("Left the queue"),
}


def _booth() -> int:
    """Return the employer of the booth that asks.

    Raises:
        NotFound: the device is no booth.
    """
    mine = device()
    if mine.job is not Job.BOOTH or mine.employer_id is None:
        raise NotFound
    return mine.employer_id


@calls.route("/booth-records", methods=["POST"])
@allow(Permission.STATION)
def records() -> dict[str, Any]:
    """Take in records of a booth; once this answers they are kept and carried out or on a list."""
    _booth()
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise BoothRecordUnreadable(place=0, part="{}")
    answers = []
    for fact in read_facts(sent.get("records")):
        with db().writing() as session:
            answers.append(services.take_in(session, device(), fact))
    return {"now": clock.milliseconds(clock.now()), "answers": [_told(one) for one in answers]}


def _told(answer: services.Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": answer.id, "result": answer.result}
    if answer.refusal:
        told["refusal"] = in_each_language(_refusal(answer.refusal))
    if answer.until is not None:
        told["until"] = clock.milliseconds(answer.until)
    return told


def _refusal(code: str) -> str:
    return services.REFUSALS.get(code, N_("This cannot be carried out. The manager is told."))


@calls.route("/booth", methods=["POST"])
@allow(Permission.STATION)
def booth() -> dict[str, Any]:
    """Tell a booth its queue, its positions, and what it may promise while it is apart."""
    employer_id, mine, now = _booth(), device(), clock.now()
    with db().writing() as session:
        services.renew_leases(session, mine)
    with db().reading() as session:
        own = fairs.FairFilter(employer_id=employer_id)
        posts = fairs.list_fair_positions(session, mine.fair_id, own)
        left = offers.posts_left(session, mine.fair_id, now)
        leases = offers.list_leases(session, mine.station_id, now)
        line = queries.list_visitors(session, mine.fair_id, employer_id)
        talk = queries.pace_of(session, mine.fair_id, employer_id)
        stations = list_stations(session, mine.fair_id)
    beside = sorted(s.id for s in stations if s.employer_id == employer_id)
    return {
        "now": clock.milliseconds(now),
        "prefix": prefix_of(beside.index(mine.station_id)),
        "pace": round(talk.total_seconds() * 1000),
        "positions": [
            {"id": p.position_id, "title": p.title, "left": left[p.position_id].left} for p in posts
        ],
        "leases": [
            {"key": one.key, "position": one.position_id, "until": clock.milliseconds(one.until)}
            for one in leases
        ],
        "line": [
            {
                "card": one.card.hex(),
                "name": one.name,
                "number": one.number,
                "place": one.place,
                "kind": one.kind,
                "at": clock.milliseconds(one.joined_at or one.at),
                "offer": one.record if one.kind is Kind.OFFER else None,
            }
            for one in line
        ],
        "reasons": {code: in_each_language(name) for code, name in REASON_NAMES.items()},
    }


@calls.route("/elsewhere", methods=["POST"])
@allow(Permission.STATION)
def elsewhere() -> dict[str, Any]:
    """Tell which other booths suit somebody best, and how long one waits there."""
    employer_id, mine = _booth(), device()
    sent = request.get_json(silent=True)
    try:
        card = bytes.fromhex(sent["card"])  # type: ignore[index]
    except (TypeError, KeyError, ValueError) as fault:
        raise BoothRecordUnreadable(place=0, part="card") from fault
    with db().reading() as session:
        holder = holders_of(session, [card]).get(card)
        if holder is None:
            raise services.UnknownCard
        left = offers.posts_left(session, mine.fair_id, clock.now())
        booths = {one.employer_id: one for one in queries.list_booths(session, mine.fair_id)}
    ranked = pool()
    ranked.refresh()
    fits = booths_that_fit(ranked, holder.seeker_id, left, but=employer_id)
    told = [
        {
            "employer": booths[fit.employer_id].name,
            "title": fit.title,
            "minutes": booths[fit.employer_id].wait_minutes,
            "ahead": booths[fit.employer_id].waiting,
        }
        for fit in islice(fits, _OTHERS)
    ]
    return {"booths": told}


@bp.route("/fairs/<fair_code>/booths")
@allow(Permission.OFFERS_MAKE)
def booths(fair_code: str) -> str:
    """Show the queue and the results of each booth."""
    fair = found(fair_code)
    own = own_organisation(Permission.OFFERS_MAKE)
    with db().reading() as session:
        rows = queries.list_booths(session, fair.id, organisation_id=own)
        claims = queries.count_open_claims(session, fair.id)
    return render_template(
        "interviews/booths.html",
        fair=fair,
        title=fair.title(language()),
        rows=rows,
        claims=claims,
        beijing=beijing,
    )


@bp.route("/fairs/<fair_code>/booths/<int:employer_id>")
@allow(Permission.OFFERS_MAKE)
def visitors(fair_code: str, employer_id: int) -> str:
    """Show who waits at a booth and who was there, names masked."""
    fair = found(fair_code)
    with db().reading() as session:
        employer = employer_in_reach(session, employer_id, Permission.OFFERS_MAKE)
        rows = queries.list_visitors(session, fair.id, employer_id)
    return render_template(
        "interviews/visitors.html",
        fair=fair,
        employer=employer,
        rows=rows,
        places=Words(_PLACE_NAMES),
        outcomes=Words(OUTCOME_NAMES),
        beijing=beijing,
    )


@bp.route("/fairs/<fair_code>/claims")
@allow(Permission.STATIONS_MANAGE)
def claims(fair_code: str) -> str:
    """Show what booths said and could not be carried out, for somebody to settle."""
    fair = managed(found(fair_code))
    settled = request.args.get("settled") == "1"
    with db().reading() as session:
        rows = queries.list_claims(session, fair.id, settled=settled)
    return render_template(
        "interviews/claims.html",
        fair=fair,
        title=fair.title(language()),
        rows=rows,
        settled=settled,
        refusal=lambda code: translate(_refusal(code)),
        outcomes=Words(OUTCOME_NAMES),
        ways=[(w.value, translate(n)) for w, n in services.SETTLEMENT_NAMES.items()],
        beijing=beijing,
    )


def _claim_fair(session: Session, record_id: str) -> fairs.FairRow:
    fair_id = queries.find_claim_fair(session, record_id)
    if fair_id is None:
        raise NotFound
    return managed(fair_of(session, fair_id))


@bp.route("/claims/<record_id>", methods=["POST"])
@allow(Permission.STATIONS_MANAGE)
def settle(record_id: str) -> Page | Response:
    """Note how something was settled."""
    way = next((w for w in services.Settlement if w == request.form.get("how")), None)
    with db().writing() as session:
        fair = _claim_fair(session, record_id)
        if way is not None:
            services.settle_claim(session, record_id, way, user_id=who().user_id)
    if way is None:
        flash(_("Choose how it was settled."), "warning")
    else:
        flash(_("Settled."))
    return redirect(url_for("interviews.claims", fair_code=fair.code), 303)
