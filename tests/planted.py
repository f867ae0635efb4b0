"""People who do not exist, made so that any trace of them can be recognised.

Every name holds the character 骉, every phone begins with 1995283, and any 18-digit number with a
real date and a right check digit counts as an ID number. The alarm (tests/alarm.py) looks for them.
The beginning of a phone has no row of noughts: a time with thousandths ends in three of them.
"""

import re
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

NAME_MARK = "骉"
PHONE_MARK = "1995283"
ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?!\d)")
_SURNAMES = "王李张刘陈杨赵黄周吴"
_GIVEN = "明伟军芳丽强静磊洋勇艳杰涛超秀霞平刚桂英"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person."""

    name: str
    id_number: str
    phone: str
    born: date
    female: bool


def id_number(division: str, born: date, sequence: int) -> str:
    """Return a number that is valid in form."""
    body = f"{division:0<6}{born:%Y%m%d}{sequence:03d}"
    return body + ric.calc_check_digit(body + "?")  # it leaves the last character out


def person(
    n: int, *, division: str = "520502", born: date = date(1990, 5, 17), female: bool = False
) -> Person:
    """Return the n-th invented person of a division and birth date, n below 400."""
    name = _SURNAMES[n % 10] + NAME_MARK + _GIVEN[n // 10 % 20]
    sequence = 100 + 2 * n + (0 if female else 1)
    phone = f"{PHONE_MARK}{n:04d}"
    return Person(name, id_number(division, born, sequence), phone, born, female)


def holds_personal_data(text: str) -> str | None:
    """Return what kind of personal value a text holds, None when it holds none."""
    if NAME_MARK in text:
        return "name"
    if PHONE_MARK in text:
        return "phone"
    for found in ID_NUMBER.finditer(text):
        number = found.group().upper()
        if ric.calc_check_digit(number) == number[-1]:
            return "ID number"
    return None
