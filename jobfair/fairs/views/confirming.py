"""An employer confirms what it brings to a fair: positions and headcount; or is telephoned."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jobfair.accounts.access import Permission, allow, who
from jobfair.accounts.queries import recorder_names
from jobfair.employers.views.common import employer_in_reach
from jobfair.fairs import queries, services
from jobfair.fairs.rules import MOST_HEADCOUNT
from jobfair.fairs.views.common import Page, bp, found
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_, translate
from jobfair.kit.web import db


@dataclass(slots=True)
class Typed:
    """What was typed about one position; kept when it is refused."""

    headcount: str
    withdrawn: bool
    fault: str = ""

    @property
    def number(self) -> int | None:
        """The headcount, None when it is none."""
        text = self.headcount.strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        return number if 1 <= number <= MOST_HEADCOUNT else None


def _typed(posts: list[queries.FairPositionRow]) -> dict[int, Typed]:
    """Return what was sent about each position, or how it stands."""
    if request.method != "POST":
        return {post.position_id: Typed(str(post.headcount), withdrawn=False) for post in posts}
    return {
        post.position_id: Typed(
            request.form.get(f"headcount-{post.position_id}", ""),
            f"withdraw-{post.position_id}" in request.form,
        )
        for post in posts
    }


def _fault(fair_id: int, typed: dict[int, Typed]) -> str:
    """Carry out what was typed, all or nothing; return why not, with each fault in its row."""
    kept = {position_id: row for position_id, row in typed.items() if not row.withdrawn}
    for row in kept.values():
        if row.number is None:
            row.fault = _("Enter a whole number, 1 to %(most)s.", most=f"{MOST_HEADCOUNT:,}")
    if any(row.fault for row in kept.values()):
        return translate(N_("Some headcounts are not whole numbers. Nothing was confirmed."))
    headcounts = {position_id: row.number or 0 for position_id, row in kept.items()}
    withdrawn = [position_id for position_id, row in typed.items() if row.withdrawn]
    try:
        with db().writing() as session:
            services.take_off_positions(session, fair_id, withdrawn)
            services.confirm_positions(session, fair_id, headcounts, user_id=who().user_id)
    except services.HeadcountHeld as refusal:
        fault = translate(refusal.message, **refusal.params)
        typed[refusal.position_id].fault = fault
        return fault
    except Refusal as refusal:
        return translate(refusal.message, **refusal.params)
    return ""


@bp.route("/<fair_code>/confirm/<int:employer_id>", methods=["GET", "POST"])
@allow(Permission.FAIRS_CONFIRM)
def confirm(fair_code: str, employer_id: int) -> Page:
    """Show an employer's positions at a fair; confirm them with their headcount, or withdraw."""
    fair = found(fair_code)
    with db().reading() as session:
        employer = employer_in_reach(session, employer_id, Permission.FAIRS_CONFIRM)
        narrowed = queries.FairFilter(employer_id=employer_id)
        posts = queries.list_fair_positions(session, fair.id, narrowed, sort="title")
        users = {post.confirmed_by for post in posts if post.confirmed_by is not None}
        people, _offices = recorder_names(session, users, ())
    typed = _typed(posts)
    fault = ""
    if request.method == "POST":
        fault = _fault(fair.id, typed)
        if not fault:
            flash(_("Confirmed. The fair office sees it."))
            return redirect(
                url_for("fairs.confirm", fair_code=fair.code, employer_id=employer_id), 303
            )
    page = render_template(
        "fairs/confirm.html",
        fair=fair,
        employer=employer,
        for_them=who().organisation_id != employer.organisation_id,
        posts=posts,
        people=people,
        typed=typed,
        fault=fault,
        open=sum(post.confirmed_at is None for post in posts),
    )
    return page, 422 if fault else 200
