"""What a station is for, and the code that pairs it. Pure."""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.i18n import N_


class Job(StrEnum):
    """What a station is used for."""

    GATE = "gate"
    DESK = "desk"
    BOOTH = "booth"


JOB_NAMES: Mapping[Job, str] = MappingProxyType(
    {Job.GATE: N_("Gate"), Job.DESK: N_("Registration desk"), Job.BOOTH: N_("Booth")}
)
# A code is read out or typed within minutes of being made, and then never again.
PAIRING_VALID = timedelta(minutes=15)
CODE_DIGITS = 8
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
