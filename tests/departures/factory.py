"""Batches for tests, made by the real verbs."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jobfair.departures.queries import batches, roster
from jobfair.departures.queries.stations import BatchDevice, find_device
from jobfair.departures.rules.drafts import BatchDraft
from jobfair.departures.rules.roster import Role
from jobfair.departures.rules.scans import Job
from jobfair.departures.rules.states import Mode, State
from jobfair.departures.services import moving, planning, stations
from jobfair.departures.services import roster as rosters
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Recorder
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_event
from tests.placements.factory import make_placement
from tests.seekers.factory import make_seeker

DAY = date(2010, 3, 8)
DRAFT = BatchDraft(
    origin="毕节汽车站",
    destination="深圳市宝安区",
    mode=Mode.COACH,
    departs_on=DAY,
    arrives_on=date(2010, 3, 9),
    carrier="毕节客运公司",
    carrier_licence="黔交运管许可5224",
    cost_fen=900_000,
    policy_number="PICC-2010-1",
    pick_up="宝安汽车总站北门",
)
CLERK = Recorder()


def make_batch(database: Database, *seats: int, division: str = "520502", **changes: Any) -> int:
    """Plan a whole batch with a coach of each number of seats; return its id."""
    with database.writing() as session:
        batch = planning.plan_batch(session, replace(DRAFT, **changes), CLERK, division=division)
        for n, places in enumerate(seats or (5,), 1):
            vehicle = planning.add_vehicle(session, batch, f"贵F{n:05}", places)
            for driver in ("赵师傅", "钱师傅"):
                planning.add_contact(
                    session, batch, Role.DRIVER, driver, "13900000000", vehicle_id=vehicle
                )
        planning.add_stop(session, batch, division[:6], "县汽车站", "07:30")
        planning.add_contact(session, batch, Role.ESCORT, "孙带队", "13800000001")
        planning.add_contact(session, batch, Role.RECEIVER, "李接站", "13800000002")
        moving.move(session, batch, moving.Step(State.OPEN), CLERK)
    return batch


def make_traveller(database: Database, n: int, **changes: Any) -> int:
    """Register somebody with an accepted intention; return the placement's id."""
    placement = make_placement(database, make_seeker(database, n, **changes), started_on=None)
    with database.writing() as session:
        append_event(session, placement, Fact(EventKind.INTENTION, date(2010, 3, 6)), CLERK)
    return placement


def put_on(database: Database, batch: int, *placements: int) -> list[int]:
    """Put people on a roster, seated and insured; return the riders' ids."""
    with database.writing() as session:
        rosters.add_placed(session, batch, placements, CLERK, scope=None)
        rosters.give_seats(session, batch)
        rosters.note_insured(session, batch)
    found = {one.placement_id: one.id for one in riders(database, batch)}
    return [found[one] for one in placements]


def move(database: Database, batch: int, to: State, **more: Any) -> None:
    """Move a batch as the office does."""
    with database.writing() as session:
        moving.move(session, batch, moving.Step(to, **more), CLERK)


def row(database: Database, batch: int) -> batches.BatchRow:
    """Return a batch."""
    with database.reading() as session:
        found = batches.find_batch(session, batch)
    assert found
    return found


def riders(database: Database, batch: int) -> list[roster.RiderRow]:
    """Return a batch's roster."""
    found = row(database, batch)
    with database.reading() as session:
        return roster.list_riders(session, found)


@dataclass(frozen=True)
class Phone:
    """A phone paired to a batch."""

    secret: str
    device: BatchDevice


def make_phone(database: Database, batch: int, job: Job = Job.BOARDING) -> Phone:
    """Add a station to a batch and pair a phone with it."""
    with database.writing() as session:
        code = stations.add_station(session, batch, "一号车", job)
        secret = stations.pair(session, code)
        device = find_device(session, secret)
    assert device
    return Phone(secret, device)
