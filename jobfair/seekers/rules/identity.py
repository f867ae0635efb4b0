"""Who a person is: the resident ID number.

Source: GB 11643-1999 (18 characters, check by ISO 7064 MOD 11-2).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from jobfair.kit.i18n import N_

_LENGTH = 18
_OLD_LENGTH = 15
_DISABILITY_CARD = 20
_MARKS = re.compile(r"[\s\-'`_]")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
_SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
_OLD_SHAPE = re.compile(r"[1-9]\d{14}")
# Excel keeps 15 significant digits of a number and turns the others to zeros.
_ROUNDED = re.compile(r"[1-9]\d{14}000")
_EARLIEST = date(1900, 1, 1)

MISSING = N_("The ID number is missing; a person is registered by it.")
SCIENTIFIC = N_(
    "Excel has turned this ID number into a rounded number and lost its last digits. "
    'Set the column to "Text" and type the number again.'
)
SHAPE = N_("An ID number has 17 digits and one more digit or X; count them again.")
BIRTH = N_("The birth date inside the ID number does not exist or lies in the future.")
CHECK = N_(
    "The last character of the ID number does not fit the others: one of them is mistyped. "
    "Compare it with the card."
)


def check_character(first17: str) -> str:
    """Return the 18th character of a resident ID number.

    Args:
        first17: division, birth date and sequence: exactly 17 ASCII digits.

    Raises:
        ValueError: it is not 17 ASCII digits. The message never contains the number.
    """
    if len(first17) != _LENGTH - 1 or not (first17.isascii() and first17.isdigit()):
        raise ValueError("the first part of an ID number is exactly 17 digits")
    # 13 leaves the same remainder as 2 by 11, so one integer holds the weighted sum.
    rest = (1 - 2 * int(first17, 13)) % 11
    return "X" if rest == 10 else str(rest)


def tidy_id_number(text: str) -> str:
    """Return an ID number without spaces, dashes, quotes, small x or full-width digits.

    A 20-character disability card number begins with the ID number and gives that. An old
    15-digit number is given its century and check character, as the police did when changing it.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    number = _MARKS.sub("", plain).upper()
    number = number.replace("×", "X").removesuffix(".0")
    if len(number) == _DISABILITY_CARD and _SHAPE.fullmatch(number[:_LENGTH]):
        return number[:_LENGTH]
    if len(number) == _OLD_LENGTH and _OLD_SHAPE.fullmatch(number):
        body = f"{number[:6]}19{number[6:]}"
        return body + check_character(body)
    return number


def id_number_fault(text: str, *, today: date) -> str | None:
    """Return what is wrong with an ID number as a msgid, or None when it is right."""
    found = IdNumber.read(text, today=today)
    return found if isinstance(found, str) else None


def _birth_date(number: str, today: date) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if _EARLIEST <= born <= today else None


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A checked resident ID number; it is not shown when the object is printed."""

    text: str = field(repr=False)
    birth_date: date
    sex: str  # GB/T 2261.1: 1 male, 2 female
    division: str  # GB/T 2260 code of the time the number was given, not today's

    @classmethod
    def read(cls, text: str, *, today: date) -> "IdNumber | str":
        """Return the number typed or read, or what is wrong with it as a msgid.

        The right check character is never told: typing it in would hide a real mistake.
        """
        number = tidy_id_number(text)
        if not number:
            return MISSING
        if not _SHAPE.fullmatch(number):
            return SCIENTIFIC if _SCIENTIFIC.fullmatch(number) else SHAPE
        right = check_character(number[:17]) == number[17]
        if not right and _ROUNDED.fullmatch(number):
            return SCIENTIFIC
        born = _birth_date(number, today)
        if born is None:
            return BIRTH
        if not right:
            return CHECK
        return cls(number, born, "1" if int(number[16]) % 2 else "2", number[:6])

    @classmethod
    def parse(cls, text: str, *, today: date) -> "IdNumber":
        """Return the number typed or read.

        Raises:
            ValueError: not valid; the message is one of this module's msgids, never the number.
        """
        found = cls.read(text, today=today)
        if isinstance(found, str):
            raise ValueError(found)  # noqa: TRY004 - what was typed is wrong, not its type
        return found


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
