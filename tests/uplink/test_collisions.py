"""What both servers changed, what a rule refuses, and how the day comes back."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from jobfair.attendance.queries import count_attendance
from jobfair.fairs.services import RunElsewhere, confirm_positions
from jobfair.kit import audit
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import household_records, households_of
from jobfair.seekers.rules.household import Household
from jobfair.seekers.services import (
    edit_seeker,
    erase_seeker,
    note_households,
    reveal_seeker,
    withdraw_consent,
)
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station
from jobfair.uplink.courier import Courier, Declined, LineDown
from jobfair.uplink.queries.states import list_aside
from jobfair.uplink.rules import Ending, Why
from jobfair.uplink.services import linking
from jobfair.uplink.services.receiving import opened
from tests.factories import Make
from tests.planted import person
from tests.seekers.factory import draft
from tests.uplink.conftest import Clock
from tests.uplink.day import open_day
from tests.uplink.hall import FAIR, Line, Server


def _phone(server: Server, seeker: int) -> str | None:
    with server.at_work() as database, database.writing() as session:
        return reveal_seeker(session, seeker, reason="test").phone


def _aside(server: Server) -> list[tuple[str, Why, str]]:
    with server.database.reading() as session:
        rows = list_aside(session, server.state.id)
    return [(one.table, one.why, one.detail) for one in rows]


def _edit(server: Server, seeker: int, **changes: Any) -> None:
    with server.at_work() as database, database.writing() as session:
        edit_seeker(session, seeker, replace(draft(seeker), **changes))


@pytest.mark.usefixtures("time")
def test_what_both_corrected_stands_as_the_prefecture_says_and_the_other_is_kept(
    line: Line,
) -> None:
    line.pair()
    _edit(line.prefecture, 1, phone=person(101).phone, village="甲村")
    _edit(line.hall, 1, phone=person(102).phone, current_job="木工")
    line.sync()
    assert _phone(line.prefecture, 1) == _phone(line.hall, 1) == person(101).phone
    for server in (line.prefecture, line.hall):
        where = "village = '甲村' AND current_job = '木工'"
        assert server.count("seeker", where) == 1
    assert _aside(line.prefecture) == [("seeker", Why.DIFFERS, "phone_sealed")]
    with line.prefecture.database.reading() as session:
        (kept,) = list_aside(session, line.prefecture.state.id)
        assert opened(kept) == {"phone_sealed": person(102).phone}
    with line.prefecture.database.writing() as session:
        assert linking.settle_aside(session, FAIR, user_id=None) == 1
    assert _aside(line.prefecture) == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_post_the_prefecture_took_off_meanwhile_waits_and_the_rest_goes_on(
    line: Line, hall_app: Flask, tokens: list[str], time: Clock
) -> None:
    line.pair()
    day = open_day(line.hall, hall_app, tokens)
    line.sync()
    offers = [day.talks("offer", card, position=day.positions[1]) for card in day.cards[:3]]
    day.talks("accept", day.cards[2], target=offers[2])
    fair, position = (
        line.prefecture.fair,
        line.prefecture.rows("SELECT MAX(id) FROM position")[0][0],
    )
    with line.prefecture.database.writing() as session:
        confirm_positions(session, fair, {position: 2}, user_id=None)
    line.sync()
    refused = _aside(line.prefecture)
    assert [one[0] for one in refused] == ["hold"]
    assert _aside(line.hall) == [("fair_position", Why.REFUSED, _aside(line.hall)[0][2])]
    assert line.prefecture.count("hold") == 2
    assert line.prefecture.count("booth_record") == 4
    assert line.prefecture.count("placement") == line.hall.count("placement") == 1
    with line.prefecture.database.writing() as session:
        confirm_positions(session, fair, {position: 20}, user_id=None)
    line.sync()
    day.enters(day.cards[0])
    line.sync()
    assert _aside(line.prefecture) == _aside(line.hall) == []
    assert line.prefecture.count("hold") == line.hall.count("hold") == 3


@pytest.mark.usefixtures("time")
def test_who_withdraws_at_the_prefecture_is_out_at_the_hall(line: Line) -> None:
    line.pair()
    with line.prefecture.database.writing() as session:
        withdraw_consent(session, 3)
    line.sync()
    assert line.hall.count("seeker", "status = 'withdrawn'") == 1


@pytest.mark.usefixtures("time")
def test_a_household_is_the_same_at_the_hall_and_goes_with_the_persons_data(line: Line) -> None:
    line.pair()
    said = Household(household_no="5205020007", relation="02", labour_capacity="weak")
    with line.prefecture.database.writing() as session:
        note_households(session, {3: said}, office_id=None, source="ledger")
    line.sync()
    with line.hall.at_work() as database, database.reading() as session:
        [person] = session.execute(select(Seeker.id).where(Seeker.relation == "02")).scalars()
        assert households_of(session, [person])[person] == said
        assert [one.said for one in household_records(session, person)] == [said]
        assert session.get_one(Seeker, person).household_index is not None
    with line.prefecture.database.writing() as session:
        erase_seeker(session, 3)
    line.sync()
    assert line.hall.count("household_record") == 0
    assert line.hall.count("seeker", "household_no_sealed IS NOT NULL") == 0


@pytest.mark.usefixtures("time")
@pytest.mark.parametrize("older", ["hall", "prefecture"])
@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_server_restored_from_an_older_backup_gets_everything_again(
    line: Line, hall_app: Flask, tokens: list[str], older: str
) -> None:
    line.pair()
    day = open_day(line.hall, hall_app, tokens)
    line.sync()
    server: Server = getattr(line, older)
    path = server.database.path
    assert path is not None
    backup = path.with_name("backup.db")
    with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(backup)) as there:
        here.backup(there)
    day.enters(*day.cards[:2])
    day.registers(30)
    line.sync()
    server.database.close()
    shutil.copy(backup, path)
    for more in ("-wal", "-shm"):
        path.with_name(path.name + more).unlink(missing_ok=True)
    line.sync()
    for table, count in (("gate_record", 2), ("walk_in", 1), ("seeker", 7), ("card", 7)):
        assert line.prefecture.count(table) == line.hall.count(table) == count
    for both in (line.prefecture, line.hall):
        assert _aside(both) == []
    assert line.sync() == 0


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_day_is_handed_back_once_both_have_the_same(
    line: Line, hall_app: Flask, tokens: list[str], time: Clock
) -> None:
    line.pair()
    day = open_day(line.hall, hall_app, tokens)
    day.enters(*day.cards)
    with line.hall.at_work() as database, database.writing() as session:
        linking.begin_return(session, FAIR)
    with (
        line.hall.at_work() as database,
        pytest.raises(RunElsewhere),
        database.writing() as session,
    ):
        add_station(session, line.hall.fair, "Gate Z", Job.GATE)
    uplink = line.hall.state.id
    with line.hall.at_work() as database:
        line.cut = lambda call: "after" if call >= line.calls else ""
        for _ in range(4):
            try:
                Courier(database).sync(uplink)
            except LineDown:
                line.cut = lambda _call: ""
        assert Courier(database).sync(uplink).ended
    assert line.prefecture.state.ending == line.hall.state.ending == Ending.HANDED_BACK
    with line.prefecture.database.writing() as session:
        add_station(session, line.prefecture.fair, "Gate Z", Job.GATE)
    with line.prefecture.database.reading() as session:
        assert count_attendance(session, line.prefecture.fair).persons == 6
    line.pair()  # and the hall may have it once more
    with line.hall.at_work() as database, database.writing() as session:
        add_station(session, line.hall.fair, "Gate Y", Job.GATE)
    line.sync()
    assert line.prefecture.count("gate_record") == 6
    assert line.prefecture.count("station") == line.hall.count("station") == 5


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_day_whose_counts_differ_is_not_handed_back(
    line: Line, hall_app: Flask, tokens: list[str], time: Clock
) -> None:
    line.pair()
    day = open_day(line.hall, hall_app, tokens)
    day.enters(*day.cards)
    line.sync()
    with line.prefecture.database.writing() as session:
        audit.record(session, "test.damage", subject="fair")
        session.execute(text("UPDATE station SET name = 'Gate C' WHERE name = 'Gate B'"))
    with line.hall.at_work() as database, database.writing() as session:
        linking.begin_return(session, FAIR)
    with line.hall.at_work() as database, pytest.raises(Declined, match="station"):
        Courier(database)._return(line.hall.state.id)
    assert not line.hall.state.handing_back
    assert day.enters(day.cards[0]) == ["again"]


@pytest.mark.usefixtures("time")
@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_day_taken_back_without_the_laptop_still_takes_in_what_it_brings(
    line: Line, hall_app: Flask, tokens: list[str], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.pair()
    day = open_day(line.hall, hall_app, tokens)
    day.enters(*day.cards[:2])
    with pytest.raises(linking.ReasonMissing), line.prefecture.database.writing() as session:
        linking.take_back(session, FAIR, " ", user_id=None)
    with line.prefecture.database.writing() as session:
        linking.take_back(session, FAIR, "被盗", user_id=None)
    with line.prefecture.database.writing() as session:
        add_station(session, line.prefecture.fair, "Gate B", Job.GATE)
    with line.prefecture.at_work():
        late = make.seeker(50)
    line.sync()
    with line.prefecture.database.reading() as session:
        assert count_attendance(session, line.prefecture.fair).persons == 2
    assert line.hall.count("seeker") == 6, late
    assert line.hall.state.ending == Ending.TAKEN_BACK
    monkeypatch.setattr("jobfair.stations.devices.time.monotonic", lambda: 10**9)
    day.gate.send("records", day.gate.record("in", day.cards[3]), status=503)
    with pytest.raises(linking.NothingToTake), line.prefecture.database.writing() as session:
        linking.take_back(session, FAIR, "再一次", user_id=None)
