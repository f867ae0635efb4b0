"""Pages of invitations: who answered what, to telephone the others; the person's own page."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs.queries import FairRow, find_fair
from jobfair.fairs.views.common import found
from jobfair.invitations import queries
from jobfair.invitations.queries import Invited
from jobfair.invitations.rules import REASON_NAMES, STATE_NAMES, Answer, Reason, Way
from jobfair.invitations.services import note_answer
from jobfair.kit import audit, clock
from jobfair.kit.downloads import beijing, download
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import Words, translate
from jobfair.kit.lists import asked_page
from jobfair.kit.sheets.writing import Cell, Column
from jobfair.kit.web import db, language, public_url, settings
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers

bp = Blueprint("invitations", __name__)

Page = str | tuple[str, int] | Response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="invitation to a fair")


def answer_link(fair_id: int, seeker_id: int) -> str:
    """Return the address by which an invited person answers without signing in."""
    token = _signer().dumps([fair_id, seeker_id])
    return public_url("invitations.own_answer", answer_token=token)


def _asked(answer_token: str) -> tuple[int, int]:
    """Return fair and person of a link.

    Raises:
        NotFound: it is none of ours.
    """
    try:
        told: object = _signer().loads(answer_token)
    except BadSignature as fault:
        raise NotFound from fault
    match told:
        case [int(fair_id), int(seeker_id)]:
            return fair_id, seeker_id
    raise NotFound


def _within() -> str | None:
    return who().scope(Permission.ALLOCATIONS_EDIT).division


def _kept() -> dict[str, str]:
    """Return what the address narrows the list to."""
    asked = {"state": request.args.get("state", ""), "township": request.args.get("township", "")}
    if asked["state"] not in STATE_NAMES:
        asked["state"] = ""
    return {name: value for name, value in asked.items() if value}


def _narrowed(rows: Sequence[Invited]) -> list[Invited]:
    """Return those the address asks for."""
    asked = _kept().items()
    return [row for row in rows if all(getattr(row, name) == value for name, value in asked)]


def _reasons() -> list[tuple[str, str]]:
    return [(reason.value, translate(REASON_NAMES[reason])) for reason in Reason]


def _said(text: str) -> Reason | None:
    """Return the reason that was chosen, None for somebody who comes.

    Raises:
        ValueError: nothing was chosen.
    """
    return None if text == Answer.COMING else Reason(text)


@bp.route("/fairs/<fair_code>/invitations", methods=["GET", "POST"])
@allow(Permission.ALLOCATIONS_EDIT)
def invitations(fair_code: str) -> Page:
    """Show who is invited and what they say; note what somebody said on the telephone."""
    fair = found(fair_code)
    if request.method == "POST":
        return _note(fair)
    with db().reading() as session:
        rows = queries.list_invited(session, fair.id, _within())
        narrowed = _narrowed(rows)
        paging = asked_page(len(narrowed))
        shown = narrowed[paging.offset : paging.offset + paging.size]
        ids = [row.seeker_id for row in shown]
        places = regions.gazetteer(session)
        people = seekers.names_of(session, ids)
        meant = queries.positions_of(session, fair.id, ids)
    return render_template(
        "invitations/invitations.html",
        fair=fair,
        title=fair.title(language()),
        rows=shown,
        total=len(narrowed),
        invited=len(rows),
        paging=paging,
        kept=_kept(),
        counts=Counter(row.state for row in rows),
        townships=queries.count_states(rows),
        place=lambda code: places.full_name(code) or code,
        people=people,
        meant=meant,
        states=Words(STATE_NAMES),
        reasons=_reasons(),
        reason_names=Words(REASON_NAMES),
        beijing=beijing,
    )


def _note(fair: FairRow) -> Response:
    """Note what somebody said on the telephone, and go back to the list as it was."""
    seeker_id = request.form.get("seeker", 0, type=int)
    kept: dict[str, Any] = {
        name: request.form.get(name) or None for name in ("state", "township", "page")
    }
    try:
        reason = _said(request.form.get("said", ""))
    except ValueError:
        flash(_("Choose what the person said."), "warning")
    else:
        with db().writing() as session:
            person = seekers.names_of(session, [seeker_id]).get(seeker_id)
            if person is None or not person.home_division.startswith(_within() or ""):
                raise NotFound
            user_id = who().user_id
            note_answer(session, fair.id, seeker_id, reason, way=Way.TELEPHONE, user_id=user_id)
        flash(_("Noted for %(name)s.", name=person.name))
    return redirect(url_for("invitations.invitations", fair_code=fair.code, **kept), 303)


def _columns() -> list[Column]:
    titles = (
        _("Home"),
        _("Name"),
        _("Position"),
        _("Employer"),
        _("State"),
        _("Why not coming"),
        _("Answered at"),
        _("Link to answer"),
    )
    return [Column(str(title)) for title in titles]


def _cells(session: Session, fair: FairRow, rows: Sequence[Invited]) -> list[list[Cell]]:
    ids = [row.seeker_id for row in rows]
    people, places = seekers.names_of(session, ids), regions.gazetteer(session)
    meant = queries.positions_of(session, fair.id, ids)
    return [
        [
            places.full_name(row.township) or row.township,
            people[row.seeker_id].name,
            "；".join(one.title for one in meant[row.seeker_id]),
            "；".join(one.employer for one in meant[row.seeker_id]),
            translate(STATE_NAMES[row.state]),
            translate(REASON_NAMES[row.reason]) if row.reason else "",
            beijing(row.answered_at) if row.answered_at else "",
            answer_link(fair.id, row.seeker_id),
        ]
        for row in rows
    ]


@bp.route("/fairs/<fair_code>/invitations/export/<kind>")
@allow(Permission.ALLOCATIONS_EDIT)
def export(fair_code: str, kind: str) -> Response:
    """Download the invited people the address asks for, masked; that it was taken is recorded."""
    fair = found(fair_code)
    with db().reading() as session:
        rows = _narrowed(queries.list_invited(session, fair.id, _within()))
        cells = _cells(session, fair, rows)
    answer = download(kind, f"invitations-{fair.code}", _columns(), cells)
    with db().writing() as session:
        detail = {"people": len(rows), "kind": kind}
        audit.record(
            session, "invitation.download", subject="fair", subject_id=fair.id, detail=detail
        )
    return answer


@bp.route("/i/<answer_token>", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def own_answer(answer_token: str) -> Page:
    """Let an invited person say whether they come; the page says nothing of who they are."""
    fair_id, seeker_id = _asked(answer_token)
    with db().reading() as session:
        fair = find_fair(session, str(fair_id))
        meant = queries.positions_of(session, fair_id, [seeker_id]).get(seeker_id)
        before = queries.newest_answer(session, fair_id, seeker_id)
    if fair is None or meant is None:
        raise NotFound
    over, fault = fair.ends_on < clock.today(), ""
    if request.method == "POST" and not over:
        try:
            reason = _said(request.form.get("said", ""))
        except ValueError:
            fault = _("Choose one of the answers.")
        else:
            with db().writing() as session:
                note_answer(session, fair_id, seeker_id, reason, way=Way.OWN_LINK)
            flash(_("Thank you. You can change your answer here until the fair."))
            return redirect(url_for("invitations.own_answer", answer_token=answer_token), 303)
    page = render_template(
        "invitations/own_answer.html",
        fair=fair,
        title=fair.title(language()),
        meant=meant,
        said=(before[1] or before[0]) if before else "",
        answers=[(Answer.COMING.value, _("I am coming")), *_reasons()],
        over=over,
        fault=fault,
    )
    return page, 422 if fault else 200
