"""Cards are issued, found, revoked and replaced; one in force for each record."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from jobfair.cards import queries, services
from jobfair.cards.models import Card
from jobfair.cards.rules import RevokeReason, code_of, digest_of
from jobfair.kit import audit
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.seekers import services as seekers
from jobfair.seekers.queries import SeekerFilter
from tests.planted import holds_personal_data
from tests.seekers.factory import make_seeker

EVERYBODY = SeekerFilter()


def _issue(database: Database, seeker_id: int) -> queries.CardInForce:
    with database.writing() as session:
        services.issue_card(session, seeker_id)
    return _in_force(database, seeker_id)


def _in_force(database: Database, seeker_id: int) -> queries.CardInForce:
    with database.reading() as session:
        found = queries.find_in_force(session, seeker_id)
    assert found is not None
    return found


def _look_up(database: Database, text: str) -> queries.FoundCard:
    with database.reading() as session:
        found = queries.look_up(session, text)
    assert found is not None
    return found


def _merge(database: Database, kept: int, merged: int) -> int:
    with database.writing() as session:
        return seekers.merge_seekers(session, kept_id=kept, merged_id=merged, user_id=None)


def test_who_has_a_card_keeps_it(database: Database) -> None:
    one = make_seeker(database)
    first = _issue(database, one)
    assert _issue(database, one) == first
    for said in (first.token, first.code, first.code.lower()):
        found = _look_up(database, said)
        assert (found.person_id, found.card.id, found.opens) == (one, first.id, True)


def test_a_replaced_card_opens_nothing_from_then_on(database: Database) -> None:
    one = make_seeker(database)
    old = _issue(database, one)
    with database.writing() as session:
        services.reissue_card(session, one, RevokeReason.LOST)
    new = _in_force(database, one)
    assert {old.token, old.code}.isdisjoint({new.token, new.code})
    assert not _look_up(database, old.token).opens
    assert not _look_up(database, old.code).opens
    assert _look_up(database, new.token).opens
    with database.reading() as session:
        reasons = [card.revoked_reason for card in queries.list_cards(session, one)]
    assert reasons == [None, "lost"]


def test_without_a_card_in_force_there_is_nothing_to_revoke(database: Database) -> None:
    one = make_seeker(database)
    for verb in (services.revoke_card, services.reissue_card):
        with pytest.raises(services.NoCard), database.writing() as session:
            verb(session, one, RevokeReason.DAMAGED)


def test_nobody_withdrawn_gets_a_card_and_a_card_from_before_opens_nothing(
    database: Database,
) -> None:
    one = make_seeker(database)
    card = _issue(database, one)
    with database.writing() as session:
        seekers.withdraw_consent(session, one)
    assert not _look_up(database, card.token).opens
    for missing in (one, 999_999):
        with pytest.raises(services.NotInUse), database.writing() as session:
            services.issue_card(session, missing)
    with pytest.raises(services.NotInUse), database.writing() as session:
        services.reissue_card(session, one, RevokeReason.LOST)


def test_the_database_itself_keeps_one_card_in_force(database: Database) -> None:
    one = make_seeker(database)
    _issue(database, one)
    copy = text(
        "INSERT INTO card (key, seeker_id, code, digest, token_sealed, issued_at)"
        " SELECT 'another', seeker_id, '000000000', token_sealed, digest, issued_at FROM card"
    )
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(copy)


def test_many_get_cards_at_once_and_a_second_time_nobody(database: Database) -> None:
    people = [make_seeker(database, n) for n in range(1, 6)]
    _issue(database, people[0])
    with database.writing() as session:
        seekers.withdraw_consent(session, people[4])
    for expected in (3, 0):
        with database.writing() as session:
            lacking = queries.list_without_card(session, EVERYBODY)
            assert services.issue_cards(session, lacking) == expected
    with database.reading() as session:
        assert queries.count_people(session, EVERYBODY) == (4, 4)
        printed = queries.list_printed(session, EVERYBODY, limit=10)
        found = [queries.look_up(session, one.token) for one in printed]
    assert [one.person_id for one in found if one] == [one.seeker_id for one in printed]
    assert len({one.code for one in printed}) == 4


def test_a_code_that_some_card_had_is_not_given_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawing(*draws: bytes) -> None:
        left: Iterator[bytes] = iter(draws)
        codes = services._CODE_BYTES
        monkeypatch.setattr(
            services, "token_bytes", lambda size: next(left) if size == codes else token_bytes(size)
        )

    one = make_seeker(database)
    drawing(b"first")
    old = _issue(database, one)
    drawing(b"first", b"first", b"other")
    with database.writing() as session:
        services.reissue_card(session, one, RevokeReason.LOST)
    assert (old.code, _in_force(database, one).code) == (code_of(b"first"), code_of(b"other"))


def test_the_card_of_a_merged_record_opens_the_one_that_was_kept(database: Database) -> None:
    kept, merged = make_seeker(database, 1), make_seeker(database, 2)
    cards = [_issue(database, one) for one in (kept, merged)]
    merge_id = _merge(database, kept, merged)
    for card in cards:
        found = _look_up(database, card.token)
        assert (found.person_id, found.opens) == (kept, True)
    with database.reading() as session:
        assert {card.seeker_id for card in queries.list_cards(session, kept)} == {kept, merged}
    with database.writing() as session:
        seekers.unmerge(session, merge_id, user_id=None)
    assert [_look_up(database, card.token).person_id for card in cards] == [kept, merged]


def test_losing_a_card_after_a_merge_leaves_one_in_force(database: Database) -> None:
    people = [make_seeker(database, n) for n in (1, 2, 3)]
    cards = [_issue(database, one) for one in people]
    _merge(database, people[1], people[2])
    _merge(database, people[0], people[1])
    with database.writing() as session:
        services.reissue_card(session, people[0], RevokeReason.LOST)
    assert not any(_look_up(database, card.token).opens for card in cards)
    with database.reading() as session:
        every = queries.list_cards(session, people[0])
    assert [card.revoked_at is None for card in every] == [True, False, False, False]


def test_the_table_holds_neither_tokens_nor_anything_of_the_person(database: Database) -> None:
    card = _issue(database, make_seeker(database))
    with database.reading() as session:
        row = session.execute(select(Card.__table__)).mappings().one()
    assert row["digest"] == digest_of(card.token)
    stored = b"\0".join(v if isinstance(v, bytes) else str(v).encode() for v in row.values())
    assert card.token.encode() not in stored
    assert holds_personal_data(card.token + card.code) is None


def test_every_step_is_recorded_without_a_code_or_a_name(database: Database) -> None:
    one, two = make_seeker(database, 1), make_seeker(database, 2)
    old = _issue(database, one)
    with database.writing() as session:
        services.reissue_card(session, one, RevokeReason.DAMAGED)
        services.issue_cards(session, [two])
    with database.writing() as session:
        services.reveal_cards(session, EVERYBODY, limit=10)
    with database.reading() as session:
        entries = session.execute(select(AuditEntry).order_by(AuditEntry.seq)).scalars().all()
        steps = [(entry.action, entry.subject_id, entry.detail) for entry in entries[-5:]]
        assert audit.verify(session).valid
    assert steps == [
        ("card.issue", one, {"count": 1}),
        ("card.revoke", one, {"cards": [old.id], "reason": "damaged"}),
        ("card.issue", one, {"count": 1}),
        ("card.issue", two, {"count": 1}),
        (
            "seeker.unmask",
            None,
            {"reason": "print_cards", "fields": ["name"], "seekers": [one, two]},
        ),
    ]


def test_clerks_who_issue_at_the_same_moment_give_one_card(database: Database) -> None:
    one = make_seeker(database)
    ready = Barrier(8)

    def issue(_clerk: int) -> int:
        ready.wait()
        with database.writing() as session:
            return services.issue_card(session, one)

    with ThreadPoolExecutor(8) as clerks:
        assert len(set(clerks.map(issue, range(8)))) == 1
