"""Cards as pages and gates read them: by digest, by code, of a person, for printing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from jobfair.cards.models import BlankCard, Card
from jobfair.cards.rules import digest_of, is_token, plain_token, read_code, read_token
from jobfair.kit.bulk import in_slices
from jobfair.kit.crypto import vault
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import SeekerFilter
from jobfair.seekers.queries.people import conditions, kept_record
from jobfair.seekers.queries.sealed import open_column
from jobfair.seekers.rules.drafts import SeekerStatus

TABLE = "card"
_IN_FORCE = Card.revoked_at.is_(None)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card without its token.

    Attributes:
        seeker_id: the record it was issued to, which may have been merged into another since.
    """

    id: int
    seeker_id: int
    code: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str | None


@dataclass(frozen=True, slots=True)
class FoundCard:
    """What a scan or a typed code leads to.

    Attributes:
        person_id: the record that stands for the holder now.
        in_use: whether that record is in use: not withdrawn, not erased.
    """

    card: CardRow
    person_id: int
    in_use: bool

    @property
    def opens(self) -> bool:
        """Whether the card may be taken for its holder."""
        return self.in_use and self.card.revoked_at is None


@dataclass(frozen=True, slots=True)
class CardInForce:
    """A card as its holder shows it; the token is in clear."""

    id: int
    code: str
    issued_at: datetime
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What is printed of one person, the name in clear."""

    seeker_id: int
    name: str = field(repr=False)
    home_division: str
    village: str
    code: str
    token: str = field(repr=False)


def _row(card: Card) -> CardRow:
    return CardRow(
        card.id, card.seeker_id, card.code, card.issued_at, card.revoked_at, card.revoked_reason
    )


def _token(sealed: bytes, key: str) -> str:
    return vault().open(sealed, table=TABLE, column="token_sealed", row=key)


def _found(session: Session, query: Select[Card]) -> FoundCard | None:
    card = session.execute(query).scalar_one_or_none()
    if card is None:
        return None
    person_id = kept_record(session, card.seeker_id)
    status = session.execute(select(Seeker.status).where(Seeker.id == person_id)).scalar_one()
    return FoundCard(_row(card), person_id, status == SeekerStatus.ACTIVE)


def find_by_digest(session: Session, digest: bytes) -> FoundCard | None:
    """Return the card with a token's digest, in force or not; None when there is none."""
    return _found(session, select(Card).where(Card.digest == digest))


def find_by_code(session: Session, code: str) -> FoundCard | None:
    """Return the card with a code as it is stored, in force or not; None when there is none."""
    return _found(session, select(Card).where(Card.code == code))


def look_up(session: Session, text: str) -> FoundCard | None:
    """Return the card that was scanned or typed; None when it is unknown.

    Raises:
        NotACard: neither a token nor a code.
        WrongCheck: a code with a wrong check character.
        ForgedToken: a token that was not signed here.
    """
    if is_token(text):
        # What another server of the office signed is known here by its digest, once it arrived.
        found = find_by_digest(session, digest_of(plain_token(text)))
        return found or find_by_digest(session, digest_of(read_token(text)))
    return find_by_code(session, read_code(text))


def find_in_force(session: Session, seeker_id: int) -> CardInForce | None:
    """Return the card in force that was issued to a record; None when it has none."""
    query = select(Card).where(Card.seeker_id == seeker_id, _IN_FORCE)
    card = session.execute(query).scalar_one_or_none()
    if card is None:
        return None
    return CardInForce(card.id, card.code, card.issued_at, _token(card.token_sealed, card.key))


def records_of(session: Session, seeker_id: int) -> list[int]:
    """Return a record and all that were merged into it, directly or by way of others."""
    found = newest = [seeker_id]
    while newest:
        merged = select(Seeker.id).where(Seeker.merged_into_id.in_(newest))
        newest = list(session.execute(merged).scalars())
        found = found + newest
    return found


def list_cards(session: Session, seeker_id: int) -> list[CardRow]:
    """Return every card that was issued to a person, also to records merged since; newest first."""
    query = (
        select(Card)
        .where(Card.seeker_id.in_(records_of(session, seeker_id)))
        .order_by(Card.issued_at.desc(), Card.id.desc())
    )
    return [_row(card) for card in session.execute(query).scalars()]


def lock_in_use(session: Session, ids: Iterable[int]) -> list[int]:
    """Return those records that are in use; nobody else changes them before this commit."""
    found: list[int] = []
    for some in in_slices(sorted(set(ids))):
        query = select(Seeker.id).where(Seeker.id.in_(some), Seeker.status == SeekerStatus.ACTIVE)
        found += session.execute(query.order_by(Seeker.id).with_for_update()).scalars()
    return found


def holders(session: Session, ids: Iterable[int]) -> set[int]:
    """Return those records that have a card in force."""
    found: set[int] = set()
    for some in in_slices(ids):
        query = select(Card.seeker_id).where(Card.seeker_id.in_(some), _IN_FORCE)
        found.update(session.execute(query).scalars())
    return found


def codes_taken(session: Session, codes: Iterable[str]) -> set[str]:
    """Return those codes that some card has, in force, void or blank."""
    found: set[str] = set()
    for some in in_slices(codes):
        for table in (Card, BlankCard):
            found.update(session.execute(select(table.code).where(table.code.in_(some))).scalars())
    return found


def _people(session: Session, wanted: SeekerFilter, *columns: Any) -> Select[Any]:
    """Return the query of people in use that a filter keeps, each beside the card in force."""
    return (
        select(*columns)
        .select_from(Seeker)
        .outerjoin(Card, (Card.seeker_id == Seeker.id) & _IN_FORCE)
        .where(*conditions(session, wanted), Seeker.status == SeekerStatus.ACTIVE)
    )


def count_people(session: Session, wanted: SeekerFilter) -> tuple[int, int]:
    """Return how many people in use a filter keeps, and how many of them have a card in force."""
    query = _people(session, wanted, func.count(), func.count(Card.id))
    people, with_card = session.execute(query).one()
    return people, with_card


def list_without_card(session: Session, wanted: SeekerFilter) -> list[int]:
    """Return the ids of the people in use that a filter keeps and who have no card in force."""
    query = _people(session, wanted, Seeker.id).where(Card.id.is_(None)).order_by(Seeker.id)
    return list(session.execute(query).scalars())


def list_printed(
    session: Session, wanted: SeekerFilter, *, limit: int, offset: int = 0
) -> list[PrintedCard]:
    """Return what is printed of the cards in force of a filter's people, village by village."""
    columns = (
        Seeker.id,
        Seeker.key,
        Seeker.name_sealed,
        Seeker.home_division,
        func.coalesce(Seeker.village, "").label("village"),
        Card.code,
        Card.key.label("card_key"),
        Card.token_sealed,
    )
    query = (
        _people(session, wanted, *columns)
        .where(Card.id.is_not(None))
        .order_by(Seeker.home_division, "village", Seeker.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        PrintedCard(
            row.id,
            open_column(row, "name_sealed"),
            row.home_division,
            row.village,
            row.code,
            _token(row.token_sealed, row.card_key),
        )
        for row in session.execute(query)
    ]


def digests_in_force(session: Session) -> list[bytes]:
    """Return the digests of all cards in force, oldest first; what a station knows cards by."""
    query = select(Card.digest).where(_IN_FORCE).order_by(Card.id)
    return [bytes(digest) for digest in session.execute(query).scalars()]
