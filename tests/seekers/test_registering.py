"""One person has one record: registering, editing, withdrawing, erasing, employment."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from jobfair.kit.changes import current_revision
from jobfair.kit.db import Database
from jobfair.seekers import queries, services
from jobfair.seekers.models import Seeker
from jobfair.seekers.rules.drafts import Wish
from jobfair.seekers.rules.searching import understand
from tests.planted import person
from tests.seekers.factory import draft, make_seeker


def test_the_same_id_number_is_the_same_person_and_the_difference_is_shown(
    database: Database,
) -> None:
    first = make_seeker(database, 1)
    changed = draft(1, education="61", wishes=(Wish("电焊工"),))
    with database.writing() as session:
        again = services.register_seeker(session, changed, registered_by=None)
    assert (again.seeker_id, again.created) == (first, False)
    assert [(c.name, c.before, c.after) for c in again.changes] == [
        ("education", "71", "61"),
        ("wishes", (Wish("普工"),), (Wish("电焊工"),)),
    ]
    with database.reading() as session:
        found = queries.find_seeker(session, first)
    assert found is not None
    assert (found.row.education, found.row.wishes) == ("61", (Wish("电焊工"),))


def test_what_a_draft_leaves_out_stays(database: Database) -> None:
    seeker_id = make_seeker(database, 1, education="61", skills=("电焊",))
    with database.writing() as session:
        made = services.register_seeker(
            session, draft(1, education=None, skills=None), registered_by=None
        )
    assert made.changes == ()
    with database.reading() as session:
        found = queries.find_seeker(session, seeker_id)
    assert found is not None
    assert found.skills == ("电焊",)


def test_an_edit_may_empty_a_field_and_correct_the_id_number(database: Database) -> None:
    seeker_id = make_seeker(database, 1, skills=("电焊",))
    corrected = replace(draft(1), id_number=draft(2).id_number, skills=(), village=None)
    with database.writing() as session:
        changes = services.edit_seeker(session, seeker_id, corrected)
    assert [c.name for c in changes] == ["id_number", "village", "skills"]
    with database.reading() as session:
        assert queries.find_by_id_numbers(session, [person(2).id_number]) == {
            person(2).id_number: seeker_id
        }


def test_an_id_number_of_somebody_else_is_refused(database: Database) -> None:
    make_seeker(database, 2)
    seeker_id = make_seeker(database, 1)
    with pytest.raises(services.IdNumberTaken), database.writing() as session:
        services.edit_seeker(session, seeker_id, replace(draft(1), id_number=draft(2).id_number))


def test_nobody_is_registered_without_consent(database: Database) -> None:
    with pytest.raises(services.ConsentMissing), database.writing() as session:
        services.register_seeker(session, draft(1, consent_version=None), registered_by=None)


def test_another_county_is_told_nothing_but_that_there_is_a_record(database: Database) -> None:
    make_seeker(database, 1, division="520502")
    with pytest.raises(services.RegisteredElsewhere), database.writing() as session:
        services.register_seeker(session, draft(1), registered_by=None, scope_division="520521")


def test_withdrawal_takes_out_and_a_new_consent_brings_back(database: Database) -> None:
    seeker_id = make_seeker(database, 1)
    with database.writing() as session:
        services.withdraw_consent(session, seeker_id)
    with database.reading() as session:
        row = queries.seeker_facts(session).rows[0]
    assert row.status == "withdrawn"
    with pytest.raises(services.WithdrawnBefore), database.writing() as session:
        services.edit_seeker(session, seeker_id, draft(1))
    with database.writing() as session:
        again = services.register_seeker(session, draft(1), registered_by=None)
    assert again.seeker_id == seeker_id
    with database.reading() as session:
        row = queries.seeker_facts(session).rows[0]
    assert (row.status, row.consent_withdrawn_at) == ("active", None)


def test_erasing_leaves_nothing_to_find_the_person_by(database: Database) -> None:
    seeker_id = make_seeker(database, 1)
    with database.writing() as session:
        services.withdraw_consent(session, seeker_id)
        services.erase_seeker(session, seeker_id)
    with database.reading() as session:
        found = queries.find_seeker(session, seeker_id)
        assert queries.find_by_id_numbers(session, [person(1).id_number]) == {}
    assert found is not None
    assert (found.row.name, found.row.phone, found.row.wishes, found.erased) == ("", "", (), True)
    assert make_seeker(database, 1) != seeker_id


def test_employment_moves_the_revision_so_that_pools_notice(database: Database) -> None:
    seeker_id = make_seeker(database, 1)
    with database.reading() as session:
        before = current_revision(session, "seeker")
    with database.writing() as session:
        services.mark_employed(session, {seeker_id: date(2026, 3, 1)}, current_job="普工")
    with database.reading() as session:
        facts = queries.seeker_facts(session, before)
    assert [(row.id, row.employed_since) for row in facts.rows] == [(seeker_id, date(2026, 3, 1))]
    assert facts.wishes == {seeker_id: [("普工", None)]}
    with database.writing() as session:
        services.mark_available(session, [seeker_id])
    with database.reading() as session:
        assert queries.seeker_facts(session, facts.revision).rows[0].employed_since is None


def test_two_counters_at_once_make_one_record(database: Database) -> None:
    make_seeker(database, 9)
    faults: list[BaseException] = []

    def register() -> None:
        try:
            make_seeker(database, 1)
        except BaseException as fault:  # noqa: BLE001 - reported by the test itself
            faults.append(fault)

    threads = [threading.Thread(target=register) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with database.reading() as session:
        assert session.execute(select(func.count(Seeker.id))).scalar_one() == 2


@pytest.mark.parametrize("how", ["name", "id_number", "last4", "phone"])
def test_a_person_is_found_by_each_index(database: Database, how: str) -> None:
    seeker_id = make_seeker(database, 1)
    make_seeker(database, 12, born=date(1985, 1, 2))
    who = person(1)
    text = {
        "name": who.name,
        "id_number": who.id_number,
        "last4": who.id_number[-4:],
        "phone": who.phone,
    }[how]
    search = understand(text)
    assert search is not None
    assert search.by == how
    with database.reading() as session:
        for scope in ("520502", "5205", None):
            wanted = queries.SeekerFilter(scope=scope, search=search)
            assert [row.id for row in queries.list_seekers(session, wanted)] == [seeker_id]
            assert queries.count_seekers(session, wanted) == 1
        other = queries.SeekerFilter(scope="520521", search=search)
        assert queries.list_seekers(session, other) == []


def test_a_row_of_the_list_is_masked(database: Database) -> None:
    make_seeker(database, 1)
    with database.reading() as session:
        row = queries.list_seekers(session, queries.SeekerFilter())[0]
    who = person(1)
    assert who.name not in row.name
    assert who.id_number[3:14] not in row.id_number
    assert who.phone not in row.phone
