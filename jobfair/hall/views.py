"""The hall's screen and console, live; announcements; whom to call in; the close of a fair."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from jobfair.accounts.access import Permission, allow, who
from jobfair.attendance.queries import people_inside
from jobfair.employers.queries import find_employer
from jobfair.employers.views.common import employer_in_reach
from jobfair.fairs import queries as fairs
from jobfair.fairs.views.common import fair_of, found, managed
from jobfair.hall import queries, services
from jobfair.hall.rules import LONGEST_TEXT, NothingSaid
from jobfair.interviews import queries as interviews
from jobfair.interviews.rules import OUTCOME_NAMES
from jobfair.kit import clock
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, Words, in_each_language
from jobfair.kit.web import db, language
from jobfair.matching.views.common import pool
from jobfair.offers import queries as offers
from jobfair.queues.queries import Turn, list_better, list_turns, with_names
from jobfair.queues.steering import propose_elsewhere, steering
from jobfair.seekers import queries as seekers
from jobfair.stations.devices import device, tell_refusals

bp = Blueprint("hall", __name__)
calls = Blueprint("hall_calls", __name__, url_prefix="/station")
tell_refusals(calls)
_FRESH_SECONDS = 2.0  # for which a state may be told again: screens never add up to load
_STREAM_SECONDS = 60.0  # then a browser asks again by itself, and a restart loses nobody
_EVERY_SECONDS = 3.0
# Each stream keeps a thread of the server; whoever comes when these are taken polls instead.
_MOST_STREAMS = 4
_EMPTIEST = 5
_CALLED_IN = 10
_LOOKED_AT = 500
FIGURE_NAMES: dict[str, str] = {
    "persons": N_("People checked in"),
    "entries": N_("Entries at the gates"),
    "walk_ins": N_("Registered at the desks"),
    "employers": N_("Employers"),
    "posts": N_("Posts"),
    "talks": N_("Talks"),
    "offers": N_("Offers"),
    "accepted": N_("Offers accepted"),
    "left": N_("Posts left"),
}


class Live:
    """What is told to screens: made once for all that ask at the same time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._told: dict[int, tuple[float, dict[str, Any]]] = {}
        self._streams = threading.BoundedSemaphore(_MOST_STREAMS)

    def state(self, fair_id: int) -> dict[str, Any]:
        """Return the state of a fair, at most two seconds old."""
        with self._guard:
            at, known = self._told.get(fair_id, (0.0, {}))
            if not known or time.monotonic() - at > _FRESH_SECONDS:
                known = _state(fair_id, clock.now())
                self._told[fair_id] = (time.monotonic(), known)
            return known

    def stream(self, fair_id: int) -> Iterator[str] | None:
        """Return the events of a minute; None when too many listen already."""
        if not self._streams.acquire(blocking=False):
            return None
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

        def events() -> Iterator[str]:
            try:
                until = time.monotonic() + app.config.get("STREAM_SECONDS", _STREAM_SECONDS)
                while True:
                    with app.app_context():
                        told = json.dumps(self.state(fair_id), ensure_ascii=False)
                    yield f"data: {told}\n\n"
                    if time.monotonic() >= until:
                        return
                    time.sleep(_EVERY_SECONDS)
            finally:
                self._streams.release()

        return events()


def _state(fair_id: int, now: datetime) -> dict[str, Any]:
    lines = steering().lines(fair_id)
    with db().reading() as session:
        known = queries.live(session, fair_id, now)
        turns = list_turns(session, fair_id, now)
        better = Counter(
            (one.from_name, one.to_name) for one in list_better(session, fair_id, now, lines)
        )
    known["notices"] += [
        {"id": f"turn {one.position_id} {one.seeker_id}", **_calls_next(one)} for one in turns
    ]
    known["better"] = [
        {"from": here, "to": there, "people": people}
        for (here, there), people in better.most_common()
    ]
    return known


def _calls_next(turn: Turn) -> dict[str, str]:
    """Return what the screen says of a post that came free, by language: a number, and no name."""
    if not turn.number:
        text = N_("%(employer)s: a post is free again, %(title)s.")
        return in_each_language(text, employer=turn.employer, title=turn.title)
    text = N_("Number %(number)s to %(employer)s: a post is free again, %(title)s.")
    return in_each_language(text, number=turn.number, employer=turn.employer, title=turn.title)


