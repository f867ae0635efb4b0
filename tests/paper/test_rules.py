"""Rows of sheets have ids of their own, slips numbers that tell a misread one; times are read."""

import re
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.attendance.rules import How, read_facts
from jobfair.cards.rules import ALPHABET
from jobfair.kit.ids import new_key
from jobfair.kit.values.reading import Unread
from jobfair.paper.rules import (
    HOW_CHOICES,
    read_how,
    read_sheet,
    read_time,
    record_id,
    sheet_label,
    slip_label,
)

SHAPE = re.compile(r"[0-9a-f]{12}8[0-9a-f]{3}[89ab][0-9a-f]{15}")
rows = st.tuples(
    st.integers(1, 10**6), st.from_regex(r"[0-9A-Z-]{1,40}", fullmatch=True), st.integers(1, 9999)
)


@given(rows, rows)
def test_a_row_has_one_id_and_another_row_another(
    one: tuple[int, str, int], other: tuple[int, str, int]
) -> None:
    assert SHAPE.fullmatch(record_id(*one))
    assert (record_id(*one) == record_id(*other)) is (one == other)


def test_no_device_makes_such_an_id_and_an_undo_may_name_it() -> None:
    key = record_id(1, "520502001-0306-1", 1)
    assert not SHAPE.fullmatch(new_key())
    undo = {"id": new_key(), "seq": 1, "kind": "undo", "target": key, "at": 0}
    assert read_facts([undo])[0].target == key


@given(st.integers(1, 99_999), st.data())
def test_a_misread_digit_of_a_slip_is_noticed(number: int, data: st.DataObject) -> None:
    label = slip_label(number)
    place = data.draw(st.integers(1, 5))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != label[place]]))
    misread = label[:place] + wrong + label[place + 1 :]
    assert re.fullmatch(rf"W\d{{5}}-[{ALPHABET}]", label)
    assert slip_label(int(misread[1:6])) != misread


def test_a_list_printed_on_another_day_has_other_labels() -> None:
    labels = {sheet_label("520502001", date(2010, 3, day), n) for day in (5, 6) for n in (1, 2)}
    assert labels == {f"520502001-030{day}-{n}" for day in (5, 6) for n in (1, 2)}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("09:42", time(9, 42)),
        ("9：42", time(9, 42)),
        ("9.05", time(9, 5)),
        ("9点5分", time(9, 5)),
        ("942", time(9, 42)),
        ("1430", time(14, 30)),
        ("09:42:00", time(9, 42)),
        ("2010-03-06 09:42:31", time(9, 42)),
        ("", None),
        ("nine", None),
        ("25:00", None),
        ("9:60", None),
        ("9", None),
    ],
)
def test_times_are_read_as_people_write_them(text: str, meant: time | None) -> None:
    found = read_time(text)
    assert isinstance(found, Unread) if meant is None else found == meant


def test_labels_and_ways_are_read_whatever_their_looks() -> None:
    assert read_sheet(" 520502001-0306-a ") == "520502001-0306-A"
    assert [read_how(word, scanned=False) for word in HOW_CHOICES] == [How.CODE, How.QR, How.SEARCH]
    assert [read_how("", scanned=scanned) for scanned in (True, False)] == [How.QR, How.CODE]
