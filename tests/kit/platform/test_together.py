"""Group commit: everybody is answered for what they asked, and only who is at fault is refused."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.together import Together

_THREADS, _EACH = 8, 25


def _entries(database: Database) -> int:
    with database.reading() as session:
        return audit.count_entries(session)


def test_many_threads_are_each_answered_and_share_transactions(database: Database) -> None:
    before, sizes = _entries(database), list[int]()

    def write(session: Session, wishes: Sequence[int]) -> list[int]:
        sizes.append(len(wishes))
        for wish in wishes:
            audit.record(session, "test.write", subject="test", subject_id=wish)
        return [wish * 2 for wish in wishes]

    together = Together(database, write)
    begin = threading.Barrier(_THREADS)

    def ask(first: int) -> list[int]:
        begin.wait()
        return [together.do(first + n) for n in range(_EACH)]

    with ThreadPoolExecutor(_THREADS) as pool:
        answers = list(pool.map(ask, range(0, _THREADS * 100, 100)))
    for first, found in enumerate(answers):
        assert found == [(first * 100 + n) * 2 for n in range(_EACH)]
    assert sum(sizes) == _THREADS * _EACH
    with database.reading() as session:
        assert audit.verify(session).valid
    assert _entries(database) == before + _THREADS * _EACH


def test_only_the_wish_at_fault_is_refused(database: Database) -> None:
    before = _entries(database)
    held, waiting = threading.Event(), threading.Event()

    def write(session: Session, wishes: Sequence[int]) -> list[int]:
        if wishes[0] == 0:  # the first waits until the others stand behind it
            held.set()
            waiting.wait(timeout=30)
        for wish in wishes:
            if wish == 13:
                raise ValueError("thirteen")
            audit.record(session, "test.write", subject="test", subject_id=wish)
        return list(wishes)

    together = Together(database, write)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(together.do, 0)
        held.wait(timeout=30)
        others = {n: pool.submit(together.do, n) for n in (11, 12, 13, 14)}
        while len(together._waiting) < 4:
            pass
        waiting.set()
        assert first.result() == 0
        assert [others[n].result() for n in (11, 12, 14)] == [11, 12, 14]
        with pytest.raises(ValueError, match="thirteen"):
            others[13].result()
    assert _entries(database) == before + 4


def test_small_wishes_go_before_large_ones_and_nobody_waits_for_ever(database: Database) -> None:
    held, waiting = threading.Event(), threading.Event()
    groups: list[list[int]] = []

    def write(session: Session, wishes: Sequence[int]) -> list[int]:
        groups.append(sorted(wishes))
        if not held.is_set():
            held.set()
            waiting.wait(timeout=30)
        for wish in wishes:
            audit.record(session, "test.write", subject="test", subject_id=wish)
        return list(wishes)

    together = Together(database, write)
    with ThreadPoolExecutor(7) as pool:
        asked = [pool.submit(together.do, 0)]
        held.wait(timeout=30)
        for n, rows in ((1, 90), (2, 90), (3, 90), (4, 1), (5, 1)):
            before = len(together._waiting)
            asked.append(pool.submit(together.do, n, rows=rows))
            while len(together._waiting) == before:
                pass
        waiting.set()
        assert [one.result() for one in asked] == [0, 1, 2, 3, 4, 5]
    assert groups == [[0], [1, 4, 5], [2], [3]]
