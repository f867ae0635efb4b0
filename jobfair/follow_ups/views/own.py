"""What people say of themselves by their own link, without signing in."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.follow_ups import services
from jobfair.follow_ups.forms import OwnAnswerForm
from jobfair.follow_ups.queries.calls import list_dues
from jobfair.follow_ups.rules.checkpoints import DueState, reached
from jobfair.follow_ups.views.common import bp
from jobfair.kit import clock
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.forms import carried_out
from jobfair.kit.web import db, public_url, settings
from jobfair.placements.queries import find_placement
from jobfair.placements.views.common import Page
from jobfair.regions import queries as regions


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="follow-up")


def answer_link(placement_id: int) -> str:
    """Return the address by which somebody says how the work goes, without signing in."""
    return public_url("follow_ups.own_answer", answer_token=_signer().dumps(placement_id))


def _asked(answer_token: str) -> int:
    """Return the placement of a link.

    Raises:
        NotFound: it is none of ours.
    """
    try:
        told: object = _signer().loads(answer_token)
    except BadSignature as fault:
        raise NotFound from fault
    if not isinstance(told, int):
        raise NotFound
    return told


@bp.route("/f/<answer_token>", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def own_answer(answer_token: str) -> Page:
    """Let somebody on post say how it goes; the page says nothing of who they are.

    A link answers what is asked now, once; at the next checkpoint it asks again.
    """
    placement_id = _asked(answer_token)
    with db().reading() as session:
        line = find_placement(session, placement_id)
        if line is None:
            raise NotFound
        dues = list_dues(session, placement_id)
    first = line.state.on_post_on
    checkpoint = reached(first, clock.today()) if first else None
    waits = any(d.checkpoint == checkpoint and d.state == DueState.OPEN for d in dues)
    form = OwnAnswerForm()

    def record(session: Session) -> None:
        text = form.workplace.data or ""
        division = regions.gazetteer(session).find(text) if text else None
        services.record_follow_up(session, placement_id, form.draft(division), Recorder())

    if waits and carried_out(form, record):
        flash(_("Thank you. Your answer has reached the labour office."))
        return redirect(url_for("follow_ups.own_answer", answer_token=answer_token), 303)
    page = render_template(
        "follow_ups/own_answer.html", form=form, line=line, checkpoint=checkpoint, waits=waits
    )
    return page, 422 if form.errors else 200
