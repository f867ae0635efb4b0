"""Files made to hurt: each is answered with rows or a message, none costs much, none crashes."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.kit.sheets.hostile import FILES, answer

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
MOST_MB = 300
ROWS = {
    "upwards.xlsx",
    "zeros inside.csv",
    "gb18030.csv",
    "big5.csv",
    "utf-16.csv",
    "mixed.csv",
    "old line ends.csv",
    "formulas.csv",
    "formulas.xlsx",
    "long numbers.xlsx",
    "hidden.xlsx",
    "merged.xlsx",
}
REFUSED = {
    "macro.xlsx": "file_has_macros",
    "password.xls": "file_has_password",
    "page.xls": "file_is_web_page",
    "page with mark.xls": "file_is_web_page",
    "paper.xlsx": "file_is_web_page",
    "empty.csv": "file_empty",
    "blank.csv": "file_empty",
    "flat bomb.xlsx": "file_too_big",
    "many entries.xlsx": "file_too_big",
    "huge dimensions.xlsx": "file_too_big",
    "big dimensions.xlsx": "file_too_big",
    "million rows.xlsx": "file_too_big",
    "million cells.xlsx": "file_too_big",
    "rows.csv": "file_too_big",
}


def _open_all(folder: Path, names: Iterable[str], **changes: int) -> dict[str, Any]:
    """Write some files, and open them in a process that does nothing else."""
    for name in names:
        (folder / name).write_bytes(FILES[name]())
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.kit.sheets.hostile", str(folder), json.dumps(changes)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of every file."""
    return _open_all(tmp_path_factory.mktemp("hostile"), FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_answered(found: dict[str, Any], name: str) -> None:
    told = found[name]["answer"]
    if name in ROWS:
        assert told == "rows"
    else:
        assert told == REFUSED.get(name, told) != "rows"


def test_none_costs_much_memory(found: dict[str, Any]) -> None:
    assert {name: one["peak_mb"] for name, one in found.items() if one["peak_mb"] > MOST_MB} == {}


def test_what_could_be_read_is_read_right(found: dict[str, Any]) -> None:
    plain = [["姓名", "薪资", "地区"], ["甲", "面议", "毕节"]]
    for name in ("gb18030.csv", "utf-16.csv", "zeros inside.csv", "old line ends.csv"):
        assert found[name]["rows"] == plain, name
    assert found["mixed.csv"]["rows"][:2] == plain
    assert found["hidden.xlsx"]["rows"] == plain
    assert found["big5.csv"]["rows"][0] == ["姓名", "薪資", "地區"]
    number = found["long numbers.xlsx"]["rows"][1]
    assert ("E+" in number[0], number[1]) == (True, "5.22401E+17")
    assert found["formulas.xlsx"]["rows"][1] == ["甲", "=cmd|'/c calc'!A0", "@SUM(1+1)"]
    assert found["merged.xlsx"]["rows"][:3] == [["某县台账", "", ""], plain[0], ["甲", "", ""]]


def test_a_limit_taken_away_is_noticed(tmp_path: Path) -> None:
    """The control: without their limits the same files cost more than they may, or go in."""
    free = {"cells": 10**9, "memory_bytes": 4 * 1024**3}
    costly = _open_all(tmp_path, ["middling dimensions.xlsx"], **free)
    assert costly["middling dimensions.xlsx"]["peak_mb"] > MOST_MB
    path = tmp_path / "rows.csv"
    path.write_bytes(FILES["rows.csv"]())
    assert answer(path, rows=2_000_000)[0] == "rows"


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(FILES["rows.csv"]())
    assert answer(path, rows=10**9, cells=10**9, seconds=1)[0] in {"file_too_slow", "rows"}
