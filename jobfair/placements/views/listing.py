"""The list of placements: filters, search, pages."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, division_filter, who
from jobfair.kit.web import db, hide_query, show_query
from jobfair.placements import queries
from jobfair.placements.forms import read_filter
from jobfair.placements.views.common import Page, bp
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.rules.searching import understand

PAGE_SIZE = 50
# A name like 王伟 finds many; nobody reads further than this.
_PEOPLE = 500


@bp.route("/")
@allow(Permission.PLACEMENTS_READ)
def placements() -> Page:
    """List placements, the latest first."""
    number = max(1, request.args.get("page", 1, type=int))
    scope = division_filter(who(), Permission.PLACEMENTS_READ)
    text = show_query(request.args.get("find", ""))
    with db().reading() as session:
        wanted = _wanted(session, scope, text)
        total = queries.count_placements(session, wanted)
        rows = queries.list_placements(
            session, wanted, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
        )
        places = {r.home_division[:6] for r in rows} | {r.workplace_division or "" for r in rows}
        names = regions.names_of(session, {p for p in places if p})
        counties = regions.names_of(session, set(queries.home_counties(session, scope)))
    shown: dict[str, Any] = {k: v for k, v in request.args.items() if k != "page"}
    return render_template(
        "placements/placements.html",
        rows=rows,
        total=total,
        number=number,
        size=PAGE_SIZE,
        names=names,
        counties=counties,
        search=text,
        args=request.args,
        page_url=lambda n: url_for("placements.placements", **shown, page=n),
    )


@bp.route("/search", methods=["POST"])
@allow(Permission.PLACEMENTS_READ)
def search() -> Page:
    """Find a person; what is typed travels sealed, so that no name stands in a URL."""
    text = request.form.get("text", "").strip()
    return redirect(url_for("placements.placements", find=hide_query(text) if text else None))


def _wanted(session: Session, scope: str | None, text: str) -> queries.PlacementFilter:
    wanted = read_filter(request.args, scope=scope)
    looked_for = understand(text)
    if looked_for is None:
        return wanted
    found = seekers.list_seekers(
        session, seekers.SeekerFilter(scope=scope, search=looked_for), limit=_PEOPLE
    )
    return replace(wanted, seekers=tuple(row.id for row in found))
