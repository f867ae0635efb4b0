"""A year of exported labourers lived through the real services, with books of its own.

People begin more than a year ago; some change their employer, go home, come back after a
season, fall silent. Offices call at the checkpoints, reach some and not others. Later a thousand
records come late or are put right. What the program reports is compared with the books at both
times. The books are kept and counted apart from the program's rules, on purpose.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from jobfair.demo.coaches import Coaches
from jobfair.demo.exports import labourers
from jobfair.demo.lives import Call, Job, Person
from jobfair.demo.months import MONTH, Employers
from jobfair.demo.paydays import Paydays
from jobfair.follow_ups.rules.checkpoints import Checkpoint
from jobfair.follow_ups.rules.drafts import FollowUpDraft
from jobfair.follow_ups.rules.outcomes import Outcome, Way
from jobfair.follow_ups.services import catch_up, record_follow_up, reverse_follow_up
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.services import append_events, record_placements
from jobfair.retention.queries import Asked, followed
from jobfair.retention.rules.courses import Endpoint
from jobfair.retention.rules.curves import curve_of
from jobfair.retention.rules.rates import rate_at
from jobfair.school.queries.exports import labour_exports
from jobfair.seekers.rules.drafts import HouseholdCategory
from jobfair.seekers.services import bulk_upsert
from jobfair.subsidies.queries.claims import ClaimFilter, count_claims
from jobfair.subsidies.rules.terms import Beyond, Continuity, Family, Rate, Terms
from jobfair.subsidies.services.claims import propose
from jobfair.subsidies.services.terms import add_version

_OFFICE = Recorder()
_LATE = 1_000  # late and corrected records of the whole cohort
_WHOLE = 15_000
_AT_ONCE = 500  # people, or calls, in one transaction
_FEN = 50_000
# Months ahead in which employers speak again, after what was paid in the first.
_LATER_MONTHS = (2, 3)
# Days since the youngest first day: a year, and the window of its checkpoint, are over.
_MATURE = 405
_PROVINCE, _FAR = "520103", "440306"
# Days about the due day in which the office calls, and months of each checkpoint; 0 is a week.
_CALLS = ((0, 2, 3), (1, 5, 10), (3, 10, 15), (6, 10, 20), (12, 15, 30))
_ENDS = {
    EventKind.RETURNED_HOME: Outcome.RETURNED_FINAL,
    EventKind.LEFT_POST: Outcome.UNEMPLOYED_AWAY,
    EventKind.EXEMPT: Outcome.EXEMPT,
    EventKind.CHANGED_EMPLOYER: Outcome.ON_POST_OTHER,
}
_REASONS = {
    Outcome.EXEMPT: "death",
    Outcome.UNEMPLOYED_AWAY: "pay",
    Outcome.RETURNED_FINAL: "family",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What the program says and what the books say, at one moment."""

    ours: dict[str, Any]
    simulator: dict[str, Any]
    largest: float  # difference of a point of a curve

    @property
    def equal(self) -> bool:
        """Whether every count is the same, and every curve but for the rounding of floats."""
        return self.ours == self.simulator and self.largest < 1e-9


def months_on(day: date, months: int) -> date:
    """Return the same day some months later; a month that lacks it has its last."""
    found = day.replace(day=1)
    for _month in range(months):
        found = (found + timedelta(days=31)).replace(day=1)
    following = (found + timedelta(days=31)).replace(day=1)
    return min(found + timedelta(days=day.day - 1), following - timedelta(days=1))


def _due(start: date, months: int) -> date:
    return months_on(start, months) if months else start + timedelta(days=7)


class _Life:
    """Draws what really happens to people."""

    def __init__(self, seed: int, today: date) -> None:
        self.random = Random(seed)  # noqa: S311 - a simulation that can be repeated
        self.today = today

    def jobs(self, home: str) -> list[Job]:
        """Draw somebody's jobs, the first more than a year ago."""
        draw = self.random
        start = self.today - timedelta(days=_MATURE + draw.randrange(80))
        place = draw.choices((_FAR, _PROVINCE, home), (85, 12, 3))[0]
        first = Job(start, place)
        end = start + timedelta(days=draw.randint(3, 330))
        fate = draw.random()
        if fate < 0.12:
            first.until, first.how = end, EventKind.LEFT_POST
        elif fate < 0.22:
            first.until, first.how = end, EventKind.RETURNED_HOME
        elif fate < 0.24:
            first.until, first.how = end, EventKind.EXEMPT
        elif fate < 0.33:
            first.until, first.how = end, EventKind.CHANGED_EMPLOYER
            return [first, Job(end, _FAR)]
        elif fate < 0.38:
            first.until, first.how, first.seasonal = end, EventKind.RETURNED_HOME, True
            again = end + timedelta(days=draw.randint(20, 120))
            return [first, Job(again, _FAR)]
        return [first]

    def silence(self, jobs: list[Job]) -> date | None:
        """Draw from when on somebody cannot be reached."""
        if self.random.random() >= 0.08:
            return None
        return jobs[0].start + timedelta(days=self.random.randint(20, 200))


