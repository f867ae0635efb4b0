"""An import killed half-way and run again leaves what one undisturbed run leaves."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from jobfair import config
from jobfair.kit import audit
from jobfair.kit.db import Base, Database
from jobfair.kit.sheets.writing import Column, write_table
from tests.planted import person

pytestmark = pytest.mark.long

ROWS = 2_000
BATCH = 250
PEOPLE = ("姓名", "身份证号码", "县（市）", "联系电话", "学历", "求职意向", "期望月薪")
MOVES = ("就业地点", "转移就业时间", "就业单位", "岗位")
_SEEKER = Base.metadata.tables["seeker"]
_WISH = Base.metadata.tables["seeker_wish"]
# An audit entry is made for each batch that wrote; the counters began with the code lists.
_TELL_RUNS_APART = {"audit_entry", "change_counter"}
# What tells two runs apart though they say the same: when, in which order, under which nonce.
_OF_THE_RUN = {"id", "key", "revision", "created_at", "updated_at", "registered_at", "consent_at"}
_OF_THE_RUN |= {"registered_by"}


def ledger(path: Path, *, moves: bool) -> Path:
    """Write a ledger of many people, some rows of which are refused."""
    rows = []
    for n in range(ROWS):
        who = person(n % 400, born=date(1950, 1, 1) + timedelta(days=5 * n))
        number = "5.22E+17" if n % 500 == 7 else who.id_number
        row = [who.name, number, "七星关区", who.phone, "初中", "普工、缝纫工", "3000元"]
        rows.append([*row, "深圳市", "2010-03-08", f"第{n % 50}电子厂", "普工"] if moves else row)
    head = (*PEOPLE, *MOVES) if moves else PEOPLE
    write_table(path, [Column(title, text=True) for title in head], rows)
    return path


def command(
    settings: config.Settings, url: str, kind: str, path: Path
) -> "subprocess.Popen[bytes]":
    """Start the real command on a home."""
    environment = os.environ | {
        "JOBFAIR_HOME": str(settings.home),
        "JOBFAIR_DATABASE_URL": url,
        "JOBFAIR_KEY_FILE": str(settings.key_file),
        "JOBFAIR_SECRET_KEY": "t" * 40,
    }
    program = "from jobfair.cli import main; main()"
    arguments = ["import", kind, str(path), "--division", "520502", "--batch", str(BATCH), "--json"]
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", program, *arguments], env=environment, stdout=subprocess.PIPE
    )


def finish(process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    out, _ = process.communicate()
    assert process.returncode == 0
    answer: dict[str, Any] = json.loads(out)
    return answer


def people_in(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(_SEEKER)).scalar_one()


def state(database: Database) -> tuple[list[Any], dict[str, int]]:
    """Return everything said of every person, wishes included, and how many rows each table has."""
    columns = [c for c in _SEEKER.c if c.name not in _OF_THE_RUN and "sealed" not in c.name]
    with database.reading() as session:
        wishes: dict[int, list[Any]] = {}
        for wish in session.execute(select(_WISH).order_by(_WISH.c.place)):
            wishes.setdefault(wish.seeker_id, []).append((wish.title, wish.occupation_code))
        people = [
            (repr(row[1:]), wishes.get(row[0]))
            for row in session.execute(select(_SEEKER.c.id, *columns))
        ]
        counts = {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name not in _TELL_RUNS_APART
        }
        assert audit.verify(session).valid
    return sorted(people, key=repr), counts


@pytest.fixture
def undisturbed(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A second database with the same keys."""
    path = tmp_path / "undisturbed.db"
    shutil.copy(sqlite_template, path)
    found = Database(f"sqlite:///{path}")
    yield found
    found.close()


@pytest.mark.parametrize("what", ["seekers", "placements"])
def test_killed_half_way_and_run_again_ends_as_one_run(
    what: str,
    database: Database,
    undisturbed: Database,
    settings: config.Settings,
    tmp_path: Path,
) -> None:
    path = ledger(tmp_path / "台账.xlsx", moves=what == "placements")
    killed = command(settings, database.url, what, path)
    while not people_in(database) and killed.poll() is None:
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    assert 0 < people_in(database) < ROWS - 10
    again = finish(command(settings, database.url, what, path))
    assert again["unchanged"] >= BATCH - 1
    assert again["created"] + again["unchanged"] == ROWS - again["refused"] == ROWS - 4

    finish(command(settings, undisturbed.url, what, path))
    assert state(database) == state(undisturbed)
