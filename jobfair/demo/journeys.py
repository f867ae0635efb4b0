"""What becomes of some of the demonstration's people after the fair: batches, follow-ups, money.

All of it goes in by the verbs of the offices' pages, and around the day of loading: a work list is
of today. The people are of one county, that of the demonstration's clerk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice

from sqlalchemy.orm import Session

from jobfair.demo.coaches import plan_coach
from jobfair.departures.queries.batches import find_batch
from jobfair.departures.queries.roster import list_riders
from jobfair.departures.rules.drafts import BatchDraft
from jobfair.departures.rules.scans import Kind
from jobfair.departures.rules.states import Mode, State
from jobfair.departures.services import moving, recording
from jobfair.departures.services import roster as rosters
from jobfair.follow_ups.rules.drafts import FollowUpDraft, FoundTerms
from jobfair.follow_ups.rules.outcomes import Outcome, Problem, Way
from jobfair.follow_ups.services import catch_up, record_follow_up
from jobfair.kit import clock
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.placements.services import append_event, record_placement
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.subsidies.rules.terms import Beyond, Continuity, Document, Family, Rate, Terms
from jobfair.subsidies.services.claims import propose
from jobfair.subsidies.services.terms import add_version

COUNTY = "520521"
_DEPARTED, _LEAVING, _AT_WORK, _LONG_AT_WORK = 14, 16, 36, 12
_CREW = ("赵师傅", "钱师傅", "孙带队", "李接站")
_WAGES = (420_000, 450_000, 480_000, 520_000)
_POST = PlacementDraft(
    employer_name="",
    channel=Channel.ORGANISED,
    started_on=None,
    title="普工",
    workplace_division="440306",
    workplace_text="深圳市宝安区（演示）",
    grade=Grade.B,
    source="demo",
)
# What one call after another found, and what was wrong.
_CALLS: tuple[tuple[Outcome, tuple[Problem, ...]], ...] = (
    (Outcome.ON_POST_SAME, ()),
    (Outcome.ON_POST_SAME, ()),
    (Outcome.UNREACHED, ()),
    (Outcome.ON_POST_SAME, (Problem.UNPAID_WAGES,)),
    (Outcome.ON_POST_SAME, ()),
    (Outcome.ON_POST_SAME, (Problem.UNSUITED,)),
)
# Hours a day, days a week, and the answers: what one after another found.
_FOUND = (
    FoundTerms(
        10, 6, lodging=True, fee_fen=0, travel_fen=0, as_promised=True, contract=True, insured=True
    ),
    FoundTerms(
        11, 6, lodging=True, fee_fen=0, travel_fen=18_000, as_promised=True, wants_change=False
    ),
    FoundTerms(
        10,
        6.5,
        lodging=False,
        fee_fen=20_000,
        travel_fen=18_000,
        as_promised=False,
        contract=False,
        wants_change=True,
    ),
)


def live_journeys(
    session: Session,
    people: Sequence[tuple[int, SeekerDraft]],
    employers: Sequence[tuple[int, str]],
    recorder: Recorder,
) -> int:
    """Let some people of the county go to work; return how many.

    Args:
        session: the writing session.
        people: seekers who are not at the fair, with what was registered of them.
        employers: where they go: id and name of each.
        recorder: the office that does it all.
    """
    ready = iter(seeker_id for seeker_id, draft in people if draft.home_division.startswith(COUNTY))
    today, turn = clock.today(), cycle(employers)
    working = _send(session, islice(ready, _AT_WORK), turn, recorder, today - timedelta(days=5))
    spring = today - timedelta(days=140)
    settled = _send(session, islice(ready, _LONG_AT_WORK), turn, recorder, spring)
    gone = _promise(session, islice(ready, _DEPARTED), turn, recorder, today - timedelta(days=4))
    leaving = _promise(session, islice(ready, _LEAVING), turn, recorder, today - timedelta(days=2))
    if gone:
        _depart(session, gone, recorder, today - timedelta(days=1))
    if leaving:
        _prepare(session, leaving, recorder, today + timedelta(days=6))
    _call(session, working, recorder, today)
    for placement_id, _begun in settled:
        told = FollowUpDraft(Outcome.ON_POST_SAME, Way.EMPLOYER, today - timedelta(days=1))
        record_follow_up(session, placement_id, told, recorder)
    _subsidise(session, recorder, today)
    return len(working) + len(settled) + len(gone) + len(leaving)


def _send(
    session: Session,
    seeker_ids: Iterator[int],
    employers: Iterator[tuple[int, str]],
    recorder: Recorder,
    latest: date,
) -> list[tuple[int, date]]:
    """Let people begin at work, one a day until the latest; return placements and first days."""
    found = []
    for number, seeker_id in enumerate(seeker_ids):
        begun = latest - timedelta(days=number)
        employer_id, name = next(employers)
        draft = replace(
            _POST,
            employer_id=employer_id,
            employer_name=name,
            started_on=begun,
            departed_on=begun - timedelta(days=2),
            channel=(Channel.ORGANISED, Channel.ASSISTED)[number % 2],
            wage_fen=_WAGES[number % len(_WAGES)],
            fingerprint=f"demo-journey-{begun}",
        )
        found.append((record_placement(session, seeker_id, draft, recorder), begun))
    return found


def _promise(
    session: Session,
    seeker_ids: Iterator[int],
    employers: Iterator[tuple[int, str]],
    recorder: Recorder,
    day: date,
) -> list[int]:
    """Let people accept a post on a day; return their placements."""
    found = []
    for seeker_id in seeker_ids:
        employer_id, name = next(employers)
        draft = replace(_POST, employer_id=employer_id, employer_name=name)
        placement_id = record_placement(session, seeker_id, draft, recorder)
        append_event(session, placement_id, Fact(EventKind.INTENTION, day), recorder)
        found.append(placement_id)
    return found


def _prepare(session: Session, placements: Sequence[int], recorder: Recorder, day: date) -> int:
    """Plan a coach and put people on its roster, seated and insured; return the batch."""
    draft = BatchDraft(
        origin="大方县汽车站",
        destination="深圳市宝安区",
        mode=Mode.COACH,
        departs_on=day,
        arrives_on=day + timedelta(days=1),
        carrier="（演示）毕节客运公司",
        carrier_licence="黔交运管许可（演示）",
        cost_fen=9_000_00,
        policy_number="DEMO-001",
        pick_up="宝安汽车总站北门",
    )
    batch = plan_coach(session, draft, recorder, division=COUNTY, stop=draft.origin, crew=_CREW)
    rosters.add_placed(session, batch, placements, recorder, scope=None)
    rosters.give_seats(session, batch)
    rosters.note_insured(session, batch)
    return batch


def _depart(session: Session, placements: Sequence[int], recorder: Recorder, day: date) -> None:
    """Let a batch leave on a day; one person did not come."""
    batch = _prepare(session, placements, recorder, day)
    planned = find_batch(session, batch)
    riders = [one.id for one in list_riders(session, planned)] if planned else []
    moving.move(session, batch, moving.Step(State.LOCKED), recorder)
    recording.record_by_hand(session, batch, riders[:-1], Kind.BOARDED, recorder)
    moving.move(session, batch, moving.Step(State.DEPARTED, day=day), recorder)


def _call(
    session: Session, working: Sequence[tuple[int, date]], recorder: Recorder, today: date
) -> None:
    """Make what is due, let some be called about their first week, and an employer deny one."""
    while catch_up(session).more:
        pass
    calls, found = cycle(_CALLS), cycle(_FOUND)
    for placement_id, begun in working[::2]:
        day = begun + timedelta(days=7)
        if day > today:
            continue
        outcome, problems = next(calls)
        reached = outcome is not Outcome.UNREACHED
        draft = FollowUpDraft(
            outcome,
            Way.PHONE,
            day,
            seconds=90 if reached else None,
            problems=problems,
            terms=next(found) if reached else FoundTerms(),
        )
        record_follow_up(session, placement_id, draft, recorder)
    word = Fact(EventKind.EMPLOYER_CONFIRMED, today, grade=Grade.B, reason=Word.NOT_HERE)
    for denied, _begun in working[-1:]:
        append_event(session, denied, word, recorder)


def _subsidise(session: Session, recorder: Recorder, today: date) -> None:
    """Put a travel subsidy of this year in force and propose it to who is entitled to it."""
    terms = Terms(
        code="demo-travel",
        title="跨省务工一次性交通补贴（演示）",
        family=Family.TRAVEL,
        jurisdiction=COUNTY,
        year=today.year,
        rates=(Rate(Beyond.PROVINCE, 500_00),),
        cap_fen=500_00,
        min_months=3,
        continuity=Continuity.CONTINUOUS,
        opens_on=date(today.year, 1, 1),
        closes_on=date(today.year, 12, 31),
        documents=(Document.EMPLOYER_CERTIFICATE,),
        source="演示条款，金额参照百里杜鹃2025年公告",
    )
    propose(session, add_version(session, terms, user_id=None), recorder, scope=COUNTY)
