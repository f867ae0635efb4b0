"""A simulated fair day that drives the real server over HTTP and keeps books of its own.

Thirty gates and a booth for every employer are stations like any other. Messages come twice, late
and out of order, clocks are wrong, some booths are apart for a while and promise from what they
were given. What should come of it is reckoned here from what was done, by rules of its own and
without a look into the database; at the end both must be equal to the last figure.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from jobfair.attendance.bench import StationClient
from jobfair.kit.ids import new_key

_MINUTE = 60_000  # milliseconds
_DAY = 24 * 60 * _MINUTE
_HOURS = 8
_BATCH = 50
_GROUP = 20  # who join a queue at once
_WORKERS = 8
_TALKS = 11_880  # 55 booths × 3 recruiters × 12 an hour × 6 hours
_ONE_TALK_IN = 8  # arrivals, where there are fewer
# How often something happens, of a hundred.
_COMES_AGAIN, _GOES_OUT, _TAKEN_BACK, _SENT_TWICE = 10, 15, 1, 5
_UNSUITABLE, _DECLINES, _SECOND_ROUND = 20, 15, 15
_ACCEPTS, _APART, _ASKED_AGAIN = 80, 20, 10
_REASONS = ("skill", "experience", "certificate", "education", "hours", "pay", "place", "start")


class NotAsReckoned(RuntimeError):
    """The server answered otherwise than the books say; the run is worth nothing further."""


@dataclass(frozen=True, slots=True)
class BoothPlan:
    """A booth of the simulation: its station's secret, and headcount by position."""

    employer_id: int
    secret: str
    headcounts: Mapping[int, int]


@dataclass(slots=True)
class Books:
    """What was done, as the simulator knows it; one for each worker, added up at the end."""

    persons: set[str] = field(default_factory=set)
    entries: int = 0
    talks: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    offers: int = 0
    accepted: dict[str, int] = field(default_factory=dict)
    records: int = 0

    def add(self, other: "Books") -> None:
        """Take another worker's books in."""
        self.persons |= other.persons
        self.entries += other.entries
        for employer, people in other.talks.items():
            self.talks[employer] |= people
        self.offers += other.offers
        self.accepted |= other.accepted
        self.records += other.records


