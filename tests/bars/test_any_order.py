"""Whatever order, however often and by whatever clock: the same records leave the same tables.

By hand, at full size: RECORDS=110000 ORDERS=100 pytest tests/bars/test_any_order.py
"""

import hashlib
import json
import os
import random
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from jobfair.app import create_app
from jobfair.attendance.queries import (
    count_attendance,
    first_entries,
    people_inside,
    people_seen,
)
from jobfair.config import Settings
from jobfair.demo.gates import open_day
from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key

RECORDS = int(os.environ.get("RECORDS", "600"))
ORDERS = int(os.environ.get("ORDERS", "4"))
STATIONS = 30
PEOPLE = max(100, RECORDS // 3)
NINE = 1_268_010_000_000  # 8 March 2010, nine in the morning in Beijing
_MINUTE = 60_000
_MESSAGE = 500  # the most that one message holds
_SLICE = 10_000
# Three ways clocks are wrong: right, a quarter of an hour either way, and a day ahead.
_SKEWS = (0, 15 * _MINUTE, -15 * _MINUTE, 24 * 60 * _MINUTE)

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # it is copied as a file
Records = list[tuple[str, dict[str, Any]]]


def _day(secrets: list[str], cards: list[str], draw: random.Random) -> Records:
    """Return what the stations recorded on a day: entries, exits, some of them taken back."""
    found: Records = []
    sequences = dict.fromkeys(secrets, 0)
    made: list[tuple[str, str]] = []
    for _n in range(RECORDS):
        place = draw.randrange(len(secrets))
        secret, skew = secrets[place], _SKEWS[place % len(_SKEWS)]
        sequences[secret] += 1
        kind = draw.choices(("in", "out", "undo"), (85, 10, 5))[0]
        record: dict[str, Any] = {
            "id": new_key(),
            "seq": sequences[secret],
            "kind": kind,
            "at": NINE + draw.randrange(8 * 60) * _MINUTE + skew,
            "skew": skew,
        }
        if kind == "undo" and made:
            record["target"] = draw.choice(made)[0]
        else:
            record |= {"kind": "in" if kind == "undo" else kind, "card": draw.choice(cards)}
            made.append((record["id"], kind))
        found.append((secret, record))
    return found


def _deliver(app: Flask, records: Records, draw: random.Random) -> None:
    """Deliver everything in an order of its own, a tenth of it twice."""
    sent = records + draw.sample(records, len(records) // 10)
    draw.shuffle(sent)
    by_station: dict[str, list[dict[str, Any]]] = {}
    for secret, record in sent:
        by_station.setdefault(secret, []).append(record)
    messages = [
        (secret, mine[n : n + _MESSAGE])
        for secret, mine in by_station.items()
        for n in range(0, len(mine), _MESSAGE)
    ]
    draw.shuffle(messages)
    client = app.test_client()
    for secret, some in messages:
        headers = {"Authorization": f"Bearer {secret}"}
        answer = client.post("/station/records", json={"records": some}, headers=headers)
        assert answer.status_code == 200, answer.text


def _state(database: Database, fair: int) -> str:
    """Return a digest of the tables and of every figure made of them, when it came left out."""
    columns = "id, pairing_id, sequence, fair_id, kind, how, hex(card), target, place, at, skew"
    with database.reading() as session:
        rows = session.execute(text(f"SELECT {columns} FROM gate_record ORDER BY id"))  # noqa: S608
        people = sorted(people_seen(session, fair))
        first = {
            person: entry
            for begin in range(0, len(people), _SLICE)
            for person, entry in first_entries(
                session, fair, people[begin : begin + _SLICE]
            ).items()
        }
        told = {
            "rows": [list(map(str, row)) for row in rows],
            "came": asdict(count_attendance(session, fair)),
            "first": {
                str(person): [entry.at.isoformat(), entry.id, entry.place]
                for person, entry in sorted(first.items())
            },
            "inside": sorted(people_inside(session, fair)),
        }
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _last_write_wins(database: Database) -> str:
    """Return what a program would know that kept the newest message of each card, as it came."""
    with database.reading() as session:
        rows = session.execute(
            text("SELECT hex(card), kind, at FROM gate_record WHERE kind != 'undo' ORDER BY rowid")
        )
        newest = {row[0]: list(map(str, row)) for row in rows}
    return hashlib.sha256(json.dumps(newest, sort_keys=True).encode()).hexdigest()


@pytest.mark.long
def test_a_day_in_any_order_leaves_the_same_tables(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    opened = open_day(database, STATIONS, PEOPLE)
    fair, secrets, cards = opened.fair_id, opened.gates, opened.cards
    records = _day(secrets, cards, random.Random(1))  # noqa: S311 - the same day each time
    database.close()
    file = settings.home / "jobfair.db"
    states, naive = set(), set()
    for order in range(ORDERS):
        copy = tmp_path / f"{order}.db"
        shutil.copy(file, copy)
        mine = Database(f"sqlite:///{copy}", before_commit=(audit.seal_chain,))
        _deliver(create_app(settings, mine), records, random.Random(order))  # noqa: S311
        states.add(_state(mine, fair))
        naive.add(_last_write_wins(mine))
        mine.close()
        copy.unlink()
    assert len(states) == 1
    assert len(naive) > 1  # the control: a rule that looks at the order would have been seen
