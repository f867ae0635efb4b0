"""The page where staff set right what occupation a seeker's wish was taken for."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit.errors import NotFound
from jobfair.kit.web import db
from jobfair.occupations.forms import correction_of
from jobfair.seekers import services
from jobfair.seekers.views.room import bp, find_in_reach


@bp.route("/<int:seeker_id>/wishes/<int:wish_place>/occupation", methods=["GET", "POST"])
@allow(Permission.SEEKERS_WRITE)
def correct_wish(seeker_id: int, wish_place: int) -> str | tuple[str, int] | Response:
    """Choose among what the wish may mean, or search the classification."""
    with db().reading() as session:
        wishes = find_in_reach(session, seeker_id, Permission.SEEKERS_WRITE).row.wishes
    if not 0 < wish_place <= len(wishes):
        raise NotFound
    wish = wishes[wish_place - 1]
    correction = correction_of(wish.title, wish.occupation_code)
    told = correction.carried_out(
        lambda session, code: services.correct_wish(
            session, seeker_id, wish_place, code=code, user_id=who().user_id
        )
    )
    if told:
        flash(told)
        return redirect(url_for("seekers.seeker", seeker_id=seeker_id), 303)
    page = render_template("seekers/occupation.html", correction=correction, seeker_id=seeker_id)
    return page, 422 if correction.form.errors else 200
