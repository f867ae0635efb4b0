"""The checklist of a fair's organiser."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.capacity.queries import persons_a_day
from jobfair.duties import queries, services
from jobfair.duties.forms import DutyForm
from jobfair.duties.rules import DUTY_TITLES, LARGE_EVENT, SOURCE_NAMES
from jobfair.fairs.queries import FairRow
from jobfair.fairs.views.common import Page, found
from jobfair.kit import clock
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.forms import carried_out
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, language

bp = Blueprint("duties", __name__)


def duty_title(row: queries.DutyRow) -> str:
    """Return what is to be done, in words."""
    return translate(DUTY_TITLES[row.rule.duty]) if row.rule else row.title


def due_words(due_on: date | None) -> str:
    """Return when something not yet done is due, said from today."""
    if due_on is None:
        return str(_("only if it happens"))
    days = (due_on - clock.today()).days
    if days < 0:
        return str(_("overdue since %(day)s, by %(n)s days", day=due_on.isoformat(), n=-days))
    if not days:
        return str(_("due today"))
    return str(_("due on %(day)s, in %(n)s days", day=due_on.isoformat(), n=days))


def _page(fair: FairRow, form: DutyForm) -> str:
    with db().reading() as session:
        rows = queries.list_duties(session, fair)
        expected = persons_a_day(session, [fair.id]).get(fair.id)
    return render_template(
        "duties/duties.html",
        fair=fair,
        title=fair.title(language()),
        rows=rows,
        today=clock.today(),
        expected=expected,
        large=LARGE_EVENT,
        form=form,
        duty_title=duty_title,
        due_words=due_words,
        source_names=SOURCE_NAMES,
        beijing=beijing,
    )


def _back(fair_code: str) -> Response:
    return redirect(url_for("duties.duties", fair_code=fair_code), 303)


@bp.route("/fairs/<fair_code>/duties")
@allow(Permission.FAIRS_READ)
def duties(fair_code: str) -> str:
    """Show what the organiser owes, what is done and what is overdue."""
    return _page(found(fair_code), DutyForm())


@bp.route("/fairs/<fair_code>/duties", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def add(fair_code: str) -> Page:
    """Add a duty of one's own."""
    fair, form = found(fair_code), DutyForm()
    if carried_out(form, lambda session: _add(session, fair.id, form)):
        flash(_("The duty is added."))
        return _back(fair.code)
    return _page(fair, form), 422


def _typed(form: DutyForm) -> tuple[str, date]:
    if form.title.data is None or form.due_on.data is None:
        raise ValueError("the form was not validated")
    return form.title.data, form.due_on.data


def _add(session: Session, fair_id: int, form: DutyForm) -> None:
    services.add_duty(session, fair_id, *_typed(form))


@bp.route("/fairs/<fair_code>/duties/<duty_key>/done", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def done(fair_code: str, duty_key: str) -> Response:
    """Say that a duty is done."""
    return _marked(
        fair_code,
        lambda session, fair_id: services.mark_done(
            session, fair_id, duty_key, user_id=who().user_id
        ),
    )


@bp.route("/fairs/<fair_code>/duties/<duty_key>/undo", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def undo(fair_code: str, duty_key: str) -> Response:
    """Take back that a duty is done."""
    return _marked(
        fair_code, lambda session, fair_id: services.mark_open(session, fair_id, duty_key)
    )


def _marked(fair_code: str, verb: Callable[[Session, int], None]) -> Response:
    fair = found(fair_code)
    with db().writing() as session:
        verb(session, fair.id)
    return _back(fair.code)


def _own(duty_id: int) -> tuple[FairRow, queries.OwnDuty]:
    """Return a duty of one's own and its fair.

    Raises:
        NotFound: there is no such duty.
    """
    with db().reading() as session:
        own = queries.find_own(session, duty_id)
    if own is None:
        raise NotFound
    return found(str(own.fair_id)), own


@bp.route("/duties/<int:duty_id>/edit", methods=["GET", "POST"])
@allow(Permission.FAIRS_WRITE)
def edit(duty_id: int) -> Page:
    """Change a duty of one's own."""
    fair, own = _own(duty_id)
    form = DutyForm(obj=own)
    if carried_out(form, lambda session: services.change_duty(session, own.id, *_typed(form))):
        flash(_("The duty is changed."))
        return _back(fair.code)
    page = render_template(
        "duties/edit.html", fair=fair, title=fair.title(language()), duty=own, form=form
    )
    return page, 422 if form.errors else 200


@bp.route("/duties/<int:duty_id>/remove", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def remove(duty_id: int) -> Response:
    """Remove a duty of one's own."""
    fair, own = _own(duty_id)
    with db().writing() as session:
        services.remove_duty(session, own.id)
    flash(_("The duty is removed."))
    return _back(fair.code)
