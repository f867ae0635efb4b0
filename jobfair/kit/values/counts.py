"""Numbers of people, years and yuan in words."""

import re
from dataclasses import dataclass
from decimal import Decimal

from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, simplified, tidy

NO_HEADCOUNT = N_("The number of people is not said. Write how many are wanted.")
HEADCOUNT_NOT_POSSIBLE = N_("The number of people is not possible. Write a number from 1 to 20000.")
EXPERIENCE_NOT_UNDERSTOOD = N_("The experience cannot be understood. Write it like 1-3年 or 不限.")
AGES_NOT_UNDERSTOOD = N_("The ages cannot be understood. Write them like 18-45.")
MONEY_NOT_UNDERSTOOD = N_("The amount cannot be understood. Write it in yuan like 4500.50.")

MOST_PEOPLE = 20_000
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = r"[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
# One number, in digits or in words up to 99.
NUMBER_WORD = rf"(?:\d{{1,2}}|{_TENS})"
_CHINESE_COUNT = re.compile(rf"({_TENS})(?=\s*(?:[人名位个年岁]|周岁|小时|[-~至到]))")
_RANGE_MARK = r"\s*(?:[-~—–―\u2212]+|至|到)\s*"
_PEOPLE_RANGE = re.compile(rf"(\d+)\s*[人名位个]?{_RANGE_MARK}(\d+)")
_PEOPLE = re.compile(r"(\d+)\s*[人名位个]")
_MEN_WOMEN = re.compile(r"男\D{0,3}(\d+)\D{0,6}女\D{0,3}(\d+)")
_YEARS = re.compile(rf"(?<![\d.])(\d{{1,2}})\s*年?{_RANGE_MARK}(\d{{1,2}})\s*(?:年|$|y)")
_ONE_YEARS = re.compile(
    r"(?<![\d.])(\d{1,2})(?:\.\d)?\s*(?:年|\+?\s*y(?:ea)?rs?)|^(\d{1,2})(?:\.\d)?\+?$",
    re.IGNORECASE,
)
_NO_EXPERIENCE = re.compile(
    r"无需?(?:工作)?经[验历]|不需要?(?:工作)?经[验历]|应届|在校|实习|在读|个月|半年|零经验|新手|生手"
    r"|no experience|fresh|entry",
    re.IGNORECASE,
)
_ANY_EXPERIENCE = re.compile(
    r"不限|不要求|无要求|不拘|均可|经验优先|^[无否]$|\bany\b", re.IGNORECASE
)
_BELOW = re.compile(r"以下|以内|不超过|小于|<")
# A number that is not the end of another one; 2 in "1.2年以上" at a line's start is one.
NUMBER_BEGINS = r"(?:(?<![\d.])|(?<=\A\d\.)|(?<=[\s,，;；。/]\d\.))"
_LEAST_AGE = r"(1[0-9]|[2-5]\d)"
_MOST_AGE = r"([1-7]\d)"
_SUI = r"(?:周?岁)"
_AGES = re.compile(
    rf"{NUMBER_BEGINS}{_LEAST_AGE}\s*{_SUI}?(?:以上)?{_RANGE_MARK}{_MOST_AGE}(?![\d.%])\s*({_SUI})?"
)
_AGE_MOST = re.compile(
    rf"{NUMBER_BEGINS}{_MOST_AGE}\s*{_SUI}\s*(?:\(含\)|含)?\s*(?:及?以下|以内|之内|及以内)"
    rf"|(?:年龄|周岁)?(?:不超过|小于|不大于|低于)\s*{_MOST_AGE}\s*{_SUI}"
)
_AGE_LEAST = re.compile(
    rf"{NUMBER_BEGINS}{_LEAST_AGE}\s*{_SUI}\s*(?:\(含\)|含)?\s*(?:及?以上|起)"
    rf"|(?:年满|已满|须满|需满|满|不低于)\s*{_LEAST_AGE}\s*{_SUI}"
)
# Ages of customers, pupils and firms are no demand.
_OTHERS_AGES = re.compile(
    r"^\s*(?:的|年龄段)?(?:儿童|孩子|学生|学员|少儿|青少年|小朋友|宝宝|幼儿|小孩|未成年|婴|人群|用户|客户|老人|观众|男女儿童)"
)
_TEAM_AGES = re.compile(r"(?:平均年龄|成员|团队|同事|伙伴|全体|客户|顾客)[^,，。;；\n]{0,8}$")
_NEAR = 14
_SHORT_CELL = 12
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
    """Read how many people are wanted, 1 to 20000; 若干 and 不限 give no number.

    Of a range the most counts, and 男3女7 is ten.
    """
    plain = counted(tidy(text)).replace(",", "")
    if not plain:
        return None
    count = _people(plain)
    if count is None:
        return Unread(NO_HEADCOUNT)
    return count if 1 <= count <= MOST_PEOPLE else Unread(HEADCOUNT_NOT_POSSIBLE)


