"""What a station of a batch records, and what it adds up to. Pure.

A record is made and kept on the phone before anybody is told a result. It may come days later,
twice and in any order; what holds in the end depends on the records alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.attendance.rules import (
    FURTHEST,
    LARGEST,
    Unreadable,
    read_key,
    read_whole,
    records_in,
)
from jobfair.kit.i18n import N_

CODE_DIGITS = 9  # one more than a fair's station has, so that a page knows whom to ask
# What reaches the office later than this after it happened is shown as late.
LATE = timedelta(days=1)
_NOT_DIGITS = re.compile(r"\D")


class Job(StrEnum):
    """What a station of a batch is for."""

    BOARDING = "boarding"
    ARRIVAL = "arrival"


class Kind(StrEnum):
    """What a record says: of a rider, or of the whole journey; an undo takes another one back."""

    BOARDED = "boarded"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    DEPARTS = "departs"
    REACHED = "reached"
    UNDO = "undo"


# What concerns a rider; the others concern the journey, or another record.
OF_RIDERS = frozenset({Kind.BOARDED, Kind.ARRIVED, Kind.HANDED_OVER})


JOB_NAMES: Mapping[str, str] = MappingProxyType(
    {Job.BOARDING: N_("Boarding"), Job.ARRIVAL: N_("Arrival and handing over")}
)
SEEN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Kind.BOARDED: N_("Boarded"),
        Kind.ARRIVED: N_("Seen there"),
        Kind.HANDED_OVER: N_("Handed over"),
    }
)
MAY_RECORD: Mapping[Job, frozenset[Kind]] = MappingProxyType(
    {
        Job.BOARDING: frozenset({Kind.BOARDED, Kind.DEPARTS, Kind.UNDO}),
        Job.ARRIVAL: frozenset({Kind.ARRIVED, Kind.HANDED_OVER, Kind.REACHED, Kind.UNDO}),
    }
)


@dataclass(frozen=True, slots=True)
class Scan:
    """One record of a station.

    Attributes:
        id: UUIDv7 as 32 hex digits, made on the device.
        sequence: the device's own count, from 1.
        rider: whom it concerns; None for an undo and of the whole journey.
        target: id of the record that an undo takes back.
        at: when, by the device's clock put right as far as the device knew.
        skew: milliseconds by which it was put right.
    """

    id: str
    sequence: int
    kind: Kind
    rider: int | None
    target: str | None
    at: datetime
    skew: int


class Result(StrEnum):
    """What a station is told of a record."""

    DONE = "done"
    AGAIN = "again"  # was recorded before
    UNDONE = "undone"
    UNKNOWN = "unknown"  # nobody of this batch
    CLASH = "clash"  # the device used the sequence for another record


def read_code(typed: str) -> str:
    """Return the digits of a pairing code however it was typed; empty when it can be none."""
    digits = _NOT_DIGITS.sub("", typed)
    return digits if len(digits) == CODE_DIGITS else ""


def show_code(code: str) -> str:
    """Return a pairing code as it is read out, in threes."""
    return " ".join(code[start : start + 3] for start in range(0, CODE_DIGITS, 3))


def read_scans(sent: Any) -> list[Scan]:
    """Return the records of a message.

    Args:
        sent: decoded JSON: a list of objects with id, seq, kind, rider or target, at and skew;
            times in milliseconds, at since 1970.

    Raises:
        Unreadable: one of them cannot be read; none is taken.
    """
    return [_read(one, place) for place, one in enumerate(records_in(sent), 1)]


def _read(one: Any, place: int) -> Scan:
    if not isinstance(one, Mapping):
        raise Unreadable(place=place, part="{}")
    kind = one.get("kind")
    if kind not in set(Kind):
        raise Unreadable(place=place, part="kind")
    skew = read_whole(one.get("skew", 0), -LARGEST, LARGEST, place, "skew")
    told = read_whole(one.get("at"), 0, FURTHEST, place, "at")
    rider = one.get("rider")
    return Scan(
        id=read_key(one.get("id"), place, "id"),
        sequence=read_whole(one.get("seq"), 1, LARGEST - 1, place, "seq"),
        kind=Kind(kind),
        rider=read_whole(rider, 1, LARGEST - 1, place, "rider") if kind in OF_RIDERS else None,
        target=read_key(one.get("target"), place, "target") if kind == Kind.UNDO else None,
        at=datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=told - skew),
        skew=skew,
    )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored record as far as it counts.

    Attributes:
        received: when the office had it.
    """

    id: str
    kind: Kind
    rider: int | None
    target: str | None
    at: datetime
    received: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """When somebody was seen first, and whether the office heard of it late."""

    id: str
    at: datetime
    late: bool


def seen(records: Iterable[Recorded]) -> dict[int, dict[Kind, Seen]]:
    """Return what some records say of each rider: the first of each kind not taken back.

    Whoever is handed over has arrived, and whoever has arrived had boarded, whether or not a scan
    says so: a phone may have been lost on the way.
    """
    every = list(records)
    undone = {one.target for one in every if one.kind is Kind.UNDO}
    found: dict[int, dict[Kind, Seen]] = {}
    for one in sorted(every, key=lambda record: (record.at, record.id)):
        if one.rider is None or one.id in undone:
            continue
        late = one.received - one.at > LATE
        for kind in _IMPLIED[one.kind]:
            found.setdefault(one.rider, {}).setdefault(kind, Seen(one.id, one.at, late))
    return found


_IMPLIED: Mapping[Kind, tuple[Kind, ...]] = MappingProxyType(
    {
        Kind.BOARDED: (Kind.BOARDED,),
        Kind.ARRIVED: (Kind.ARRIVED, Kind.BOARDED),
        Kind.HANDED_OVER: (Kind.HANDED_OVER, Kind.ARRIVED, Kind.BOARDED),
    }
)
