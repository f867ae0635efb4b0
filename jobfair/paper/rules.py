"""How sheets and slips are numbered, and how what was written on them is read. Pure."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from jobfair.attendance.rules import How
from jobfair.cards.rules import check_character
from jobfair.interviews.rules import Reason
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
BOOTH_STATION = "纸质展位"  # and the employer's number

NO_TIME = N_("Enter the time like 09:42.")

_TIME = re.compile(r"(?:.*[ T])?(\d{1,2})\s*[:.时点]\s*(\d{1,2})(?:\s*[:.分].*)?")
_SOLID_TIME = re.compile(r"(\d{1,2})(\d{2})")


class Outcome(StrEnum):
    """What a recruiter ticks on a booth sheet."""

    TALKED = "talked"
    SECOND = "second"
    OFFER = "offer"
    ACCEPTED = "accepted"
    UNSUITED = "unsuited"


OUTCOME_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Outcome.TALKED: N_("Talked"),
        Outcome.SECOND: N_("Second round"),
        Outcome.OFFER: N_("Offered"),
        Outcome.ACCEPTED: N_("Offered and accepted"),
        Outcome.UNSUITED: N_("Not suitable: number of the reason"),
    }
)
# Besides the names above in either language.
_OUTCOME_WORDS: Mapping[str, Outcome] = MappingProxyType(
    {
        "面谈": Outcome.TALKED,
        "已面谈": Outcome.TALKED,
        "复试": Outcome.SECOND,
        "二面": Outcome.SECOND,
        "录用": Outcome.OFFER,
        "拟录用": Outcome.OFFER,
        "接受": Outcome.ACCEPTED,
        "已接受": Outcome.ACCEPTED,
        "不合适": Outcome.UNSUITED,
        "talked": Outcome.TALKED,
        "second round": Outcome.SECOND,
        "second": Outcome.SECOND,
        "offered": Outcome.OFFER,
        "offer": Outcome.OFFER,
        "accepted": Outcome.ACCEPTED,
        "not suitable": Outcome.UNSUITED,
    }
)
OUTCOME_CHOICES = ("面谈", "复试", "录用", "接受", "不合适")
# On paper a reason is its number.
REASON_NUMBERS: Mapping[str, Reason] = MappingProxyType(
    {str(number): reason for number, reason in enumerate(Reason, 1)}
)
_BOOTH_SHEET = re.compile(r"B(\d{1,9})-\d{1,4}")
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
    return _made(f"paper\n{fair_id}\n{sheet}\n{row}", version=8)


def outcome_id(fair_id: int, sheet: str, row: int, part: str = "") -> str:
    """Return the id of an outcome in a row of a booth sheet, as ``record_id`` does of an arrival.

    It is of the version that an offer's key has, since an offer is found by it.
    """
    return _made(f"booth sheet\n{fair_id}\n{sheet}\n{row}\n{part}", version=7)


def _made(text: str, *, version: int) -> str:
    value = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")
    value = (value & ~(0xF << 76)) | (version << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return f"{value:032x}"


def booth_label(position_id: int) -> str:
    """Return what names the booth sheets of a position; the number of each is written behind it."""
    return f"B{position_id}-"


def position_of(sheet: str) -> int | None:
    """Return the position of a booth sheet; None for another sheet."""
    found = _BOOTH_SHEET.fullmatch(sheet)
    return int(found.group(1)) if found else None


def read_outcome(text: str) -> Outcome | None:
    """Return what was ticked; None for no such word."""
    return _OUTCOME_WORDS.get(tidy(text).lower())


def read_reason(text: str) -> Reason | None:
    """Return why somebody was not suitable, by its number on the sheet; None for no such."""
    return REASON_NUMBERS.get(tidy(text))


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
