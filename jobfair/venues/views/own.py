"""The fairs a recruiter's employer takes part in: its booth there, and what is to be confirmed."""

from flask import render_template

from jobfair.accounts.access import Permission, allow, who
from jobfair.employers.queries import find_employer_of_organisation
from jobfair.fairs import queries as fairs
from jobfair.kit.web import db
from jobfair.venues import queries
from jobfair.venues.views.common import bp


@bp.route("/own-fairs")
@allow(Permission.FAIRS_CONFIRM)
def own_fairs() -> str:
    """List the fairs of the caller's own employer; an office has none."""
    with db().reading() as session:
        employer = find_employer_of_organisation(session, who().organisation_id)
        found = fairs.fairs_of_employer(session, employer.id) if employer else []
        booths = queries.booths_of(session, [employer.id]) if employer else []
    return render_template(
        "venues/own_fairs.html",
        rows=found,
        booths={booth.fair_id: booth for booth in booths},
        own_employer=employer.id if employer else None,
    )
