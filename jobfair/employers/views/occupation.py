"""The page where staff set right what occupation a position's title was taken for."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow
from jobfair.employers import places, services
from jobfair.employers.forms import OccupationForm
from jobfair.employers.views.common import Page, bp, position_in_reach
from jobfair.kit.web import db

_FOUND_AT_MOST = 20


@bp.route("/positions/<int:position_id>/occupation", methods=["GET", "POST"])
@allow(Permission.POSITIONS_WRITE)
def correct_occupation(position_id: int) -> Page:
    """Choose among what the title may mean, or search the classification."""
    with db().reading() as session:
        row = position_in_reach(session, position_id, Permission.POSITIONS_WRITE)
    asked = request.args.get("q", "").strip()
    choices = places.occupation_choices(asked or row.title, most=_FOUND_AT_MOST if asked else 5)
    form = OccupationForm(choices, row.occupation_code)
    if form.validate_on_submit():
        with db().writing() as session:
            services.correct_occupation(session, position_id, code=form.code.data)
        flash(
            _(
                "The occupation is now %(name)s; before it was %(before)s.",
                name=places.occupation_name(form.code.data),
                before=places.occupation_name(row.occupation_code) or _("none"),
            )
        )
        return redirect(url_for("employers.position", position_id=position_id))
    page = render_template(
        "positions/occupation.html",
        form=form,
        row=row,
        asked=asked,
        now=places.occupation_name(row.occupation_code),
    )
    return page, 422 if form.errors else 200
