"""Who may be meant by what somebody at a gate or desk types when there is no card to scan."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.cards import queries as cards
from jobfair.cards.models import Card
from jobfair.kit.errors import Refusal
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import SeekerFilter, conditions
from jobfair.seekers.rules.drafts import SeekerStatus
from jobfair.seekers.rules.searching import Search, understand

_AT_MOST = 8  # more are no help to who stands at a gate; the next word is the ID number


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant.

    Attributes:
        name: masked.
        card: digest of the card in force; None without one.
    """

    seeker_id: int
    name: str
    card: bytes | None


def find_people(session: Session, text: str) -> list[Candidate]:
    """Return who may be meant, at most eight: by card, name, ID number, its end, or telephone."""
    try:
        found = cards.look_up(session, text)
    except Refusal:
        found = None
    if found is not None:
        ids = [found.person_id] if found.opens else []
    else:
        search = understand(text)
        ids = _search(session, search) if search else []
    names = seekers.names_of(session, ids)
    rows = session.execute(
        select(Card.seeker_id, Card.digest).where(
            Card.seeker_id.in_(ids), Card.revoked_at.is_(None)
        )
    )
    digests = {seeker_id: bytes(digest) for seeker_id, digest in rows}
    return [Candidate(one, names[one].name, digests.get(one)) for one in ids]


def _search(session: Session, search: Search) -> list[int]:
    query = (
        select(Seeker.id)
        .where(
            *conditions(session, SeekerFilter(search=search)),
            Seeker.status == SeekerStatus.ACTIVE,
        )
        .order_by(Seeker.id)
        .limit(_AT_MOST)
    )
    return list(session.execute(query).scalars())
