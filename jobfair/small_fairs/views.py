"""The page that sets up a small fair."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers.queries import list_employers
from jobfair.employers.rules.drafts import EmployerStatus
from jobfair.fairs.views.common import Page
from jobfair.fairs.views.editing import hosts
from jobfair.kit import clock
from jobfair.kit.i18n import translate
from jobfair.kit.web import db
from jobfair.small_fairs.forms import EMPLOYERS_LIST, SmallFairForm
from jobfair.small_fairs.rules import MOST_BOOTHS
from jobfair.small_fairs.services import BoothRefused, set_up_small_fair

bp = Blueprint("small_fairs", __name__)
_SUGGESTED = 500  # names of employers to choose from; others may be typed
_SHOWN = 5  # booths to fill in at once; the rest is folded away


@bp.route("/fairs/small", methods=["GET", "POST"])
@allow(Permission.SMALL_FAIRS_WRITE)
def new_small_fair() -> Page:
    """Set up a fair of a few booths by one form, ready for one phone."""
    form = SmallFairForm(hosts(within=who().scope(Permission.SMALL_FAIRS_WRITE).division))
    if not form.is_submitted():
        form.day.data = clock.today()
    if form.validate_on_submit():
        try:
            with db().writing() as session:
                code = set_up_small_fair(session, form.draft(_("Entrance")), user_id=who().user_id)
        except BoothRefused as refusal:
            form.blame(refusal.place, translate(refusal.reason.message, **refusal.reason.params))
        else:
            flash(_("The fair is set up: booths, employers, entrance. Now pair the phone."))
            return redirect(url_for("stations.one_phone", fair_code=code), 303)
    with db().reading() as session:
        known = list_employers(session, status=EmployerStatus.VERIFIED, limit=_SUGGESTED)
    page = render_template(
        "small_fairs/new.html",
        form=form,
        employers_list=EMPLOYERS_LIST,
        names=[row.name for row in known],
        booths=range(MOST_BOOTHS),
        shown=_SHOWN,
    )
    return page, 422 if form.errors else 200
