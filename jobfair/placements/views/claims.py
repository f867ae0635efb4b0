"""A second office's word about work on record: keep it from the form, take it back."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.placements.forms import PlacementForm
from jobfair.placements.queries.overlaps import find_claim
from jobfair.placements.rules.offices import NotTheSameWork
from jobfair.placements.services.claiming import join_claims, withdraw_claim
from jobfair.placements.views.common import Page, bp, recorder, seeker_in_reach
from jobfair.placements.views.lines import place_of


@bp.route("/people/<int:seeker_id>/claim", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def claim(seeker_id: int) -> Page:
    """Keep the own office's word beside the work that another office has on record."""
    with db().reading() as session:
        seeker = seeker_in_reach(session, seeker_id, Permission.PLACEMENTS_WRITE)
    form = PlacementForm()
    notes: list[str] = []

    def join(session: Session) -> None:
        draft = form.draft(place_of(session, form))
        [joined] = join_claims(session, [(seeker_id, draft)], recorder())
        if joined is None:
            raise NotTheSameWork
        notes.append(joined.told())

    if carried_out(form, join):
        flash(notes[0])
        return redirect(url_for("placements.person", seeker_id=seeker_id), 303)
    page = render_template(
        "placements/placement_form.html",
        form=form,
        seeker=seeker,
        line=None,
        running=None,
        claims=False,
    )
    return page, 422


@bp.route("/claims/<int:placement_claim_id>/withdraw", methods=["POST"])
@allow(Permission.PLACEMENTS_WRITE)
def withdraw(placement_claim_id: int) -> Page:
    """Take the own office's word back."""
    with db().reading() as session:
        found = find_claim(session, placement_claim_id)
    if found is None:
        raise NotFound
    home, office = found
    actor = who()
    actor.scope(Permission.PLACEMENTS_WRITE).must_cover(division=home)
    if office != actor.organisation_id:
        raise NotFound
    try:
        with db().writing() as session:
            withdraw_claim(session, placement_claim_id, request.form.get("why", ""), recorder())
    except Refusal as refusal:
        flash(translate(refusal.message, **refusal.params), "warning")
    else:
        flash(_("Your office's word is taken back; the person no longer counts as claimed by it."))
    return redirect(url_for("reports.overlaps", mine=1), 303)
