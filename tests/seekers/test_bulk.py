"""Many at once: exact counts, nothing twice, refusals, possible duplicates."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from jobfair.kit.db import Database
from jobfair.seekers import queries, services
from jobfair.seekers.models import Seeker
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.seekers.services import bulk
from tests.seekers.factory import draft, make_seeker


def _upsert(
    database: Database, drafts: list[SeekerDraft], scope: str | None = None
) -> list[services.Outcome]:
    with database.writing() as session:
        return services.bulk_upsert(session, drafts, registered_by=None, scope_division=scope)


def _rows(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        found = session.execute(select(Seeker.__table__).order_by(Seeker.id))
        return [tuple(row) for row in found]


def test_the_same_drafts_again_change_not_one_byte(database: Database) -> None:
    drafts = [draft(n, village=None) for n in range(20)]
    assert {o.kind for o in _upsert(database, drafts)} == {"created"}
    before = _rows(database)
    assert {o.kind for o in _upsert(database, drafts)} == {"unchanged"}
    assert _rows(database) == before


def test_only_what_differs_is_updated_and_named(database: Database) -> None:
    drafts = [draft(n) for n in range(3)]
    _upsert(database, drafts)
    drafts[1] = replace(drafts[1], education="31", phone=None)
    done = _upsert(database, drafts)
    assert [(o.kind, o.changed) for o in done] == [
        ("unchanged", ()),
        ("updated", ("education",)),
        ("unchanged", ()),
    ]


def test_a_correction_at_the_counter_survives_the_old_file(database: Database) -> None:
    _upsert(database, [draft(1)])
    with database.writing() as session:
        seeker_id = queries.find_by_id_numbers(session, [draft(1).id_number.text])
        services.edit_seeker(session, next(iter(seeker_id.values())), draft(1, village="新村"))
    assert [o.kind for o in _upsert(database, [draft(1)])] == ["unchanged"]


def test_refusals_name_their_reason_and_the_rest_goes_in(database: Database) -> None:
    withdrawn = make_seeker(database, 4)
    make_seeker(database, 5, division="520521")
    with database.writing() as session:
        services.withdraw_consent(session, withdrawn)
    done = _upsert(
        database,
        [draft(1), draft(1), draft(2, division="520521"), draft(4), draft(5, division="520521")],
        scope="520502",
    )
    assert [(o.kind, o.reason) for o in done] == [
        ("created", None),
        ("refused", bulk.REPEATED),
        ("refused", bulk.NOT_YOURS),
        ("refused", bulk.WITHDRAWN),
        ("refused", bulk.ELSEWHERE),
    ]


def test_a_possible_duplicate_is_listed_once_and_can_be_kept_apart(database: Database) -> None:
    one = draft(1, village="大坝村")
    twin = replace(draft(2), name=one.name, village="大坝村")
    _upsert(database, [one, twin, draft(3, born=date(1991, 1, 1), village="大坝村")])
    with database.reading() as session:
        pairs = queries.list_duplicates(session, scope="520502")
        assert queries.list_duplicates(session, scope="520521") == []
    assert [pair.score for pair in pairs] == [100]
    with database.writing() as session:
        services.keep_apart(session, pairs[0].id, user_id=None)
    _upsert(database, [replace(one, village="小坝村"), replace(twin, village="小坝村")])
    with database.reading() as session:
        assert queries.count_duplicates(session, scope=None) == 0


def test_empty_values_never_make_two_people_alike(database: Database) -> None:
    _upsert(database, [draft(n, village=None, phone=None, wishes=()) for n in (1, 12, 25)])
    with database.reading() as session:
        assert queries.count_duplicates(session, scope=None) == 0