class _Station:
    """A device: its connection, its sequence, and a clock that may be wrong."""

    def __init__(self, port: int, secret: str, draw: random.Random, skew: int) -> None:
        self.client = StationClient(port, secret)
        self.draw = draw
        self.skew = skew
        self._numbers = count(1)

    def record(self, kind: str, card: str | None, at: int, **more: Any) -> dict[str, Any]:
        """Return a record made at a true instant, as the device writes it."""
        return {
            "id": new_key(),
            "seq": next(self._numbers),
            "kind": kind,
            "card": card,
            "at": at + self.skew,
            "skew": self.skew,
            **more,
        }

    def send(self, path: str, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Deliver records, some messages twice; return the answers."""
        message = {"now": time.time_ns() // 1_000_000, "records": list(records)}
        answers: list[dict[str, Any]] = self.client.post(path, message)["answers"]
        if self.draw.randrange(100) < _SENT_TWICE:
            self.client.post(path, message)
        return answers


def _skews(stations: int, draw: random.Random) -> list[int]:
    """Return how wrong each clock is: up to a quarter of an hour, and one by a whole day."""
    found = [draw.randrange(-15 * _MINUTE, 15 * _MINUTE) for _ in range(stations)]
    found[-1] = _DAY
    return found


def _pace(start: int, *, compress: bool) -> Callable[[int], None]:
    """Return what waits until a minute of the day; a minute takes a second unless compressed."""
    began = time.monotonic()

    def wait(at: int) -> None:
        if not compress:
            time.sleep(max(0.0, began + (at - start) / _MINUTE - time.monotonic()))

    return wait


def _gate_work(
    station: _Station, people: Sequence[str], start: int, wait: Callable[[int], None]
) -> Books:
    """Let some people come through a gate in the order of a day, messages shuffled by the hour."""
    books, draw = Books(), station.draw
    records: list[dict[str, Any]] = []
    for place, card in enumerate(people):
        at = start + place * _HOURS * 60 * _MINUTE // len(people)
        first = station.record("in", card, at)
        records.append(first)
        books.persons.add(card)
        books.entries += 1
        if draw.randrange(100) < _GOES_OUT:
            records.append(station.record("out", card, at + 60 * _MINUTE))
        if draw.randrange(100) < _COMES_AGAIN:
            records.append(station.record("in", card, at + 90 * _MINUTE))
            books.entries += 1
        elif draw.randrange(100) < _TAKEN_BACK:
            records.append(station.record("undo", None, at + 1000, target=first["id"]))
            books.persons.discard(card)
            books.entries -= 1
    books.records = len(records)
    messages = [records[n : n + _BATCH] for n in range(0, len(records), _BATCH)]
    draw.shuffle(messages)
    for message in messages:
        wait(min(one["at"] for one in message))
        station.send("/station/records", message)
    station.client.close()
    return books


class _Booth:
    """A booth at work: what it knows of its posts decides what it expects of the server."""

    def __init__(self, plan: BoothPlan, station: _Station, books: Books) -> None:
        self.plan, self.station, self.books = plan, station, books
        told = station.client.post("/station/booth", {})
        self.reserve: dict[int, list[str]] = defaultdict(list)
        for lease in told["leases"]:
            self.reserve[lease["position"]].append(lease["key"])
        self.free = {
            position: headcount - len(self.reserve[position])
            for position, headcount in plan.headcounts.items()
        }
        self.unsuitable: set[tuple[str, int]] = set()
        self.offered: set[tuple[str, int]] = set()

    def talk(self, cards: Sequence[str], at: int) -> None:
        """Let a group queue, be called and be talked to, each for one position."""
        station, draw = self.station, self.station.draw
        joined = [station.record("join", card, at) for card in cards]
        self._deliver(joined)
        apart = draw.randrange(100) < _APART
        kept: list[dict[str, Any]] = []
        for number, card in enumerate(cards, 1):
            moment = at + number * 5 * _MINUTE
            position = draw.choice(list(self.plan.headcounts))
            kept.append(station.record("call", card, moment))
            kept += self._outcome(card, position, moment + _MINUTE, apart=apart)
            self.books.talks[self.plan.employer_id].add(card)
            if not apart:
                self._deliver(kept)
                kept = []
        self._deliver(kept)

    def _outcome(
        self, card: str, position: int, at: int, *, apart: bool
    ) -> Iterator[dict[str, Any]]:
        draw, station = self.station.draw, self.station
        luck = draw.randrange(100)
        if luck < _UNSUITABLE:
            self.unsuitable.add((card, position))
            reason = draw.choice(_REASONS)
            yield station.record("unsuitable", card, at, position=position, reason=reason)
        elif luck < _UNSUITABLE + _DECLINES:
            yield station.record("decline", card, at, position=position)
        elif luck < _UNSUITABLE + _DECLINES + _SECOND_ROUND:
            yield station.record("second", card, at, position=position)
        else:
            yield from self._offer(card, position, at, apart=apart)

    def _offer(self, card: str, position: int, at: int, *, apart: bool) -> Iterator[dict[str, Any]]:
        """Offer a post, from the reserve when apart, and answer it if it was to be had."""
        station, books = self.station, self.books
        barred = card in books.accepted or (card, position) in self.unsuitable
        key = None
        if apart and self.reserve[position] and not barred:
            key = self.reserve[position].pop()
            held = True
        else:
            held = not barred and self.free[position] > 0
            self.free[position] -= held
        more = {"lease": key} if key else {}
        offer = station.record("offer", card, at, position=position, **more)
        offer["expected"] = "offered" if held else "refused"
        yield offer
        if not held:
            return
        books.offers += 1
        accepts = station.draw.randrange(100) < _ACCEPTS
        kind = "accept" if accepts else "refuse"
        answer = station.record(kind, card, at + _MINUTE, target=offer["id"])
        answer["expected"] = "accepted" if accepts else "kept"
        if accepts:
            books.accepted[card] = position
        else:
            self.free[position] += 1  # whatever it was held from
        yield answer

    def _deliver(self, records: Sequence[dict[str, Any]]) -> None:
        expected = [one.pop("expected", "kept") for one in records]
        if not records:
            return
        answers = self.station.send("/station/booth-records", records)
        told = [one["result"] for one in answers]
        # An offer delivered with its answer is answered already when it is told.
        wrong = [
            (record["kind"], want, got)
            for record, want, got in zip(records, expected, told, strict=True)
            if got != want
        ]
        if wrong:
            raise NotAsReckoned(f"{wrong[:3]}")
        self.books.records += len(records)


def _booth_work(
    booths: Sequence[_Booth], books: Books, people: Sequence[str], talks: int, start: int
) -> Books:
    """Let some booths talk to some people, who go from one of these booths to another."""
    again: list[str] = []
    fresh = iter(people)
    done, at = 0, start
    while done < talks:
        booth = booths[done // _GROUP % len(booths)]
        size = min(_GROUP, talks - done)
        group = list(islice(fresh, size))
        seen = [card for card in again if card not in group][: size * _ASKED_AGAIN // 100]
        group = list(dict.fromkeys([*group[: size - len(seen)], *seen]))
        if not group:
            break
        booth.talk(group, at)
        again = group
        done += len(group)
        at += _MINUTE
    for booth in booths:
        booth.station.client.close()
    return books


def _open_booths(port: int, plans: Sequence[BoothPlan], books: Books, seed: int) -> list[_Booth]:
    draw = random.Random(seed)  # noqa: S311 - a day that can be had again
    return [_Booth(plan, _Station(port, plan.secret, draw, 0), books) for plan in plans]


def run_day(
    port: int,
    gates: Sequence[str],
    booths: Sequence[BoothPlan],
    cards: Sequence[str],
    *,
    seed: int,
    start: int,
    compress: bool,
) -> Books:
    """Drive a server through a day; return the books.

    Args:
        port: where the server listens.
        gates: secrets of the gates' stations.
        booths: the booths.
        cards: digests of the cards of everybody who comes, in hex.
        seed: the same again gives the same day.
        start: when it begins, in milliseconds since 1970.
        compress: whether not to wait between the minutes.

    Raises:
        NotAsReckoned: an answer is not what follows from what was done before.
        HTTPException: the server refused a message.
    """
    draw = random.Random(seed)  # noqa: S311 - a day that can be had again
    people = list(cards)
    draw.shuffle(people)
    wait = _pace(start, compress=compress)
    stations = [
        _Station(port, secret, random.Random(seed + n), skew)  # noqa: S311
        for n, (secret, skew) in enumerate(zip(gates, _skews(len(gates), draw), strict=True))
    ]
    books = Books()
    with ThreadPoolExecutor(len(stations)) as pool:
        shares = [people[n :: len(stations)] for n in range(len(stations))]
        for done in pool.map(lambda s, p: _gate_work(s, p, start, wait), stations, shares):
            books.add(done)
    talks = min(_TALKS, len(people) // _ONE_TALK_IN)
    workers = min(_WORKERS, len(booths))
    with ThreadPoolExecutor(workers) as pool:
        jobs = []
        for n in range(workers):
            own = Books()
            opened = _open_booths(port, booths[n::workers], own, seed + 1000 + n)
            jobs.append(
                pool.submit(_booth_work, opened, own, people[n::workers], talks // workers, start)
            )
        for job in jobs:
            books.add(job.result())
    return books


def reckon(books: Books, booths: Sequence[BoothPlan]) -> dict[str, int]:
    """Return the figures of the day by the simulator's books."""
    posts = sum(sum(plan.headcounts.values()) for plan in booths)
    taken = Counter(books.accepted.values())
    over = [
        p for plan in booths for p, headcount in plan.headcounts.items() if taken[p] > headcount
    ]
    if over:
        raise NotAsReckoned(f"more accepted than there are posts: {over[:3]}")
    return {
        "persons": len(books.persons),
        "entries": books.entries,
        "walk_ins": 0,
        "employers": len(booths),
        "posts": posts,
        "talks": sum(len(people) for people in books.talks.values()),
        "offers": books.offers,
        "accepted": len(books.accepted),
    }
