"""Numbers of invented people and enterprises: right in form, impossible in the world.

ID numbers: division, birth date and check character are right; the sequence is 996 to 999. The
first edition of the standard (GB 11643-1989) kept these four for people over a hundred, which
nobody here is, and no county has a thousand births on a day. Men have 997 and 999, women 996 and
998, so the sex in the number is right as well. Mobile numbers begin with 154, a block that no
operator has been given. Credit codes name the registrar 999999, which does not exist, and an
organisation that begins with DEM.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from jobfair.seekers.rules.identity import IdNumber, check_character

SEQUENCES = {"1": ("999", "997"), "2": ("998", "996")}
PHONE_BLOCK = "154"
REGISTRAR = "999999"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def is_invented(id_number: str) -> bool:
    """Return whether an ID number carries the mark of the demonstration."""
    return id_number[14:17] in {s for pair in SEQUENCES.values() for s in pair}


def phone(series: int, number: int) -> str:
    """Return an unassigned mobile number; ``series`` (0 to 9) keeps the generators apart."""
    return f"{PHONE_BLOCK}{series}{number:07d}"


def credit_code(number: int) -> str:
    """Return a credit code that checks out and belongs to nobody.

    Source: GB 32100-2015 (MOD 31), GB 11714-1997 for the organisation inside it (MOD 11).
    """
    organisation = f"DEM{number:05d}"
    organisation += _organisation_check(organisation)
    body = f"91{REGISTRAR}{organisation}"
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(body, _CREDIT_WEIGHTS, strict=True))
    return body + _CREDIT_ALPHABET[(31 - total % 31) % 31]


def _organisation_check(body: str) -> str:
    total = sum(
        _ORGANISATION_ALPHABET.index(c) * w
        for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


class IdNumbers:
    """Gives every invented person another ID number.

    Every fourth day's second sequence is kept for ``spare``, so that the people of the ledgers and
    the seekers of the fair, drawn apart and in any number, never share one.
    """

    def __init__(self, *, spare: bool = False) -> None:
        self._spare = spare
        self._taken: set[tuple[str, int, str]] = set()

    def _slots(self, day: int, sex: str) -> Iterable[str]:
        first, second = SEQUENCES[sex]
        if self._spare:
            return (second,) if day % 4 == 0 else ()
        return (first,) if day % 4 == 0 else (first, second)

    def give(self, division: str, born: date, sex: str) -> IdNumber:
        """Return a free number of a division; older by days when one is full."""
        day = born.toordinal()
        while True:
            for sequence in self._slots(day, sex):
                key = (division, day, sequence)
                if key not in self._taken:
                    self._taken.add(key)
                    born = date.fromordinal(day)
                    body = f"{division}{born:%Y%m%d}{sequence}"
                    return IdNumber(body + check_character(body), born, sex, division)
            day -= 1


def birth_date(on: date, age: int, days: int) -> date:
    """Return the birth date of somebody ``age`` years and ``days`` (under a year) old on a day."""
    year = on.year - age
    birthday = date(year, on.month, 28 if (on.month, on.day) == (2, 29) else on.day)
    return birthday - timedelta(days=days)
