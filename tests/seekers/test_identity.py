"""What an ID number must be, and what its holder is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.seekers.rules import identity
from jobfair.seekers.rules.identity import IdNumber, check_character, id_number_fault
from tests.planted import id_number, person

TODAY = date(2026, 11, 24)
seventeen = st.from_regex(r"[1-9][0-9]{16}", fullmatch=True)


@given(seventeen, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits: str, place: int, change: int) -> None:
    wrong = str((int(digits[place]) + change) % 10)
    assert check_character(digits[:place] + wrong + digits[place + 1 :]) != check_character(digits)


@given(seventeen, st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_noticed(digits: str, place: int) -> None:
    a, b = digits[place], digits[place + 1]
    swapped = digits[:place] + b + a + digits[place + 2 :]
    assert (check_character(swapped) == check_character(digits)) == (a == b)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    fault = id_number_fault(text, today=TODAY)
    if fault is None:
        assert IdNumber.parse(text, today=TODAY).text
    else:
        with pytest.raises(ValueError, match=r".") as told:
            IdNumber.parse(text, today=TODAY)
        assert str(told.value) == fault


def test_a_number_is_read_as_birth_sex_and_division() -> None:
    number = IdNumber.parse(person(3, female=True).id_number, today=TODAY)
    assert (number.birth_date, number.sex, number.division) == (date(1990, 5, 17), "2", "520502")
    assert person(3, female=True).id_number not in repr(number)


@pytest.mark.parametrize("shape", ["{}", " {} ", "'{}", "{} ", "full"])
def test_harmless_ways_of_writing_are_understood(shape: str) -> None:
    number = person(4).id_number
    wide = number.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X"})
    assert IdNumber.parse(shape.format(number) if shape != "full" else wide, today=TODAY).text


def test_a_small_x_an_old_number_and_a_disability_card_are_understood() -> None:
    ending_in_x = next(
        n for s in range(999) if (n := id_number("520502", date(1980, 1, 1), s))[-1] == "X"
    )
    assert IdNumber.parse(ending_in_x.lower(), today=TODAY).text == ending_in_x
    old = ending_in_x[:6] + ending_in_x[8:17]
    assert IdNumber.parse(old, today=TODAY).text == ending_in_x
    assert IdNumber.parse(ending_in_x + "43", today=TODAY).text == ending_in_x


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", identity.MISSING),
        ("5.22E+17", identity.SCIENTIFIC),
        ("5.22401199005171E+17", identity.SCIENTIFIC),
        ("520502199005171000", identity.SCIENTIFIC),
        ("52050219900517", identity.SHAPE),
        ("52050219901317101X", identity.BIRTH),
        ("520502209005171011", identity.BIRTH),
    ],
)
def test_a_damaged_number_is_refused_with_the_way_to_mend_it(text: str, fault: str) -> None:
    assert id_number_fault(text, today=TODAY) == fault


def test_the_right_check_character_is_never_told() -> None:
    number = person(5).id_number
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert id_number_fault(wrong, today=TODAY) == identity.CHECK
