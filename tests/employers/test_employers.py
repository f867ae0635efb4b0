"""Registering, verifying and changing employers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from jobfair.employers import queries, services
from jobfair.employers.rules import identity
from jobfair.employers.rules.drafts import EmployerDraft, EmployerStatus
from jobfair.kit.db import Database
from tests.employers.factory import credit_code, make_employer, make_position


@given(st.integers(0, 10**9 - 1))
def test_a_right_code_has_no_fault(n: int) -> None:
    assert identity.credit_code_fault(credit_code(n)) is None


@given(st.integers(0, 10**9 - 1), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(n: int, place: int, change: int) -> None:
    code = credit_code(n)
    if not code[place].isdigit():
        return
    wrong = str((int(code[place]) + change) % 10)
    assert identity.credit_code_fault(code[:place] + wrong + code[place + 1 :]) is not None


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", identity.LENGTH),
        ("914403001", identity.OLD_ORGANISATION),
        ("440301103097413", identity.OLD_LICENCE),
        ("91440300O00000001X", identity.CHARACTERS),
        (credit_code(1)[:-1] + ("0" if credit_code(1)[-1] != "0" else "1"), identity.CHECK),
    ],
)
def test_what_is_wrong_with_a_code_is_said(typed: str, fault: str) -> None:
    assert identity.credit_code_fault(typed) == fault


def test_the_expected_check_character_is_not_told() -> None:
    assert "%" not in identity.CHECK


def test_full_width_and_small_letters_are_the_same_code() -> None:
    code = credit_code(7)
    typed = " ".join((code[:8].lower(), code[8:])).replace("9", "\uff19")
    assert identity.CreditCode.parse(typed).value == code


def test_a_code_is_registered_once(database: Database) -> None:
    make_employer(database, credit_code=credit_code(5))
    with pytest.raises(services.EmployerKnown):
        make_employer(database, credit_code=credit_code(5))


def test_a_bare_name_is_registered_once_whatever_its_brackets(database: Database) -> None:
    name = "深圳(龙岗)电子厂"
    unverified = EmployerStatus.UNVERIFIED
    make_employer(database, name=name, credit_code=None, status=unverified)
    with pytest.raises(services.EmployerKnown):
        make_employer(
            database, name="深圳\uff08龙岗\uff09 电子厂", credit_code=None, status=unverified
        )


def test_many_are_registered_as_each_would_be_alone(database: Database) -> None:
    drafts = [
        EmployerDraft("甲电子厂", credit_code=credit_code(1), contact_phone="0755-1234567"),
        EmployerDraft("乙电子厂", division_code="440307"),
    ]
    with database.writing() as session:
        ids = services.register_employers(session, drafts)
    with database.reading() as session:
        found = [queries.find_employer(session, employer_id) for employer_id in ids]
    made = [one for one in found if one is not None]
    assert [(one.name, one.credit_code, one.division_code, one.contact_phone) for one in made] == [
        ("甲电子厂", credit_code(1), None, "0755-1234567"),
        ("乙电子厂", None, "440307", ""),
    ]
    assert {one.status for one in made} == {EmployerStatus.UNVERIFIED}


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (EmployerDraft("别的厂", credit_code=credit_code(5)), services.EmployerKnown),
        (EmployerDraft("甲电子厂"), services.EmployerKnown),
        (EmployerDraft(" "), services.NameMissing),
        (EmployerDraft("别的厂", credit_code="91440300"), services.BadCreditCode),
    ],
)
def test_one_that_may_not_be_registered_stops_the_others(
    database: Database, wrong: EmployerDraft, refusal: type[Exception]
) -> None:
    make_employer(database, credit_code=credit_code(5))
    with pytest.raises(refusal), database.writing() as session:
        services.register_employers(session, [EmployerDraft("甲电子厂"), wrong])
    with database.reading() as session:
        assert len(queries.employer_ids(session)[1]) == 1


def test_the_database_itself_refuses_a_second_code(database: Database) -> None:
    first = make_employer(database)
    second = make_employer(database)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(
            text(
                "UPDATE employer SET credit_code = "
                "(SELECT credit_code FROM employer WHERE id = :a) WHERE id = :b"
            ),
            {"a": first, "b": second},
        )


def test_contact_data_are_sealed_and_open_again(database: Database) -> None:
    employer_id = make_employer(database, contact_phone="0755-88888888", address="龙城大道1号")
    with database.reading() as session:
        row = session.execute(text("SELECT contact_phone, address FROM employer")).one()
        found = queries.find_employer(session, employer_id)
    assert b"88888888" not in bytes(row.contact_phone)
    assert found is not None
    assert (found.contact_phone, found.address) == ("0755-88888888", "龙城大道1号")


def test_verifying_publishes_what_waited_only_for_it(database: Database) -> None:
    employer_id = make_employer(database, status=EmployerStatus.UNVERIFIED)
    whole = make_position(database, employer_id)
    lacking = make_position(database, employer_id, headcount=None)
    with database.reading() as session:
        before = queries.find_position(session, whole)
    assert before is not None
    assert (before.status, before.missing, before.bookable) == ("draft", ["verification"], False)
    with database.writing() as session:
        services.verify_employer(session, employer_id, user_id=None)
    with database.reading() as session:
        after = queries.find_position(session, whole)
        still = queries.find_position(session, lacking)
    assert after is not None
    assert still is not None
    assert (after.status, after.missing, after.bookable) == ("open", [], True)
    assert (still.status, still.missing) == ("draft", ["headcount"])
    assert after.revision > before.revision


def test_an_employer_without_a_code_cannot_be_verified(database: Database) -> None:
    employer_id = make_employer(database, credit_code=None, status=EmployerStatus.UNVERIFIED)
    with pytest.raises(services.CodeNeeded), database.writing() as session:
        services.verify_employer(session, employer_id, user_id=None)


def test_a_new_code_must_be_verified_again_and_open_positions_wait(database: Database) -> None:
    employer_id = make_employer(database, name="旧名电子厂")
    position_id = make_position(database, employer_id)
    draft = EmployerDraft(name="新名电子厂", credit_code=credit_code(77))
    with database.writing() as session:
        services.edit_employer(session, employer_id, draft)
    with database.reading() as session:
        found = queries.find_employer(session, employer_id)
        position = queries.find_position(session, position_id)
    assert found is not None
    assert position is not None
    assert (found.status, position.status) == ("unverified", "draft")


def test_a_refusal_needs_a_reason(database: Database) -> None:
    employer_id = make_employer(database, status=EmployerStatus.UNVERIFIED)
    with pytest.raises(services.ReasonNeeded), database.writing() as session:
        services.refuse_employer(session, employer_id, reason="  ")
