"""A person's line of events: show it, add to it, take back what was wrong."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.forms import Form
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.placements import queries, services
from jobfair.placements.forms import EventForm, PlacementForm, ReversalForm
from jobfair.placements.views.common import (
    Page,
    bp,
    placement_in_reach,
    recorder,
    seeker_in_reach,
)
from jobfair.regions import queries as regions


@bp.route("/people/<int:seeker_id>")
@allow(Permission.PLACEMENTS_READ)
def person(seeker_id: int) -> Page:
    """Show everything that happened to a person, reversed entries struck out."""
    with db().reading() as session:
        seeker = seeker_in_reach(session, seeker_id, Permission.PLACEMENTS_READ)
        lines = queries.person_lines(session, seeker_id)
        codes = {line.workplace_division for line in lines} | {seeker.row.home_division[:6]}
        names = regions.names_of(session, {code for code in codes if code})
    return render_template("placements/person.html", seeker=seeker, lines=lines, names=names)


@bp.route("/people/<int:seeker_id>/new", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def new_placement(seeker_id: int) -> Page:
    """Record where a person works."""
    with db().reading() as session:
        seeker = seeker_in_reach(session, seeker_id, Permission.PLACEMENTS_WRITE)
    form = PlacementForm()

    def record(session: Session) -> None:
        services.record_placement(session, seeker_id, form.draft(_place(session, form)), recorder())

    if _done(form, record):
        flash(_("The placement is recorded."))
        return redirect(url_for("placements.person", seeker_id=seeker_id))
    page = render_template("placements/placement_form.html", form=form, seeker=seeker, line=None)
    return page, 422 if form.errors else 200


@bp.route("/<int:placement_id>/change-employer", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def change_employer(placement_id: int) -> Page:
    """Close a placement and open the next one on the same day."""
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    form = PlacementForm()

    def change(session: Session) -> None:
        services.change_employer(
            session, placement_id, form.draft(_place(session, form)), recorder()
        )

    if _done(form, change):
        flash(_("The change of employer is recorded."))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id))
    page = render_template("placements/placement_form.html", form=form, seeker=seeker, line=line)
    return page, 422 if form.errors else 200


@bp.route("/<int:placement_id>/events/new", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def new_event(placement_id: int) -> Page:
    """Record what happened in a placement."""
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    form = EventForm()

    def append(session: Session) -> None:
        services.append_event(session, placement_id, form.fact(), recorder())

    if _done(form, append):
        flash(_("The entry is recorded."))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id))
    page = render_template("placements/event_form.html", form=form, seeker=seeker, line=line)
    return page, 422 if form.errors else 200


@bp.route("/events/<int:event_id>/reverse", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def reverse_event(event_id: int) -> Page:
    """Take an entry back, with the reason; the entry stays to be seen."""
    with db().reading() as session:
        row = queries.find_event(session, event_id)
        if row is None:
            raise NotFound
        line, seeker = placement_in_reach(session, row.placement_id, Permission.PLACEMENTS_WRITE)
    form = ReversalForm()

    def reverse(session: Session) -> None:
        services.reverse_event(session, event_id, form.reason.data or "", recorder())

    if _done(form, reverse):
        flash(_("The entry is reversed. It stays visible, struck out, with your reason."))
        return redirect(url_for("placements.person", seeker_id=seeker.row.id))
    page = render_template(
        "placements/reverse_event.html", form=form, seeker=seeker, line=line, row=row
    )
    return page, 422 if form.errors else 200


def _done(form: Form, verb: Callable[[Session], None]) -> bool:
    """Run a verb with a valid form; a refusal is put at the head of the form."""
    if not form.validate_on_submit():
        return False
    try:
        with db().writing() as session:
            verb(session)
    except Refusal as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.params))
        return False
    return True


def _place(session: Session, form: PlacementForm) -> str | None:
    return regions.gazetteer(session).find(form.workplace.data or "")
