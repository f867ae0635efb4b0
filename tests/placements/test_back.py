"""Who left or lost a post is in the pool at once, and on the list of the day until referred."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.queries import person_lines
from jobfair.placements.queries.back import BackFilter, count_back, list_back
from jobfair.placements.rules.events import StillRunning
from jobfair.placements.rules.kinds import EndReason, EventKind
from jobfair.placements.services import append_event, reverse_event
from jobfair.placements.services.referring import refer_again
from jobfair.seekers.queries import SeekerFilter, list_seekers
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.planted import holds_personal_data

SignIn = Callable[..., FlaskClient]
WAITING = "people whose post ended in the last 3 days"


def end(
    database: Database,
    placement: int,
    *,
    days: int = 0,
    kind: EventKind = EventKind.LEFT_POST,
    reason: EndReason = EndReason.LAYOFF,
) -> int:
    fact = Fact(kind, clock.today() - timedelta(days=days), grade=Grade.C, reason=reason)
    with database.writing() as session:
        return append_event(session, placement, fact, Recorder())


def waiting(database: Database, days: int = 3, scope: str | None = None) -> list[int]:
    with database.reading() as session:
        wanted = BackFilter(clock.today(), scope, days)
        found = [row.placement_id for row in list_back(session, wanted, limit=99)]
        assert count_back(session, wanted) == len(found)
    return found


def test_who_lost_a_post_is_in_the_pool_and_on_the_list_at_once_and_off_it_by_one_tap(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    seeker = make.seeker(1, division="520502001")
    placement = make_placement(database, seeker)
    clerk, stranger = sign_in("clerk", division="520502"), sign_in("clerk", division="520521")
    assert WAITING not in clerk.get("/").text
    end(database, placement)
    with database.reading() as session:
        (row,) = list_seekers(session, SeekerFilter(state="active"))
    assert row.id == seeker
    assert f'jf-work__number">1</span><div><a href="/placements/back">{WAITING}' in (
        clerk.get("/").text
    )
    page = clerk.get("/placements/back").text
    assert "Left the post · Laid off" in page
    assert not holds_personal_data(page)
    assert WAITING not in stranger.get("/").text
    assert stranger.post(f"/placements/{placement}/refer-again").status_code == 404
    answer = clerk.post(f"/placements/{placement}/refer-again")
    assert answer.headers["Location"] == f"/seekers/{seeker}/positions"
    assert waiting(database) == []
    assert WAITING not in clerk.get("/").text
    with database.reading() as session:
        (line,) = person_lines(session, seeker)
    assert [e.event.kind for e in line.events][-1] is EventKind.REMATCHED


def test_the_list_is_narrowed_by_office_reason_and_time_and_downloads_masked(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    fresh = make_placement(database, make.seeker(1, division="520502001"))
    long_ago = make_placement(database, make.seeker(2, division="520502002"))
    end(database, fresh, days=1, reason=EndReason.PAY)
    end(database, long_ago, days=20)
    clerk = sign_in("clerk", division="520502")
    every = clerk.get("/placements/back?days=30").text
    assert every.count("refer-again") == 2, "an end that was learnt today is news"
    assert clerk.get("/placements/back?days=30&office=520502002").text.count("refer-again") == 1
    assert clerk.get("/placements/back?reason=pay").text.count("refer-again") == 1
    assert "Nobody waits" in clerk.get("/placements/back?reason=illness").text
    file = clerk.get("/placements/back/export/xlsx?days=30").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert [row[-1] for row in rows] == ["Days since then", 1, 20]
    assert not holds_personal_data(str(rows))


def test_who_works_again_is_dead_or_was_never_gone_does_not_wait(
    database: Database, make: Make
) -> None:
    again, dead, on_post, late = (make_placement(database, make.seeker(n)) for n in range(1, 5))
    end(database, again, days=2)
    with database.reading() as session:
        person = list_back(session, BackFilter(clock.today()), limit=1)[0].seeker_id
    make_placement(database, person, started_on=clock.today())
    proof = Fact(EventKind.EXEMPT, clock.today(), grade=Grade.B, evidence="证明", reason="death")
    with database.writing() as session:
        append_event(session, dead, proof, Recorder())
    mistaken = end(database, on_post)
    with database.writing() as session:
        reverse_event(session, mistaken, "打错了", Recorder())
    end(database, late, days=400, kind=EventKind.RETURNED_HOME)
    assert waiting(database) == []
    with database.writing() as session, pytest.raises(StillRunning):
        refer_again(session, on_post, Recorder())
    with database.writing() as session:
        refer_again(session, again, Recorder())
        with pytest.raises(Refusal):
            append_event(session, again, Fact(EventKind.FOLLOW_UP, clock.today()), Recorder())
