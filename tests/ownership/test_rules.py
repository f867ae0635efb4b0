"""Every day has exactly one owner, whatever happened and whenever it was learnt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.clock import day_of
from jobfair.ownership.rules import (
    HOME,
    Answered,
    AnswerKind,
    HandOver,
    Owner,
    Serving,
    Standing,
    Work,
    home_of,
    owner_on,
    tenures,
    work_of,
)
from jobfair.placements.rules.events import State
from jobfair.placements.rules.kinds import EventKind

FIRST = date(2026, 1, 1)
LAST = 40
DAYS = [FIRST + timedelta(days=n) for n in range(LAST)]
ACCEPTED, DECLINED, BACK = AnswerKind.ACCEPTED, AnswerKind.DECLINED, AnswerKind.TAKEN_BACK


def at(day: int, hour: int = 0) -> datetime:
    """Return an instant of a Beijing day."""
    return datetime(2025, 12, 31, 17, tzinfo=UTC) + timedelta(days=day, hours=hour)


@dataclass(frozen=True)
class Told:
    """A job, and on which day the office learnt of its start and of its end."""

    work: Work
    start_known: int
    end_known: int


@st.composite
def jobs(draw: st.DrawFn, number: int) -> Told:
    start = draw(st.integers(0, LAST - 1))
    length = draw(st.none() | st.integers(0, 20))
    end = None if length is None else FIRST + timedelta(days=start + length)
    work = Work(number, FIRST + timedelta(days=start), end, draw(st.booleans()))
    known = start + draw(st.integers(0, 10))
    return Told(work, known, max(known, start + (length or 0)) + draw(st.integers(0, 10)))


@st.composite
def hand_overs(draw: st.DrawFn, number: int, placements: int) -> HandOver:
    kinds = draw(
        st.sampled_from([(), (ACCEPTED,), (DECLINED,), (BACK,), (ACCEPTED, BACK), (ACCEPTED,)])
    )
    hours = sorted(draw(st.lists(st.integers(0, LAST * 24), min_size=3, max_size=3)))
    answers = tuple(
        Answered(kind, at(0) + timedelta(hours=hour, minutes=number))
        for kind, hour in zip(kinds, hours[1:], strict=False)
    )
    offered = at(0) + timedelta(hours=hours[0])
    placement = draw(st.integers(0, placements))  # the last is nobody's
    return HandOver(number, placement, draw(st.integers(1, 3)), offered, answers)


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Told], list[HandOver]]:
    told = [draw(jobs(n)) for n in range(draw(st.integers(0, 4)))]
    offers = [draw(hand_overs(n + 1, len(told))) for n in range(draw(st.integers(0, 5)))]
    return told, offers


def known(told: Sequence[Told], day: int) -> list[Work]:
    """Return the jobs as the office knew them at the end of a day."""
    found = []
    for one in told:
        if one.start_known <= day:
            ended = one.end_known <= day
            work = one.work
            end = work.end if ended else None
            found.append(Work(work.placement_id, work.start, end, work.moved and ended))
    return found


def comes_home(works: Sequence[Work], day: date) -> bool:
    others = any(w.start <= day and (w.end is None or w.end > day) for w in works)
    return any(work.end == day and not (work.moved and others) for work in works)


def happens(
    works: Sequence[Work], one: HandOver, today: date
) -> list[tuple[datetime, HandOver, AnswerKind]]:
    """Return which answers to an offer count on a day."""
    given = {answer.kind: answer.at for answer in one.answers}
    job = next((w for w in works if w.placement_id == one.placement_id), None)
    if job is None or ACCEPTED not in given:
        return []
    found = []
    counts = max(day_of(given[ACCEPTED]), job.start)
    over = [] if job.end is None else [job.end + timedelta(n) for n in range(100)]
    passed = [day for day in over if day <= counts]
    stays = not passed or (job.moved and not any(comes_home(works, day) for day in passed))
    back = given.get(BACK)
    if counts == today and stays and (back is None or day_of(back) >= counts):
        found.append((given[ACCEPTED], one, ACCEPTED))
    if back is not None and day_of(back) == today:
        found.append((back, one, BACK))
    return found


def by_hand(works: Sequence[Work], offers: Sequence[HandOver], day: date) -> Owner:
    """Return the owner by living through every day from the first on."""
    owner = HOME
    today = FIRST
    while today <= day:
        if comes_home(works, today):
            owner = HOME
        happening = [one for offer in offers for one in happens(works, offer, today)]
        for _at, one, kind in sorted(happening, key=lambda h: (h[0], h[1].id)):
            if kind is ACCEPTED:
                owner = Owner(one.station_id, one.id)
            elif owner.hand_over_id == one.id:
                owner = HOME
        today += timedelta(days=1)
    return owner


@given(lives(), st.integers(0, LAST))
def test_each_day_as_known_on_each_day_is_what_living_through_it_gives(
    life: tuple[list[Told], list[HandOver]], known_on: int
) -> None:
    told, offers = life
    works = known(told, known_on)
    until = at(known_on, 23)
    seen = [one.known(until) for one in offers if one.offered_at <= until]
    ownership = tenures(works, offers, known_at=until)
    assert [owner_on(ownership, day) for day in DAYS] == [by_hand(works, seen, day) for day in DAYS]


@given(lives())
def test_no_day_is_without_an_owner_and_none_has_two(
    life: tuple[list[Told], list[HandOver]],
) -> None:
    told, offers = life
    ownership = tenures(known(told, 1_000), offers)
    days = [one.since for one in ownership]
    assert days[0] is None
    later = [day for day in days[1:] if day is not None]
    assert len(later) == len(days) - 1
    assert later == sorted(set(later))
    assert all(one.owner != two.owner for one, two in pairwise(ownership))


@given(lives())
def test_without_an_acceptance_the_home_owns_every_day(
    life: tuple[list[Told], list[HandOver]],
) -> None:
    told, offers = life
    waiting = [HandOver(o.id, o.placement_id, o.station_id, o.offered_at) for o in offers]
    assert {o.standing for o in waiting} <= {Standing.OFFERED}
    assert tenures(known(told, 1_000), waiting)[-1].owner == HOME


def accepted(number: int, placement: int, station: int, day: int) -> HandOver:
    return HandOver(number, placement, station, at(day), (Answered(ACCEPTED, at(day, 1)),))


def test_the_old_owner_stays_until_the_next_accepts_and_the_end_brings_home_at_once() -> None:
    moved = Work(1, DAYS[2], DAYS[10], moved=True)
    after = Work(2, DAYS[10], DAYS[20])
    offers = [accepted(1, 1, 7, 5), accepted(2, 2, 8, 15)]
    owners = [owner_on(tenures([moved, after], offers), day).station_id for day in DAYS[:25]]
    assert owners == [None] * 5 + [7] * 10 + [8] * 5 + [None] * 5
    left = Work(1, DAYS[2], DAYS[10])
    owners = [owner_on(tenures([left, after], offers), day).station_id for day in DAYS[:25]]
    assert owners == [None] * 5 + [7] * 5 + [None] * 5 + [8] * 5 + [None] * 5


def test_who_comes_home_and_is_taken_over_on_one_day_is_the_stations_that_day() -> None:
    works = [Work(1, DAYS[2], DAYS[10]), Work(2, DAYS[10])]
    ownership = tenures(works, [accepted(1, 1, 7, 5), accepted(2, 2, 8, 10)])
    assert [owner_on(ownership, day).station_id for day in DAYS[9:12]] == [7, 8, 8]


def test_an_end_learnt_late_changes_the_days_since_then_but_not_what_was_known_before() -> None:
    offers = [accepted(1, 1, 7, 5)]
    before = tenures([Work(1, DAYS[2])], offers, known_at=at(20))
    after = tenures([Work(1, DAYS[2], DAYS[12])], offers, known_at=at(30))
    assert owner_on(before, DAYS[15]).station_id == 7
    assert owner_on(after, DAYS[15]) == HOME
    assert owner_on(after, DAYS[11]).station_id == 7


def test_work_begins_with_setting_out_and_the_home_is_the_township_or_the_county() -> None:
    state = State(departed_on=DAYS[1], on_post_on=DAYS[3])
    assert work_of(1, state) == Work(1, DAYS[1])
    assert work_of(1, State(signed_on=DAYS[1])) is None
    ended = State(on_post_on=DAYS[3], ended_on=DAYS[9], end_kind=EventKind.CHANGED_EMPLOYER)
    assert work_of(1, ended) == Work(1, DAYS[3], DAYS[9], moved=True)
    assert home_of("520521001203") == "520521001"
    assert home_of("520521") == "520521"


def test_the_employer_goes_before_the_place_and_the_nearest_place_before_the_wider() -> None:
    serving = Serving({"4403": 1, "440306": 2}, {9: 3})
    assert serving.station_for(9, "440306") == 3
    assert serving.station_for(8, "440306017") == 2
    assert serving.station_for(None, "440307") == 1
    assert serving.station_for(None, "4401") is None
    assert serving.station_for(8, None) is None
