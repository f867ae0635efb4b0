"""What is printed of a batch: the roster, the sheet of telephones, the boarding cards."""

from itertools import groupby

from flask import render_template
from sqlalchemy.orm import Session

from jobfair.accounts.access import Permission, allow
from jobfair.cards.rules import spoken
from jobfair.cards.views import qr
from jobfair.departures.queries import batches
from jobfair.departures.queries.printing import PrintedRider
from jobfair.departures.services.printing import reveal_roster
from jobfair.departures.views.common import batch_in_reach, bp
from jobfair.kit.web import db
from jobfair.regions import queries as regions

_PER_SHEET = 8
_ROWS = 24


def _sheets(found: list[PrintedRider], size: int) -> list[tuple[str, int, int, list[PrintedRider]]]:
    """Cut a roster into sheets, each vehicle's on its own: plate, number, of how many, people."""
    sheets = []
    for plate, some in groupby(found, lambda one: one.rider.plate):
        people = list(some)
        parts = [people[start : start + size] for start in range(0, len(people), size)]
        sheets += [(plate, n, len(parts), part) for n, part in enumerate(parts, 1)]
    return sheets


def _revealed(session: Session, batch_id: int) -> tuple[batches.BatchRow, list[PrintedRider]]:
    """Return a batch in reach and its roster in clear, which is recorded."""
    found = batch_in_reach(session, batch_id, Permission.DEPARTURES_WRITE)
    return found, reveal_roster(session, found)


@bp.route("/<int:batch_id>/print/roster")
@allow(Permission.DEPARTURES_WRITE)
def print_roster(batch_id: int) -> str:
    """Print who rides in which seat, with room to tick and sign."""
    with db().writing() as session:
        found, people = _revealed(session, batch_id)
        contacts = batches.contacts_of(session, batch_id, clear=True)
        places = regions.gazetteer(session)
    return render_template(
        "departures/print_roster.html",
        batch=found,
        sheets=_sheets(people, _ROWS),
        contacts=contacts,
        place=lambda code: places.full_name(code) or code,
    )


@bp.route("/<int:batch_id>/print/contacts")
@allow(Permission.DEPARTURES_WRITE)
def print_contacts(batch_id: int) -> str:
    """Print whom to telephone: escorts, drivers, receivers, stops, and people by township."""
    with db().writing() as session:
        found, people = _revealed(session, batch_id)
        contacts = batches.contacts_of(session, batch_id, clear=True)
        vehicles = batches.vehicles_of(session, batch_id)
        stops = batches.stops_of(session, batch_id)
        places = regions.gazetteer(session)
    by_township = sorted(people, key=lambda one: (one.rider.township, one.rider.group or "~"))
    townships = [
        (places.full_name(code) or code, list(some))
        for code, some in groupby(by_township, lambda one: one.rider.township)
    ]
    return render_template(
        "departures/print_contacts.html",
        batch=found,
        contacts=contacts,
        plates={one.id: one.plate for one in vehicles},
        stops=stops,
        townships=townships,
        place=lambda code: places.full_name(code) or code,
    )


@bp.route("/<int:batch_id>/print/cards")
@allow(Permission.DEPARTURES_WRITE)
def print_cards(batch_id: int) -> str:
    """Print a boarding card for everybody, with the code of their own card."""
    with db().writing() as session:
        found, people = _revealed(session, batch_id)
    return render_template(
        "departures/print_cards.html",
        batch=found,
        sheets=_sheets(people, _PER_SHEET),
        qr=qr,
        spoken=spoken,
    )
