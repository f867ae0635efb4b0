"""Wage texts as boards and forms write them.

``Wage.monthly()`` makes pays comparable: a monthly wage is itself (a 13th month is not spread over
the year), a year is twelve months, a day counts 21.75 paid days a month (Ministry of Labour notice
2008 no. 3), an hour 174 hours (21.75 × 8), and a week 12/52 of a month. Piece work and pay by the
turn say nothing of a month.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, tidy

PayType = Literal["monthly", "yearly", "daily", "hourly", "piece", "session"]

NO_FIGURE = N_("The wage has no figure. Write it like 4000-6000元/月, or 面议.")
NOT_UNDERSTOOD = N_("The wage cannot be understood. Write it like 4000-6000元/月, or 面议.")
NOT_POSSIBLE = N_("The wage is not possible. Check the figures and the unit (元, 千, 万).")

_FACTORS = {"monthly": Decimal(1), "yearly": Decimal(1) / 12}
_FACTORS |= {"daily": Decimal("21.75"), "hourly": Decimal(174)}
# More than this in yuan for the unit is a slip of the pen or a test row.
_MOST = {"monthly": 2_000_000, "yearly": 20_000_000, "daily": 50_000, "hourly": 10_000}

# Without a unit, boards mean a year above this and a day below 500.
_YEARLY_FROM = 100_000
_WEEKLY = re.compile(r"周薪|(?:/|每)\s*(?:周|星期|week)", re.IGNORECASE)

_NEGOTIABLE = re.compile(
    r"面议|面谈|面洽|面商|电议|电询|协商|洽谈|商议|另议|详谈|详议|待定|保密|不限"
    r"|negotia|competitive",
    re.IGNORECASE,
)
_NUMBER = r"(\d+(?:\.\d+)?)\s*(万|千|百|[wk])?\s*(\d(?![\d.]))?"
_ONE = re.compile(_NUMBER, re.IGNORECASE)
_MONEY_MARKS = r"(?:元|块|rmb|cny|¥)?(?:左右)?"
_RANGE = re.compile(
    rf"{_NUMBER}\s*{_MONEY_MARKS}\s*(?:/?[年月天日时])?\s*(?:-+|~|至|到|—|–|―|－|\u2212|_|\.\.)\s*"
    rf"{_MONEY_MARKS}\s*{_NUMBER}",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"(?:[·*xX×•・|,;]|\b)?\s*(\d{2})\s*(?:薪|个月工资|个月薪)")
_UNITS: tuple[tuple[PayType, re.Pattern[str]], ...] = (
    (
        "hourly",
        re.compile(r"时薪|小时工资|(?:/|每|一)\s*(?:个)?(?:小?时|钟头|h(?:our)?\b)|元(?:小)?时"),
    ),
    ("daily", re.compile(r"日薪|日结|天薪|日工资|(?:/|每|一)\s*(?:天|日|day\b|工\b)|元[天日]")),
    ("yearly", re.compile(r"年薪|年收入|(?:/|每|一)\s*(?:年|year|annum)|p\.?a\.?\b|万年")),
    (
        "piece",
        re.compile(r"计件|(?:/|每|一)\s*(?:件|个(?!月|小?时)|平米|平方|平|吨|箱|台|套|米|公里|车)"),
    ),
    ("session", re.compile(r"(?:/|每|一)\s*(?:次|场|节|课时|课|单|趟|集|期)")),
    ("monthly", re.compile(r"月薪|月收入|底薪|(?:/|每|一)\s*(?:个?月|month)|元个?月")),
)
_AT_LEAST = re.compile(r"以上|起|\+|不低于|不少于|至少|≥|>=|>|保底|底薪|最低")
_AT_MOST = re.compile(r"以下|以内|封顶|不超过|最高|至多|≤|<=|<")
_MULTIPLES = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "百": 100}
_CHINESE = str.maketrans("一二两三四五六七八九", "1223456789")
_CHINESE_FIGURE = re.compile(
    r"[一二两三四五六七八九](?=[万千百])|(?<=[万千])[一二两三四五六七八九]"
)
_THOUSANDS = re.compile(r"(?<=\d)[,，'\s](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Wage:
    """A wage as offered.

    Attributes:
        low_fen: least, in fen per unit; None when only a most is said or it is negotiable.
        high_fen: most, in fen per unit; None when open upwards.
        months: months paid in a year.
        text: what stood in the cell, tidied.
    """

    low_fen: int | None
    high_fen: int | None
    pay_type: PayType = "monthly"
    months: int = 12
    negotiable: bool = False
    text: str = ""

    def monthly(self) -> tuple[int | None, int | None]:
        """Return least and most in fen per month, rounded to fen; None where nothing is said."""
        factor = _FACTORS.get(self.pay_type)
        if factor is None:
            return None, None
        return _times(self.low_fen, factor), _times(self.high_fen, factor)


def _times(fen: int | None, factor: Decimal) -> int | None:
    return None if fen is None else round(fen * factor)


def read_wage(
    text: str, *, low: str = "", high: str = "", months: str = ""
) -> Wage | Unread | None:
    """Read a wage from one text, or from a least, a most and a number of months a year.

    Bare pairs below 100 in separate columns are thousands a month (the boards' habit).
    """
    plain = tidy(text)
    if plain:
        return _read(plain, months=_months(tidy(months)))
    ends = tidy(low), tidy(high)
    if not any(ends):
        return None
    joined = "-".join(end for end in ends if end)
    if _NEGOTIABLE.search(joined):
        return Wage(None, None, negotiable=True, text=joined)
    if all(re.fullmatch(r"\d{1,2}(?:\.\d+)?", end) for end in ends if end):
        joined += "k"
    return _read(joined, months=_months(tidy(months)))


def _months(text: str) -> int | None:
    found = re.search(r"\d{2}", text)
    count = int(found.group()) if found else 0
    return count if 12 <= count <= 36 else None


def _read(text: str, *, months: int | None) -> Wage | Unread:
    plain = _THOUSANDS.sub("", text)
    plain = _CHINESE_FIGURE.sub(lambda found: found.group().translate(_CHINESE), plain)
    extra = _MONTHS.search(plain)
    if extra and 12 <= int(extra.group(1)) <= 36:
        months = int(extra.group(1))
        plain = plain[: extra.start()] + " " + plain[extra.end() :]
    ends = _ends(plain)
    if ends is None:
        if _NEGOTIABLE.search(plain):
            return Wage(None, None, negotiable=True, text=text)
        if re.search(r"计件|提成|按劳|多劳多得", plain):
            return Wage(None, None, pay_type="piece", negotiable=True, text=text)
        return Unread(NO_FIGURE if not re.search(r"\d", plain) else NOT_UNDERSTOOD)
    low, high = ends
    pay_type = _unit(plain, low if low is not None else high)
    if _WEEKLY.search(plain):
        low, high = _of_month(low), _of_month(high)
    return _checked(low, high, pay_type=pay_type, months=months or 12, text=text)


def _of_month(week: Decimal | None) -> Decimal | None:
    return None if week is None else round(week * 52 / 12, 2)


def _checked(
    low: Decimal | None, high: Decimal | None, *, pay_type: PayType, months: int, text: str
) -> Wage | Unread:
    if low is not None and high is not None and low > high:
        low, high = high, low
    top = high if high is not None else low
    if top is None or top <= 0 or top > _MOST.get(pay_type, 1_000_000):
        return Unread(NOT_POSSIBLE)
    return Wage(_fen(low), _fen(high), pay_type=pay_type, months=months, text=text)


def _fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else round(yuan * 100)


def _unit(text: str, top: Decimal | None) -> PayType:
    lowered = text.lower()
    for pay_type, pattern in _UNITS:
        if pattern.search(lowered):
            # Thousands beside 计件 are the month's guaranteed or usual pay, not one piece's.
            by_month = pay_type == "piece" and "计件" in text and (top or 0) >= 1000
            return "monthly" if by_month else pay_type
    if top is not None and top >= _YEARLY_FROM:
        return "yearly"
    return "daily" if top is not None and 100 <= top < 500 and "薪" not in text else "monthly"


def _ends(text: str) -> tuple[Decimal | None, Decimal | None] | None:
    found = _RANGE.search(text)
    if found:
        return _range(found)
    one = _ONE.search(text)
    if one is None:
        return None
    amount = _amount(one.group(1), one.group(2) or "", one.group(3))
    if _bare_thousands(amount, one.group(2)) and not re.search(r"[/每日天时件次]", text):
        return None
    if _AT_MOST.search(text):
        return None, amount
    return (amount, None) if _AT_LEAST.search(text) else (amount, amount)


def _bare_thousands(amount: Decimal, multiple: str | None) -> bool:
    """A single small number without a unit is not a wage."""
    return not multiple and amount < 10


def _range(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    low_text, low_unit, low_tail, high_text, high_unit, high_tail = found.groups()
    high = _amount(high_text, high_unit or "", high_tail)
    low = _amount(low_text, low_unit or "", low_tail)
    if not low_unit and high_unit and Decimal(low_text) < 1000:
        # 6-8千: the unit at the end is for both; 800-1千 keeps its own.
        shared = _amount(low_text, high_unit, None)
        low = shared if shared <= high or low > high else low
    elif not low_unit and not high_unit and high < 100 and not _after_unit(found):
        return low * 1000, high * 1000
    return low, high


def _after_unit(found: re.Match[str]) -> bool:
    """Tell whether a small pair is followed by a pay unit other than a month."""
    rest = found.string[found.end() :]
    return bool(re.search(r"[/每天日时件次个单]", rest)) or bool(
        re.search(r"[时日天]薪|计件|每", found.string[: found.start()])
    )


def _amount(number: str, unit: str, tail: str | None) -> Decimal:
    amount = Decimal(number)
    if not unit:
        # The tail digit was split off a plain number with a space; a plain number has none.
        return amount
    multiple = _MULTIPLES[unit.lower()]
    amount *= multiple
    if tail and "." not in number:
        amount += Decimal(tail) * multiple / 10  # 4千5, 1万2
    return amount
