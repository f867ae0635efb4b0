"""Lets the demonstration's fair be in full swing: cards, stations, arrivals, queues, talks, offers.

All of it goes in by the verbs that devices and pages use, as of the moment of loading: an offer can
be answered for half an hour, and a screen shows the last thirty minutes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, islice

from sqlalchemy.orm import Session

from jobfair.attendance.rules import GateFact, How
from jobfair.attendance.rules import Kind as GateKind
from jobfair.attendance.services import Upload
from jobfair.attendance.services import take_in as take_in_arrivals
from jobfair.cards.queries import digests_in_force
from jobfair.cards.services import issue_cards
from jobfair.fairs.queries import FairFilter, FairPositionRow, list_fair_positions
from jobfair.hall.services import announce, note_signature
from jobfair.interviews.rules import BoothFact, Kind, Reason
from jobfair.interviews.services import take_in as take_in_talk
from jobfair.kit import clock
from jobfair.kit.ids import new_key
from jobfair.stations.queries import Device, find_device
from jobfair.stations.rules import Job, Pulse
from jobfair.stations.services import add_station, note_pulses, offer_pairing, pair
from jobfair.tallies.rules import Service
from jobfair.tallies.services import TallyDraft, count_more
from jobfair.venues.queries import list_booths

_PULSE = Pulse(waiting=0, version="demo", skew=0)
AT_THE_FAIR = 600  # have a card for it
_COME = 400
_BOOTHS = 4
_LASTS = timedelta(hours=2)  # so far
_TALK = timedelta(minutes=5)
_COMES_AGAIN = 8  # every so many-th
# What becomes of one person after another at a booth: an offer is one that nobody has answered yet,
# who joined still waits.
_COURSE = (
    Kind.ACCEPT,
    Kind.UNSUITABLE,
    Kind.SECOND,
    Kind.OFFER,
    Kind.ACCEPT,
    Kind.DECLINE,
    Kind.REFUSE,
    Kind.JOIN,
    Kind.JOIN,
    Kind.JOIN,
)
_TALLIES = ((Service.LEAFLETS, 350), (Service.POLICY, 24), (Service.LEGAL, 5))


@dataclass(slots=True)
class _Recording:
    """A device at work: its station, and how much it has recorded."""

    device: Device
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def fact(
        self,
        kind: Kind,
        card: bytes,
        at: datetime,
        *,
        position_id: int | None = None,
        number: str = "",
        reason: Reason | None = None,
        target: str | None = None,
    ) -> BoothFact:
        return BoothFact(
            id=new_key(),
            sequence=next(self.numbers),
            kind=kind,
            card=card,
            position_id=position_id,
            number=number,
            reason=reason,
            lease=None,
            target=target,
            at=at,
            skew=0,
        )


def live_fair_day(session: Session, fair_id: int, seeker_ids: Sequence[int]) -> None:
    """Let some of the people have cards, come, queue and be talked to.

    Args:
        session: the writing session.
        fair_id: a fair with gates, booths and exhibitors.
        seeker_ids: who may come, at least a hundred for every booth to have a queue.
    """
    now = clock.now()
    issue_cards(session, seeker_ids[:AT_THE_FAIR])
    cards = digests_in_force(session)[:_COME]
    posts: dict[int, list[FairPositionRow]] = {}
    for post in list_fair_positions(session, fair_id, FairFilter()):
        posts.setdefault(post.employer_id, []).append(post)
    _arrive(session, fair_id, cards, now)
    people = iter(cards)
    booths = [one for one in list_booths(session, fair_id) if one.employer_id in posts][:_BOOTHS]
    busy = [(one.number, one.employer_id) for one in booths if one.employer_id is not None]
    for number, employer_id in busy:
        booth = _open(session, fair_id, number, Job.BOOTH, employer_id)
        visitors = list(islice(people, len(_COURSE)))
        offered = [post.position_id for post in posts[employer_id]]
        for fact in _talks(booth, visitors, offered, now):
            take_in_talk(session, booth.device, fact)
        note_pulses(session, {booth.device.station_id: _PULSE}, now)
    note_signature(session, fair_id, busy[0][1], signed=True, user_id=None)
    for service, times in _TALLIES:
        draft = TallyDraft(new_key(), service, "", times, clock.today(), "东门")
        count_more(session, fair_id, draft, user_id=None)
    text = ("免费返乡班车16:30从东门发车", "Free buses home leave at 16:30 from the east gate")
    announce(session, fair_id, *text, user_id=None)


def _open(
    session: Session, fair_id: int, name: str, job: Job, employer_id: int | None = None
) -> _Recording:
    """Add a station and pair a device with it."""
    station_id = add_station(session, fair_id, name, job, employer_id=employer_id)
    found = find_device(session, pair(session, offer_pairing(session, station_id)).secret)
    if found is None:
        raise LookupError("a station just paired is not known")
    return _Recording(found)


def _arrive(session: Session, fair_id: int, cards: Sequence[bytes], now: datetime) -> None:
    """Let people come in at two gates in turn, one after another until now; some come again."""
    gates = [_open(session, fair_id, name, Job.GATE) for name in ("东门", "西门")]
    facts: list[list[GateFact]] = [[], []]
    every = _LASTS / max(1, len(cards))
    for place, card in enumerate(cards):
        at = now - _LASTS + place * every
        facts[place % 2].append(_entry(gates[place % 2], card, at))
        again = at + _LASTS / 4
        if place % _COMES_AGAIN == 0 and again < now:
            facts[1].append(_entry(gates[1], card, again))
    uploads = [Upload(gate.device, some, _PULSE) for gate, some in zip(gates, facts, strict=True)]
    take_in_arrivals(session, uploads)


def _entry(gate: _Recording, card: bytes, at: datetime) -> GateFact:
    number = next(gate.numbers)
    return GateFact(new_key(), number, GateKind.IN, How.QR, card, None, gate.device.name, at, 0)


def _talks(
    booth: _Recording, cards: Sequence[bytes], position_ids: Sequence[int], now: datetime
) -> Iterator[BoothFact]:
    """Let people join a booth's queue; the first are called and talked to, the last still wait."""
    begun = now - len(_COURSE) * _TALK
    for number, (card, outcome) in enumerate(zip(cards, _COURSE, strict=False)):
        joined = begun + number * timedelta(minutes=1)
        yield booth.fact(Kind.JOIN, card, joined, number=f"A{number + 1}")
        if outcome is not Kind.JOIN:
            at = begun + number * _TALK
            yield booth.fact(Kind.CALL, card, at)
            position_id = position_ids[number % len(position_ids)]
            yield from _course(booth, card, at + _TALK, position_id, outcome)


def _course(
    booth: _Recording, card: bytes, at: datetime, position_id: int, outcome: Kind
) -> Iterator[BoothFact]:
    """Give what comes of a talk: a word of the booth, or an offer with its answer."""
    if outcome in {Kind.UNSUITABLE, Kind.SECOND, Kind.DECLINE}:
        reason = Reason.EXPERIENCE if outcome is Kind.UNSUITABLE else None
        yield booth.fact(outcome, card, at, position_id=position_id, reason=reason)
        return
    offered = booth.fact(Kind.OFFER, card, at, position_id=position_id)
    yield offered
    if outcome is not Kind.OFFER:
        yield booth.fact(outcome, card, at + timedelta(seconds=30), target=offered.id)
