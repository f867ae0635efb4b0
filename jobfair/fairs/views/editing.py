"""Set up a fair and change it."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.queries import list_organisations
from jobfair.accounts.rules import OrganisationKind
from jobfair.fairs import services
from jobfair.fairs.forms import FairForm
from jobfair.fairs.views.common import Page, bp, found
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.regions import queries as regions

_MOST_OFFICES = 1_000


def hosts(kept: str = "", *, within: str | None = None) -> list[tuple[str, str]]:
    """Return division and name of the labour offices; a fair's own division stays among them.

    Args:
        kept: the fair's own division.
        within: only the office of this division; None for all.
    """
    with db().reading() as session:
        offices = list_organisations(
            session, kind=OrganisationKind.LABOUR_OFFICE, active=True, limit=_MOST_OFFICES
        )
        names = regions.names_of(session, {kept})
    found_hosts = {
        o.division_code: o.name
        for o in offices
        if o.division_code and within in {None, o.division_code}
    }
    if kept and kept not in found_hosts:
        found_hosts[kept] = names.get(kept, kept)
    return sorted(found_hosts.items())


def _done(form: FairForm, verb: Callable[[Session], object]) -> bool:
    """Run a verb with a valid form; a refusal is put beside the code it is about."""
    if not form.validate_on_submit():
        return False
    try:
        with db().writing() as session:
            verb(session)
    except services.CodeTaken as refusal:
        form.code.errors = [translate(refusal.message, **refusal.params)]
    except Refusal as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.params))
    return not form.errors


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.FAIRS_WRITE)
def new_fair() -> Page:
    """Set up a fair."""
    form = FairForm(hosts())
    if _done(form, lambda session: services.open_fair(session, form.draft())):
        flash(_("The fair is set up. Add employers and their positions next."))
        return redirect(url_for("fairs.fair", fair_code=form.code.data), 303)
    page = render_template("fairs/fair_form.html", form=form, fair=None)
    return page, 422 if form.errors else 200


@bp.route("/<fair_code>/edit", methods=["GET", "POST"])
@allow(Permission.FAIRS_EDIT)
def edit_fair(fair_code: str) -> Page:
    """Change what is known of a fair; an office that of its own."""
    fair, scope = found(fair_code), who().scope(Permission.FAIRS_EDIT)
    scope.must_cover(division=fair.division_code)
    form = FairForm(hosts(fair.division_code, within=scope.division), fair)
    if _done(form, lambda session: services.change_fair(session, fair.id, form.draft())):
        flash(_("The fair is changed."))
        return redirect(url_for("fairs.fair", fair_code=form.code.data), 303)
    page = render_template("fairs/fair_form.html", form=form, fair=fair)
    return page, 422 if form.errors else 200


@bp.route("/<fair_code>/publish", methods=["POST"])
@allow(Permission.FAIRS_WRITE)
def publish(fair_code: str) -> Response:
    """Let anybody see the fair's positions, or nobody outside any more."""
    fair = found(fair_code)
    shown = "hide" not in request.form
    verb = services.publish_fair if shown else services.unpublish_fair
    with db().writing() as session:
        verb(session, fair.id)
    flash(
        _("The fair is published: its signs open its positions on any phone.")
        if shown
        else _("The fair is not public any more: its signs open nothing.")
    )
    return redirect(url_for("fairs.fair", fair_code=fair.code), 303)
