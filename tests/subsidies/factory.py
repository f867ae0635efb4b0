"""Terms and claims for tests, by the real verbs, at a time of their own."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from jobfair.kit import clock
from jobfair.kit.clock import BEIJING
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Grade, Recorder
from jobfair.placements.rules.counting import Channel
from jobfair.subsidies.models import SubsidyClaim
from jobfair.subsidies.rules.claims import Applicant, Application, Step
from jobfair.subsidies.rules.terms import (
    Beyond,
    Continuity,
    Document,
    Family,
    Rate,
    Terms,
)
from jobfair.subsidies.services import claims
from jobfair.subsidies.services.terms import add_version
from tests.factories import Make
from tests.placements.factory import make_placement

TRAVEL = Terms(
    code="bijie-travel",
    title="交通补贴",
    family=Family.TRAVEL,
    jurisdiction="5205",
    year=2025,
    rates=(Rate(Beyond.PROVINCE, 50_000),),
    cap_fen=50_000,
    min_months=3,
    continuity=Continuity.CONTINUOUS,
    opens_on=date(2025, 1, 1),
    closes_on=date(2025, 12, 31),
    source="invented",
)
ACCOUNT = "6217000000001234"
PAPERS = Application(
    Applicant.SELF, (Document.EMPLOYER_CERTIFICATE,), "镇档案柜3号", ACCOUNT, "贵州农信"
)


@dataclass
class Time:
    """What the program takes for now."""

    at: datetime

    def go(self, **ahead: float) -> None:
        """Let time pass."""
        self.at += timedelta(**ahead)


def stand_at(monkeypatch: pytest.MonkeyPatch, year: int, month: int, day: int) -> Time:
    """Let it be ten in the morning of a day."""
    time = Time(datetime(year, month, day, 10, tzinfo=BEIJING))
    monkeypatch.setattr(clock, "now", lambda: time.at)
    return time


def make_terms(database: Database, **changes: Any) -> int:
    """Add terms of 2025: three months in another province, 500 yuan; return the version's id."""
    plain: Terms = replace(TRAVEL, documents=(Document.EMPLOYER_CERTIFICATE,))
    with database.writing() as session:
        return add_version(session, replace(plain, **changes), user_id=None)


def at_work(make: Make, n: int, *, division: str = "520502", **changes: Any) -> int:
    """Register the n-th person, at work in Shenzhen since 6 January; return the id."""
    seeker = make.seeker(n, division=division)
    make_placement(
        make.database,
        seeker,
        **{
            "channel": Channel.ASSISTED,
            "started_on": date(2025, 1, 6),
            "grade": Grade.B,
            **changes,
        },
    )
    return seeker


def clerk(make: Make, division: str = "520502") -> Recorder:
    """Return a clerk of an office."""
    made = make.user("clerk", division=division)
    return Recorder(made.id, made.organisation_id)


def propose(database: Database, rule: int, who: Recorder) -> list[int]:
    """Open the claims that are due and return the ids of all of the terms."""
    with database.writing() as session:
        claims.propose(session, rule, who)
    with database.reading() as session:
        query = select(SubsidyClaim.id).where(SubsidyClaim.rule_id == rule)
        return list(session.execute(query.order_by(SubsidyClaim.id)).scalars())


def apply_for(database: Database, claim_id: int, who: Recorder) -> None:
    """Take an application with its papers and a card of its own."""
    papers = replace(PAPERS, account=f"{ACCOUNT}{claim_id}")
    with database.writing() as session:
        claims.take_application(session, claim_id, papers, who)


def announce(
    database: Database, claim_ids: list[int], who: Recorder, title: str = "2025年交通补贴公示"
) -> int:
    """Put claims on public notice; return its id."""
    with database.writing() as session:
        return claims.announce(session, claim_ids, title, who)


def step(database: Database, claim_id: int, one: Step, who: Recorder, reason: str = "") -> None:
    """Take a step with a claim."""
    with database.writing() as session:
        claims.take_step(session, claim_id, one, who, reason)


def state_of(database: Database, claim_id: int) -> str:
    """Return where a claim stands."""
    with database.reading() as session:
        return session.execute(
            select(SubsidyClaim.state).where(SubsidyClaim.id == claim_id)
        ).scalar_one()