class Year:
    """The cohort, its office and the books."""

    def __init__(self, database: Database, seekers: int, seed: int) -> None:
        """Begin with nobody."""
        self.database = database
        self.today = clock.today()
        self._life = _Life(seed, self.today)
        self.people: list[Person] = []
        self.coaches = Coaches(_FAR)
        self.employers = Employers(database, seekers)
        self.paydays = Paydays(database, _FEN)
        self._records = 0
        self._seekers = seekers

    @property
    def records(self) -> int:
        """How many records the year has made."""
        others = (self.coaches, self.employers, self.paydays)
        return self._records + sum(one.records for one in others)

    def begin(self) -> None:
        """Register everybody and bring them to their first post."""
        drafts = [one.person for one in islice(labourers(), self._seekers)]
        for at in range(0, len(drafts), _AT_ONCE):
            some = drafts[at : at + _AT_ONCE]
            with self.database.writing() as session:
                found = bulk_upsert(session, some, registered_by=None, source="ledger")
                people = []
                for draft, made in zip(some, found, strict=True):
                    home = draft.home_division[:6]
                    jobs = self._life.jobs(home)
                    silent = self._life.silence(jobs)
                    category = draft.household_category
                    people.append(Person(made.seeker_id or 0, home, category, jobs, silent))
                self._place(session, people)
            self.people += people

    def _place(self, session: Session, people: list[Person]) -> None:
        drafts = [(p.seeker_id, self._draft(p.jobs[0], Channel.ORGANISED)) for p in people]
        told: list[tuple[int, Fact[EventKind]]] = []
        riders = self.coaches.choose(people)
        by_coach = {person.seeker_id for person in riders}
        for person, made in zip(people, record_placements(session, drafts, _OFFICE), strict=True):
            job = person.jobs[0]
            job.placement_id = made.placement_id or 0
            before = job.start - timedelta(days=2)
            if person.seeker_id not in by_coach:
                told += [
                    (job.placement_id, Fact(EventKind.DEPARTED, before, grade=Grade.B)),
                    (job.placement_id, Fact(EventKind.ARRIVED, before, grade=Grade.B)),
                ]
            told.append((job.placement_id, Fact(EventKind.ON_POST, job.start, grade=Grade.B)))
            job.seen.append(job.start)
        if riders:
            self.coaches.travel(session, riders, _OFFICE)
        refused = [a.refusal for a in append_events(session, told, _OFFICE) if a.refusal]
        if refused:
            raise AssertionError(refused[0].message)
        self._records += len(drafts) + len(told)

    def _draft(self, job: Job, channel: Channel) -> PlacementDraft:
        place = self._life.random.randrange(len(self.employers.ids))
        job.employer_id = self.employers.ids[place]
        return PlacementDraft(
            employer_id=job.employer_id,
            employer_name=f"厂{place}",
            channel=channel,
            workplace_division=job.place,
            workplace_text=job.place,
            title="普工",
        )

    def call_everybody(self) -> None:
        """Call at every checkpoint until today; some answer."""
        with self.database.writing() as session:
            catch_up(session)
        for at in range(0, len(self.people), _AT_ONCE):
            with self.database.writing() as session:
                for person in self.people[at : at + _AT_ONCE]:
                    self._call(session, person)

    def _call(self, session: Session, person: Person) -> None:
        last = date.min
        for place, job in enumerate(person.jobs):
            if place and person.jobs[place - 1].seasonal:
                self._go_again(session, person, job)
            if not job.placement_id:
                return  # nobody has told of it
            for months, before, after in _CALLS:
                day = _due(job.start, months) + timedelta(
                    days=self._life.random.randint(-before, after)
                )
                if day > self.today or day <= last:
                    continue
                if person.silent_from and day >= person.silent_from:
                    if months == 1:
                        self._ring_in_vain(session, job, day)
                    continue
                if self._life.random.random() < 0.15:
                    person.missed.append(Call(job, day))
                    continue
                last = day
                if job.until and job.until <= day:
                    self._tell_end(session, person, place, day)
                    break
                kept = self._record(session, job, day, Outcome.ON_POST_SAME)
                job.seen.append(day)
                person.confirmed.append(Call(job, day, kept))

    def _go_again(self, session: Session, person: Person, job: Job) -> None:
        """Record that somebody went out again after the season, once the return is known."""
        before = person.jobs[person.jobs.index(job) - 1]
        if before.known_end is None or job.start > self.today:
            return
        draft = self._draft(job, Channel.ASSISTED)
        made = record_placements(session, [(person.seeker_id, draft)], _OFFICE)[0]
        job.placement_id = made.placement_id or 0
        fact = Fact(EventKind.ON_POST, job.start, grade=Grade.B)
        append_events(session, [(job.placement_id, fact)], _OFFICE)
        job.seen.append(job.start)
        self._records += 2

    def _ring_in_vain(self, session: Session, job: Job, day: date) -> None:
        for later, way in ((0, Way.PHONE), (1, Way.PHONE), (2, Way.RELATIVE)):
            if day + timedelta(days=later) <= self.today:
                relative = "兄" if way is Way.RELATIVE else ""
                draft = FollowUpDraft(
                    Outcome.UNREACHED, way, day + timedelta(days=later), relative=relative
                )
                kept = record_follow_up(session, job.placement_id, draft, _OFFICE)
                job.lost = kept.lost
                self._records += 1

    def _tell_end(self, session: Session, person: Person, place: int, day: date) -> None:
        job = person.jobs[place]
        if job.until is None or job.how is None:
            raise AssertionError("nothing ended")
        following = person.jobs[place + 1] if place + 1 < len(person.jobs) else None
        outcome = Outcome.RETURNED_SEASONAL if job.seasonal else _ENDS[job.how]
        kept = self._record(session, job, day, outcome, following=following)
        job.known_end = job.until
        if job.how in {EventKind.LEFT_POST, EventKind.RETURNED_HOME} and not job.seasonal:
            person.ended.append(Call(job, day, kept))

    def _record(
        self,
        session: Session,
        job: Job,
        day: date,
        outcome: Outcome,
        *,
        since: date | None = None,
        following: Job | None = None,
    ) -> int:
        ends = outcome is not Outcome.ON_POST_SAME
        draft = FollowUpDraft(
            outcome,
            Way.VISIT if outcome is Outcome.EXEMPT else Way.PHONE,
            day,
            since=(since or job.until) if ends else None,
            reason=_REASONS.get(outcome, ""),
            evidence="17" if outcome is Outcome.EXEMPT else "",
            employer_name="另一厂" if outcome is Outcome.ON_POST_OTHER else "",
            workplace_text=_FAR if outcome is Outcome.ON_POST_OTHER else "",
            workplace_division=_FAR if outcome is Outcome.ON_POST_OTHER else None,
        )
        kept = record_follow_up(session, job.placement_id, draft, _OFFICE)
        if outcome is Outcome.ON_POST_OTHER and following is not None:
            following.placement_id = kept.next_placement_id or 0
            following.seen.append(following.start)
        self._records += 1
        return kept.follow_up_id

    def correct(self) -> int:
        """Bring in what comes late and put right what was wrong; return how many records."""
        wanted = max(3, _LATE * self._seekers // _WHOLE)
        parts = (
            (wanted * 4 // 10, self._late_calls(), self._come_late),
            (wanted * 3 // 10, self._wrong_ends(), self._move_end),
            (wanted - wanted * 4 // 10 - wanted * 3 // 10, self._wrong_calls(), self._take_back),
        )
        done = 0
        with self.database.writing() as session:
            for most, calls, verb in parts:
                for call in islice(calls, most):
                    verb(session, call)
                    done += 1
        self._records += done
        return done

    def _late_calls(self) -> Iterator[Call]:
        for person in self.people:
            for call in person.missed:
                job = call.job
                really = job.until is None or call.day < job.until
                if really and job.placement_id and not job.known_end and not person.silent_from:
                    yield call
                    break

    def _wrong_ends(self) -> Iterator[Call]:
        return (p.ended[-1] for p in self.people if p.ended and p.ended[-1].job is p.jobs[-1])

    def _wrong_calls(self) -> Iterator[Call]:
        # Not of those whose silence hangs on when they were reached last.
        return (p.confirmed[-1] for p in self.people if p.confirmed and not p.silent_from)

    def _come_late(self, session: Session, call: Call) -> None:
        self._record(session, call.job, call.day, Outcome.ON_POST_SAME)
        self._records -= 1
        call.job.seen.append(call.day)

    def _move_end(self, session: Session, call: Call) -> None:
        """The person left earlier or later than was first told; the call itself was right."""
        job = call.job
        if job.how is None or job.until is None:
            raise AssertionError("nothing ended")
        reverse_follow_up(session, call.follow_up_id, "另一天", _OFFICE)
        seen = max(job.seen)
        job.until = seen + (call.day - seen) * self._life.random.random() // timedelta(days=1) * (
            timedelta(days=1)
        )
        self._record(session, job, call.day, _ENDS[job.how])
        self._records -= 1
        job.known_end = job.until

    def _take_back(self, session: Session, call: Call) -> None:
        reverse_follow_up(session, call.follow_up_id, "打给了别人", _OFFICE)
        call.job.seen.remove(call.day)

    def compare(self, people: list[Person], known_at: datetime | None) -> Compared:
        """Ask the program and the books the same things."""
        ours: dict[str, Any] = {}
        books: dict[str, Any] = {}
        largest = 0.0
        since, until = date.min, self.today
        with self.database.reading() as session:
            rows = labour_exports(session, as_of=self.today, known_at=known_at)
            ours["persons"] = len({row.seeker_id for row in rows})
            ours["moves"] = sum(row.opens_move for row in rows)
            for endpoint in Endpoint:
                courses = followed(session, Asked(endpoint, self.today, known_at))
                for checkpoint in Checkpoint:
                    rate = rate_at(courses, checkpoint, since, until)
                    ours[f"{endpoint}.{checkpoint}"] = [
                        rate.due,
                        *map(len, (rate.stayed, rate.left, rate.unknown, rate.exempt)),
                        rate.low,
                        rate.confirmed,
                        rate.high,
                    ]
                curve = curve_of(courses, self.today)
                mine = _curve(list(_chains(people, endpoint)))
                ours[f"{endpoint}.days"] = curve.days.tolist()
                books[f"{endpoint}.days"] = [day for day, _share in mine]
                pairs = zip(curve.share.tolist(), mine, strict=False)
                largest = max([largest, *(abs(a - float(b)) for a, (_day, b) in pairs)])
        away = list(_chains(people, Endpoint.EMPLOYED_AWAY))
        books["persons"] = len({chain[0] for chain in away})
        books["moves"] = len(away)
        for endpoint in Endpoint:
            chains = list(_chains(people, endpoint))
            for checkpoint, call in zip(Checkpoint, _CALLS, strict=True):
                books[f"{endpoint}.{checkpoint}"] = _counts(chains, call, since, until)
        return Compared(ours, dict(sorted(books.items())), largest)

    def money(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Propose and pay 500 yuan to who worked three months out of the province."""
        year = (self.today - timedelta(days=_MATURE)).year
        terms = Terms(
            "SIM",
            "跨省务工交通补助",
            Family.TRAVEL,
            "5205",
            year,
            (Rate(Beyond.PROVINCE, _FEN),),
            _FEN,
            3,
            Continuity.CONTINUOUS,
            date(year, 1, 1),
            self.today,
            "simulation",
            categories=(HouseholdCategory.REGISTERED_POOR,),
            grade=Grade.C,
        )
        with self.database.writing() as session:
            rule_id = add_version(session, terms, user_id=None)
            claims = propose(session, rule_id, _OFFICE)
        with self.database.reading() as session:
            total = count_claims(session, ClaimFilter()).fen
        self.paydays.pay(rule_id)
        entitled = sum(_worked_three_months(person, year) for person in self.people)
        return (
            {"claims": claims, "subsidy_fen": total, "payments": self.paydays.told()},
            {
                "claims": entitled,
                "subsidy_fen": entitled * _FEN,
                "payments": self.paydays.booked(),
            },
        )

    def journeys(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return what the program and the books say of the coaches."""
        with self.database.reading() as session:
            return self.coaches.told(session), self.coaches.booked()


_Chain = tuple[int, date, list[date], date | None, date | None]


def _known(person: Person, places: Callable[[str], bool] = lambda _place: True) -> list[Job]:
    """Return the jobs the office has heard of, at some places."""
    return [job for job in person.jobs if job.placement_id and places(job.place)]


def _chains(people: Iterable[Person], endpoint: Endpoint) -> Iterator[_Chain]:
    """Give what is followed: person, first day, days seen, end, day out of the count."""
    for person in people:
        away = endpoint is Endpoint.EMPLOYED_AWAY
        jobs = _known(person, person.home.__ne__) if away else _known(person)
        joined: list[list[Job]] = []
        for job in jobs:
            before = joined[-1][-1] if joined else None
            if before is not None and endpoint is not Endpoint.SAME_EMPLOYER:
                gap = 90 if before.seasonal else 30
                if before.known_end is None or (job.start - before.known_end).days <= gap:
                    joined[-1].append(job)
                    continue
            joined.append([job])
        for chain in joined:
            last = chain[-1]
            seen = sorted(day for job in chain for day in job.seen)
            out = last.known_end if last.how is EventKind.EXEMPT else None
            yield person.seeker_id, chain[0].start, seen, None if out else last.known_end, out


def _counts(
    chains: list[_Chain], call: tuple[int, int, int], since: date, until: date
) -> list[float | None]:
    months, before, _after = call
    stayed = left = unknown = exempt = 0
    for _person, start, seen, end, out in chains:
        due = _due(start, months)
        if not since <= due <= until:
            continue
        if out and out <= due:
            exempt += 1
        elif end and end <= due:
            left += 1
        elif end or out or (seen and seen[-1] >= due - timedelta(days=before)):
            stayed += 1
        else:
            unknown += 1
    all_due = stayed + left + unknown
    known = stayed + left
    return [
        all_due,
        stayed,
        left,
        unknown,
        exempt,
        stayed / all_due if all_due else None,
        stayed / known if known else None,
        (stayed + unknown) / all_due if all_due else None,
    ]


def _curve(chains: list[_Chain]) -> list[tuple[int, Fraction]]:
    """Return the share staying on after each day on which somebody left, in exact fractions."""
    lasted = [
        ((end or out or (seen[-1] if seen else start)) - start, end is not None)
        for _person, start, seen, end, out in chains
    ]
    share, found = Fraction(1), []
    for day in sorted({length.days for length, left in lasted if left}):
        followed_still = sum(length.days >= day for length, _left in lasted)
        gone = sum(left and length.days == day for length, left in lasted)
        share *= 1 - Fraction(gone, followed_still)
        found.append((day, share))
    return found


def _worked_three_months(person: Person, year: int) -> bool:
    """Return whether somebody of a registered poor household worked far away for three months."""
    if person.category != HouseholdCategory.REGISTERED_POOR:
        return False
    first = last = None
    for job in _known(person, _FAR.__eq__):
        start = max(job.start, date(year, 1, 1))
        # Where contact is lost or the employer denies somebody, money is paid for the days until
        # the last that is known.
        doubtful = job.lost or job.denied
        end = min(job.known_end or (max(job.seen) if doubtful else date.max), date(year, 12, 31))
        if start > end:
            continue
        joins = last is not None and start <= last + timedelta(days=1)
        first, last = (first if joins else start), end
        if first is not None and months_on(first, 3) <= last:
            return True
    return False


def live(database: Database, *, seekers: int, seed: int) -> dict[str, Any]:
    """Live the year and return what the program says, what the books say, and whether they agree.

    Args:
        database: an empty one, with the code lists loaded.
        seekers: how many people.
        seed: the same again gives the same year.
    """
    year = Year(database, seekers, seed)
    year.begin()
    year.call_everybody()
    first_books, known_at = deepcopy(year.people), clock.now()
    corrected = year.correct()
    year.employers.send(year.people, _OFFICE)
    before, after = year.compare(first_books, known_at), year.compare(year.people, None)
    ours, books = year.money()
    for months in _LATER_MONTHS:
        with clock.ahead(months * MONTH):
            year.employers.send(year.people, _OFFICE)
    ours["departures"], books["departures"] = year.journeys()
    ours["confirmations"], books["confirmations"] = year.employers.ours, year.employers.books
    return {
        "ours": {"known_before": before.ours, "known_now": after.ours, **ours},
        "simulator": {"known_before": before.simulator, "known_now": after.simulator, **books},
        "equal": before.equal and after.equal and ours == books,
        "curves_differ_by": max(before.largest, after.largest),
        "records": year.records,
        "late_and_corrected": corrected,
    }
