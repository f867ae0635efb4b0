"""Identifiers, masks, logs and the SQLite check of the doctor: small and pure."""

import json
import logging
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.cli.doctor import wal_reset_fixed
from jobfair.kit import ids, logs, masking
from tests.planted import person


def test_keys_are_uuids_in_order_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    instants = iter(range(1_700_000_000_000_000_000, 1_700_000_001_000_000_000, 1_000_000))
    monkeypatch.setattr(time, "time_ns", lambda: next(instants))
    keys = [ids.new_key() for _ in range(1000)]
    assert keys == sorted(keys)
    for key in keys:
        assert (uuid.UUID(key).version, uuid.UUID(key).variant) == (7, uuid.RFC_4122)
        assert uuid.UUID(key).hex == key


def test_keys_of_one_moment_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    assert len({ids.new_key() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("张", "张"),
        ("张三", "张*"),
        ("张小明", "张*明"),
        ("欧阳小明", "欧**明"),
        ("阿依·买买提", "阿*·买**"),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


@given(st.text(alphabet="0123456789X", max_size=20))
def test_masks_of_numbers_hide_and_never_fail(number: str) -> None:
    for masked in (masking.mask_id_number(number), masking.mask_phone(number)):
        assert len(number) <= 7 or ("*" in masked and len(masked) == len(number))


def test_masks_of_a_person_show_little() -> None:
    someone = person(3)
    assert masking.mask_phone(someone.phone) == f"199****{someone.phone[-4:]}"
    assert masking.mask_id_number(someone.id_number) == "520" + "*" * 11 + someone.id_number[-4:]
    assert masking.mask_address("贵州省毕节市七星关区某路1号") == "贵州省毕节市…"
    assert masking.mask_address("毕节市") == "毕节市"


def test_scrubbing_takes_names_and_numbers_and_leaves_ids() -> None:
    someone = person(4)
    said = f"seeker 4211: {someone.name} {someone.id_number} {someone.phone} kept=12"
    assert logs.scrub(said) == "seeker 4211: *** *** *** kept=12"


def test_a_log_line_holds_no_personal_text() -> None:
    someone = person(5)
    fault = ValueError(f"bad row: {someone.name} {someone.phone}")
    record = logging.LogRecord(
        "jobfair",
        logging.ERROR,
        "file.py",
        1,
        "row %s",
        (someone.id_number,),
        (ValueError, fault, None),
    )
    record.who = someone.name
    record.rows = 7
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert (line["message"], line["reason"], line["who"]) == ("row ***", "bad row: *** ***", "***")
    assert (line["exception"], line["rows"], line["level"]) == ("ValueError", 7, "ERROR")
    for value in (someone.name, someone.phone, someone.id_number):
        assert value not in text


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), False),
        ((3, 53, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_sqlite_versions_free_of_the_wal_reset_fault(
    version: tuple[int, int, int], fixed: bool
) -> None:
    assert wal_reset_fixed(version) is fixed
