"""What a nightly job runs: nobody who becomes entitled is forgotten."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from jobfair.subsidies.cli import subsidies
from tests.factories import Make
from tests.subsidies.factory import at_work, make_terms, stand_at


def test_two_months_and_twenty_nine_days_are_reminded_of_on_the_next(
    database: Database,
    make: Make,
    sign_in: Callable[..., FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Terminal, "database", database)

    def propose() -> dict[str, int]:
        done = CliRunner().invoke(subsidies, ["propose", "--json"], obj=Terminal("en"))
        found: dict[str, int] = json.loads(done.output)
        return found

    stand_at(monkeypatch, 2025, 3, 31)
    rule = make_terms(database)
    at_work(make, 1, started_on=date(2025, 1, 1))
    clerk = sign_in("clerk", division="520502")
    assert "Entitled from 2025-04-01" in clerk.get(f"/subsidies/due?rule={rule}").text
    assert propose() == {"terms": 1, "opened": 0}
    assert "were never told" not in clerk.get("/").text
    stand_at(monkeypatch, 2025, 4, 1)
    assert propose() == {"terms": 1, "opened": 1}
    assert propose() == {"terms": 1, "opened": 0}
    again = sign_in("clerk", division="520502")
    assert "people are entitled to a subsidy and were never told" in again.get("/").text
    stand_at(monkeypatch, 2026, 1, 1)
    assert propose() == {"terms": 0, "opened": 0}, "the window is over"
