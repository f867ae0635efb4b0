"""What a station records at a gate, and how what it sends is read. Pure.

A record is made and kept on the device before anybody is told a result, so the server takes it as
a fact: it refuses only what it cannot read. Records may come late, twice and in any order; what
holds in the end depends on the records alone. Source of the shape: pretix's check-in (nonce and
device time made before sending), with a sequence of the device besides.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_
from jobfair.kit.ids import is_key

MOST_RECORDS = 500  # of one message
# RFC 9562: UUIDv7 of a device, or UUIDv8 of a row of a filled sheet, which an undo may name.
_RECORD = re.compile(r"[0-9a-f]{12}[78][0-9a-f]{3}[89ab][0-9a-f]{15}")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_LONGEST_PLACE = 60
FURTHEST = 1 << 42  # milliseconds: the year 2109
LARGEST = 1 << 31


class Unreadable(Invalid):
    """A station sent what cannot be read; the parameter says where."""

    code = "record_unreadable"
    message = N_("Record %(place)s cannot be read: %(part)s.")


class Kind(StrEnum):
    """What a record says."""

    IN = "in"
    OUT = "out"
    UNDO = "undo"


class How(StrEnum):
    """How the person was recognised."""

    QR = "qr"
    CODE = "code"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class GateFact:
    """One record of a station.

    Attributes:
        id: UUIDv7 as 32 hex digits, made on the device; UUIDv8 by its row on a filled sheet.
        sequence: the device's own count, from 1.
        card: digest of the card's token, 16 bytes; None for an undo.
        target: id of the record that an undo takes back.
        place: of the gate, as the device was set.
        at: when, by the device's clock put right as far as the device knew.
        skew: milliseconds by which it was put right.
        instead: id of the record of the right person, where an undo says it was another one.
    """

    id: str
    sequence: int
    kind: Kind
    how: How
    card: bytes | None
    target: str | None
    place: str
    at: datetime
    skew: int
    instead: str | None = None


class Result(StrEnum):
    """What a station is told of a record."""

    NEW = "new"  # the person's first entry
    AGAIN = "again"  # was in before
    OUT = "out"
    UNDONE = "undone"
    UNKNOWN = "unknown"  # no such card
    REVOKED = "revoked"  # the card was replaced
    CLASH = "clash"  # the device used the sequence for another record


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a person."""

    at: datetime
    id: str
    place: str


def read_facts(sent: Any) -> list[GateFact]:
    """Return the records of a message.

    Args:
        sent: decoded JSON: a list of objects with id, seq, kind, how, card or target, place, at
            and skew; an undo may name a record instead; times in milliseconds, at since 1970.

    Raises:
        Unreadable: one of them cannot be read; none is taken.
    """
    return [_read(one, place) for place, one in enumerate(records_in(sent), 1)]


def records_in(sent: Any) -> Sequence[Any]:
    """Return the records of a message as they were sent.

    Raises:
        Unreadable: it is no list, or one of too many.
    """
    if not isinstance(sent, Sequence) or isinstance(sent, str):
        raise Unreadable(place=0, part="records")
    if len(sent) > MOST_RECORDS:
        raise Unreadable(place=MOST_RECORDS + 1, part=f"> {MOST_RECORDS}")
    return sent


def _read(one: Any, place: int) -> GateFact:
    if not isinstance(one, Mapping):
        raise Unreadable(place=place, part="{}")
    kind = _choice(Kind, one.get("kind"), place, "kind")
    undo = kind is Kind.UNDO
    card = None if undo else bytes.fromhex(_matching(_DIGEST, one.get("card"), place, "card"))
    skew = read_whole(one.get("skew", 0), -LARGEST, LARGEST, place, "skew")
    told = read_whole(one.get("at"), 0, FURTHEST, place, "at")
    where = one.get("place", "")
    if not isinstance(where, str) or len(where) > _LONGEST_PLACE or not where.isprintable():
        raise Unreadable(place=place, part="place")
    return GateFact(
        id=read_key(one.get("id"), place, "id"),
        sequence=read_whole(one.get("seq"), 1, LARGEST - 1, place, "seq"),
        kind=kind,
        how=_choice(How, one.get("how", How.QR), place, "how"),
        card=card,
        target=_matching(_RECORD, one.get("target"), place, "target") if undo else None,
        place=where,
        at=datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=told - skew),
        skew=skew,
        instead=read_key(one["instead"], place, "instead") if undo and "instead" in one else None,
    )


def read_key(value: Any, place: int, part: str) -> str:
    """Return a device's UUIDv7 of a message.

    Raises:
        Unreadable: it is none; ``part`` of the record ``place``.
    """
    if not isinstance(value, str) or not is_key(value):
        raise Unreadable(place=place, part=part)
    return value


def _matching(shape: re.Pattern[str], value: Any, place: int, part: str) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Unreadable(place=place, part=part)
    return value


def read_whole(value: Any, least: int, most: int, place: int, part: str) -> int:
    """Return a whole number of a message, both ends included.

    Raises:
        Unreadable: it is none; ``part`` of the record ``place``.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Unreadable(place=place, part=part)
    return value


def _choice(choices: Any, value: Any, place: int, part: str) -> Any:
    try:
        return choices(value)
    except ValueError as fault:
        raise Unreadable(place=place, part=part) from fault
