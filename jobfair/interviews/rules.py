"""What a booth records of people, how it is read, and what follows from it. Pure.

Each record says where a person stands from then on, whatever was before, so a person's standing at
a booth is their newest record that was not taken back. That makes the order in which records
arrive meaningless. Who waits is called in the order they joined; who was called, was away and came
back keeps that place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_
from jobfair.kit.ids import is_key

MOST_RECORDS = 200  # of one message
LONGEST_NUMBER = 8
_DIGEST = 16
_FURTHEST = 1 << 42  # milliseconds: the year 2109
_LARGEST = 1 << 31
_EPOCH = datetime.fromtimestamp(0, UTC)
# Until a booth has called some people itself: a talk of five minutes. Source: collegegrad's and
# the organisers' rule of thumb of twelve talks an hour.
_USUAL_TALK = timedelta(minutes=5)
_PACE_OF = 10  # calls, from which a booth's own pace is taken
_LONGEST_TALK = timedelta(minutes=30)  # a longer gap is a break, not a talk


class BoothRecordUnreadable(Invalid):
    """A booth sent what cannot be read; the parameter says where."""

    code = "booth_record_unreadable"
    message = N_("Record %(place)s cannot be read: %(part)s.")


class Kind(StrEnum):
    """What a booth records of a person."""

    JOIN = "join"  # the queue
    CALL = "call"
    AWAY = "away"  # called and not there
    BACK = "back"
    LEAVE = "leave"  # the queue, without a talk
    OFFER = "offer"
    SECOND = "second"  # to a second round
    TALK = "talk"  # and nothing decided
    UNSUITABLE = "unsuitable"
    DECLINE = "decline"  # the person does not want the work
    ACCEPT = "accept"  # an offer
    REFUSE = "refuse"  # an offer
    UNDO = "undo"


class Place(StrEnum):
    """Where a person stands at a booth."""

    WAITING = "waiting"
    CALLED = "called"
    AWAY = "away"
    GONE = "gone"
    TALKED = "talked"


_PLACES = MappingProxyType(
    {
        Kind.JOIN: Place.WAITING,
        Kind.BACK: Place.WAITING,
        Kind.CALL: Place.CALLED,
        Kind.AWAY: Place.AWAY,
        Kind.LEAVE: Place.GONE,
    }
)
OUTCOMES = (Kind.OFFER, Kind.SECOND, Kind.TALK, Kind.UNSUITABLE, Kind.DECLINE)
OUTCOME_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Kind.OFFER: N_("Offer made"),
        Kind.SECOND: N_("Second round"),
        Kind.TALK: N_("Talked"),
        Kind.UNSUITABLE: N_("Not suitable"),
        Kind.DECLINE: N_("Does not want it"),
        Kind.ACCEPT: N_("Offer accepted"),
        Kind.REFUSE: N_("Offer refused"),
    }
)


class Reason(StrEnum):
    """Why somebody was not suitable: what the work asks for, and nothing of who somebody is.

    No sex, age, origin, faith or household: the Employment Promotion Law, articles 25 to 31, and
    the Regulation on Human Resources Markets, article 24, allow no such ground.
    """

    SKILL = "skill"
    EXPERIENCE = "experience"
    CERTIFICATE = "certificate"
    EDUCATION = "education"
    HOURS = "hours"
    PAY = "pay"
    PLACE = "place"
    START = "start"
    OTHER = "other"


REASON_NAMES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.SKILL: N_("Skills for this work are missing"),
        Reason.EXPERIENCE: N_("More experience is needed"),
        Reason.CERTIFICATE: N_("A certificate is missing"),
        Reason.EDUCATION: N_("More schooling is needed"),
        Reason.HOURS: N_("Cannot work these hours"),
        Reason.PAY: N_("Pay wishes do not meet"),
        Reason.PLACE: N_("Place or lodging does not suit"),
        Reason.START: N_("Cannot start in time"),
        Reason.OTHER: N_("Another reason of the work"),
    }
)


@dataclass(frozen=True, slots=True)
class BoothFact:
    """One record of a booth.

    Attributes:
        id: UUIDv7 as 32 hex digits, made on the device.
        sequence: the device's own count, from 1.
        card: digest of the card's token, 16 bytes; None for an undo.
        position_id: of an outcome.
        number: what the person was told when they joined.
        reason: why somebody was not suitable.
        lease: key of the leased unit an offer was promised from.
        target: id of the offer that is answered, or of the record taken back.
        at: when, by the device's clock put right as far as the device knew.
        instead: id of the record of the right person, where an undo says it was another one.
    """

    id: str
    sequence: int
    kind: Kind
    card: bytes | None
    position_id: int | None
    number: str
    reason: Reason | None
    lease: str | None
    target: str | None
    at: datetime
    skew: int
    instead: str | None = None


def read_facts(sent: Any) -> list[BoothFact]:
    """Return the records of a message.

    Args:
        sent: decoded JSON: a list of objects with id, seq, kind, at, and by kind card (hex),
            position, number, reason, lease, target and instead; times in milliseconds.

    Raises:
        BoothRecordUnreadable: one of them cannot be read; none is taken.
    """
    if not isinstance(sent, Sequence) or isinstance(sent, str) or len(sent) > MOST_RECORDS:
        raise BoothRecordUnreadable(place=0, part="records")
    return [_Reader(one, place).fact() for place, one in enumerate(sent, 1)]


class _Reader:
    """Reads one record; what does not fit is told by its name."""

    def __init__(self, one: Any, place: int) -> None:
        self._place = place
        if not isinstance(one, Mapping):
            self._refuse("{}")
        self._one = one

    def _refuse(self, part: str) -> None:
        raise BoothRecordUnreadable(place=self._place, part=part)

    def _key(self, part: str) -> str:
        value = self._one.get(part)
        if not isinstance(value, str) or not is_key(value):
            self._refuse(part)
        return str(value)

    def _whole(self, part: str, least: int, most: int, otherwise: int | None = None) -> int:
        value = self._one.get(part, otherwise)
        if type(value) is not int or not least <= value <= most:
            self._refuse(part)
            return least
        return value

    def _chosen(self, choices: Any, part: str) -> Any:
        try:
            return choices(self._one.get(part))
        except ValueError:
            self._refuse(part)

    def _card(self) -> bytes:
        try:
            card = bytes.fromhex(self._one.get("card"))
        except (TypeError, ValueError):
            card = b""
        if len(card) != _DIGEST:
            self._refuse("card")
        return card

    def fact(self) -> BoothFact:
        """Return the record."""
        kind = self._chosen(Kind, "kind")
        number = self._one.get("number", "")
        if not isinstance(number, str) or len(number) > LONGEST_NUMBER or not number.isprintable():
            self._refuse("number")
        skew = self._whole("skew", -_LARGEST, _LARGEST, 0)
        outcome = kind in OUTCOMES
        return BoothFact(
            id=self._key("id"),
            sequence=self._whole("seq", 1, _LARGEST - 1),
            kind=kind,
            card=None if kind is Kind.UNDO else self._card(),
            position_id=self._whole("position", 1, _LARGEST - 1) if outcome else None,
            number=number if kind is Kind.JOIN else "",
            reason=self._chosen(Reason, "reason") if kind is Kind.UNSUITABLE else None,
            lease=self._key("lease") if kind is Kind.OFFER and self._one.get("lease") else None,
            target=self._key("target") if kind in {Kind.UNDO, Kind.ACCEPT, Kind.REFUSE} else None,
            at=_EPOCH + timedelta(milliseconds=self._whole("at", 0, _FURTHEST) - skew),
            skew=skew,
            instead=self._key("instead") if kind is Kind.UNDO and "instead" in self._one else None,
        )


def place_after(kind: Kind) -> Place:
    """Return where a record leaves a person."""
    return _PLACES.get(kind, Place.TALKED)


def pace(calls: Iterable[datetime]) -> timedelta:
    """Return how long a booth takes from one call to the next, from its last ten calls.

    Breaks are left out; until three calls show a pace it is five minutes.
    """
    last = sorted(calls)[-_PACE_OF - 1 :]
    gaps = [after - before for before, after in pairwise(last)]
    talks = sorted(gap for gap in gaps if gap <= _LONGEST_TALK)
    return talks[len(talks) // 2] if len(talks) > 1 else _USUAL_TALK


def wait_of(ahead: int, one: timedelta) -> timedelta:
    """Return how long somebody waits with some people ahead, at a booth's pace."""
    return one * (ahead + 1)


def prefix_of(order: int) -> str:
    """Return the letter before the numbers that a booth's n-th station gives, from 0: A to Z."""
    return chr(ord("A") + order % 26)
