"""What a sign opens on anybody's phone, with nobody signed in: a position, or a booth."""

from flask import render_template
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.employers import queries as employers
from jobfair.employers.rules.drafts import PositionStatus
from jobfair.fairs import queries as fairs
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_
from jobfair.kit.web import db
from jobfair.regions import queries as regions
from jobfair.venues import queries
from jobfair.venues.rules import without_numbers
from jobfair.venues.views.common import bp


class NotShown(NotFound):
    """The position is not open at a published fair, or the booth is of none."""

    code = "not_shown"
    message = N_("This is not offered at a fair now. Ask at the information desk.")


def _place(session: Session, row: employers.PositionRow) -> str:
    code = row.workplace_division or ""
    return row.workplace_text or regions.names_of(session, {code}).get(code, "")


@bp.route("/p/<int:position_id>")
@allow(Permission.PUBLIC)
def position(position_id: int) -> str:
    """Show a position of a published fair: what it is, what it asks, where its booth is."""
    with db().reading() as session:
        row = employers.find_position(session, position_id)
        shown = fairs.list_published_with(session, position_id)
        if row is None or row.status != PositionStatus.OPEN or not shown:
            raise NotShown
        booths = {booth.fair_id: booth for booth in queries.booths_of(session, [row.employer_id])}
        place = _place(session, row)
    return render_template(
        "venues/position.html",
        row=row,
        place=place,
        requirements=without_numbers(row.requirements),
        places=[(fair, headcount, booths.get(fair.id)) for fair, headcount in shown],
    )


@bp.route("/b/<int:booth_id>")
@allow(Permission.PUBLIC)
def booth(booth_id: int) -> str:
    """Show a booth of a published fair: whose it is, and the open positions there."""
    with db().reading() as session:
        row = queries.find_booth(session, booth_id)
        fair = fairs.find_fair(session, str(row.fair_id)) if row else None
        if row is None or fair is None or fair.published_at is None:
            raise NotShown
        narrowed = fairs.FairFilter(employer_id=row.employer_id or 0)
        posts = fairs.list_fair_positions(session, fair.id, narrowed, sort="title")
    return render_template(
        "venues/booth.html",
        fair=fair,
        booth=row,
        posts=[post for post in posts if post.status == PositionStatus.OPEN],
    )
