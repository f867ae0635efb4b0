"""Fills a home with placements and their events, and times the pages that read them.

Pages are asked of the application itself, templates and all, without a network between; the home
lies on SQLite, as at an office.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

import numpy as np
from flask.testing import FlaskClient

from jobfair import config
from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.accounts.services import OrganisationDraft, UserDraft, create_organisation, create_user
from jobfair.app import create_app
from jobfair.demo.exports import labourers
from jobfair.demo.loading import load_seekers
from jobfair.follow_ups.services import catch_up
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.kit.ids import new_key
from jobfair.placements.queries import PlacementFilter, Standing, list_placements
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EndReason, EventKind, Word
from jobfair.placements.services import append_events, record_placements
from jobfair.seekers.rules.drafts import SeekerDraft

COUNTY = "520502"
_SEED = 2010
_BATCH = 2_500
_DAYS = 75  # from one placement of a person to the next
_EACH = 8  # events of a placement
_PASSWORD = "bench " + new_key()


def run_tracking_bench(
    database: Database,
    settings: config.Settings,
    *,
    people: int,
    placements: int,
    requests: int = 60,
) -> dict[str, Any]:
    """Return how many events there are, and p95 of a county's work list and a placement's page.

    Args:
        database: an empty one with tables and code lists.
        settings: of its home.
        people: how many were placed.
        placements: of each, one after the other; the last one runs.
        requests: how many answers each figure is of.
    """
    login = _office(database)
    began = time.perf_counter()
    events = sum(_place(database, some, placements) for some in _batches(people))
    filled = time.perf_counter() - began
    began = time.process_time()
    more, made = True, 0
    while more:
        with database.writing() as session:
            caught = catch_up(session)
        more, made = caught.more, made + caught.made
    caught_up = time.process_time() - began
    app = create_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"login": login, "password": _PASSWORD})
    with database.reading() as session:
        wanted = PlacementFilter(scope=COUNTY, standing=Standing.RUNNING)
        rows = list_placements(session, wanted, limit=requests)
    lists = ("", "?show=overdue", "?checkpoint=m3", "?caller=nobody", "?page=2")
    work = [f"/follow-ups{lists[n % len(lists)]}" for n in range(requests)]
    pages = [f"/follow-ups/{row.id}" for row in rows]
    lines = [f"/placements/people/{row.seeker_id}" for row in rows]
    return {
        "events": events,
        "due_follow_ups": made,
        "fill_s": round(filled, 1),
        "catch_up_processor_s": round(caught_up, 1),
        "work_list_p95_ms": _p95(client, work, time.perf_counter),
        "placement_page_p95_ms": max(
            _p95(client, one, time.perf_counter) for one in (pages, lines)
        ),
        # What other programs on the machine do not lengthen.
        "work_list_processor_p95_ms": _p95(client, work, time.process_time),
        "placement_page_processor_p95_ms": max(
            _p95(client, one, time.process_time) for one in (pages, lines)
        ),
    }


def _office(database: Database) -> str:
    """Open the office of a county with one clerk; return the login."""
    login = "bench"
    with database.writing() as session:
        office = create_organisation(
            session, OrganisationDraft(OrganisationKind.LABOUR_OFFICE, "七星关区人社局", COUNTY)
        )
        draft = UserDraft(login=login, display_name="甲", password=_PASSWORD)
        create_user(session, draft, organisation_id=office, role=Role.CLERK)
    return login


def _batches(people: int) -> Iterator[list[tuple[SeekerDraft, PlacementDraft]]]:
    drawn = ((one.person, one.placements[0]) for one in islice(labourers(), people))
    while some := list(islice(drawn, _BATCH)):
        yield some


def _place(
    database: Database, some: list[tuple[SeekerDraft, PlacementDraft]], placements: int
) -> int:
    """Register people and give each one placement after the other; return how many events."""
    random = Random(_SEED)  # noqa: S311 - the same days in every run
    with database.writing() as session:
        ids = load_seekers(session, [person for person, _ in some], registered_by=None)
    first = clock.today() - timedelta(days=_DAYS * placements)
    events = 0
    for n in range(placements):
        last = n == placements - 1
        starts = [first + timedelta(days=_DAYS * n + random.randrange(30)) for _ in some]
        drafts = [
            (
                seeker,
                replace(draft, started_on=day, ended_on=None, departed_on=None, fingerprint=None),
            )
            for seeker, (_, draft), day in zip(ids, some, starts, strict=True)
        ]
        with database.writing() as session:
            kept = record_placements(session, drafts, Recorder())
            facts = [
                (answer.placement_id, fact)
                for answer, day in zip(kept, starts, strict=True)
                if answer.placement_id is not None
                for fact in _facts(day, ends=not last)
            ]
            appended = append_events(session, facts, Recorder(), source="bench")
        events += len(kept) + sum(one.event_id is not None for one in appended)
    return events


def _facts(first: date, *, ends: bool) -> list[Fact[EventKind]]:
    """Return what happens around a first day at work: with it, eight events."""

    def after(days: int) -> date:
        return first + timedelta(days=days)

    found = [
        Fact(EventKind.CONTRACT_SIGNED, after(-5), grade=Grade.B),
        Fact(EventKind.DEPARTED, after(-2), grade=Grade.B),
        Fact(EventKind.ARRIVED, after(-1), grade=Grade.B),
        Fact(EventKind.EMPLOYER_CONFIRMED, after(3), grade=Grade.B, reason=Word.ON_POST),
        Fact(EventKind.FOLLOW_UP, after(7), grade=Grade.C),
        Fact(EventKind.FOLLOW_UP, after(30), grade=Grade.C),
    ]
    end = Fact(EventKind.RETURNED_HOME, after(40), grade=Grade.C, reason=EndReason.SEASONAL)
    return [*found, end if ends else Fact(EventKind.FOLLOW_UP, after(32), grade=Grade.C)]


def _p95(client: FlaskClient, addresses: list[str], clock_of: Callable[[], float]) -> float:
    """Return the 95th percentile of answering each address, milliseconds; the first one warms up.

    Raises:
        RuntimeError: an answer is no page.
    """
    times = []
    for address in [addresses[0], *addresses]:
        began = clock_of()
        answer = client.get(address)
        times.append((clock_of() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return round(float(np.percentile(times[1:], 95)), 1)
