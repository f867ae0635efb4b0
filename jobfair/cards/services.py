"""Issue, revoke and print cards.

When two records are merged, their cards stay as they are: the merged record's card opens the
record that was kept, so nobody stands at the gate with a dead card, and an undone merge gives it
back. Revoking takes every card that opens a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import cast

from sqlalchemy import Table, delete, update
from sqlalchemy.orm import Session

from jobfair.cards import queries, rules
from jobfair.cards.models import BlankCard, Card
from jobfair.kit import audit, clock
from jobfair.kit.bulk import insert_rows
from jobfair.kit.crypto import vault
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key
from jobfair.seekers.queries import SeekerFilter

_TABLE = cast(Table, Card.__table__)
_BLANKS = cast(Table, BlankCard.__table__)
_CODE_BYTES = 5


@dataclass(frozen=True, slots=True)
class Blank:
    """A card just made that is nobody's yet."""

    token: str = field(repr=False)
    code: str


class NotInUse(Refusal):
    """Only a record in use gets a card."""

    code = "record_not_in_use"
    message = N_("This record is not in use, so it gets no card. Open the one it was merged into.")


class NoCard(Refusal):
    """There is nothing to revoke."""

    code = "no_card_in_force"
    message = N_("This person has no card in force any more. Look at the list of cards again.")


class UnknownCard(Refusal):
    """No card says this, or the caller may not know that one does."""

    status = 404
    code = "unknown_card"
    message = N_("No person of your office has this card.")


class CardRevoked(Refusal):
    """The card was replaced or taken out of use."""

    code = "card_revoked"
    message = N_(
        "This card is void since %(at)s: %(reason)s. Look the person up by name or ID number."
    )


class HolderNotInUse(Refusal):
    """The card is whole, but its holder's record is withdrawn."""

    code = "holder_not_in_use"
    message = N_("The person of this card has withdrawn the consent; the card opens nothing.")


def issue_card(session: Session, seeker_id: int) -> int:
    """Give somebody a card; who has one in force keeps it.

    Returns:
        The id of the card in force.

    Raises:
        NotInUse: the record is withdrawn, erased or merged, or there is none.
    """
    if not queries.lock_in_use(session, [seeker_id]):
        raise NotInUse
    issue_cards(session, [seeker_id])
    found = queries.find_in_force(session, seeker_id)
    if found is None:
        raise NotInUse
    return found.id


def issue_cards(session: Session, seeker_ids: Iterable[int]) -> int:
    """Give a card to each of many people who is in use and has none in force.

    Returns:
        How many cards were issued.
    """
    in_use = queries.lock_in_use(session, seeker_ids)
    have = queries.holders(session, in_use)
    lacking = [one for one in in_use if one not in have]
    if not lacking:
        return 0
    at = clock.now()
    rows = [
        _new_row(rules.token_of(token_bytes(rules.RANDOM_BYTES)), code)
        | {"seeker_id": seeker_id, "issued_at": at}
        for seeker_id, code in zip(lacking, _new_codes(session, len(lacking)), strict=True)
    ]
    insert_rows(session, _TABLE, rows)
    one = lacking[0] if len(lacking) == 1 else None
    detail = {"count": len(lacking)}
    audit.record(session, "card.issue", subject="seeker", subject_id=one, detail=detail)
    return len(lacking)


def make_blanks(session: Session, count: int) -> list[Blank]:
    """Make cards that are nobody's yet, for a desk to give away."""
    made = [
        Blank(rules.token_of(token_bytes(rules.RANDOM_BYTES)), code)
        for code in _new_codes(session, count)
    ]
    at = clock.now()
    insert_rows(session, _BLANKS, [_new_row(b.token, b.code) | {"made_at": at} for b in made])
    return made


def give_blank(session: Session, digest: bytes, seeker_id: int) -> bool:
    """Make a blank card somebody's; a card they had before opens nothing any more.

    Returns:
        False where there is no such blank card (any more); then nothing is changed.

    Raises:
        NotInUse: the record is withdrawn, erased or merged, or there is none.
    """
    if not queries.lock_in_use(session, [seeker_id]):
        raise NotInUse
    taken = (
        session.execute(
            delete(BlankCard)
            .where(BlankCard.digest == digest)
            .returning(BlankCard.key, BlankCard.code, BlankCard.digest, BlankCard.token_sealed)
        )
        .mappings()
        .one_or_none()
    )
    if taken is None:
        return False
    if queries.find_in_force(session, seeker_id):
        revoke_card(session, seeker_id, rules.RevokeReason.LOST)
    row = dict(taken) | {"seeker_id": seeker_id, "issued_at": clock.now()}
    insert_rows(session, _TABLE, [row])
    audit.record(session, "card.issue", subject="seeker", subject_id=seeker_id)
    return True


def _new_row(token: str, code: str) -> dict[str, object]:
    key = new_key()
    return {
        "key": key,
        "code": code,
        "digest": rules.digest_of(token),
        "token_sealed": vault().seal(token, table=queries.TABLE, column="token_sealed", row=key),
    }


def _new_codes(session: Session, count: int) -> list[str]:
    """Return codes that no card has; of a hundred thousand drawn, two agree once in 200 times."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {rules.code_of(token_bytes(_CODE_BYTES)) for _ in range(count - len(found))}
        found |= drawn - queries.codes_taken(session, drawn)
    return list(found)


def revoke_card(session: Session, seeker_id: int, reason: rules.RevokeReason) -> int:
    """Let no card open this person's record any more, from this commit on.

    Returns:
        How many cards were revoked: more than one where records with cards were merged.

    Raises:
        NoCard: none is in force.
    """
    revoked = session.execute(
        update(Card)
        .where(
            Card.seeker_id.in_(queries.records_of(session, seeker_id)), Card.revoked_at.is_(None)
        )
        .values(revoked_at=clock.now(), revoked_reason=reason.value)
        .returning(Card.id)
    )
    ids = sorted(revoked.scalars())
    if not ids:
        raise NoCard
    detail = {"cards": ids, "reason": reason.value}
    audit.record(session, "card.revoke", subject="seeker", subject_id=seeker_id, detail=detail)
    return len(ids)


def reissue_card(session: Session, seeker_id: int, reason: rules.RevokeReason) -> int:
    """Give a new card and revoke the old one in the same step; return the new one's id.

    Raises:
        NotInUse: the record is withdrawn, erased or merged.
        NoCard: there is none to replace.
    """
    if not queries.lock_in_use(session, [seeker_id]):
        raise NotInUse
    revoke_card(session, seeker_id, reason)
    return issue_card(session, seeker_id)


def reveal_cards(
    session: Session, wanted: SeekerFilter, *, limit: int, offset: int = 0
) -> list[queries.PrintedCard]:
    """Return cards to print with the names in clear; that somebody looked is recorded.

    Args:
        session: a writing session, for the audit entry.
        wanted: whose cards; people without one are left out.
        limit: how many at most.
        offset: how many come before them.
    """
    found = queries.list_printed(session, wanted, limit=limit, offset=offset)
    if found:
        ids = [one.seeker_id for one in found]
        detail = {"reason": "print_cards", "fields": ["name"], "seekers": ids}
        audit.record(session, "seeker.unmask", subject="seeker", detail=detail)
    return found
