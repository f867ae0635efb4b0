"""Posting, changing, closing, reopening and bulk-loading positions."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from jobfair.employers import queries, services
from jobfair.employers.models import Position
from jobfair.employers.queries import PositionFilter, PositionRow
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    EmployerStatus,
    MonthlyWage,
    PositionDraft,
)
from jobfair.kit.db import Database
from tests.employers.factory import draft, make_employer, make_position


def _find(database: Database, position_id: int) -> PositionRow:
    with database.reading() as session:
        found = queries.find_position(session, position_id)
    assert found is not None
    return found


def test_a_complete_position_of_a_verified_employer_is_open(database: Database) -> None:
    row = _find(database, make_position(database, make_employer(database)))
    assert (row.status, row.missing, row.bookable) == ("open", [], True)
    assert row.wage == MonthlyWage.from_yuan(1800, 2600)


def test_a_stored_position_gives_back_its_draft(database: Database) -> None:
    typed = draft(certificates=("电工证",), skills=("焊接", "识图"), lodging=True, meals=False)
    employer_id = make_employer(database)
    with database.writing() as session:
        made = services.post_position(session, employer_id, typed)
    assert _find(database, made.id).draft() == typed


def test_a_stopped_text_is_refused_when_published_and_kept_when_saved(database: Database) -> None:
    employer_id = make_employer(database)
    with pytest.raises(services.VacancyStopped):
        make_position(database, employer_id, description="限男性，已婚已育优先")
    kept = make_position(database, employer_id, publish=False, description="限男性")
    row = _find(database, kept)
    assert (row.status, row.description) == ("stopped", "限男性")


def test_editing_moves_the_revision(database: Database) -> None:
    position_id = make_position(database, make_employer(database))
    before = _find(database, position_id).revision
    with database.writing() as session:
        services.edit_position(session, position_id, draft(headcount=20))
    after = _find(database, position_id)
    assert (after.headcount, after.revision > before) == (20, True)
    with database.reading() as session:
        changed = queries.position_facts(session, after_revision=before)
    assert [row.id for row in changed] == [position_id]


def test_a_closed_position_is_reopened_before_it_is_changed(database: Database) -> None:
    position_id = make_position(database, make_employer(database))
    with database.writing() as session:
        services.close_position(session, position_id)
    with pytest.raises(services.Closed), database.writing() as session:
        services.edit_position(session, position_id, draft())
    with pytest.raises(services.WrongState), database.writing() as session:
        services.close_position(session, position_id)
    with database.writing() as session:
        assert services.reopen_position(session, position_id) == "open"


def test_the_database_refuses_a_wage_upside_down(database: Database) -> None:
    position_id = make_position(database, make_employer(database))
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(update(Position).where(Position.id == position_id).values(wage_high=1))


def test_the_same_drafts_twice_change_nothing(database: Database) -> None:
    employer_id = make_employer(database)
    drafts = [draft(title=f"普工{n}", source_ref=f"A{n}") for n in range(30)]
    with database.writing() as session:
        first = services.post_positions(session, employer_id, drafts, source="demo")
    with database.writing() as session:
        second = services.post_positions(session, employer_id, drafts, source="demo")
    assert (first.created, first.drafts) == (30, 0)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 30)


def test_a_changed_row_with_its_number_is_an_update(database: Database) -> None:
    employer_id = make_employer(database)
    with database.writing() as session:
        services.post_positions(session, employer_id, [draft(source_ref="A1")], source="demo")
    with database.writing() as session:
        changed = [draft(source_ref="A1", headcount=99)]
        result = services.post_positions(session, employer_id, changed, source="demo")
    assert (result.created, result.updated) == (0, 1)
    with database.reading() as session:
        (row,) = queries.list_positions(session, PositionFilter())
    assert row.headcount == 99


def test_of_rows_with_one_number_the_last_counts_and_it_stays_so(database: Database) -> None:
    employer_id = make_employer(database)
    rows = [draft(source_ref="A1", headcount=n) for n in (1, 2, 3)]
    for expected in ((1, 0, 2), (0, 0, 3)):
        with database.writing() as session:
            found = services.post_positions(session, employer_id, rows, source="demo")
        assert (found.created, found.updated, found.unchanged) == expected


def test_an_employer_known_only_by_name_is_made_unverified_and_its_rows_are_drafts(
    database: Database,
) -> None:
    row = services.ImportRow(EmployerDraft("某某电子有限公司", source="x.csv"), draft())
    with database.writing() as session:
        result = services.import_positions(session, [row, row], source="x.csv")
    assert (result.created, result.unchanged, result.employers) == (1, 1, 1)
    assert result.outcomes[0].missing == ("credit_code", "verification")
    with database.reading() as session:
        (employer,) = queries.list_employers(session)
        (position,) = queries.list_positions(session, PositionFilter())
    assert employer.status == EmployerStatus.UNVERIFIED
    assert (position.status, position.bookable) == ("draft", False)


def test_lists_are_narrowed_and_counted(database: Database) -> None:
    employer_id = make_employer(database, name="百分百%电子厂")
    make_position(database, employer_id, title="焊工", headcount=3)
    make_position(database, employer_id, title="电工", headcount=4, workplace_division="440306")
    with database.reading() as session:
        by_text = queries.list_positions(session, PositionFilter(text="焊"))
        by_mark = queries.count_positions(session, PositionFilter(text="百%"))
        by_place = queries.count_positions(session, PositionFilter(division="440306"))
        nothing = queries.count_positions(session, PositionFilter(text="_____________"))
    assert [row.title for row in by_text] == ["焊工"]
    assert (by_mark.positions, by_mark.posts) == (2, 7)
    assert (by_place.positions, by_place.posts) == (1, 4)
    assert nothing.positions == 0


def test_a_position_is_found_by_our_id_and_by_the_files_own_number(database: Database) -> None:
    position_id = make_position(database, make_employer(database), source_ref="https://x/1.htm")
    with database.reading() as session:
        by_ref = queries.find_position_by_ref(session, "https://x/1.htm")
        by_id = queries.find_position_by_ref(session, str(position_id))
    assert by_ref is not None
    assert by_ref == by_id


def test_what_a_draft_lacks_is_named() -> None:
    assert PositionDraft("普工").missing() == ("headcount", "wage", "workplace")
    assert PositionDraft("普工", 1, pay_type="negotiable", workplace_division="44").missing() == ()
