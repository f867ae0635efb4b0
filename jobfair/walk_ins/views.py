"""The desk's calls, and the office's page of a fair's walk-ins."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.cards.services import make_blanks
from jobfair.cards.views import qr_picture
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import Page, fair_of, found
from jobfair.kit.crypto import vault
from jobfair.kit.downloads import beijing
from jobfair.kit.envelopes import public_key
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import LANGUAGES, translate
from jobfair.kit.web import db, language
from jobfair.occupations.queries import occupations
from jobfair.regions import queries as regions
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.reading import Places
from jobfair.seekers.services.importing import places_of
from jobfair.stations.devices import device, tell_refusals
from jobfair.stations.rules import Job
from jobfair.walk_ins import queries, services
from jobfair.walk_ins.forms import WalkInForm
from jobfair.walk_ins.rules import MOST_BLANKS, WalkInUnreadable, read_walk_ins

bp = Blueprint("walk_ins", __name__)
calls = Blueprint("walk_ins_calls", __name__, url_prefix="/station")
tell_refusals(calls)
PAGE_SIZE = 50


def _places(session: Session) -> Places:
    return places_of(regions.gazetteer(session), occupations(session))


def _only_desks() -> None:
    if device().job is not Job.DESK:
        raise NotFound


@calls.route("/desk")
@allow(Permission.STATION)
def desk() -> dict[str, Any]:
    """Tell a desk what it needs to register people with no network: text and key."""
    _only_desks()
    return {
        "key": public_key(vault()).hex(),
        "consent": {code: consent.FORM.in_language(code) for code in LANGUAGES},
    }


@calls.route("/blank-cards", methods=["POST"])
@allow(Permission.STATION)
def blank_cards() -> dict[str, Any]:
    """Give a desk the blank cards it lacks, with their QR codes to show."""
    _only_desks()
    sent = request.get_json(silent=True)
    have = sent.get("have") if isinstance(sent, dict) else None
    if type(have) is not int or have < 0:
        raise WalkInUnreadable(place=0, part="have")
    with db().writing() as session:
        made = make_blanks(session, max(0, MOST_BLANKS - have))
    told = [{"token": b.token, "code": b.code, "qr": qr_picture(b.token)} for b in made]
    return {"cards": told}


@calls.route("/walk-ins", methods=["POST"])
@allow(Permission.STATION)
def take_in() -> dict[str, Any]:
    """Take in the people a desk registered; once this answers they are kept."""
    _only_desks()
    sent = request.get_json(silent=True)
    facts = read_walk_ins(sent.get("records") if isinstance(sent, dict) else None)
    with db().writing() as session:
        done = services.take_in(session, device(), facts, _places(session))
    return {"answers": [{"id": one.id, "result": one.result} for one in done]}


@bp.route("/fairs/<fair_code>/walk-ins")
@allow(Permission.WALK_INS)
def walk_ins(fair_code: str) -> str:
    """Show who was registered at the fair's desks; those to be completed first."""
    fair = found(fair_code)
    number = max(1, request.args.get("page", 1, type=int))
    with db().reading() as session:
        total, to_complete = queries.count_walk_ins(session, fair.id)
        rows = queries.list_walk_ins(
            session, fair.id, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
        )
    return render_template(
        "walk_ins/walk_ins.html",
        fair=fair,
        title=fair.title(language()),
        rows=rows,
        total=total,
        to_complete=to_complete,
        number=number,
        size=PAGE_SIZE,
        page_url=lambda n: url_for("walk_ins.walk_ins", fair_code=fair.code, page=n),
        beijing=beijing,
    )


def _with_fair(session: Session, walk_in_id: str) -> tuple[queries.WalkInRow, fairs.FairRow]:
    row = queries.find_walk_in(session, walk_in_id)
    if row is None:
        raise NotFound
    return row, fair_of(session, row.fair_id)


@bp.route("/walk-ins/<walk_in_id>", methods=["GET", "POST"])
@allow(Permission.WALK_INS)
def walk_in(walk_in_id: str) -> Page | Response:
    """Complete somebody's registration: what the desk typed, what is wrong, and the correction."""
    with db().reading() as session:
        row, fair = _with_fair(session, walk_in_id)
    back = url_for("walk_ins.walk_ins", fair_code=fair.code)
    if row.seeker_id is not None:
        return redirect(back, 303)
    form, faults = WalkInForm(), row.faults
    if form.validate_on_submit():
        try:
            with db().writing() as session:
                services.complete(session, row.id, form.said(), _places(session))
        except services.StillWrong as wrong:
            faults = tuple(wrong.faults)
        else:
            flash(_("The person is registered, and the card they were given works."))
            return redirect(back, 303)
    elif request.method == "GET":
        with db().writing() as session:
            form = WalkInForm(data=services.reveal(session, row.id))
    page = render_template(
        "walk_ins/walk_in.html",
        row=row,
        back=back,
        form=form,
        faults=[translate(fault) for fault in faults],
        beijing=beijing,
    )
    return page, 422 if request.method == "POST" else 200
