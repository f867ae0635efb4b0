"""How sheets and slips are numbered, and how what was written on them is read. Pure."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from jobfair.attendance.rules import How
from jobfair.cards.rules import check_character
from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, tidy

SHEET_ROWS = 25  # people on one A4 check-in sheet
BOOTH_ROWS = 20  # blank rows on one A4 booth sheet
SLIPS_ON_PAGE = 4
MOST_SLIPS = 1_000  # of one batch
MOST_ROWS = 9_999
LONGEST_SHEET = 40
# The station under whose name filled sheets come in.
STATION_NAME = "纸质签到"

NO_TIME = N_("Enter the time like 09:42.")

_TIME = re.compile(r"(?:.*[ T])?(\d{1,2})\s*[:.时点]\s*(\d{1,2})(?:\s*[:.分].*)?")
_SOLID_TIME = re.compile(r"(\d{1,2})(\d{2})")


class Outcome(StrEnum):
    """What a recruiter ticks on a booth sheet; the lower rungs of the ladder of outcomes."""

    TALKED = "talked"
    INTENTION = "intention"
    OFFER = "offer"
    UNSUITED = "unsuited"


OUTCOME_NAMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.TALKED: N_("Talked"),
        Outcome.INTENTION: N_("Preliminary intention"),
        Outcome.OFFER: N_("Wants to offer"),
        Outcome.UNSUITED: N_("Does not suit"),
    }
)
_HOW_WORDS: Mapping[str, How] = MappingProxyType(
    {
        "qr": How.QR,
        "扫码": How.QR,
        "二维码": How.QR,
        "code": How.CODE,
        "卡号": How.CODE,
        "短码": How.CODE,
        "search": How.SEARCH,
        "查找": How.SEARCH,
        "姓名": How.SEARCH,
    }
)
HOW_CHOICES = ("卡号", "扫码", "查找")


def sheet_label(division: str, printed_on: date, number: int) -> str:
    """Return what names a check-in sheet: its township, the day it was printed, its number.

    A list printed on another day may hold other people in other rows, so it has other labels.
    """
    return f"{division}-{printed_on:%m%d}-{number}"


def slip_label(number: int) -> str:
    """Return the number of a walk-in slip with a character that tells a misread one."""
    return f"W{number:05}-{check_character(f'{number:08}')}"


def record_id(fair_id: int, sheet: str, row: int) -> str:
    """Return the id of the arrival that stands in a row of a filled sheet, 32 hex digits.

    The same row gives the same id whenever and by whomever it is taken in, so it is taken in once.
    Made by rule and not by time, it is a UUID of version 8 (RFC 9562 section 5.8), which no device
    makes.
    """
    digest = hashlib.sha256(f"paper\n{fair_id}\n{sheet}\n{row}".encode()).digest()
    value = int.from_bytes(digest[:16], "big")
    value = (value & ~(0xF << 76)) | (0x8 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return f"{value:032x}"


def read_sheet(text: str) -> str:
    """Return a sheet's label as it is compared: case and spaces do not matter; may be empty."""
    return re.sub(r"\s+", "", text).upper()[:LONGEST_SHEET]


def read_time(text: str) -> time | Unread:
    """Read a time of day as people write it or a spreadsheet gives it."""
    plain = tidy(text)
    found = _TIME.fullmatch(plain) or _SOLID_TIME.fullmatch(plain)
    if found is None:
        return Unread(NO_TIME)
    hour, minute = int(found.group(1)), int(found.group(2))
    if hour > 23 or minute > 59:
        return Unread(NO_TIME)
    return time(hour, minute)


def read_how(text: str, *, scanned: bool) -> How:
    """Return how somebody was recognised; without a known word, by what stands for the card."""
    return _HOW_WORDS.get(tidy(text).lower(), How.QR if scanned else How.CODE)
