"""Two records become one without losing anything, and two again exactly."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from jobfair.kit.db import Database
from jobfair.seekers import queries, services
from jobfair.seekers.models import NearDuplicate, Seeker, SeekerWish
from jobfair.seekers.rules.drafts import Wish
from jobfair.seekers.services.merging import CannotUndo, NotMergeable
from tests.planted import person
from tests.seekers.factory import draft, make_seeker

WELDER = Wish("电焊工", "6-18-02-04")
# A merge and its undoing both move these forward.
_MOVES = {"revision", "updated_at"}


def _content(database: Database) -> list[object]:
    with database.reading() as session:
        people = [
            {k: v for k, v in row.items() if k not in _MOVES}
            for row in session.execute(select(Seeker.__table__).order_by(Seeker.id)).mappings()
        ]
        wishes = session.execute(select(SeekerWish.__table__).order_by("seeker_id", "place"))
        pairs = session.execute(select(NearDuplicate.__table__).order_by("id"))
        return [people, [tuple(w) for w in wishes], [tuple(p) for p in pairs]]


def _two(database: Database) -> tuple[int, int]:
    kept = make_seeker(database, 1, village="大坝村", phone=None, wishes=(), skills=())
    with database.writing() as session:
        other = services.register_seeker(
            session,
            replace(
                draft(
                    2, village="大坝村", skills=("电焊",), wishes=(Wish("电焊工", "6-18-02-04"),)
                ),
                name=person(1).name,
            ),
            registered_by=None,
        )
    return kept, other.seeker_id


def _merge(database: Database, kept: int, merged: int) -> int:
    with database.writing() as session:
        return services.merge_seekers(session, kept_id=kept, merged_id=merged, user_id=None)


def test_unmerging_restores_every_byte(database: Database) -> None:
    kept, merged = _two(database)
    before = _content(database)
    merge_id = _merge(database, kept, merged)
    assert _content(database) != before
    with database.writing() as session:
        services.unmerge(session, merge_id, user_id=None)
    assert _content(database) == before


def test_the_kept_record_gains_what_only_the_other_said(database: Database) -> None:
    kept, merged = _two(database)
    _merge(database, kept, merged)
    with database.reading() as session:
        found = queries.find_seeker(session, kept)
        gone = queries.find_seeker(session, merged)
        ids = queries.find_by_id_numbers(session, [person(1).id_number, person(2).id_number])
        assert queries.count_duplicates(session, scope=None) == 0
    assert found is not None
    assert gone is not None
    assert (found.skills, found.row.wishes) == (("电焊",), (WELDER,))
    assert found.row.phone.endswith(person(2).phone[-4:])
    assert (gone.row.state, gone.merged_into_id) == ("merged", kept)
    assert set(ids.values()) == {kept}


def test_an_edit_after_the_merge_survives_its_undoing(database: Database) -> None:
    kept, merged = _two(database)
    merge_id = _merge(database, kept, merged)
    with database.writing() as session:
        edited = draft(1, village="大坝村", skills=("缝纫",), phone=None, wishes=())
        services.edit_seeker(session, kept, edited)
        services.unmerge(session, merge_id, user_id=None)
    with database.reading() as session:
        found = queries.find_seeker(session, kept)
    assert found is not None
    assert found.skills == ("缝纫",)


def test_a_merge_is_undone_once_and_in_order(database: Database) -> None:
    kept, merged = _two(database)
    third = make_seeker(database, 3)
    first = _merge(database, kept, merged)
    second = _merge(database, third, kept)
    with pytest.raises(CannotUndo), database.writing() as session:
        services.unmerge(session, first, user_id=None)
    with database.reading() as session:
        found = queries.find_by_id_numbers(session, [person(2).id_number])
    assert found == {person(2).id_number: third}
    for merge_id in (second, first):
        with database.writing() as session:
            services.unmerge(session, merge_id, user_id=None)
    with pytest.raises(CannotUndo), database.writing() as session:
        services.unmerge(session, first, user_id=None)


def test_only_records_in_use_are_merged(database: Database) -> None:
    kept, merged = _two(database)
    with database.writing() as session:
        services.withdraw_consent(session, merged)
    for pair in ((kept, merged), (kept, kept)):
        with pytest.raises(NotMergeable):
            _merge(database, *pair)
