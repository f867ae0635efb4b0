"""The page of who runs a fair's day, and the calls of halls' servers."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.fairs.views.common import Page, found
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, language
from jobfair.stations.devices import guesses, tell_refusals
from jobfair.stations.rules import PAIRING_VALID, show_code
from jobfair.uplink.calling import calling_uplink
from jobfair.uplink.courier import Courier
from jobfair.uplink.forms import HandOverForm, TakeBackForm
from jobfair.uplink.queries.states import heard_at, list_aside, state_of, uplink_of
from jobfair.uplink.rules import ROW_NAMES, WHY_NAMES, PackUnreadable
from jobfair.uplink.services import exchanging, linking

bp = Blueprint("uplink", __name__)
calls = Blueprint("uplink_calls", __name__, url_prefix="/uplink")
tell_refusals(calls)
_LISTED = 100


@calls.route("/pair", methods=["POST"])
@allow(Permission.PUBLIC)
def pair() -> dict[str, Any]:
    """Give a fair's day to the server that knows the code; its secret is told this once."""
    sent = request.get_json(silent=True)
    code = sent.get("code", "") if isinstance(sent, dict) else ""
    with (
        guesses().counted(request.remote_addr or "", linking.CodeWrong),
        db().writing() as session,
    ):
        joined = linking.pair(session, str(code))
    return {"fair": joined.fair_code, "secret": joined.secret}


@calls.route("/exchange", methods=["POST"])
@allow(Permission.UPLINK)
def exchange() -> dict[str, Any]:
    """Take in a hall's pack, and answer with what the hall lacks."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or type(sent.get("got")) is not int:
        raise PackUnreadable
    with db().writing() as session:
        uplink = exchanging.locked(session, calling_uplink())
        exchanging.answered(session, uplink, sent["got"])
        answer: dict[str, Any] = {"up": exchanging.answer_to(session, uplink, sent)}
        exchanging.heard(uplink, sent.get("aside"))
    with db().reading() as session:
        uplink = uplink_of(session, calling_uplink())
        ended = uplink.ending
        look = ended is None and uplink.pending is None
        made = exchanging.look(session, uplink) if look else None
    if ended is None:
        with db().writing() as session:
            uplink = exchanging.locked(session, calling_uplink())
            exchanging.hold(session, uplink, made)
            answer["down"] = exchanging.waiting_pack(uplink)
    return answer | {"ended": ended}


@calls.route("/return", methods=["POST"])
@allow(Permission.UPLINK)
def accept_return() -> dict[str, Any]:
    """Run the day here again, once both servers have the same."""
    sent = request.get_json(silent=True)
    with db().writing() as session:
        uplink = exchanging.locked(session, calling_uplink())
        told = sent.get("counts") if isinstance(sent, dict) else None
        return {"ended": linking.accept_return(session, uplink, told)}


def courier() -> Courier:
    """Return what this server calls the prefecture with."""
    found: Courier = current_app.extensions["jobfair.courier"]
    return found


def day_as_of(fair_code: str) -> str:
    """Return until when this server knows of a day that another runs; for templates."""
    with db().reading() as session:
        at = heard_at(session, fair_code)
    return beijing(at) if at else "–"


def _back(fair_code: str) -> Response:
    return redirect(url_for("uplink.uplink", fair_code=fair_code), 303)


@bp.route("/fairs/<fair_code>/uplink")
@allow(Permission.FAIRS_WRITE)
def uplink(fair_code: str) -> Page:
    """Show which server runs a fair's day, and how far both are in step."""
    return _page(fair_code, HandOverForm(), TakeBackForm())


def _page(fair_code: str, handing: HandOverForm, taking: TakeBackForm) -> Page:
    fair = found(fair_code)
    with db().reading() as session:
        state = state_of(session, fair.code)
        aside = list_aside(session, state.id, limit=_LISTED) if state else []
    page = render_template(
        "uplink/uplink.html",
        fair=fair,
        title=fair.title(language()),
        state=state,
        aside=aside,
        handing=handing,
        taking=taking,
        row_names=ROW_NAMES,
        why_names=WHY_NAMES,
        beijing=beijing,
    )
    return page, 422 if handing.errors or taking.errors else 200


@bp.route("/fairs/<fair_code>/uplink/hand-over", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def hand_over(fair_code: str) -> Page:
    """Show the one-time code by which a hall's server takes over the day; it is shown this once."""
    fair, form = found(fair_code), HandOverForm()
    if not form.validate_on_submit():
        return _page(fair_code, form, TakeBackForm(formdata=None))
    with db().writing() as session:
        name = form.name.data or ""
        code = linking.hand_over(session, fair.code, name, user_id=who().user_id)
    return render_template(
        "uplink/code.html",
        fair=fair,
        name=name,
        code=show_code(code),
        address=request.host_url.rstrip("/"),
        minutes=int(PAIRING_VALID.total_seconds() // 60),
    )


@bp.route("/fairs/<fair_code>/uplink/take-back", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def take_back(fair_code: str) -> Page:
    """Run the day here again without the laptop."""
    fair, form = found(fair_code), TakeBackForm()
    if not form.validate_on_submit():
        return _page(fair_code, HandOverForm(formdata=None), form)
    with db().writing() as session:
        linking.take_back(session, fair.code, form.reason.data or "", user_id=who().user_id)
    flash(_("The day is run here again. What the laptop brings later is still taken in."))
    return _back(fair.code)


@bp.route("/fairs/<fair_code>/uplink/sync", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def sync(fair_code: str) -> Response:
    """Try now: call the prefecture, or, there, apply once more what was set aside."""
    fair = found(fair_code)
    with db().reading() as session:
        state = state_of(session, fair.code)
    if state is None:
        raise linking.NothingToTake
    if state.at_hall:
        try:
            synced = courier().sync(state.id)
        except Refusal as refusal:
            flash(translate(refusal.message, **refusal.params))
        else:
            flash(_("Both servers are in step (%(packs)s packs).", packs=synced.packs))
        return _back(fair.code)
    with db().writing() as session:
        left = exchanging.try_aside(session, exchanging.locked(session, state.id))
    flash(_("Tried again. %(left)s rows still wait.", left=left))
    return _back(fair.code)


@bp.route("/fairs/<fair_code>/uplink/return", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def hand_back(fair_code: str) -> Response:
    """At the hall: send everything, then give the day back."""
    fair = found(fair_code)
    with db().writing() as session:
        linking.begin_return(session, fair.code)
    return sync(fair_code)


@bp.route("/fairs/<fair_code>/uplink/settle", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def settle(fair_code: str) -> Response:
    """Note that what was changed at both servers has been looked at."""
    fair = found(fair_code)
    with db().writing() as session:
        count = linking.settle_aside(session, fair.code, user_id=who().user_id)
    flash(_("%(n)s differences are settled.", n=count))
    return _back(fair.code)
