"""What is read from a text holds until somebody types, takes out or adds."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.employers import queries, services
from jobfair.employers.queries import PositionRow
from jobfair.employers.rules.drafts import PositionDraft
from jobfair.employers.rules.readings import (
    NoSuchReading,
    State,
    marked,
    read_position,
    without_readings,
)
from jobfair.employers.rules.requirements import Kind
from jobfair.kit.db import Database
from jobfair.occupations.qualifications import qualifications
from tests.accounts.factory import make_organisation
from tests.employers.factory import draft, make_employer, make_position

SignIn = Callable[..., FlaskClient]
TEXT = "18-45岁，初中以上学历，须持低压电工证，有叉车证优先，会看图纸，两班倒"


def _find(database: Database, position_id: int) -> PositionRow:
    with database.reading() as session:
        found = queries.find_position(session, position_id)
    assert found is not None
    return found


def _states(row: PositionRow) -> dict[str, str]:
    return {one.key: one.state for one in row.read}


@pytest.fixture
def position_id(database: Database) -> int:
    return make_position(database, make_employer(database), requirements=TEXT)


def test_a_posted_text_fills_what_was_not_typed(database: Database, position_id: int) -> None:
    row = _find(database, position_id)
    assert (row.min_age, row.max_age, row.min_education, row.education_rank) == (18, 45, "71", 2)
    assert (row.certificates, row.night_shift) == (["电工证"], True)
    assert row.skills == ["叉车证", "看图纸"]
    assert _states(row)["certificates:叉车证"] == State.WISH
    assert {one.phrase for one in row.read} >= {"18-45岁", "低压电工证", "两班倒"}


def test_what_was_typed_wins(database: Database) -> None:
    employer_id = make_employer(database)
    made = make_position(
        database, employer_id, requirements=TEXT, min_education="61", education_rank=3, max_age=50
    )
    row = _find(database, made)
    assert (row.min_education, row.max_age, row.min_age) == ("61", 50, 18)
    states = _states(row)
    assert states["min_education:71"] == states["max_age:45"] == State.OVERRULED


def test_what_was_typed_and_read_stays_when_the_text_changes(database: Database) -> None:
    employer_id = make_employer(database)
    made = make_position(
        database, employer_id, requirements=TEXT, certificates=("低压电工证",), min_age=18
    )
    row = _find(database, made)
    assert row.certificates == ["低压电工证"]
    assert _states(row)["certificates:电工证"] == _states(row)["min_age:18"] == State.TYPED
    with database.writing() as session:
        services.edit_position(session, made, replace(row.draft(), requirements=""))
    row = _find(database, made)
    assert (row.certificates, row.min_age, row.max_age) == (["低压电工证"], 18, None)


def test_what_is_taken_out_stays_out_and_can_come_back(
    database: Database, position_id: int
) -> None:
    with database.writing() as session:
        services.set_reading(session, position_id, "max_age:45", holds=False)
        services.set_reading(session, position_id, "certificates:电工证", holds=False)
    row = _find(database, position_id)
    assert (row.max_age, row.certificates, row.min_age) == (None, [], 18)
    shown = replace(row.draft(), description="另有宿舍")
    with database.writing() as session:
        services.edit_position(session, position_id, shown)
    row = _find(database, position_id)
    assert (row.max_age, row.certificates) == (None, [])
    with database.writing() as session:
        services.set_reading(session, position_id, "max_age:45", holds=True)
    assert _find(database, position_id).max_age == 45


def test_emptying_a_field_of_the_form_takes_out(database: Database, position_id: int) -> None:
    shown = _find(database, position_id).draft()
    with database.writing() as session:
        services.edit_position(
            session, position_id, replace(shown, certificates=(), max_age=None, night_shift=None)
        )
    row = _find(database, position_id)
    assert (row.certificates, row.max_age, row.night_shift) == ([], None, None)
    states = _states(row)
    assert states["certificates:电工证"] == states["max_age:45"] == State.TAKEN_OUT
    assert states["night_shift:yes"] == State.TAKEN_OUT


def test_typing_again_what_was_taken_out_makes_it_hold(
    database: Database, position_id: int
) -> None:
    shown = _find(database, position_id).draft()
    with database.writing() as session:
        services.edit_position(session, position_id, replace(shown, certificates=()))
        services.edit_position(session, position_id, replace(shown, certificates=("电工证",)))
    assert _find(database, position_id).certificates == ["电工证"]


def test_another_text_is_read_anew_where_nothing_was_typed(
    database: Database, position_id: int
) -> None:
    shown = _find(database, position_id).draft()
    other = replace(shown, requirements="20-50岁，持焊工证")
    with database.writing() as session:
        services.edit_position(session, position_id, other)
    row = _find(database, position_id)
    assert (row.min_age, row.max_age, row.min_education) == (20, 50, None)
    assert (row.certificates, row.skills, row.night_shift) == (["焊工证"], [], None)


def test_what_was_added_by_hand_stays(database: Database, position_id: int) -> None:
    with database.writing() as session:
        services.add_demand(session, position_id, Kind.SKILL, "木雕")
        services.add_demand(session, position_id, Kind.CERTIFICATE, "电工证")
    shown = _find(database, position_id).draft()
    with database.writing() as session:
        services.edit_position(session, position_id, replace(shown, requirements=""))
    row = _find(database, position_id)
    assert (row.skills, row.read) == (["木雕"], ())


def test_an_import_brings_nothing_back(database: Database) -> None:
    employer_id = make_employer(database)
    first = draft(requirements=TEXT, source_ref="A1")
    with database.writing() as session:
        services.post_positions(session, employer_id, [first], source="file.csv")
        [row] = queries.position_facts(session)
        services.set_reading(session, row.id, "max_age:45", holds=False)
    again = replace(first, headcount=99)
    with database.writing() as session:
        result = services.post_positions(session, employer_id, [again], source="file.csv")
    assert result.updated == 1
    row = _find(database, row.id)
    assert (row.headcount, row.max_age, row.min_age) == (99, None, 18)
    with database.writing() as session:
        assert services.post_positions(session, employer_id, [again], source="x").unchanged == 1


def test_only_what_the_text_says_can_be_taken_out(database: Database, position_id: int) -> None:
    with database.writing() as session, pytest.raises(NoSuchReading):
        services.set_reading(session, position_id, "max_age:99", holds=False)
    with database.writing() as session, pytest.raises(ValueError, match="max_age"):
        services.add_demand(session, position_id, Kind.MAX_AGE, "99")
    with database.writing() as session:
        services.close_position(session, position_id)
    with database.writing() as session, pytest.raises(services.Closed):
        services.set_reading(session, position_id, "max_age:45", holds=False)
    with database.writing() as session, pytest.raises(services.Closed):
        services.add_demand(session, position_id, Kind.SKILL, "木雕")


def test_ages_that_shut_out_everybody_do_nothing() -> None:
    found, readings = read_position(
        draft(requirements="年满50周岁", description="45岁以下"), qualifications()
    )
    assert (found.min_age, found.max_age) == (None, None)
    assert {one.state for one in readings} == {State.OVERRULED}


def test_a_text_is_cut_at_the_words_that_were_read() -> None:
    _, readings = read_position(draft(requirements=TEXT), qualifications())
    pieces = marked(TEXT, "requirements", readings)
    assert "".join(text for text, _ in pieces) == TEXT
    assert [text for text, one in pieces if one][:2] == ["18-45岁", "初中以上学历"]
    assert marked(TEXT, "description", readings) == [(TEXT, None)]


_TEXTS = st.lists(
    st.sampled_from(
        [
            "18-45岁，",
            "持电工证或焊工证；",
            "初中以上学历，",
            "无需经验。",
            "会Excel，",
            "两班倒，",
            "高空作业，",
        ]
    ),
    max_size=5,
).map("".join)


@given(_TEXTS, _TEXTS, st.sampled_from([None, 30]), st.sampled_from([(), ("焊工证",), ("电焊证",)]))
def test_a_form_that_comes_back_as_shown_changes_nothing(
    requirements: str, description: str, max_age: int | None, certificates: tuple[str, ...]
) -> None:
    typed = draft(
        requirements=requirements,
        description=description,
        max_age=max_age,
        certificates=certificates,
    )
    shown, readings = read_position(typed, qualifications())
    back, removed = without_readings(shown, readings)
    assert removed == set()
    again, once_more = read_position(back, qualifications(), removed=removed)
    assert (again, once_more) == (shown, readings)


@given(_TEXTS, st.data())
def test_nothing_decides_that_is_not_shown(text: str, data: st.DataObject) -> None:
    plain: PositionDraft = draft(requirements=text)
    _, readings = read_position(plain, qualifications())
    gone = data.draw(st.sets(st.sampled_from([one.key for one in readings] or ["-"])))
    found, kept = read_position(plain, qualifications(), removed=gone)
    assert {one.key for one in kept if one.state == State.TAKEN_OUT} == gone - {"-"}
    if gone >= {one.key for one in readings}:
        assert found == plain


def _recruiter(database: Database, sign_in: SignIn, name: str) -> tuple[FlaskClient, int]:
    organisation = make_organisation(
        database, kind=OrganisationKind.EMPLOYER, division=None, name=name
    )
    client = sign_in(Role.RECRUITER, organisation=organisation)
    client.set_cookie("language", "en")
    return client, make_employer(database, organisation_id=organisation)


def test_the_page_shows_the_words_and_lets_a_recruiter_decide(
    database: Database, sign_in: SignIn
) -> None:
    recruiter, employer_id = _recruiter(database, sign_in, "甲单位")
    made = make_position(database, employer_id, requirements=TEXT)
    page = recruiter.get(f"/positions/{made}").text
    assert "Read from the text" in page
    assert ">低压电工证</mark>" in page
    assert "a wish, shuts nobody out" in page
    answer = recruiter.post(
        f"/positions/{made}/readings",
        data={"key": "max_age:45", "holds": "no"},
        follow_redirects=True,
    )
    assert "It stays out when the text is read again." in answer.text
    assert "taken out by hand" in answer.text
    answer = recruiter.post(
        f"/positions/{made}/demands",
        data={"kind": "certificates", "name": "起重机械证"},
        follow_redirects=True,
    )
    assert "Added: 起重机械证." in answer.text
    row = _find(database, made)
    assert (row.max_age, row.certificates) == (None, ["起重机械证", "电工证"])
    empty = recruiter.post(f"/positions/{made}/demands", data={"name": " "}, follow_redirects=True)
    assert "Write the name of the certificate or skill." in empty.text


def test_nobody_decides_for_another_employer(database: Database, sign_in: SignIn) -> None:
    recruiter, _employer_id = _recruiter(database, sign_in, "甲单位")
    other = make_position(database, make_employer(database), requirements=TEXT)
    data = {"key": "max_age:45", "holds": "no"}
    assert recruiter.post(f"/positions/{other}/readings", data=data).status_code == 404
    assert recruiter.post(f"/positions/{other}/demands", data={"name": "木雕"}).status_code == 404
    assert _find(database, other).max_age == 45
