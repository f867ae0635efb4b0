"""The capacity plan of a fair: what is expected beside what follows from it."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, who
from jobfair.capacity import queries, services
from jobfair.capacity.core import sizing
from jobfair.capacity.forms import CapacityForm, clock_time
from jobfair.capacity.views.words import sentence, way_out, whole
from jobfair.fairs.queries import FairRow
from jobfair.fairs.views.common import Page, found
from jobfair.kit.forms import carried_out
from jobfair.kit.web import db, language

bp = Blueprint("capacity", __name__, url_prefix="/fairs")


def _of_fair(fair: FairRow) -> Mapping[str, int]:
    """Return what the fair says of itself: one booth for each employer, its days and its posts."""
    return {
        "days": (fair.ends_on - fair.starts_on).days + 1,
        "booths": fair.employers,
        "posts": fair.posts,
        "staff": -(-fair.employers // 10),
    }


def _page(fair: FairRow, expected: sizing.Expectation | None, form: CapacityForm) -> str:
    findings = sizing.check(expected) if expected else []
    better = None
    if expected and not all(finding.holds for finding in findings):
        better = whole(expected, sizing.proposal(expected))
    return render_template(
        "capacity/plan.html",
        fair=fair,
        title=fair.title(language()),
        form=form,
        expected=expected,
        arrivals=sizing.arrivals(expected) if expected else 0,
        findings=findings,
        slots=sizing.slots(expected) if expected else [],
        better=better,
        sentence=sentence,
        way_out=way_out,
        clock_time=clock_time,
    )


@bp.route("/<fair_code>/plan")
@allow(Permission.FAIRS_READ)
def plan(fair_code: str) -> str:
    """Show what is expected of a fair, whether it holds, and what would make it hold.

    The address may propose how many people are expected, as the answers to invitations do.
    """
    fair = found(fair_code)
    with db().reading() as session:
        expected = queries.find_expectation(session, fair.id)
    form = CapacityForm(expected, _of_fair(fair))
    form.persons.data = request.args.get("persons", form.persons.data, type=int)
    return _page(fair, expected, form)


@bp.route("/<fair_code>/plan", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def keep(fair_code: str) -> Page:
    """Keep what is expected of a fair."""
    fair = found(fair_code)
    with db().reading() as session:
        expected = queries.find_expectation(session, fair.id)
    form = CapacityForm(expected, _of_fair(fair))
    done = carried_out(
        form,
        lambda session: services.keep_expectation(
            session, fair.id, form.expectation(), user_id=who().user_id
        ),
    )
    if done:
        flash(_("The capacity plan is kept."))
        return redirect(url_for("capacity.plan", fair_code=fair.code), 303)
    return _page(fair, expected, form), 422
