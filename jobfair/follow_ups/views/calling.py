"""Asking one person: what is known, the number to dial, what was found; and taking it back."""

from typing import NamedTuple

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


class Before(NamedTuple):
    """What a caller has before them of a placement.

    Attributes:
        checkpoint: that an answer of today would settle; None when nothing is asked now.
    """

    follow_ups: list[queries.FollowUpRow]
    dues: list[queries.DueRow]
    workplace: str
    checkpoint: Checkpoint | None

    @property
    def newest(self) -> str:
        """Return what a form remembers, so that what comes meanwhile is noticed."""
        return str(self.follow_ups[0].id if self.follow_ups else 0)


def before_asking(session: Session, line: PlacementLine) -> Before:
    """Return what is known before somebody is asked."""
    dues = queries.list_dues(session, line.id)
    first = line.state.on_post_on
    checkpoint = reached(first, clock.today()) if first else None
    waits = any(d.checkpoint == checkpoint and d.state == DueState.OPEN for d in dues)
    place = line.workplace_division or ""
    return Before(
        queries.list_follow_ups(session, line.id),
        dues,
        regions.names_of(session, {place}).get(place) or line.workplace_text,
        checkpoint if waits else None,
    )


def _page(placement_id: int, form: FollowUpForm, phone: str | None = None) -> str:
    with db().reading() as session:
        line, seeker = placement_in_reach(session, placement_id, Permission.PLACEMENTS_WRITE)
        before = before_asking(session, line)
        cases = cases_of(session, placement_id)
    form.seen.data = before.newest
    return render_template(
        "follow_ups/call.html",
        line=line,
        seeker=seeker,
        workplace=before.workplace,
        follow_ups=before.follow_ups,
        dues=before.dues,
        cases=cases,
        checkpoint=before.checkpoint,
        link=answer_link(placement_id) if before.checkpoint else "",
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