def _people(text: str) -> int | None:
    if found := _PEOPLE_RANGE.search(text):
        return max(int(part[:9]) for part in found.groups())
    if found := _MEN_WOMEN.search(text):
        return sum(int(part[:9]) for part in found.groups())
    if found := _PEOPLE.search(text) or re.search(r"(\d+)", text):
        return int(found.group(1)[:9])
    return None


def counted(text: str) -> str:
    """Return a text with the Chinese numbers before 人, 年, 小时 and the like as digits."""
    return text if text.isascii() else _CHINESE_COUNT.sub(_chinese, text)


def _chinese(found: re.Match[str]) -> str:
    text = found.group(1)
    if "十" not in text:
        return str(_DIGITS[text])
    tens, ones = text.split("十")
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


def read_experience(text: str) -> Experience | Unread | None:
    """Read years of experience, also out of a mixed cell (``3-5年本科``)."""
    plain = counted(simplified(tidy(text)))
    if not plain:
        return None
    if found := _YEARS.search(plain):
        low, high = sorted((int(found.group(1)), int(found.group(2))))
        return Experience(low, high)
    if found := _ONE_YEARS.search(plain):
        years = int(found.group(1) or found.group(2))
        return Experience(0, years) if _BELOW.search(plain) else Experience(years, None)
    if _NO_EXPERIENCE.search(plain):
        return Experience(0, 0)
    if _ANY_EXPERIENCE.search(plain):
        return Experience(None, None)
    return Unread(EXPERIENCE_NOT_UNDERSTOOD)


def read_ages(text: str) -> Ages | Unread | None:
    """Read the least and the most age of a cell, also out of free text when 岁 stands with them.

    Where men and women are given different ages, the wider range counts.
    """
    plain = simplified(tidy(text))
    if not plain:
        return None
    said = find_ages(plain)
    found = [one for one in said if one.low and one.high]
    least = [one.low for one in said if one.low]
    most = [one.high for one in said if one.high]
    if found:
        return Ages(min(one.low or 0 for one in found), max(one.high or 0 for one in found))
    if least or most:
        return _ages(min(least, default=None), max(most, default=None))
    return Ages(None, None) if "不限" in plain else Unread(AGES_NOT_UNDERSTOOD)


@dataclass(frozen=True, slots=True)
class AgeSpan:
    """Ages a text asks for, with the half-open span of the words that say so."""

    low: int | None
    high: int | None
    start: int
    end: int


def find_ages(text: str) -> list[AgeSpan]:
    """Return every age demanded in a text: the ranges, then least ages, then most ages."""
    found = [AgeSpan(*_ends(m), *m.span()) for m in _AGES.finditer(text) if _is_age(m, text)]
    for low, pattern in ((True, _AGE_LEAST), (False, _AGE_MOST)):
        for match in pattern.finditer(text):
            if _demanded(match, text):
                age = _age(match)
                found.append(AgeSpan(age if low else None, None if low else age, *match.span()))
    return found


def _ends(match: re.Match[str]) -> tuple[int, int]:
    low, high = sorted((int(match.group(1)), int(match.group(2))))
    return low, high


def _is_age(match: re.Match[str], text: str) -> bool:
    said = match.group(3) or len(text) < _SHORT_CELL or "年龄" in text[: match.start()][-8:]
    return bool(said) and _demanded(match, text)


def _demanded(match: re.Match[str], text: str) -> bool:
    before, after = text[max(0, match.start() - _NEAR) : match.start()], text[match.end() :]
    return not (_OTHERS_AGES.match(after) or _TEAM_AGES.search(before))


def _age(match: re.Match[str]) -> int:
    return int(next(part for part in match.groups() if part))


def _ages(least: int | None, most: int | None) -> Ages:
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
