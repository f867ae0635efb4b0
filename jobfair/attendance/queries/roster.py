"""The roster: what a station knows cards by when there is no network.

Of each card it holds the token's digest, the beginning of the code's, and the holder's name masked;
no number, no telephone, no place. A station keeps it sealed by a key that ends with its
pairing.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from jobfair.cards.models import Card
from jobfair.kit.masking import mask_name
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.queries.sealed import open_column
from jobfair.seekers.rules.drafts import SeekerStatus

PAGE = 20_000
_CODE_BYTES = 8  # among a million codes two agree once in 37 million rosters
_kept = aliased(Seeker)


@dataclass(frozen=True, slots=True)
class RosterPage:
    """Some cards in the order of their issue; the three lists go together.

    Attributes:
        after: what to ask for the cards issued later.
        last: whether no more are there.
    """

    after: int
    last: bool
    digests: list[bytes]
    codes: list[bytes]
    names: list[str]


def list_cards(session: Session, *, after: int = 0, limit: int = PAGE) -> RosterPage:
    """Return the cards issued after one, in force or not, at most as many as a limit.

    Args:
        session: a reading session.
        after: id of the last card known.
        limit: how many at most.
    """
    rows = session.execute(
        select(Card.id, Card.digest, Card.code, Seeker.key, Seeker.name_sealed)
        .join(Seeker, Seeker.id == Card.seeker_id)
        .where(Card.id > after)
        .order_by(Card.id)
        .limit(limit + 1)
    ).all()
    some = rows[:limit]
    return RosterPage(
        some[-1].id if some else after,
        len(rows) <= limit,
        [bytes(row.digest) for row in some],
        [hashlib.sha256(row.code.encode("ascii")).digest()[:_CODE_BYTES] for row in some],
        [mask_name(open_column(row, "name_sealed")) for row in some],
    )


def list_void(session: Session) -> list[bytes]:
    """Return the digests of all cards that open nothing: revoked, or their holder not in use."""
    query = (
        select(Card.digest)
        .join(Seeker, Seeker.id == Card.seeker_id)
        .join(_kept, _kept.id == PERSON)
        .where(Card.revoked_at.is_not(None) | (_kept.status != SeekerStatus.ACTIVE))
        .order_by(Card.id)
    )
    return [bytes(digest) for digest in session.execute(query).scalars()]


def packed(digests: Iterable[bytes]) -> str:
    """Return digests one after another, in base64."""
    return base64.b64encode(b"".join(digests)).decode("ascii")
