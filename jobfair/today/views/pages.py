"""The first page, the language switch, and whether the server lives."""

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import text
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, safe_next, who
from jobfair.follow_ups.views.work import bring_up_to_date
from jobfair.kit import clock
from jobfair.kit.audit import count_entries
from jobfair.kit.downloads import beijing
from jobfair.kit.i18n import LANGUAGES
from jobfair.kit.web import LANGUAGE_COOKIE, db, settings
from jobfair.today.queries import last_check
from jobfair.today.services import verify_chain
from jobfair.today.views.standing import cards_of, figures_of
from jobfair.today.views.work import own_employer_id, tasks_of

bp = Blueprint("today", __name__)

_YEAR = 365 * 24 * 3600


@bp.route("/")
@allow(Permission.ACCOUNT_SELF)
def home() -> str:
    """Show what needs doing today, then where things stand, then ways on."""
    actor = who()
    if actor.may(Permission.LIAISON_WORK):
        bring_up_to_date()  # nobody else may have looked since people set out
    watches = actor.may(Permission.AUDIT_READ)
    with db().reading() as session:
        tasks = tasks_of(session, actor)
        figures = figures_of(session, actor)
        own = own_employer_id(session, actor)
        check = last_check(session) if watches else None
        entries = count_entries(session) if watches else 0
    return render_template(
        "today/home.html",
        actor=actor,
        today=clock.today(),
        tasks=tasks,
        figures=figures,
        cards=cards_of(actor, own),
        watches=watches,
        check=check,
        entries=entries,
        beijing=beijing,
    )


@bp.route("/audit/verify", methods=["POST"])
@allow(Permission.AUDIT_READ)
def verify_audit() -> Response:
    """Walk the audit chain now, and record what was found."""
    with db().writing() as session:
        verdict = verify_chain(session)
    if verdict.valid:
        flash(_("The audit chain holds: %(n)s entries.", n=f"{verdict.entries:,}"))
    else:
        flash(
            _(
                "The audit chain is broken at entry %(n)s. Keep the database as it is and "
                "tell the administrator.",
                n=verdict.first_bad,
            ),
            "warning",
        )
    return redirect(url_for("today.home"), 303)


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
