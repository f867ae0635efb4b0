"""What is printed of a batch: names and telephones in clear, ID numbers masked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.cards.models import Card
from jobfair.cards.queries import TABLE as CARDS
from jobfair.departures.queries.batches import BatchRow
from jobfair.departures.queries.roster import RiderRow, list_riders
from jobfair.kit.bulk import in_slices
from jobfair.kit.crypto import vault
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.queries.sealed import open_column

_CODE_BYTES = 8  # as a fair's stations know codes


@dataclass(frozen=True, slots=True)
class PrintedRider:
    """Somebody on a printed sheet.

    Attributes:
        token: of the card in force; empty without one.
    """

    rider: RiderRow
    name: str = field(repr=False)
    phone: str = field(repr=False)
    code: str
    token: str = field(repr=False)


def list_printed(session: Session, batch: BatchRow) -> list[PrintedRider]:
    """Return who is on a roster, vehicle by vehicle and seat by seat."""
    riders = [one for one in list_riders(session, batch) if one.left is None]
    clear: dict[int, tuple[str, str, str, str]] = {}
    for some in in_slices(one.seeker_id for one in riders):
        rows = session.execute(
            select(
                Seeker.id,
                Seeker.key,
                Seeker.name_sealed,
                Seeker.phone_sealed,
                Card.code,
                Card.key.label("card_key"),
                Card.token_sealed,
            )
            .outerjoin(Card, (Card.seeker_id == Seeker.id) & Card.revoked_at.is_(None))
            .where(Seeker.id.in_(some))
        )
        for row in rows:
            token = ""
            if row.card_key is not None:
                token = vault().open(
                    row.token_sealed, table=CARDS, column="token_sealed", row=row.card_key
                )
            clear[row.id] = (
                open_column(row, "name_sealed"),
                open_column(row, "phone_sealed"),
                row.code or "",
                token,
            )
    found = [PrintedRider(one, *clear[one.seeker_id]) for one in riders]
    return sorted(found, key=lambda one: (one.rider.vehicle_id or 0, one.rider.seat or 0))


def cards_of(session: Session, riders: Sequence[RiderRow]) -> dict[int, list[tuple[str, str]]]:
    """Return by what a phone knows the cards in force of some riders, by rider.

    Records that were merged may each have a card, and either opens the one that was kept.

    Returns:
        Rider → of each card, digest of its token and the begin of its code's, in hex.
    """
    person = PERSON
    found: dict[int, list[tuple[str, str]]] = {}
    for some in in_slices(one.seeker_id for one in riders):
        kept = session.execute(select(Seeker.id, person).where(Seeker.id.in_(some)))
        people: dict[int, int] = {row.id: row[1] for row in kept}
        by_person = {people[one.seeker_id]: one.id for one in riders if one.seeker_id in people}
        rows = session.execute(
            select(person, Card.digest, Card.code)
            .join(Seeker, Seeker.id == Card.seeker_id)
            .where(person.in_(by_person), Card.revoked_at.is_(None))
        )
        for holder, digest, code in rows:
            of_code = hashlib.sha256(code.encode("ascii")).digest()[:_CODE_BYTES]
            known = found.setdefault(by_person[holder], [])
            known.append((bytes(digest).hex(), of_code.hex()))
    return found
