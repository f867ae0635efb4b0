"""The line is cut for six hours: nothing is lost and nothing is doubled."""

from dataclasses import asdict, replace
from typing import Any

from flask import Flask

from jobfair.attendance.queries import count_attendance
from jobfair.cards.queries import look_up
from jobfair.cards.services import issue_cards
from jobfair.hall.queries import count_figures
from jobfair.hall.services import announce, close_fair, note_signature
from jobfair.interviews.queries import list_outcomes
from jobfair.kit import audit, clock
from jobfair.kit.ids import new_key
from jobfair.seekers.services import edit_seeker, reveal_seeker
from jobfair.tallies.rules import Service
from jobfair.tallies.services import TallyDraft, count_more
from tests.factories import Make
from tests.seekers.factory import draft
from tests.uplink.conftest import Clock
from tests.uplink.day import Day, open_day
from tests.uplink.hall import Line, Server


def _reports(server: Server) -> dict[str, Any]:
    """Return all that is shown of the fair: figures, who came, and the lists of results by name."""
    with server.at_work() as database, database.writing() as session:
        employer = server.rows("SELECT MIN(employer_id) FROM station WHERE job = 'booth'")[0][0]
        audit.record(session, "test.look", subject="fair")
        return {
            "figures": asdict(count_figures(session, server.fair, clock.now())),
            "came": asdict(count_attendance(session, server.fair)),
            "results": [
                (one.name, one.title, one.kind, one.at)
                for one in list_outcomes(session, server.fair, employer)
            ],
            "people": sorted(
                (
                    str(reveal_seeker(session, row[0], reason="test")),
                    str(row[1]),
                )
                for row in server.rows("SELECT id, employed_since FROM seeker")
            ),
            "placements": server.rows(
                'SELECT p."key", e.kind, e.reason, q."key", f.title FROM placement p '
                "JOIN placement_event e ON e.placement_id = p.id "
                "JOIN employer q ON q.id = p.employer_id JOIN position f ON f.id = p.position_id "
                'ORDER BY e."key"'
            ),
        }


def _alike(line: Line) -> None:
    assert _reports(line.hall) == _reports(line.prefecture)
    for table in (
        "gate_record",
        "booth_record",
        "walk_in",
        "hold",
        "card",
        "seeker",
        "seeker_move",
        "placement",
    ):
        assert line.hall.count(table) == line.prefecture.count(table), table


def _morning(day: Day, time: Clock) -> None:
    """Live some hours: entries, walk-ins, talks, offers and answers."""
    assert day.enters(*day.cards[:4]) == ["new"] * 4
    time.later(hours=1)
    known = day.registers(30)
    new = day.registers(31, wishes="焊工")
    day.enters(known, new)
    time.later(hours=1)
    for card in day.cards[:3]:
        day.talks("join", card, number="A1")
        day.talks("call", card)
        time.later(minutes=20)
    first = day.talks("offer", day.cards[0], position=day.positions[0])
    day.talks("accept", day.cards[0], target=first)
    day.talks("unsuitable", day.cards[1], position=day.positions[1], reason="skill")
    second = day.talks("offer", new, position=day.positions[1])
    day.talks("accept", new, target=second)
    third = day.talks("offer", day.cards[2], position=day.positions[1])
    day.talks("refuse", day.cards[2], target=third)
    time.later(hours=2)


def test_a_hall_apart_for_six_hours_loses_and_doubles_nothing(
    line: Line, hall_app: Flask, tokens: list[str], time: Clock, make: Make
) -> None:
    line.pair()
    day = open_day(line.hall, hall_app, tokens)
    line.sync()
    _morning(day, time)
    with line.prefecture.at_work() as database:
        late = [make.seeker(n) for n in (30, 32)]
        with database.writing() as session:
            issue_cards(session, late)
            moved = replace(draft(2), village="新村", home_division="520521")
            edit_seeker(session, 2, moved)
    with line.hall.at_work() as database, database.writing() as session:
        edit_seeker(session, 2, replace(draft(2), current_job="木工"))
        announce(session, line.hall.fair, "三点半开闭幕式", "", user_id=None)
        tally = TallyDraft(new_key(), Service.OTHER, "发放雨伞", 12, clock.today(), "Gate B")
        count_more(session, line.hall.fair, tally, user_id=None)
    time.later(hours=1)
    with line.hall.at_work() as database, database.writing() as session:
        close_fair(session, line.hall.fair, user_id=None)
        note_signature(session, line.hall.fair, 1, signed=True, user_id=None)
    assert line.prefecture.count("gate_record") == 0
    with line.hall.at_work() as database, database.reading() as session:
        assert look_up(session, tokens[0])  # which the prefecture signed
    line.sync_through(lambda call: ("before", "after", "")[call % 3], tries=12)
    _alike(line)
    assert line.hall.count("seeker_move") == 1, "where somebody lived before travels along"
    assert line.prefecture.count("seeker") == 9  # the sixth of 30 is one person at both
    assert line.hall.state.aside == line.prefecture.state.aside == 0
    assert line.sync() == 0
