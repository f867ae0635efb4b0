"""Two processes of twenty threads ask for the last post: one gets it, however often it is tried."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.offers.queries import posts_left
from tests.factories import Make
from tests.offers.factory import make_offering

_PROCESSES, _THREADS = 2, 20
# Two hundred by hand before a release: ROUNDS=200 pytest tests/offers/test_last_post.py
ROUNDS = int(os.environ.get("ROUNDS", "4"))
Ask = Callable[[int, int, list[list[int]]], int]


@contextmanager
def recruiters(database: Database, keys: Path, way: str) -> Iterator[Ask]:
    """Start processes that ask; give what lets each ask for its people and counts the grants."""
    command = [sys.executable, "-m", "tests.offers.asking", database.url, str(keys)]
    started = [
        subprocess.Popen(  # noqa: S603 - our own
            [*command, str(_THREADS), way],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(_PROCESSES)
    ]

    def ask(fair: int, position: int, people: list[list[int]]) -> int:
        for process, some in zip(started, people, strict=True):
            assert process.stdin
            print(fair, position, *some, file=process.stdin, flush=True)
        return sum(int(process.stdout.readline()) for process in started if process.stdout)

    try:
        yield ask
    finally:
        for process in started:
            process.communicate()


@pytest.fixture
def people(make: Make) -> list[list[int]]:
    """Twenty people for each process."""
    everybody = [make.seeker(n) for n in range(1, _PROCESSES * _THREADS + 1)]
    return [everybody[start::_PROCESSES] for start in range(_PROCESSES)]


def test_one_post_is_promised_once(database: Database, keys: Path, people: list[list[int]]) -> None:
    fair, positions = make_offering(database, [1] * ROUNDS)
    with recruiters(database, keys, "properly") as ask:
        assert [ask(fair, position, people) for position in positions] == [1] * ROUNDS
    with database.reading() as session:
        left = posts_left(session, fair, clock.now())
    assert [(left[p].left, left[p].offered) for p in positions] == [(0, 1)] * ROUNDS


def test_as_many_posts_as_there_are_and_no_fewer(
    database: Database, keys: Path, people: list[list[int]]
) -> None:
    fair, (position,) = make_offering(database, [30])
    with recruiters(database, keys, "properly") as ask:
        assert ask(fair, position, people) == 30


def test_naive_asking_would_promise_it_to_many(
    database: Database, keys: Path, people: list[list[int]]
) -> None:
    """The control: with the rule of the database taken away, too, the same asks oversell."""
    fair, positions = make_offering(database, [1] * ROUNDS)
    with recruiters(database, keys, "naively") as ask:
        kept = [ask(fair, position, people) for position in positions[: ROUNDS // 2]]
        assert kept == [1] * (ROUNDS // 2)  # the database alone still refuses
        with database.schema() as connection:
            connection.execute(text("DROP INDEX uq_hold_slot"))
        try:
            oversold = [ask(fair, position, people) for position in positions[ROUNDS // 2 :]]
            assert max(oversold) > 1
        finally:
            with database.schema() as connection:
                connection.execute(text("DELETE FROM hold"))
                connection.execute(
                    text(
                        "CREATE UNIQUE INDEX uq_hold_slot ON hold (fair_id, position_id, slot) "
                        "WHERE released_at IS NULL"
                    )
                )
