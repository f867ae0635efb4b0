"""The page where staff set right what occupation a position's title was taken for."""

from flask import flash, redirect, render_template, url_for

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers import services
from jobfair.employers.views.common import Page, bp, position_in_reach
from jobfair.kit.web import db
from jobfair.occupations.forms import correction_of


@bp.route("/positions/<int:position_id>/occupation", methods=["GET", "POST"])
@allow(Permission.POSITIONS_WRITE)
def correct_occupation(position_id: int) -> Page:
    """Choose among what the title may mean, or search the classification."""
    with db().reading() as session:
        row = position_in_reach(session, position_id, Permission.POSITIONS_WRITE)
    correction = correction_of(row.title, row.occupation_code)
    told = correction.carried_out(
        lambda session, code: services.correct_occupation(
            session, position_id, code=code, user_id=who().user_id
        )
    )
    if told:
        flash(told)
        return redirect(url_for("employers.position", position_id=position_id))
    page = render_template("positions/occupation.html", correction=correction, row=row)
    return page, 422 if correction.form.errors else 200
