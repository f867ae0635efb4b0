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
from jobfair.kit.crypto import vault
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.sealed import in_slices, open_column

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


def digests_of(session: Session, riders: Sequence[RiderRow]) -> dict[int, tuple[str, str]]:
    """Return by what a phone knows the cards in force of some riders, by rider.

    Returns:
        Rider → digest of the card's token, and the begin of its code's, in hex.
    """
    by_person = {one.seeker_id: one.id for one in riders}
    found: dict[int, tuple[str, str]] = {}
    for some in in_slices(by_person):
        rows = session.execute(
            select(Card.seeker_id, Card.digest, Card.code).where(
                Card.seeker_id.in_(some), Card.revoked_at.is_(None)
            )
        )
        for seeker_id, digest, code in rows:
            of_code = hashlib.sha256(code.encode("ascii")).digest()[:_CODE_BYTES]
            found[by_person[seeker_id]] = (bytes(digest).hex(), of_code.hex())
    return found
