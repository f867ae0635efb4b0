"""A liaison's phone: the station's people of today, and what was found about each."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.charges import queries
from jobfair.charges.forms import LeftForm, ProblemForm, StepForm
from jobfair.charges.views.common import bp
from jobfair.follow_ups.rules.drafts import FollowUpDraft, Kept
from jobfair.follow_ups.services import record_follow_up
from jobfair.follow_ups.views.calling import before_asking
from jobfair.follow_ups.views.work import bring_up_to_date
from jobfair.kit import clock
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import Form, carried_out
from jobfair.kit.lists import asked_page
from jobfair.kit.web import db
from jobfair.ownership.queries import HandOverFilter, count_hand_overs, owner_now
from jobfair.ownership.rules import Standing
from jobfair.placements.queries import PlacementLine, find_placement
from jobfair.placements.services import append_event
from jobfair.placements.views.common import Page, recorder
from jobfair.seekers import queries as seekers
from jobfair.seekers.services import reveal_seeker


def _in_reach(session: Session, placement_id: int) -> tuple[PlacementLine, seekers.SeekerDetail]:
    """Return a placement whose person the caller's station owns today.

    Raises:
        NotFound: none such, or another owner's.
    """
    line = find_placement(session, placement_id)
    if line is None:
        raise NotFound
    owner = owner_now(session, line.seeker_id, clock.today())
    who().scope(Permission.LIAISON_WORK).must_cover(organisation_id=owner.station_id)
    person = seekers.find_seeker(session, seekers.kept_record(session, line.seeker_id))
    if person is None:
        raise NotFound
    return line, person


@bp.route("/liaison")
@allow(Permission.LIAISON_WORK)
def liaison() -> Page:
    """List whom the station sees today: who is on the way, and who is to be asked."""
    waiting = bring_up_to_date()
    own, today = who().organisation_id, clock.today()
    offered = HandOverFilter(station_id=own, standing=Standing.OFFERED)
    with db().reading() as session:
        total, overdue = queries.count_day(session, own, today)
        paging = asked_page(total)
        rows = queries.list_day(session, own, today, limit=paging.size, offset=paging.offset)
        held = queries.count_charges(session, queries.ChargeFilter(today, station_id=own))
        offers = count_hand_overs(session, offered)
    return render_template(
        "charges/liaison.html",
        rows=rows,
        total=total,
        overdue=overdue,
        held=held,
        offers=offers,
        paging=paging,
        waiting=waiting,
    )


def _page(placement_id: int, form: StepForm, phone: str | None = None) -> str:
    with db().reading() as session:
        line, seeker = _in_reach(session, placement_id)
        before = before_asking(session, line)
    form.seen.data = before.newest
    return render_template(
        "charges/liaison_person.html",
        line=line,
        seeker=seeker,
        workplace=before.workplace,
        follow_ups=before.follow_ups[:3],
        checkpoint=before.checkpoint,
        phone=phone,
        form=form,
    )


@bp.route("/liaison/<int:placement_id>", methods=["GET", "POST"])
@allow(Permission.LIAISON_WORK)
def liaison_person(placement_id: int) -> Page:
    """Show one person with the big buttons, and record the one that was pressed."""
    with db().reading() as session:
        _in_reach(session, placement_id)
    form = StepForm()

    def record(session: Session) -> None:
        draft = form.follow_up()
        if draft is None:
            append_event(session, placement_id, form.fact(), recorder())
        else:
            record_follow_up(session, placement_id, draft, recorder())

    if carried_out(form, record):
        flash(_("Recorded."))
        return redirect(url_for("charges.liaison"), 303)
    return _page(placement_id, form), 422 if form.errors else 200


@bp.route("/liaison/<int:placement_id>/phone", methods=["POST"])
@allow(Permission.LIAISON_WORK)
def liaison_phone(placement_id: int) -> Page:
    """Show the number to dial; that it was read is recorded."""
    with db().reading() as session:
        _line, seeker = _in_reach(session, placement_id)
    with db().writing() as session:
        number = reveal_seeker(session, seeker.row.id, reason="follow_up").phone
    return _page(placement_id, StepForm(formdata=None), number or "")


@bp.route("/liaison/<int:placement_id>/problem", methods=["GET", "POST"])
@allow(Permission.LIAISON_WORK)
def liaison_problem(placement_id: int) -> Page:
    """Record what is wrong at the post; unpaid wages, injury and dispute open a rights case."""
    with db().reading() as session:
        _in_reach(session, placement_id)
    form = ProblemForm()
    return _follow_up(placement_id, form, _("Something is wrong"))


@bp.route("/liaison/<int:placement_id>/left", methods=["GET", "POST"])
@allow(Permission.LIAISON_WORK)
def liaison_left(placement_id: int) -> Page:
    """Record that the work has ended; the home owns the record again at once."""
    with db().reading() as session:
        _in_reach(session, placement_id)
    form = LeftForm()
    return _follow_up(placement_id, form, _("No longer at this post"))


def _follow_up(placement_id: int, form: ProblemForm | LeftForm, heading: str) -> Page:
    kept: list[Kept] = []

    def record(session: Session) -> None:
        draft: FollowUpDraft = form.draft()
        kept.append(record_follow_up(session, placement_id, draft, recorder()))

    shown: Form = form
    if carried_out(shown, record):
        flash(_("Recorded."))
        return redirect(url_for("charges.liaison"), 303)
    with db().reading() as session:
        line, seeker = _in_reach(session, placement_id)
    page = render_template(
        "charges/liaison_form.html", form=form, line=line, seeker=seeker, heading=heading
    )
    return page, 422 if form.errors else 200
