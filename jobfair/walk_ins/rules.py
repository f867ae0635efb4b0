"""What a desk sends of somebody it registered, and how it is read. Pure.

The six fields travel in an envelope that the desk itself cannot open again. The desk gives a blank
card at once, so what is sent names that card; whoever scans it in the meantime is known later.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_
from jobfair.kit.ids import is_key

MOST_WALK_INS = 100  # of one message
MOST_BLANKS = 20  # that a desk has at hand
FIELDS = ("name", "id_number", "phone", "address", "wishes")
LONGEST_FIELD = 200
_DIGEST = 16
_FURTHEST = 1 << 42  # milliseconds: the year 2109
_LARGEST_SKEW = 1 << 31
_LONGEST_ENVELOPE = 8192
_EPOCH = datetime.fromtimestamp(0, UTC)


class WalkInUnreadable(Invalid):
    """A desk sent what cannot be read; the parameter says where."""

    code = "walk_in_unreadable"
    message = N_("Record %(place)s cannot be read: %(part)s.")


class Result(StrEnum):
    """What a desk is told of a walk-in."""

    REGISTERED = "registered"  # for the first time
    KNOWN = "known"  # the ID number was registered before
    TO_COMPLETE = "to_complete"  # something is wrong; the office completes it


@dataclass(frozen=True, slots=True)
class WalkInFact:
    """One person registered at a desk.

    Attributes:
        id: UUIDv7 as 32 hex digits, made on the device.
        card: digest of the blank card that was given.
        at: when, by the device's clock put right as far as the device knew.
        envelope: the six fields, sealed to this server for this id.
    """

    id: str
    card: bytes
    at: datetime
    envelope: bytes = field(repr=False)


def read_walk_ins(sent: Any) -> list[WalkInFact]:
    """Return the walk-ins of a message.

    Args:
        sent: decoded JSON: a list of objects with id, card (hex), at and skew (milliseconds) and
            sealed (base64).

    Raises:
        WalkInUnreadable: one of them cannot be read; none is taken.
    """
    if not isinstance(sent, Sequence) or isinstance(sent, str) or len(sent) > MOST_WALK_INS:
        raise WalkInUnreadable(place=0, part="records")
    return [_read(one, place) for place, one in enumerate(sent, 1)]


def _read(one: Any, place: int) -> WalkInFact:
    def check(*, good: bool, part: str) -> None:
        if not good:
            raise WalkInUnreadable(place=place, part=part)

    check(good=isinstance(one, Mapping), part="{}")
    key, at, skew = one.get("id"), one.get("at"), one.get("skew", 0)
    check(good=isinstance(key, str) and is_key(key), part="id")
    check(good=type(at) is int and 0 <= at < _FURTHEST, part="at")
    check(good=type(skew) is int and abs(skew) < _LARGEST_SKEW, part="skew")
    try:
        card = bytes.fromhex(one.get("card"))
        envelope = base64.b64decode(one.get("sealed"), validate=True)
    except (TypeError, ValueError, binascii.Error) as fault:
        raise WalkInUnreadable(place=place, part="card, sealed") from fault
    check(good=len(card) == _DIGEST, part="card")
    check(good=len(envelope) <= _LONGEST_ENVELOPE, part="sealed")
    return WalkInFact(key, card, _EPOCH + timedelta(milliseconds=at - skew), envelope)


def read_said(text: str) -> dict[str, str] | None:
    """Return the fields that were typed, by name; None where the person did not agree.

    What is no field of ours, or no text, is left out.
    """
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("agreed") is not True:
        return None
    return {
        name: told[name].strip()[:LONGEST_FIELD]
        for name in FIELDS
        if isinstance(told.get(name), str)
    }
