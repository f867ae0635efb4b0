"""Numbers of people, years and yuan in words."""

import re
from dataclasses import dataclass
from decimal import Decimal

from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, tidy

NO_HEADCOUNT = N_("The number of people is not said. Write how many are wanted.")
HEADCOUNT_NOT_POSSIBLE = N_("The number of people is not possible. Write a number from 1 to 20000.")
EXPERIENCE_NOT_UNDERSTOOD = N_("The experience cannot be understood. Write it like 1-3年 or 不限.")
AGES_NOT_UNDERSTOOD = N_("The ages cannot be understood. Write them like 18-45.")
MONEY_NOT_UNDERSTOOD = N_("The amount cannot be understood. Write it in yuan like 4500.50.")

MOST_PEOPLE = 20_000
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_RANGE_MARK = r"\s*(?:-+|~|至|到|—|–|\u2212)\s*"
_YEARS = re.compile(rf"(\d{{1,2}})\s*年?{_RANGE_MARK}(\d{{1,2}})\s*(?:年|$|y)")
_ONE_YEARS = re.compile(r"(\d{1,2})\s*(?:年|\+?\s*years?)")
_NO_EXPERIENCE = re.compile(
    r"无需?(?:工作)?经验|应届|在校|无经验|实习|no experience|无工作经验|在读"
)
_ANY_EXPERIENCE = re.compile(r"不限|不要求|无要求|经验优先")
_BELOW = re.compile(r"以下|以内|不超过|小于|<")
_AGES = re.compile(rf"(?<!\d)([1-7]\d)\s*(?:周?岁)?{_RANGE_MARK}([1-7]\d)(?!\d)\s*(周?岁)?")
_AGE_MOST = re.compile(r"(?<!\d)([1-7]\d)\s*周?岁\s*(?:\(含\)|含)?\s*(?:以下|以内|及以下)")
_AGE_LEAST = re.compile(
    r"(?<!\d)([1-7]\d)\s*周?岁\s*(?:\(含\)|含)?\s*(?:以上|及以上|起)|年满\s*([1-7]\d)"
)
_MONEY = re.compile(
    r"[¥$]?\s*(-?\d+(?:\.\d+)?)\s*(万|千|w|k)?\s*(?:元|块)?(?:/月|整)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Experience:
    """Years of work asked for or had; both None when any will do."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Ages:
    """Least and most age in years; None where nothing is said."""

    low: int | None
    high: int | None


def read_headcount(text: str) -> int | Unread | None:
    """Read how many people are wanted, 1 to 20000; 若干 and 不限 give no number."""
    plain = tidy(text)
    if not plain:
        return None
    numbers = re.findall(r"\d+", plain.replace(",", ""))
    if numbers:
        count = int(numbers[-1][:9])
        return count if 1 <= count <= MOST_PEOPLE else Unread(HEADCOUNT_NOT_POSSIBLE)
    found = re.search(
        r"([一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])\s*[人名位个]",
        plain,
    )
    return _chinese(found.group(1)) if found else Unread(NO_HEADCOUNT)


def _chinese(text: str) -> int:
    if "十" not in text:
        return _DIGITS[text]
    tens, ones = text.split("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def read_experience(text: str) -> Experience | Unread | None:
    """Read years of experience, also out of a mixed cell (``3-5年本科``)."""
    plain = tidy(text)
    if not plain:
        return None
    if found := _YEARS.search(plain):
        low, high = sorted((int(found.group(1)), int(found.group(2))))
        return Experience(low, high)
    if found := _ONE_YEARS.search(plain):
        years = int(found.group(1))
        return Experience(0, years) if _BELOW.search(plain) else Experience(years, None)
    if _NO_EXPERIENCE.search(plain):
        return Experience(0, 0)
    if _ANY_EXPERIENCE.search(plain):
        return Experience(None, None)
    return Unread(EXPERIENCE_NOT_UNDERSTOOD)


def read_ages(text: str) -> Ages | Unread | None:
    """Read an age range, also out of free text when 岁 stands with it."""
    plain = tidy(text)
    if not plain:
        return None
    for found in _AGES.finditer(plain):
        if found.group(3) or len(plain) < 12 or "年龄" in plain[: found.start()][-6:]:
            low, high = sorted((int(found.group(1)), int(found.group(2))))
            return Ages(low, high)
    least, most = _AGE_LEAST.search(plain), _AGE_MOST.search(plain)
    if least or most:
        low_text = (least.group(1) or least.group(2)) if least else None
        return _ages(low_text, most.group(1) if most else None)
    return Ages(None, None) if "不限" in plain else Unread(AGES_NOT_UNDERSTOOD)


def _ages(low: str | None, high: str | None) -> Ages:
    least, most = int(low) if low else None, int(high) if high else None
    if least is not None and most is not None and least > most:
        least, most = most, least
    return Ages(least, most)


def read_money(text: str, *, unit: str = "元") -> int | Unread | None:
    """Read an amount in fen; ``unit`` is the column's own (元 or 万元)."""
    plain = re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", tidy(text))
    if not plain:
        return None
    found = _MONEY.fullmatch(plain)
    if found is None:
        return Unread(MONEY_NOT_UNDERSTOOD)
    factor = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000}.get((found.group(2) or "").lower())
    fen = Decimal(found.group(1)) * (factor or (10_000 if unit == "万元" else 1)) * 100
    if fen < 0 or fen != int(fen) or fen > 10**15:
        return Unread(MONEY_NOT_UNDERSTOOD)
    return int(fen)
