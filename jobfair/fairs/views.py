"""Pages of fairs."""

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow
from jobfair.fairs import queries
from jobfair.fairs.ranking import rank_and_keep
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db
from jobfair.matching.pool import Pool

bp = Blueprint("fairs", __name__, url_prefix="/fairs")


def _found(fair_code: str) -> queries.FairRow:
    with db().reading() as session:
        fair = queries.find_fair(session, fair_code)
    if fair is None:
        raise NotFound
    return fair


@bp.route("/")
@allow(Permission.FAIRS_READ)
def fairs() -> str:
    """List the fairs."""
    with db().reading() as session:
        return render_template("fairs/fairs.html", fairs=queries.list_fairs(session))


@bp.route("/<fair_code>")
@allow(Permission.FAIRS_READ)
def fair(fair_code: str) -> str:
    """Show a fair, its positions and how many people are eligible for each."""
    found = _found(fair_code)
    with db().reading() as session:
        posts = queries.list_fair_positions(session, found.id)
        ranking = queries.newest_ranking(session, found.id)
    return render_template("fairs/fair.html", fair=found, posts=posts, ranking=ranking)


@bp.route("/<fair_code>/rank", methods=["POST"])
@allow(Permission.MATCHING_RUN)
def rank(fair_code: str) -> Response:
    """Rank everybody for every position of the fair, and keep the counts."""
    found = _found(fair_code)
    pool = cast(Pool, current_app.extensions["jobfair.pool"])
    ranked = rank_and_keep(db(), pool, found)
    flash(_("%(n)s positions ranked.", n=len(ranked.positions)))
    return redirect(url_for("fairs.fair", fair_code=found.code), 303)
