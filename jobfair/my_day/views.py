"""The person's own page: their card, their queues, their offers; it renews itself while it is seen.

Whoever has the card's token opens it, as whoever has the card is taken for its holder. Nothing is
answered here: an offer is accepted at the booth, where its terms are read and signed.
"""

import hashlib
import json
from datetime import datetime

import segno
from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.cards import queries as cards
from jobfair.cards.rules import TOKEN_LENGTH, is_token, spoken
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import Page
from jobfair.interviews.rules import Place
from jobfair.kit import clock
from jobfair.kit.clock import BEIJING
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_, translate
from jobfair.kit.qr import drawn
from jobfair.kit.web import db, language
from jobfair.my_day import queries
from jobfair.queues.steering import steering
from jobfair.seekers import queries as seekers
from jobfair.stations.devices import Guesses

bp = Blueprint("my_day", __name__)
_EVERY_SECONDS = 20
_TOKEN = f"<string(length={TOKEN_LENGTH}):token>"
_QUEUES = {
    Place.WAITING: N_(
        "%(booth)s: number %(number)s, %(ahead)s before you, about %(minutes)s minutes"
    ),
    Place.CALLED: N_("%(booth)s: number %(number)s, you are called. Go there now."),
    Place.AWAY: N_(
        "%(booth)s: number %(number)s, you were called and not there. Go there: your place is kept."
    ),
}
_OFFERED = N_("%(booth)s offers you: %(title)s. Say at the booth by %(at)s whether you accept.")
_ACCEPTED = N_("%(booth)s: you accepted %(title)s.")
_TURN = N_(
    "%(booth)s: a post is free again, %(title)s. Ask for it there by %(at)s: it is not reserved."
)
_BETTER = N_(
    "Sooner at %(booth)s: %(title)s, about %(minutes)s minutes. You keep your place where you are."
)


class NoSuchCard(NotFound):
    """No card in force says this."""

    code = "no_such_card"
    message = N_("This card is not in force. Ask at the desk for a new one.")


def _guesses() -> Guesses:
    known: Guesses | None = current_app.extensions.get("jobfair.card_guesses")
    return known or current_app.extensions.setdefault("jobfair.card_guesses", Guesses())


@bp.route("/me", methods=["GET", "POST"])
@allow(Permission.PUBLIC)
def enter() -> Page:
    """Ask for the code that stands on the card, and lead to its page."""
    fault, typed = "", request.form.get("code", "").strip()
    if request.method == "POST":
        address, guesses = request.remote_addr or "", _guesses()
        guesses.check(address)
        try:
            with db().reading() as session:
                token = _token_of(session, typed)
        except Refusal as refusal:
            guesses.note(address)
            fault = translate(refusal.message, **refusal.params)
        else:
            return redirect(url_for("my_day.day", token=token), 303)
    return render_template("my_day/enter.html", typed=typed, fault=fault), 422 if fault else 200


def _token_of(session: Session, text: str) -> str:
    found = cards.look_up(session, text)
    mine = cards.find_in_force(session, found.card.seeker_id) if found and found.opens else None
    if mine is None:
        raise NoSuchCard
    return mine.token


def _in_force(session: Session, token: str) -> cards.FoundCard:
    """Return the card that has a token.

    Raises:
        NoSuchCard: none has, or it is not in force.
    """
    try:
        found = cards.look_up(session, token) if is_token(token) else None
    except Refusal as forged:
        raise NoSuchCard from forged
    if found is None or not found.opens:
        raise NoSuchCard
    return found


@bp.route(f"/me/{_TOKEN}")
@allow(Permission.PUBLIC)
def day(token: str) -> str:
    """Show somebody their card and what there is to tell them today."""
    with db().reading() as session:
        mine = _in_force(session, token)
        seeker_id = mine.person_id
        name = seekers.names_of(session, [seeker_id])[seeker_id].name
        fair_id = queries.find_fair_of(session, seeker_id, clock.today())
        fair = fairs.find_fair(session, str(fair_id)) if fair_id else None
    return render_template(
        "my_day/day.html",
        fair=fair,
        title=fair.title(language()) if fair else "",
        name=name,
        code=spoken(mine.card.code),
        qr=drawn(segno.make_qr(token, error="q")),
        state=_told(seeker_id, fair_id),
        url=url_for("my_day.state", token=token),
        every=_EVERY_SECONDS,
    )


@bp.route(f"/me/{_TOKEN}.json")
@allow(Permission.PUBLIC)
def state(token: str) -> Response:
    """Tell what there is to tell somebody now; nothing, when it is what they were told last."""
    with db().reading() as session:
        seeker_id = _in_force(session, token).person_id
        fair_id = queries.find_fair_of(session, seeker_id, clock.today())
    told = _told(seeker_id, fair_id)
    answer: Response = jsonify(told)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    return answer.make_conditional(request)


def _told(seeker_id: int, fair_id: int | None) -> dict[str, list[str]]:
    """Return the lines of each part of the page, in the reader's language."""
    if fair_id is None:
        return {"queues": [], "offers": [], "turns": [], "better": [], "notices": []}
    lines = steering().lines(fair_id)
    with db().reading() as session:
        found = queries.read_day(session, fair_id, seeker_id, clock.now(), lines)

    def say(text: str, employer_id: int, employer: str, **more: object) -> str:
        return translate(text, booth=found.booth(employer_id, employer), **more)

    return {
        "queues": [
            say(
                _QUEUES[one.visitor.place],
                one.employer_id,
                one.employer,
                number=one.visitor.number,
                ahead=one.ahead,
                minutes=one.minutes,
            )
            for one in found.queues
        ],
        "offers": [
            say(
                _ACCEPTED if one.accepted else _OFFERED,
                one.employer_id,
                one.employer,
                title=one.title,
                at=_time(one.expires_at),
            )
            for one in found.offers
        ],
        "turns": [
            say(_TURN, one.employer_id, one.employer, title=one.title, at=_time(one.until))
            for one in found.turns
        ],
        "better": [
            say(_BETTER, one.to_id, one.to_name, title=one.title, minutes=one.minutes)
            for one in found.better
        ],
        "notices": [
            one.text_en if language() == "en" and one.text_en else one.text_zh
            for one in found.notices
        ],
    }


def _time(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%H:%M}"
