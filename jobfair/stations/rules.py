"""What a station is for, and the code that pairs it. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.kit import clock
from jobfair.kit.i18n import N_


class Job(StrEnum):
    """What a station is used for."""

    GATE = "gate"
    DESK = "desk"
    BOOTH = "booth"


JOB_NAMES: Mapping[Job, str] = MappingProxyType(
    {Job.GATE: N_("Gate"), Job.DESK: N_("Registration desk"), Job.BOOTH: N_("Booth")}
)


class State(StrEnum):
    """Where a station stands."""

    WAITING = "waiting"
    PAIRED = "paired"
    REVOKED = "revoked"


STATE_NAMES: Mapping[State, str] = MappingProxyType(
    {
        State.WAITING: N_("Waits for a device"),
        State.PAIRED: N_("Paired"),
        State.REVOKED: N_("Revoked"),
    }
)
# A code is read out or typed within minutes of being made, and then never again.
PAIRING_VALID = timedelta(minutes=15)
CODE_DIGITS = 8
# One phone may be so many stations: what is scanned at once is still a code that phones read.
MOST_PLACES = 12
LONGEST_NAME = 60
_MOST_SHOWN = (1 << 31) - 1  # what the column holds
_FURTHEST = 1 << 42  # milliseconds: the year 2109
_LONGEST_VERSION = 20
_NOT_DIGITS = re.compile(r"\D")


def read_code(typed: str) -> str:
    """Return the digits of a pairing code however it was typed; empty when it can be none."""
    digits = _NOT_DIGITS.sub("", typed)
    return digits if len(digits) == CODE_DIGITS else ""


def show_code(code: str) -> str:
    """Return a pairing code as it is read out, in two halves."""
    half = CODE_DIGITS // 2
    return f"{code[:half]} {code[half:]}"


def digest_of(secret: str) -> str:
    """Return what is stored of a code or a station's secret: neither can be read back.

    Both are random; a code lives for minutes and is tried a few times, so a plain digest will do.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a station says of itself.

    Attributes:
        waiting: records not yet sent.
        version: of its program.
        skew: milliseconds its clock is ahead of ours.
    """

    waiting: int
    version: str
    skew: int


def read_pulse(sent: Mapping[str, Any], now: datetime) -> Pulse:
    """Return what a message says of its station; what it does not say counts as nothing.

    Args:
        sent: decoded JSON with waiting, version and now, in milliseconds since 1970.
        now: the server's.
    """
    waiting, version, told = sent.get("waiting"), sent.get("version"), sent.get("now")
    skew = 0
    if isinstance(told, int) and abs(told) < _FURTHEST:
        skew = told - clock.milliseconds(now)
    return Pulse(
        min(waiting, _MOST_SHOWN) if isinstance(waiting, int) and waiting > 0 else 0,
        version[:_LONGEST_VERSION] if isinstance(version, str) else "",
        max(-_MOST_SHOWN, min(skew, _MOST_SHOWN)),
    )
