"""Who may take a fair's day, what of it the other server refuses, and what a hall may not write."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from jobfair.fairs.services import RunElsewhere
from jobfair.hall.services import announce, close_fair, note_signature
from jobfair.kit import clock
from jobfair.kit.db import Base
from jobfair.kit.ids import new_key
from jobfair.offers.services import offer
from jobfair.paper.services import issue_slips
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station
from jobfair.tallies.rules import Service
from jobfair.tallies.services import TallyDraft, count_more
from jobfair.uplink.carried import BOTH_WAYS, FROM_PREFECTURE, STAYS, carried
from jobfair.uplink.courier import Declined
from jobfair.uplink.queries.states import uplink_of
from jobfair.uplink.rules import row_name
from jobfair.uplink.services import linking
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.uplink.conftest import Clock
from tests.uplink.day import open_day
from tests.uplink.hall import ADDRESS, FAIR, Line

_VERBS: list[Callable[[Session, int], object]] = [
    lambda s, fair: add_station(s, fair, "Gate Z", Job.GATE),
    lambda s, fair: offer(s, fair, 1, 1, key=new_key()),
    lambda s, fair: announce(s, fair, "请注意", "", user_id=None),
    lambda s, fair: close_fair(s, fair, user_id=None),
    lambda s, fair: note_signature(s, fair, 1, signed=True, user_id=None),
    lambda s, fair: issue_slips(s, fair, 1, user_id=None),
    lambda s, fair: count_more(s, fair, _tally(), user_id=None),
]


def _tally() -> TallyDraft:
    return TallyDraft(new_key(), Service.OTHER, "雨伞", 1, clock.today(), "")


def test_every_table_is_shared_or_stays_for_a_reason() -> None:
    listed = [*FROM_PREFECTURE, *BOTH_WAYS, *STAYS]
    assert sorted(listed) == sorted(Base.metadata.tables)
    for spec in carried().values():
        for column in spec.columns:
            assert not column.target or column.target in carried(), (spec.name, column.name)
        assert all(spec.column(name) for name in spec.named_by), spec.name


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_days_writes_are_refused_where_it_is_not_run(
    line: Line, hall_app: Flask, app: Flask, tokens: list[str], make: Make
) -> None:
    with line.prefecture.at_work():
        day = open_day(line.prefecture, app, tokens)
    line.pair()
    with line.prefecture.at_work() as database:
        for verb in _VERBS:
            with pytest.raises(RunElsewhere, match="laptop 1"), database.writing() as session:
                verb(session, line.prefecture.fair)
    refused = day.gate.send("records", day.gate.record("in", day.cards[0]), status=503)
    assert refused == []
    with line.hall.at_work() as database:
        for verb in _VERBS:
            with database.writing() as session:
                verb(session, line.hall.fair)


def test_a_code_pairs_one_laptop_once(line: Line, client: FlaskClient, time: Clock) -> None:
    with line.prefecture.database.writing() as session:
        old = linking.hand_over(session, FAIR, "laptop 1", user_id=None)
        code = linking.hand_over(session, FAIR, "laptop 2", user_id=None)
    for wrong in (old, "", "1234", "x" * 200):
        assert client.post("/uplink/pair", json={"code": wrong}).status_code == 422
    time.later(minutes=16)
    assert client.post("/uplink/pair", json={"code": code}).status_code == 422
    with line.prefecture.database.writing() as session:
        code = linking.hand_over(session, FAIR, "laptop 2", user_id=None)
    assert client.post("/uplink/pair", json={"code": code}).status_code == 200
    assert client.post("/uplink/pair", json={"code": code}).status_code == 422
    with pytest.raises(RunElsewhere), line.prefecture.database.writing() as session:
        linking.hand_over(session, FAIR, "laptop 3", user_id=None)


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer x", "Basic x", "Bearer " + "x" * 500])
@pytest.mark.parametrize("path", ["exchange", "return"])
@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_secret_that_opens_nothing_is_refused(client: FlaskClient, shown: str, path: str) -> None:
    headers = {"Authorization": shown}
    answer = client.post(f"/uplink/{path}", json={"got": 0}, headers=headers)
    assert (answer.status_code, answer.json and answer.json["error"]) == (401, "unknown_hall")


def _sent_up(line: Line, *rows: Any) -> list[tuple[Any, ...]]:
    """Let the hall send rows of its own making; return what the prefecture set aside."""
    number = line.prefecture.state.packs[1] + 1
    with line.hall.at_work() as database, database.reading() as session:
        secret = linking.secret_of(uplink_of(session, line.hall.state.id))
    body = {"up": {"number": number, "rows": list(rows)}, "got": line.prefecture.state.packs[0]}
    line.call(ADDRESS, "/uplink/exchange", body, secret=secret)
    return line.prefecture.rows("SELECT table_name, name, detail FROM uplink_aside")


def test_a_hall_writes_nothing_of_another_fair_nor_accounts(line: Line, make: Make) -> None:
    with line.prefecture.at_work() as database:
        make_fair(database, [], code="other")
        stranger = make.seeker(9)
        make.user("admin")
    line.pair()
    station = {"fair_id": "other", "name": "Gate", "job": "gate", "added_at": "2010-03-06T01:00:00"}
    key = line.prefecture.rows(f'SELECT "key" FROM seeker WHERE id = {stranger}')[0][0]  # noqa: S608
    account = line.prefecture.rows('SELECT "key" FROM user_account')[0][0]
    rows = [
        ["station", row_name(["other", "Gate"]), station],
        ["fair", "other", {"name": "x"}],
        ["fair", "new", {"code": "new", "name": "x"}],
        ["seeker", key, {"village": "x"}],
        ["user_account", account, {"role": "admin"}],
        ["audit_entry", "1", {"action": "x"}],
        ["gate_record", new_key(), None],
        ["seeker_wish", "not a name", None],
    ]
    before = line.prefecture.rows("SELECT * FROM seeker ORDER BY id")
    assert len(_sent_up(line, *rows)) == len(rows)
    assert line.prefecture.count("station") == 0
    assert line.prefecture.count("fair") == 2
    assert line.prefecture.rows("SELECT * FROM seeker ORDER BY id") == before
    assert line.prefecture.count("user_account", "role = 'admin'") == 1
    assert line.hall.count("user_account", "role = 'admin'") == 0


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_no_pack_changes_nothing(line: Line) -> None:
    line.pair()
    before = line.prefecture.state.packs
    with pytest.raises(Declined):
        _sent_up(line, ["seeker"])
    assert line.prefecture.state.packs == before