def _live() -> Live:
    known: Live | None = current_app.extensions.get("jobfair.hall")
    return known or current_app.extensions.setdefault("jobfair.hall", Live())


@bp.route("/fairs/<fair_code>/live.json")
@allow(Permission.FAIRS_READ)
def state(fair_code: str) -> Response:
    """Tell the state of a fair once."""
    return jsonify(_live().state(found(fair_code).id))


@bp.route("/fairs/<fair_code>/live")
@allow(Permission.FAIRS_READ)
def stream(fair_code: str) -> Response:
    """Tell the state of a fair every three seconds, as server-sent events."""
    events = _live().stream(found(fair_code).id)
    if events is None:
        return Response(status=503, headers={"Retry-After": "5"})
    return Response(events, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


@bp.route("/fairs/<fair_code>/screen")
@allow(Permission.FAIRS_READ)
def screen(fair_code: str) -> str:
    """Show the hall's screen: figures, queues and posts, and nobody's name."""
    fair = found(fair_code)
    return render_template(
        "hall/screen.html",
        fair=fair,
        title=fair.title(language()),
        state=_live().state(fair.id),
        figure_names=Words(FIGURE_NAMES),
    )


@bp.route("/fairs/<fair_code>/console", methods=["GET", "POST"])
@allow(Permission.STATIONS_MANAGE)
def console(fair_code: str) -> tuple[str, int] | Answer:
    """Show the manager what needs somebody, live; make an announcement."""
    fair = managed(found(fair_code))
    typed, fault = {"zh": "", "en": ""}, ""
    if request.method == "POST":
        typed = {code: request.form.get(code, "") for code in typed}
        try:
            with db().writing() as session:
                services.announce(session, fair.id, typed["zh"], typed["en"], user_id=who().user_id)
        except NothingSaid as refusal:
            fault = _(refusal.message)
        else:
            flash(_("Announced on all screens and stations for half an hour."))
            return redirect(url_for("hall.console", fair_code=fair.code), 303)
    with db().reading() as session:
        notices = queries.list_notices(session, fair.id, clock.now())
    page = render_template(
        "hall/console.html",
        fair=fair,
        title=fair.title(language()),
        state=_live().state(fair.id),
        figure_names=Words(FIGURE_NAMES),
        notices=notices,
        typed=typed,
        fault=fault,
        longest=LONGEST_TEXT,
        beijing=beijing,
    )
    return page, 422 if fault else 200


@bp.route("/announcements/<int:announcement_id>/end", methods=["POST"])
@allow(Permission.STATIONS_MANAGE)
def end_announcement(announcement_id: int) -> Answer:
    """Take an announcement off the screens."""
    with db().writing() as session:
        fair = managed(fair_of(session, services.end_announcement(session, announcement_id)))
    return redirect(url_for("hall.console", fair_code=fair.code), 303)


@calls.route("/notices")
@allow(Permission.STATION)
def notices() -> dict[str, Any]:
    """Tell a station what is announced now, and a booth whose turn it is there."""
    mine, now = device(), clock.now()
    with db().reading() as session:
        on = queries.list_notices(session, mine.fair_id, now)
    told: dict[str, Any] = {
        "notices": [{"id": one.id, "zh": one.text_zh, "en": one.text_en} for one in on]
    }
    if mine.employer_id is not None:
        told |= _told_at_booth(mine.fair_id, mine.employer_id, now)
    return told


def _told_at_booth(fair_id: int, employer_id: int, now: datetime) -> dict[str, Any]:
    """Return whose turn it is at a booth, and who of its queue was proposed another one."""
    propose_elsewhere(fair_id, employer_id)
    lines = steering().lines(fair_id)
    with db().reading() as session:
        turns = with_names(session, list_turns(session, fair_id, now, employer_id=employer_id))
        better = list_better(session, fair_id, now, lines)
    return {
        "turns": [
            {
                "title": one.title,
                "name": one.name,
                "number": one.number,
                "at": clock.milliseconds(one.noticed_at),
            }
            for one in turns
        ],
        "better": [
            {"number": one.number, "employer": one.to_name, "minutes": one.minutes}
            for one in better
            if one.from_id == employer_id
        ],
    }


@bp.route("/fairs/<fair_code>/call-in")
@allow(Permission.STATIONS_MANAGE)
def call_in(fair_code: str) -> str:
    """Show the emptiest positions and who in the hall fits them and is not placed: masked."""
    fair = managed(found(fair_code))
    now = clock.now()
    with db().reading() as session:
        left = offers.posts_left(session, fair.id, now)
        posts = fairs.list_fair_positions(session, fair.id, fairs.FairFilter())
        inside = people_inside(session, fair.id) - offers.people_placed(session, fair.id)
    ranked = pool()
    ranked.refresh()
    known = ranked.posts()
    chosen = []
    for post, _left in queries.emptiest_first(posts, left)[:_EMPTIEST]:
        if post.position_id in known:
            _count, best = ranked.candidates(post.position_id, top=_LOOKED_AT)
            chosen.append((post, [one.id for one in best if one.id in inside]))
    shown = {person for _post, people in chosen for person in people[:_CALLED_IN]}
    with db().reading() as session:
        names = seekers.names_of(session, shown)
    return render_template(
        "hall/call_in.html",
        fair=fair,
        title=fair.title(language()),
        inside=len(inside),
        rows=[
            (
                post,
                left[post.position_id],
                len(people),
                [names[p].name for p in people[:_CALLED_IN]],
            )
            for post, people in chosen
        ],
    )


@bp.route("/fairs/<fair_code>/close", methods=["GET", "POST"])
@allow(Permission.STATIONS_MANAGE)
def close(fair_code: str) -> str | Answer:
    """Show what is still open, and freeze the figures or take that back."""
    fair = managed(found(fair_code))
    if request.method == "POST":
        with db().writing() as session:
            if request.form.get("again"):
                services.open_again(session, fair.id)
            else:
                services.close_fair(session, fair.id, user_id=who().user_id)
        return redirect(url_for("hall.close", fair_code=fair.code), 303)
    now = clock.now()
    with db().reading() as session:
        figures = queries.count_figures(session, fair.id, now)
        closing = queries.find_closing(session, fair.id)
        matters = queries.open_matters(session, fair.id, now)
        booths = interviews.list_booths(session, fair.id)
        signed = queries.signatures(session, fair.id)
    return render_template(
        "hall/close.html",
        fair=fair,
        title=fair.title(language()),
        figures=figures,
        closing=closing,
        matters=matters,
        booths=sorted(booths, key=lambda one: one.name),
        signed=signed,
        figure_names=Words(FIGURE_NAMES),
        beijing=beijing,
    )


@bp.route("/fairs/<fair_code>/signatures", methods=["POST"])
@allow(Permission.STATIONS_MANAGE)
def sign(fair_code: str) -> Answer:
    """Note that an employer signed its results, or take that back."""
    fair = managed(found(fair_code))
    employer_id = request.form.get("employer", type=int)
    if employer_id is None:
        return redirect(url_for("hall.close", fair_code=fair.code), 303)
    with db().writing() as session:
        there = {row.employer_id for row in fairs.list_fair_employers(session, fair.id)}
        if employer_id not in there:
            raise NotFound
        services.note_signature(
            session,
            fair.id,
            employer_id,
            signed=request.form.get("signed") == "1",
            user_id=who().user_id,
        )
    return redirect(url_for("hall.close", fair_code=fair.code), 303)


@bp.route("/fairs/<fair_code>/results")
@allow(Permission.RESULTS_READ)
def results(fair_code: str) -> str | Answer:
    """Show an employer's list of results, to print and sign; names masked.

    Who runs the fair has them of every employer there, an employer its own.
    """
    fair, scope = found(fair_code), who().scope(Permission.RESULTS_READ)
    runs = scope.organisation_id is None
    if runs:
        scope.must_cover(division=fair.division_code)
    employer_id = request.args.get("employer", type=int)
    if employer_id is None:
        listed = "hall.close" if runs else "interviews.booths"
        return redirect(url_for(listed, fair_code=fair.code), 303)
    with db().reading() as session:
        employer = (
            find_employer(session, employer_id)
            if runs
            else employer_in_reach(session, employer_id, Permission.RESULTS_READ)
        )
        if employer is None:
            raise NotFound
        rows = interviews.list_outcomes(session, fair.id, employer.id)
    return render_template(
        "hall/results.html",
        fair=fair,
        title=fair.title(language()),
        employer=employer,
        rows=rows,
        outcomes=Words(OUTCOME_NAMES),
        beijing=beijing,
    )
