"""Hand-overs: what waits to be accepted, what was, what was declined or taken back."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit import audit
from jobfair.kit.downloads import beijing, download
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db
from jobfair.ownership import queries, services
from jobfair.ownership.forms import OfferForm, ReasonForm, read_filter
from jobfair.ownership.rules import STANDING_NAMES, Standing
from jobfair.ownership.views.common import (
    EXPORT_ROWS,
    TOWNSHIP,
    bp,
    hand_over_in_reach,
    reason_text,
    settle_ownership,
)
from jobfair.placements.queries import home_counties
from jobfair.placements.views.common import Page, placement_in_reach, recorder
from jobfair.regions import queries as regions


def _wanted() -> queries.HandOverFilter:
    return read_filter(request.args, who().scope(Permission.OWNERSHIP_READ))


def _names(session: Session, rows: list[queries.HandOverRow]) -> dict[str, str]:
    codes = {row.home_division[:TOWNSHIP] for row in rows}
    return regions.names_of(session, codes | {row.workplace_division or "" for row in rows})


@bp.route("/hand-overs")
@allow(Permission.OWNERSHIP_READ)
def hand_overs() -> Page:
    """List hand-overs, those that wait to be accepted without another word."""
    waiting = settle_ownership()
    wanted = _wanted()
    with db().reading() as session:
        total = queries.count_hand_overs(session, wanted)
        paging = asked_page(total)
        rows = queries.list_hand_overs(session, wanted, limit=paging.size, offset=paging.offset)
        names = _names(session, rows)
        counties = regions.names_of(session, set(home_counties(session, wanted.scope)))
    return render_template(
        "ownership/hand_overs.html",
        rows=rows,
        total=total,
        paging=paging,
        names=names,
        counties=counties,
        args=request.args,
        shown=wanted.standing,
        waiting=waiting,
    )


@bp.route("/hand-overs/export/<kind>")
@allow(Permission.OWNERSHIP_READ)
def export_hand_overs(kind: str) -> Page:
    """Download the list, masked; that it was taken is recorded."""
    settle_ownership()
    with db().reading() as session:
        rows = queries.list_hand_overs(session, _wanted(), limit=EXPORT_ROWS)
        names = _names(session, rows)
    titles = (
        _("Home"),
        _("Name"),
        _("Employer"),
        _("Post or kind of work"),
        _("Workplace"),
        _("Labour station"),
        _("Offered at"),
        _("State"),
        _("Answered at"),
        _("Reason in words"),
    )
    columns = [Column(str(title)) for title in titles]
    answer = download(kind, "hand-overs", columns, [_cells(row, names) for row in rows])
    with db().writing() as session:
        detail = {"people": len(rows), "kind": kind}
        audit.record(session, "hand_over.download", subject="hand_over", detail=detail)
    return answer


def _cells(row: queries.HandOverRow, names: dict[str, str]) -> list[Cell]:
    township = row.home_division[:TOWNSHIP]
    return [
        names.get(township, township),
        row.name,
        row.employer_name,
        row.title,
        names.get(row.workplace_division or "") or row.workplace_text,
        row.station,
        beijing(row.offered_at),
        translate(STANDING_NAMES[row.standing]),
        beijing(row.answered_at) if row.answered_at else "",
        reason_text(row.reason),
    ]


@bp.route("/hand-overs/accept", methods=["POST"])
@allow(Permission.HAND_OVERS_ANSWER)
def accept_hand_overs() -> Page:
    """Accept what was ticked, or all that the list shows."""
    scope = who().scope(Permission.HAND_OVERS_ANSWER)
    chosen = request.form.getlist("hand_over", type=int)
    with db().writing() as session:
        if request.form.get("every"):
            listed = replace(read_filter(request.args, scope), standing=Standing.OFFERED)
            chosen = queries.offer_ids(session, listed)
        mine = queries.of_station(session, chosen, scope.organisation_id)
        done = services.accept(session, mine, recorder())
    if not chosen:
        flash(_("Choose at least one hand-over."), "warning")
    else:
        flash(_("Hand-overs accepted: %(n)s", n=done.accepted))
    if done.answered_before:
        flash(_("Answered by somebody else before: %(n)s", n=done.answered_before), "warning")
    return redirect(url_for("ownership.hand_overs"), 303)


@bp.route("/hand-overs/<int:hand_over_id>/decline", methods=["GET", "POST"])
@allow(Permission.HAND_OVERS_ANSWER)
def decline_hand_over(hand_over_id: int) -> Page:
    """Decline an offer, with the reason."""
    with db().reading() as session:
        row = hand_over_in_reach(session, hand_over_id, Permission.HAND_OVERS_ANSWER)
    form = ReasonForm()

    def decline(session: Session) -> None:
        services.decline(session, hand_over_id, form.reason.data or "", recorder())

    if carried_out(form, decline):
        flash(_("The hand-over is declined. The person stays with the present owner."))
        return redirect(url_for("ownership.hand_overs"), 303)
    return _reason_page(form, row, _("Decline a hand-over"), _("Decline"))


@bp.route("/hand-overs/<int:hand_over_id>/take-back", methods=["GET", "POST"])
@allow(Permission.HAND_OVERS_OFFER)
def take_back_hand_over(hand_over_id: int) -> Page:
    """Take an offer, or what was accepted, back to the home, with the reason."""
    with db().reading() as session:
        row = hand_over_in_reach(session, hand_over_id, Permission.HAND_OVERS_OFFER)
    form = ReasonForm()

    def take_back(session: Session) -> None:
        services.take_back(session, hand_over_id, form.reason.data or "", recorder())

    if carried_out(form, take_back):
        flash(_("Taken back: from today the home owns this person's record."))
        return redirect(url_for("ownership.person", seeker_id=row.seeker_id), 303)
    return _reason_page(form, row, _("Take a hand-over back"), _("Take back"))


def _reason_page(form: ReasonForm, row: queries.HandOverRow, heading: str, verb: str) -> Page:
    page = render_template(
        "ownership/reason.html", form=form, row=row, heading=heading, verb=verb, offered=Standing
    )
    return page, 422 if form.errors else 200


@bp.route("/hand-overs/offer/<int:placement_id>", methods=["GET", "POST"])
@allow(Permission.HAND_OVERS_OFFER)
def offer_hand_over(placement_id: int) -> Page:
    """Offer somebody to a station of one's choice."""
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.HAND_OVERS_OFFER)
        stations = queries.open_stations(session)
    form = OfferForm().offer(stations)

    def give(session: Session) -> None:
        services.offer(session, placement_id, form.station.data, recorder())

    if carried_out(form, give):
        flash(_("Offered. Until the station accepts, the present owner remains."))
        return redirect(url_for("ownership.person", seeker_id=seeker.row.id), 303)
    page = render_template("ownership/offer.html", form=form, line=line, seeker=seeker)
    return page, 422 if form.errors else 200
