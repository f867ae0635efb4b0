"""Where somebody lived is kept when they move: owners and reports of past days name that place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.ownership.rules import HOME, Owner, Tenure, owner_on, with_homes
from jobfair.ownership.services import accept
from jobfair.seekers.models import SeekerMove
from jobfair.seekers.rules.homes import Move, home_on, homes_since
from jobfair.seekers.services import bulk_upsert, edit_seeker
from tests.factories import Make
from tests.ownership.factory import make_station, offered
from tests.placements.factory import make_placement
from tests.seekers.factory import draft

SignIn = Callable[..., FlaskClient]
MONTH = timedelta(days=30)
HERE, THERE, AWAY = "520502", "520502100", "520521"
DAY = date(2026, 1, 1)
DAYS = st.integers(0, 40).map(lambda n: DAY + timedelta(days=n))


def move(database: Database, seeker: int, division: str) -> None:
    with database.writing() as session:
        edit_seeker(session, seeker, replace(draft(1), home_division=division))


def counties(client: FlaskClient, asked: str = "") -> dict[str, str]:
    """Return how many are registered in each county, as the report's file has it."""
    lines = client.get(f"/reports/fair-summary/file/csv?by=county{asked}").get_data(as_text=True)
    rows = [line.split(",") for line in lines.splitlines()[1:]]
    return {row[0]: row[2] for row in rows if "registered" in row[1].lower() and row[0]}


def test_owners_and_reports_of_past_days_name_the_home_of_the_day(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    seeker = make.seeker(1, division=HERE)
    registered = clock.today()
    with clock.ahead(MONTH):
        move(database, seeker, AWAY)
        moved = clock.today()
        clerk = sign_in("clerk", division="52")
        spans = clerk.get(f"/owners/{seeker}").text.split("From when to when")[1].split("</ol>")[0]
        assert spans.index("大方") < spans.index("七星关"), "the present home first"
        assert f"since {moved}" in spans
        assert "from the beginning" in spans.split("七星关")[1]
        known = (clock.now() - timedelta(days=2)).astimezone(clock.BEIJING)
        asked = f"?known-at={known:%Y-%m-%dT%H:%M}"
        then = clerk.get(f"/owners/{seeker}{asked}").text.split("From when to when")[1]
        assert "大方" not in then.split("</ol>")[0], "nobody knew of the move"
        assert list(counties(clerk)) == ["大方县"]
        assert list(counties(clerk, f"&as-of={registered}")) == ["七星关区"]
        assert list(counties(clerk, f"&known-at={known:%Y-%m-%dT%H:%M}")) == ["七星关区"]
        inside = sign_in("clerk", division=HERE)
        assert counties(inside) == {}
        assert list(counties(inside, f"&as-of={registered}")) == ["七星关区"]


def test_what_a_station_owned_is_not_the_homes_of_the_day_of_the_move(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    seeker = make.seeker(1, division=HERE)
    make_station(database, "440306")
    make_placement(database, seeker, started_on=clock.today() - timedelta(days=5))
    [offer] = offered(database)
    with database.writing() as session:
        accept(session, [offer], Recorder())
        outcome = bulk_upsert(
            session,
            [replace(draft(1), home_division=AWAY)],
            registered_by=None,
            source="ledger",
        )
    assert [one.kind for one in outcome] == ["updated"], "from a file, as from the form"
    page = sign_in("clerk", division="52").get(f"/owners/{seeker}").text
    spans = page.split("From when to when")[1].split("</ol>")[0]
    assert spans.index("驻深圳宝安劳务站") < spans.index("七星关")
    assert "大方" not in spans, "while the station owns the record, nobody else does"


def test_a_home_written_more_exactly_is_no_move_and_a_move_is_kept_for_ever(
    database: Database, make: Make
) -> None:
    seeker = make.seeker(1, division=HERE)
    move(database, seeker, THERE)
    with database.reading() as session:
        assert session.execute(select(SeekerMove)).first() is None
    move(database, seeker, AWAY)
    with pytest.raises(DatabaseError), database.writing() as session:
        session.execute(update(SeekerMove).values(from_division="52"))


@given(st.lists(st.tuples(DAYS, st.sampled_from("abc")), max_size=6), DAYS, DAYS)
def test_each_day_has_the_home_of_the_last_move_until_then(
    steps: list[tuple[date, str]], day: date, back: date
) -> None:
    moves, homes = [], {DAY - timedelta(days=1): "a"}
    present = "a"
    for since, to in sorted(steps, key=lambda one: one[0]):
        if to != present:
            at = datetime(since.year, since.month, since.day, 12, tzinfo=clock.BEIJING)
            moves.append(Move(since, present, to, at))
            homes[since] = present = to
    told = homes[max(when for when in homes if when <= day)]
    spans = homes_since(present, moves)
    assert home_on(spans, day) == told
    owners = [Tenure(None, HOME), Tenure(back, Owner(1, 1)), Tenure(back + MONTH / 6, HOME)]
    split = with_homes(owners, spans)
    assert owner_on([one for one, _home in split], day) == owner_on(owners, day)
    last = [(one, home) for one, home in split if one.since is None or one.since <= day][-1]
    if last[0].owner == HOME:
        assert last[1] == told
