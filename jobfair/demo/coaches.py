"""Coaches of a simulated year: planned, boarded, arrived and handed over, with books of their own.

Of the people whom an office brings to their posts at once some travel in one coach. Not all of them
come; of some who came nobody saw the arrival or the handing over; some begin at work late.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle

from sqlalchemy.orm import Session

from jobfair.demo.lives import Person
from jobfair.departures.queries.batches import BatchFilter, find_batch, list_batches
from jobfair.departures.queries.roster import list_riders
from jobfair.departures.rules.drafts import BatchDraft
from jobfair.departures.rules.roster import Role, Rung
from jobfair.departures.rules.scans import Kind
from jobfair.departures.rules.states import Mode, State
from jobfair.departures.services import moving, planning, recording, roster
from jobfair.kit.events.rules import Fact, Recorder
from jobfair.placements.rules.kinds import EventKind, OffBatch
from jobfair.placements.services import append_events

_SEATS = 45
_HOME = "52"
# A coach takes who begins so many days after it leaves.
_SOONEST, _LATEST = timedelta(days=2), timedelta(days=13)
_ON_TIME = 8  # days from the departure, seven from the arrival on the day after it
_CREW = ("赵", "钱", "孙", "李")
_ROLES = (Role.DRIVER, Role.DRIVER, Role.ESCORT, Role.RECEIVER)
_BATCHES_OF_A_PAGE = 50


def plan_coach(
    session: Session,
    draft: BatchDraft,
    recorder: Recorder,
    *,
    division: str,
    stop: str,
    crew: Sequence[str],
) -> int:
    """Open a batch of one coach with its stop and its contacts; return it.

    Args:
        session: the writing session.
        draft: the journey.
        recorder: who plans it.
        division: whose it is, and where the stop lies.
        stop: where people get on.
        crew: names of two drivers, who escorts and who receives.
    """
    batch = planning.plan_batch(session, draft, recorder, division=division)
    vehicle = planning.add_vehicle(session, batch, "贵F00001", _SEATS)
    planning.add_stop(session, batch, division, stop, "07:30")
    for place, (role, name) in enumerate(zip(_ROLES, crew, strict=True), 1):
        drives = vehicle if role is Role.DRIVER else None
        phone = f"1390000000{place}"
        planning.add_contact(session, batch, role, name, phone, vehicle_id=drives)
    moving.move(session, batch, moving.Step(State.OPEN), recorder)
    return batch


class Coaches:
    """The journeys, and the books about them."""

    def __init__(self, far: str) -> None:
        """Begin with no journey; coaches go to one place."""
        self._far = far
        self.books: Counter[str] = Counter()
        self.records = 0

    def choose(self, people: Sequence[Person]) -> list[Person]:
        """Return who of some people goes by coach: those who begin soonest, as many as it seats."""
        going = sorted(
            (one for one in people if one.jobs[0].place == self._far),
            key=lambda one: (one.jobs[0].start, one.seeker_id),
        )
        if not going:
            return []
        latest = going[0].jobs[0].start - _SOONEST + _LATEST
        return [one for one in going[:_SEATS] if one.jobs[0].start <= latest]

    def travel(self, session: Session, people: Sequence[Person], recorder: Recorder) -> None:
        """Bring people with a placement to their post, and keep books of it."""
        day = people[0].jobs[0].start - _SOONEST
        agreed = Fact(EventKind.INTENTION, day - timedelta(days=3))
        placements = [one.jobs[0].placement_id for one in people]
        told = append_events(session, [(one, agreed) for one in placements], recorder)
        if any(one.refusal for one in told):
            raise AssertionError("somebody could not agree to a post")
        batch = self._plan(session, day, recorder)
        roster.add_placed(session, batch, placements, recorder, scope=None)
        roster.give_seats(session, batch)
        planned = find_batch(session, batch)
        riders = list_riders(session, planned) if planned else []
        for rider in riders:
            if rider.minor:
                roster.note_consent(session, batch, rider.id, day - timedelta(days=1))
        roster.note_insured(session, batch)
        start = {one.jobs[0].placement_id: one.jobs[0].start for one in people}
        self._live(
            session,
            batch,
            day,
            [(rider.id, start[rider.placement_id or 0]) for rider in riders],
            recorder,
        )

    def _plan(self, session: Session, day: date, recorder: Recorder) -> int:
        draft = BatchDraft(
            origin="毕节",
            destination="深圳",
            mode=Mode.COACH,
            departs_on=day,
            arrives_on=day + timedelta(days=1),
            carrier="客运公司",
            carrier_licence="许可",
            cost_fen=9_000_00,
            policy_number="SIM",
            pick_up="北门",
        )
        return plan_coach(session, draft, recorder, division=_HOME, stop="汽车站", crew=_CREW)

    def _live(
        self,
        session: Session,
        batch: int,
        day: date,
        riders: Sequence[tuple[int, date]],
        recorder: Recorder,
    ) -> None:
        """Let a coach go; of twelve riders two do not come, and two are seen in part only."""
        fates = dict(zip((rider for rider, _start in riders), cycle(range(12)), strict=False))
        away = [rider for rider, fate in fates.items() if fate in {0, 5}]
        mistaken = [rider for rider, fate in fates.items() if fate == 5]
        boarded = [rider for rider in fates if rider not in away]
        arrived = [rider for rider in boarded if fates[rider] != 3]
        handed_over = [rider for rider in arrived if fates[rider] != 8]

        def move(to: State, on: date | None = None) -> None:
            moving.move(session, batch, moving.Step(to, on), recorder)

        def record(some: Sequence[int], kind: Kind) -> None:
            recording.record_by_hand(session, batch, some, kind, recorder)

        move(State.LOCKED)
        record([*boarded, *mistaken], Kind.BOARDED)
        recording.take_back(session, batch, mistaken, recorder)
        move(State.DEPARTED, day)
        roster.take_off(session, batch, away, OffBatch.NO_SHOW, recorder)
        move(State.ARRIVED, day + timedelta(days=1))
        record(arrived, Kind.ARRIVED)
        record(handed_over, Kind.HANDED_OVER)
        move(State.HANDED_OVER)
        self.records += len(riders) + len(boarded) + len(arrived) + len(handed_over)
        self.books.update(
            batches=1,
            planned=len(riders),
            boarded=len(boarded),
            no_shows=len(away),
            arrived=len(arrived),
            handed_over=len(handed_over),
            on_post=sum(
                rider in boarded and (start - day).days <= _ON_TIME for rider, start in riders
            ),
        )

    def told(self, session: Session) -> dict[str, int]:
        """Return what the program says of the batches, as their pages count it.

        A line that refused what its journey says would be one of the untold.
        """
        found: Counter[str] = Counter()
        while page := list_batches(
            session, BatchFilter(), limit=_BATCHES_OF_A_PAGE, offset=found["batches"]
        ):
            for batch in page:
                for rider in list_riders(session, batch):
                    found.update(rung.value for rung in rider.rungs)
                    found["no_shows"] += rider.left is OffBatch.NO_SHOW
                    found["untold"] += len(rider.refused)
            found["batches"] += len(page)
        names = ("batches", *(rung.value for rung in Rung), "no_shows", "untold")
        return {name: found[name] for name in sorted(names)}

    def booked(self) -> dict[str, int]:
        """Return what the books say."""
        return dict(sorted((dict(self.books) | {"untold": 0}).items()))
