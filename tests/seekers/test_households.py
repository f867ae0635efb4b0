"""What is known of a household: typed, imported, shown, told as known when, merged, erased."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from jobfair.kit.db import Database
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.regions import codes
from jobfair.seekers import queries, services
from jobfair.seekers.models import HouseholdRecord, Seeker
from jobfair.seekers.rules.household import (
    CAPACITY_WORDS,
    EXIT_WORDS,
    RELATIONS,
    Household,
    Recorded,
    known,
    plain_relation,
    read_capacity,
    read_exit,
    read_exit_day,
    sex_of,
)
from jobfair.seekers.services.importing import relations
from tests.factories import Make
from tests.planted import person
from tests.seekers.factory import draft, make_seeker
from tests.seekers.test_pages import typed

SignIn = Callable[..., FlaskClient]


def now_on_record(database: Database, seeker: int) -> Household:
    with database.reading() as session:
        return queries.households_of(session, [seeker])[seeker]


def records(database: Database, seeker: int) -> list[Recorded]:
    with database.reading() as session:
        return queries.household_records(session, seeker)


def test_the_office_types_edits_and_sees_what_was_known_when(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    said = {
        "household_no": "5205020007",
        "relation": "12",
        "labour_capacity": "none",
        "labour_capacity_since": "2020-01-01",
        "exit_state": "lifted",
        "exit_since": "2019年12月",
    }
    page = clerk.post("/seekers/new", data=typed(1, **said), follow_redirects=True)
    for shown in ("******0007", "wife", "Not able to work", "Out of poverty · 2019-12"):
        assert shown in page.text
    assert said["household_no"] not in page.text, "shown to whom it is unmasked for"
    address = page.request.path
    assert said["household_no"] in clerk.post(f"{address}/unmask", data={"reason": "check"}).text
    form = clerk.get(f"{address}/edit").text
    assert 'value="5205020007"' in form
    changed = clerk.post(
        f"{address}/edit", data=typed(1, agreed="", **said | {"labour_capacity": "ordinary"})
    )
    assert "Ordinary worker" in changed.text
    seeker = int(address.rpartition("/")[2])
    assert now_on_record(database, seeker).labour_capacity_since is None, "not since the old day"
    before, after = records(database, seeker)
    assert (before.said.labour_capacity, after.said.labour_capacity) == ("none", "ordinary")
    assert known([before, after], "labour_capacity", day=date(2021, 1, 1)) == "none"
    page = clerk.get(address)
    assert "What was known of the household when" in page.text
    chinese = sign_in("clerk", division="520502")
    chinese.set_cookie("language", "zh")
    assert "普通劳动力" in chinese.get(address).text
    export = clerk.get("/seekers/export.csv").data.decode("utf-8-sig")
    assert "******0007,wife,Ordinary worker,Out of poverty,2019-12" in export
    assert said["household_no"] not in export


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"exit_since": "2019-13", "exit_state": "lifted"}, "Write the day like 2019"),
        ({"exit_since": "2019"}, "Choose the state of the exit"),
        ({"exit_since": "2099", "exit_state": "lifted"}, "lies in the future"),
        ({"labour_capacity_since": "2099-01-01", "labour_capacity": "weak"}, "lies in the future"),
        ({"relation": "01"}, "Not a valid choice"),
    ],
)
def test_a_wrong_day_is_refused_and_stays_in_the_form(
    sign_in: SignIn, wrong: dict[str, str], told: str
) -> None:
    clerk = sign_in("clerk", division="520502")
    answer = clerk.post("/seekers/new", data=typed(1, household_no="H77", **wrong))
    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="H77"' in answer.text


def test_an_import_of_seekers_says_it_too(sign_in: SignIn, database: Database) -> None:
    clerk = sign_in("clerk", division="520502")
    cells = {
        "姓名": person(1).name,
        "身份证号码": person(1).id_number,
        "户编号": "88",
        "与户主关系": "儿媳",
        "劳动能力": "无",
        "脱贫状态": "未脱贫",
    }
    file = io.BytesIO()
    write_table(file, [Column(title, text=True) for title in cells], [list(cells.values())])
    file.seek(0)
    preview = clerk.post("/seekers/import", data={"file": (file, "a.xlsx")}, follow_redirects=True)
    clerk.post(preview.request.path, follow_redirects=True)
    with database.reading() as session:
        row = session.execute(select(Seeker)).scalar_one()
        assert (row.relation, row.labour_capacity, row.exit_state) == ("38", "none", "not_lifted")
        assert row.household_no_sealed is not None
        assert b"88" not in row.household_no_sealed, "sealed"
        seeker = row.id
    [kept] = records(database, seeker)
    assert kept.said.household_no == "88"


def test_nobody_under_sixteen_is_registered_by_form_or_file(
    sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in("clerk", division="520502")
    child = person(1, born=date(2015, 1, 1)).id_number
    answer = clerk.post("/seekers/new", data=typed(1, id_number=child))
    assert answer.status_code == 422
    assert "A child belongs in school" in answer.text
    with database.writing() as session:
        [outcome] = services.bulk_upsert(
            session, [draft(1, born=date(2015, 1, 1))], registered_by=None
        )
    assert outcome.kind == "refused"
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Seeker)).scalar_one() == 0


def test_a_merge_fills_what_is_missing_and_undone_takes_it_back(database: Database) -> None:
    kept = make_seeker(database, 1, labour_capacity="weak")
    other = make_seeker(
        database,
        2,
        labour_capacity="none",
        labour_capacity_since=date(2020, 1, 1),
        relation="02",
        household_no="9",
    )
    with database.writing() as session:
        merge = services.merge_seekers(session, kept_id=kept, merged_id=other, user_id=None)
    found = now_on_record(database, kept)
    assert (found.labour_capacity, found.labour_capacity_since) == ("weak", None)
    assert (found.relation, found.household_no) == ("02", "9")
    with database.writing() as session:
        services.unmerge(session, merge, user_id=None)
    assert now_on_record(database, kept) == Household(labour_capacity="weak")
    assert [one.said.relation for one in records(database, kept)] == [None, "02", None]


def test_the_household_goes_with_the_persons_data(database: Database, make: Make) -> None:
    seeker = make.seeker(1, household_no="9", relation="02")
    with database.writing() as session:
        services.erase_seeker(session, seeker)
    with database.reading() as session:
        rows = session.execute(select(func.count()).select_from(HouseholdRecord)).scalar_one()
        index = session.execute(select(Seeker.household_index)).scalar_one()
    assert (rows, index, now_on_record(database, seeker).household_no) == (0, None, None)


def test_the_words_of_ledgers_are_read_and_given_out_the_same() -> None:
    assert set(codes.code_list("relations")) == set(RELATIONS)
    names = relations()
    assert names[plain_relation("户主之妻")] == "12"
    assert names[plain_relation("之女婿")] == "28"
    assert [sex_of(code) for code in ("12", "28", "38", "02", "50", "33")] == [
        *("2", "1", "2", None, None, "2")
    ]
    assert {one: read_capacity(word) for one, word in CAPACITY_WORDS.items()} == {
        one: str(one) for one in CAPACITY_WORDS
    }
    assert {one: read_exit(word) for one, word in EXIT_WORDS.items()} == {
        one: str(one) for one in EXIT_WORDS
    }
    days = [read_exit_day(text) for text in ("2019年", "2019.12", "2019年12月5日")]
    assert days == ["2019", "2019-12", "2019-12-05"]


_DAYS = st.dates(date(2010, 1, 1), date(2020, 1, 1))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.none() | _DAYS), max_size=6), _DAYS)
def test_what_is_recorded_later_changes_nothing_of_what_was_known(
    said: list[tuple[str, date | None]], day: date
) -> None:
    every = [
        Recorded(
            datetime(2015, 1, 1 + n, tzinfo=UTC),
            Household(labour_capacity=value, labour_capacity_since=since),
        )
        for n, (value, since) in enumerate(said)
    ]
    for n, one in enumerate(every):
        then = known(every, "labour_capacity", day=day, at=one.at)
        assert then == known(every[: n + 1], "labour_capacity", day=day)
    if every and every[-1].said.labour_capacity_since:
        since = every[-1].said.labour_capacity_since
        assert known(every, "labour_capacity", day=since) == every[-1].said.labour_capacity
