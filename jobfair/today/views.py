"""The first page, the language switch, and whether the server lives."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import text

from jobfair.accounts.access import Permission, Role, allow, may, safe_next, who
from jobfair.kit.i18n import LANGUAGES
from jobfair.kit.web import LANGUAGE_COOKIE, db, settings
from jobfair.today.queries import Counts, count_work

bp = Blueprint("today", __name__)

_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do now, with how many of it and where."""

    count: int
    text: str
    url: str


@bp.route("/")
@allow(Permission.ACCOUNT_SELF)
def home() -> str:
    """Show what needs doing today."""
    actor = who()
    with db().reading() as session:
        counts = count_work(
            session,
            division=actor.scope(Permission.SEEKERS_READ).division
            if may(Permission.SEEKERS_READ)
            else None,
            organisation_id=actor.organisation_id if actor.role is Role.RECRUITER else None,
        )
    return render_template("today/home.html", tasks=_tasks(counts), actor=actor)


def _tasks(counts: Counts) -> list[Task]:
    found = []
    if may(Permission.EMPLOYERS_VERIFY) and counts.unverified_employers:
        found.append(
            Task(
                counts.unverified_employers,
                _("employers wait to be verified"),
                url_for("employers.employers"),
            )
        )
    if may(Permission.POSITIONS_WRITE) and counts.draft_positions:
        found.append(
            Task(
                counts.draft_positions,
                _("positions lack something before they can be offered"),
                url_for("employers.positions", status="draft"),
            )
        )
    if may(Permission.SEEKERS_MERGE) and counts.near_duplicates:
        found.append(
            Task(
                counts.near_duplicates,
                _("pairs of seekers may be the same person"),
                url_for("seekers.duplicates"),
            )
        )
    if may(Permission.SEEKERS_READ) and counts.expiring:
        found.append(
            Task(
                counts.expiring,
                _("registrations run out within 14 days"),
                url_for("seekers.people", state="expiring"),
            )
        )
    return found


@bp.route("/language", methods=["POST"])
@allow(Permission.PUBLIC)
def switch_language() -> Response:
    """Remember a language and go back to the page."""
    chosen = request.form.get("language", "")
    answer = make_response(redirect(safe_next(request.form.get("next")), 303))
    if chosen in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=_YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings().https,
        )
    return answer


@bp.route("/health")
@allow(Permission.PUBLIC)
def health() -> tuple[str, int]:
    """Answer 200 when the database answers."""
    with db().reading() as session:
        session.execute(text("SELECT 1"))
    return "ok", 200
