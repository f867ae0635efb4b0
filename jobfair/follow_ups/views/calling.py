"""Asking one person: what is known, the number to dial, what was found; and taking it back."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.follow_ups import services
from jobfair.follow_ups.forms import AnswerForm, FollowUpForm
from jobfair.follow_ups.queries import calls as queries
from jobfair.follow_ups.queries.cases import cases_of
from jobfair.follow_ups.rules.checkpoints import Checkpoint, DueState, reached
from jobfair.follow_ups.rules.drafts import Kept
from jobfair.follow_ups.views.common import bp
from jobfair.follow_ups.views.own import answer_link
from jobfair.kit import clock
from jobfair.kit.errors import NotFound
from jobfair.kit.events.forms import ReversalForm
from jobfair.kit.forms import carried_out
from jobfair.kit.web import db
from jobfair.placements.queries import PlacementLine
from jobfair.placements.views.common import Page, placement_in_reach, recorder
from jobfair.regions import queries as regions
from jobfair.seekers.services import reveal_seeker


def division_of(session: Session, form: AnswerForm) -> str | None:
    """Return the division of a new workplace, None where it is not understood."""
    text = form.workplace.data or ""
    return regions.gazetteer(session).find(text) if text else None


def asked_now(line: PlacementLine, today: date) -> Checkpoint | None:
    """Return the checkpoint that a day counts for in a placement."""
    first = line.state.on_post_on
    return reached(first, today) if first else None


def _page(placement_id: int, form: FollowUpForm, phone: str | None = None) -> str:
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
        follow_ups = queries.list_follow_ups(session, placement_id)
        dues = queries.list_dues(session, placement_id)
        cases = cases_of(session, placement_id)
        places = regions.names_of(session, {line.workplace_division or ""})
    form.seen.data = str(follow_ups[0].id if follow_ups else 0)
    checkpoint = asked_now(line, clock.today())
    waits = any(d.checkpoint == checkpoint and d.state == DueState.OPEN for d in dues)
    return render_template(
        "follow_ups/call.html",
        line=line,
        seeker=seeker,
        workplace=places.get(line.workplace_division or "") or line.workplace_text,
        follow_ups=follow_ups,
        dues=dues,
        cases=cases,
        checkpoint=checkpoint if waits else None,
        link=answer_link(placement_id) if waits else "",
        phone=phone,
        form=form,
    )


@bp.route("/follow-ups/<int:placement_id>", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def call(placement_id: int) -> Page:
    """Record what was found about one person, or that nobody was reached."""
    with db().reading() as session:
        placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
    form = FollowUpForm()
    kept: list[Kept] = []

    def record(session: Session) -> None:
        draft = form.draft(division_of(session, form))
        kept.append(services.record_follow_up(session, placement_id, draft, recorder()))

    if not carried_out(form, record):
        return _page(placement_id, form), 422 if form.errors else 200
    if kept[-1].lost:
        flash(_("Recorded. Contact counts as lost: three attempts failed in the ways required."))
    elif kept[-1].checkpoint is None:
        flash(_("Recorded as a contact: no checkpoint was waiting on that day."))
    else:
        flash(_("Recorded."))
    return redirect(url_for("follow_ups.work", caller="me"), 303)


@bp.route("/follow-ups/<int:placement_id>/phone", methods=["POST"])
@allow(Permission.SEEKERS_UNMASK)
def phone(placement_id: int) -> Page:
    """Show the number to dial; that it was read is recorded."""
    with db().reading() as session:
        line, _seeker = placement_in_reach(session, placement_id, Permission.SEEKERS_UNMASK)
    with db().writing() as session:
        number = reveal_seeker(session, line.seeker_id, reason="follow_up").phone
    form = FollowUpForm(formdata=None)
    return _page(placement_id, form, number or "")


@bp.route("/follow-ups/calls/<int:follow_up_id>/reverse", methods=["GET", "POST"])
@allow(Permission.PLACEMENTS_WRITE)
def reverse(follow_up_id: int) -> Page:
    """Take a follow-up back with what it wrote; it stays to be seen."""
    with db().reading() as session:
        placement_id = queries.placement_of(session, follow_up_id)
        if placement_id is None:
            raise NotFound
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
        rows = queries.list_follow_ups(session, placement_id)
    form = ReversalForm()

    def take_back(session: Session) -> None:
        services.reverse_follow_up(session, follow_up_id, form.reason.data or "", recorder())

    if carried_out(form, take_back):
        flash(_("The follow-up is taken back, with what it wrote. It stays to be seen."))
        return redirect(url_for("follow_ups.call", placement_id=placement_id), 303)
    page = render_template(
        "follow_ups/reverse.html",
        form=form,
        line=line,
        seeker=seeker,
        rows=[row for row in rows if row.id == follow_up_id],
    )
    return page, 422 if form.errors else 200
