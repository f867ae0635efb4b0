"""What a nightly job runs, and the bench on a few people."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from jobfair import config
from jobfair.cli.bench_tracking import run_tracking_bench
from jobfair.follow_ups.cli import follow_ups
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from jobfair.ownership.queries import HandOverFilter, count_hand_overs
from jobfair.ownership.rules import Standing
from tests.factories import Make
from tests.ownership.factory import make_station
from tests.placements.factory import make_placement


def test_what_is_due_is_made_by_a_command_once(
    database: Database, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = make_station(database, "440306")
    make_placement(database, make.seeker(1), started_on=clock.today() - timedelta(days=7))
    monkeypatch.setattr(Terminal, "database", database)
    for said in ('{"made": 5, "changed": 0}', '{"made": 0, "changed": 0}'):
        done = CliRunner().invoke(follow_ups, ["catch-up", "--json"], obj=Terminal("en"))
        assert done.output.strip() == said
        with database.reading() as session:
            offered = HandOverFilter(station_id=station, standing=Standing.OFFERED)
            assert count_hand_overs(session, offered) == 1


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_bench_fills_what_it_says_and_every_page_answers(
    database: Database, settings: config.Settings
) -> None:
    found = run_tracking_bench(database, settings, people=12, placements=2, requests=2)
    assert (found["events"], found["due_follow_ups"]) == (12 * 2 * 8, 12 * 5)
    assert found["work_list_p95_ms"] > 0
    assert found["placement_page_p95_ms"] > 0
