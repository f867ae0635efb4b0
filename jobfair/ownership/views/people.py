"""Whose one person's record was, from the first day to today."""

from flask import flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow, who
from jobfair.kit import clock
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_
from jobfair.kit.web import db
from jobfair.ownership import queries
from jobfair.ownership.forms import read_known_at
from jobfair.ownership.rules import HOME, Standing, owner_on, with_homes
from jobfair.ownership.views.common import bp, owner_text, settle_ownership
from jobfair.placements.queries import person_lines
from jobfair.placements.views.common import Page
from jobfair.regions import queries as regions
from jobfair.seekers import queries as seekers
from jobfair.seekers.queries.homes import moves_of
from jobfair.seekers.rules.homes import homes_since

_BAD_TIME = N_("The known-at time could not be read; everything recorded until now counts.")


def person_in_reach(session: Session, seeker_id: int) -> seekers.SeekerDetail:
    """Return a masked person whose home lies in reach, or whom the caller's station owns.

    Raises:
        NotFound: none such, or another office's.
    """
    found = seekers.find_seeker(session, seeker_id)
    if found is None:
        raise NotFound
    scope = who().scope(Permission.OWNERSHIP_READ)
    owner = queries.owner_now(session, seeker_id, clock.today())
    scope.must_cover(division=found.row.home_division, organisation_id=owner.station_id)
    return found


@bp.route("/owners/<int:seeker_id>")
@allow(Permission.OWNERSHIP_READ)
def person(seeker_id: int) -> Page:
    """Show who owned a person's record when, the hand-overs, and what can be offered.

    ``known-at`` tells the owners as they were known then.
    """
    settle_ownership()
    try:
        known_at = read_known_at(request.args)
    except ValueError:
        flash(_(_BAD_TIME), "warning")
        known_at = None
    with db().reading() as session:
        seeker = person_in_reach(session, seeker_id)
        history = queries.histories(session, [seeker_id])[seeker_id]
        then = queries.histories(session, [seeker_id], known_at=known_at)[seeker_id]
        ownership = history.tenures()
        home = seeker.row.home_division
        moves = moves_of(session, [seeker_id]).get(seeker_id, [])
        homes = homes_since(home, moves, known_at=known_at)
        spans = [
            (one.since, owner_text(session, one.owner, there), one.owner != HOME)
            for one, there in reversed(with_homes(then.tenures(known_at=known_at), homes))
        ]
        now = owner_text(session, owner_on(ownership, clock.today()), home)
        rows = queries.person_hand_overs(session, seeker_id)
        names = regions.names_of(session, {row.workplace_division or "" for row in rows})
        kept = {
            row.placement_id
            for row in rows
            if row.standing in {Standing.OFFERED, Standing.ACCEPTED}
        }
        running = {one.id for one in history.placed if one.lasts} - kept
        lines = [line for line in person_lines(session, seeker_id) if line.id in running]
    return render_template(
        "ownership/person.html",
        seeker=seeker,
        now=now,
        spans=spans,
        rows=rows,
        names=names,
        lines=lines,
        known_at=known_at,
    )
