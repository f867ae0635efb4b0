"""A person's line of events: show it, add to it, take back what was wrong."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.evidence.queries import Of, count_files
from jobfair.kit.errors import NotFound
from jobfair.kit.events.forms import REVERSED, ReversalForm
from jobfair.kit.forms import carried_out
from jobfair.kit.web import db
from jobfair.placements import queries, services
from jobfair.placements.forms import OFFERED, PlacementEventForm, PlacementForm
from jobfair.placements.queries.overlaps import placed_by_another, shared_work
from jobfair.placements.queries.wages import usual_wages
from jobfair.placements.rules.drafts import AlreadyPlaced, PlacementDraft
from jobfair.placements.rules.wages import check_wage
from jobfair.placements.views.common import (
    Page,
    bp,
    placement_in_reach,
    recorder,
    seeker_in_reach,
)
from jobfair.regions import queries as regions
from jobfair.seekers.queries import SeekerDetail


@bp.route("/people/<int:seeker_id>")
@allow(Permission.PLACEMENTS_READ)
def person(seeker_id: int) -> Page:
    """Show everything that happened to a person, reversed entries struck out."""
    with db().reading() as session:
        seeker = seeker_in_reach(session, seeker_id, Permission.PLACEMENTS_READ)
        lines = queries.person_lines(session, seeker_id)
        events = [row.event.id for line in lines for row in line.events]
        files = count_files(session, Of.EVENT, events)
        codes = {line.workplace_division for line in lines} | {seeker.row.home_division[:6]}
        names = regions.names_of(session, {code for code in codes if code})
        offices = shared_work(session, [line.id for line in lines])
    return render_template(
        "placements/person.html",
        seeker=seeker,
        lines=lines,
        names=names,
        offered=OFFERED,
        files=files,
        offices=offices,
    )


@bp.route("/people/<int:seeker_id>/new", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def new_placement(seeker_id: int) -> Page:
    """Record where a person works."""
    with db().reading() as session:
        seeker = seeker_in_reach(session, seeker_id, Permission.PLACEMENTS_WRITE)
    form = PlacementForm()
    running: list[int] = []
    clashes: list[AlreadyPlaced] = []

    def record(session: Session) -> None:
        try:
            services.record_placement(session, seeker_id, _draft(session, form), recorder())
        except AlreadyPlaced as clash:
            clashes.append(clash)
            running.extend(filter(None, [clash.params["placement"]]))  # type: ignore[list-item]
            raise

    if carried_out(form, record):
        flash(_("The placement is recorded."))
        return redirect(url_for("placements.person", seeker_id=seeker_id))
    with db().reading() as session:
        theirs = bool(clashes) and placed_by_another(session, seeker_id, recorder().office_id)
    page = render_template(
        "placements/placement_form.html",
        form=form,
        seeker=seeker,
        line=None,
        running=running[0] if running else None,
        claims=theirs,
    )
    return page, 422 if form.errors else 200


@bp.route("/<int:placement_id>/change-employer", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def change_employer(placement_id: int) -> Page:
    """Close a placement and open the next one on the same day."""
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    form = PlacementForm()

    def change(session: Session) -> None:
        services.change_employer(session, placement_id, _draft(session, form), recorder())

    if carried_out(form, change):
        flash(_("The change of employer is recorded."))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id))
    page = render_template(
        "placements/placement_form.html",
        form=form,
        seeker=seeker,
        line=line,
        running=None,
        claims=False,
    )
    return page, 422 if form.errors else 200


@bp.route("/<int:placement_id>/events/new", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def new_event(placement_id: int) -> Page:
    """Record what happened in a placement."""
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    form = PlacementEventForm()

    def append(session: Session) -> None:
        services.append_event(session, placement_id, form.fact(), recorder())

    if carried_out(form, append):
        flash(_("The entry is recorded."))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id))
    page = render_template(
        "kit/event_form.html",
        form=form,
        about=_about(seeker, line),
        rows=line.events,
        reverse="placements.reverse_event",
        back=url_for("placements.person", seeker_id=seeker.row.id),
    )
    return page, 422 if form.is_submitted() and form.errors else 200


@bp.route("/events/<int:event_id>/reverse", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def reverse_event(event_id: int) -> Page:
    """Take an entry back, with the reason; the entry stays to be seen."""
    with db().reading() as session:
        placement_id = queries.placement_of_event(session, event_id)
        if placement_id is None:
            raise NotFound
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    form = ReversalForm()

    def reverse(session: Session) -> None:
        services.reverse_event(session, event_id, form.reason.data or "", recorder())

    if carried_out(form, reverse):
        flash(_(REVERSED))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id))
    page = render_template(
        "kit/reverse_event.html",
        form=form,
        heading=_("Reverse an entry"),
        about=_about(seeker, line),
        rows=[row for row in line.events if row.event.id == event_id],
        back=url_for("placements.person", seeker_id=seeker.row.id),
    )
    return page, 422 if form.errors else 200


@bp.route("/<int:placement_id>/reverse", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def reverse_placement(placement_id: int) -> Page:
    """Take back a whole placement recorded by mistake; it stays to be seen."""
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    form = ReversalForm()

    def reverse(session: Session) -> None:
        services.reverse_placement(session, placement_id, form.reason.data or "", recorder())

    if carried_out(form, reverse):
        flash(_("The placement is reversed and counts no more. Its entries stay to be seen."))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id))
    page = render_template(
        "kit/reverse_event.html",
        form=form,
        heading=_("Reverse the whole placement"),
        about=_about(seeker, line),
        rows=[row for row in line.events if not row.reversal],
        back=url_for("placements.person", seeker_id=seeker.row.id),
    )
    return page, 422 if form.errors else 200


def _about(seeker: SeekerDetail, line: queries.PlacementLine) -> str:
    return f"{seeker.row.name} · {line.employer_name or line.workplace_text}"


def _draft(session: Session, form: PlacementForm) -> PlacementDraft:
    """Return what was typed.

    Raises:
        OddWage, YearlyWage: the pay is far from usual, and nobody said that it is right.
    """
    draft = form.draft(place_of(session, form))
    if draft.wage_fen is not None and not form.wage_confirmed.data:
        check_wage(draft.wage_fen, usual_wages(session)(draft.title))
    return draft


def place_of(session: Session, form: PlacementForm) -> str | None:
    """Return the division of the workplace that was typed."""
    return regions.gazetteer(session).find(form.workplace.data or "")
