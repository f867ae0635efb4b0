"""Two clerks record something at the same moment: one wins, the other is told what happened."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jobfair.kit.db import Database
from jobfair.placements.queries import find_placement
from tests.factories import Make
from tests.placements.factory import make_placement

SignIn = Callable[..., FlaskClient]
_ROUNDS = 4
_SAID = {"precision": "day", "grade": "C", "evidence": "", "reason": ""}
_FIRST_DAY = _SAID | {"kind": "on_post", "occurred_on": "2010-03-08"}
_LEFT = _SAID | {"kind": "left_post", "occurred_on": "2010-04-01", "reason": "pay"}
_HOME = _SAID | {"kind": "returned_home", "occurred_on": "2010-04-02", "reason": "family"}


@pytest.mark.parametrize(
    ("started_on", "case"),
    [
        (None, (_FIRST_DAY, _FIRST_DAY, "This is recorded already.")),
        (date(2010, 3, 8), (_LEFT, _HOME, "The placement ended on 2010-04-0")),
    ],
    ids=["first-day", "end"],
)
def test_of_two_at_once_one_is_recorded_and_the_other_told(
    database: Database,
    make: Make,
    sign_in: SignIn,
    started_on: date | None,
    case: tuple[dict[str, str], dict[str, str], str],
) -> None:
    told, refused = case[:2], case[2]
    clerks = [sign_in("clerk", division="520502") for _clerk in told]
    for n in range(1, _ROUNDS + 1):
        placement = make_placement(database, make.seeker(n), started_on=started_on)
        before = 0 if started_on is None else 1
        ready = Barrier(len(told))

        def record(clerk: FlaskClient, said: dict[str, str]) -> TestResponse:
            ready.wait()  # noqa: B023 - both threads end within the round
            return clerk.post(f"/placements/{placement}/events/new", data=said)  # noqa: B023

        with ThreadPoolExecutor(len(told)) as pool:
            answers = list(pool.map(record, clerks, told))
        assert sorted(answer.status_code for answer in answers) == [302, 422]
        loser = next(answer for answer in answers if answer.status_code == 422)
        assert refused in loser.text
        with database.reading() as session:
            line = find_placement(session, placement)
        assert line is not None
        assert len(line.events) == before + 1
