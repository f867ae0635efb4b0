"""Wage texts as boards and forms write them.

``Wage.monthly()`` makes pays comparable: a monthly wage is itself (a 13th month is not spread over
the year), a year is twelve months, a day counts 21.75 paid days a month (Ministry of Labour notice
2008 no. 3), an hour 174 hours (21.75 × 8), and a week 12/52 of a month. Piece work and pay by the
turn say nothing of a month.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, simplified, tidy

PayType = Literal["monthly", "yearly", "daily", "hourly", "piece", "session"]

NO_FIGURE = N_("The wage has no figure. Write it like 4000-6000元/月, or 面议.")
NOT_UNDERSTOOD = N_("The wage cannot be understood. Write it like 4000-6000元/月, or 面议.")
NOT_POSSIBLE = N_("The wage is not possible. Check the figures and the unit (元, 千, 万).")
OTHER_CURRENCY = N_("The wage is in another currency. Write it in yuan.")

_FACTORS = {"monthly": Decimal(1), "yearly": Decimal(1) / 12}
_FACTORS |= {"daily": Decimal("21.75"), "hourly": Decimal(174)}
# More than this in yuan for the unit is a slip of the pen or a test row.
_MOST = {"monthly": 2_000_000, "yearly": 20_000_000, "daily": 50_000, "hourly": 10_000}

# No month's wage in yuan: a count, a rank or an hour's wage that does not say so.
_LEAST_MONTH = 100
# Without a unit, boards mean a year above this and a day below 500.
_YEARLY_FROM = 100_000
_WEEKLY = re.compile(r"周薪|(?:/|每|per)\s*(?:周|星期|week)", re.IGNORECASE)

_NEGOTIABLE = re.compile(
    r"面议|面谈|面洽|面商|电议|电询|协商|洽谈|商议|另议|详谈|详议|待定|保密|不限|从优|优厚|^高薪$"
    r"|negotia|competitive|\b(?:tbd|doe)\b",
    re.IGNORECASE,
)
_BY_OUTPUT = re.compile(r"计件|计酬|提成|按劳|多劳多得")
_NUMBER = r"(\d+(?:\.\d+)?)\s*(万|千|百|[wk])?\s*(\d(?![\d.]))?"
_ONE = re.compile(_NUMBER, re.IGNORECASE)
_MONEY_MARKS = r"(?:元|块|rmb|cny|yuan|¥|\$)?(?:左右|以上|起)?"
_DASHES = r"-~—–―－\u2212\u301c\u223c_"
_RANGE = re.compile(
    rf"{_NUMBER}\s*{_MONEY_MARKS}\s*(?:/?(?:[年月天日时]|小时|h))?\s*(?:[{_DASHES}]+|[至到]|\.\.|to\b)\s*"
    rf"{_MONEY_MARKS}\s*{_NUMBER}",
    re.IGNORECASE,
)
_PLUS_MINUS = re.compile(r"(\d+(?:\.\d+)?)\s*±\s*(\d+(?:\.\d+)?)")
_TWO_NUMBERS = re.compile(r"(?<![\d.])(\d{3,6})\s*元?\s*[/、,]\s*(\d{4,6})(?![\d.])")
_MONTHS = re.compile(
    r"(?:[·*xX×•・|,;]|\b)?\s*(\d{2})\s*(?:薪|个月工资|个月薪)|(?<=[\dkw千万元])\s*[*xX×]\s*(1[2-9]|2\d)\b",
    re.IGNORECASE,
)
_UNITS: tuple[tuple[PayType, re.Pattern[str]], ...] = (
    (
        "hourly",
        re.compile(
            r"时薪|小时工|钟点工|(?:/|每|一|按|per)\s*(?:个)?(?:小?时|钟头|h(?:r|our)?s?\b)"
            r"|元(?:小)?时|hourly"
        ),
    ),
    (
        "daily",
        re.compile(
            r"日薪|日结|天薪|日工资|(?:/|每|一|按|per)\s*(?:天|日|晚|day\b|d\b|工\b)|元[天日]|daily"
        ),
    ),
    (
        "yearly",
        re.compile(
            r"年薪|年收入|(?:/|每|一|per)\s*(?:年|y(?:r|ear)?\b|annum)|p\.?a\.?\b|万年|annual"
        ),
    ),
    (
        "piece",
        re.compile(r"计件|(?:/|每|一)\s*(?:件|个(?!月|小?时)|平米|平方|平|吨|箱|台|套|米|公里|车)"),
    ),
    ("session", re.compile(r"(?:/|每|一)\s*(?:次|场|节|课时|课|单|趟|集|期)")),
    (
        "monthly",
        re.compile(r"月薪|月收入|底薪|(?:/|每|一|per)\s*(?:个?月|m(?:o|onth)?\b)|元个?月|月工资"),
    ),
)
_AT_LEAST = re.compile(
    r"以上|起|不低于|不少于|至少|≥|>=|>|保底|底薪|最低|\bfrom\b|at least|minimum", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"以下|以内|(?<!不)封顶|不超过|最高|至多|≤|<=|<|up to|at most|maximum", re.IGNORECASE
)
_MULTIPLES = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000, "百": 100}
_CHINESE = str.maketrans("一二两三四五六七八九", "1223456789")
# 肆仟伍佰 as on cheques.
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_ONES = "一二两三四五六七八九"
_NEIGHBOURS = re.compile(r"([一二三四五六七八九])、?([二三四五六七八九])([百千万])")
_TENS = re.compile(rf"([{_ONES}]?)十([{_ONES}]?)(?=万)")
_CHINESE_FIGURE = re.compile(rf"[{_ONES}](?=[万千百])|(?<=[万千百])[{_ONES}]")
_OVER_TEN_THOUSAND = re.compile(r"[上过]万|(?<![\d.一二两三四五六七八九十])万元?(?=以上|起)")
_THOUSANDS_BARE = re.compile(r"1?\d{1,2}(?:\.\d+)?")
_THOUSANDS = re.compile(r"(?<=\d)[,，'\s](?=\d{3}(?!\d))")
_NO_TOP = re.compile(r"上?不封顶")
# Figures beside the pay that are none: working hours, ages, shares, days off.
_NOT_PAY = re.compile(
    r"(?<![/每按\d.])\d+(?:\.\d+)?\s*(?:个?小时|周?岁|%|天(?!/))|[休上]\s*\d\s*天|\d+[^\d,]{0,4}\(试用期?\)"
)
_CLAUSE = re.compile(r"[,;。|()\[\]【】\n]|\s+(?=[\u4e00-\u9fff]{2,}\s*\d)")
_WHOLE_PAY = re.compile(r"综合|合计|收入|月入|到手|实[发得]|转正|正式|平均|月均")
_PART_PAY = re.compile(r"试用|实习期|底薪|基本|保底|补[贴助]|津贴|奖|全勤|社保|餐|住宿|水电|押|扣")
_FOREIGN = re.compile(
    r"美元|美金|港币|港元|港幣|欧元|日元|台币|英镑|usd|us\$|hk\$|hkd|eur\b|jpy|sgd|nt\$",
    re.IGNORECASE,
)
_HEADER_MULTIPLE = re.compile(r"万|千|k(?![a-z])", re.IGNORECASE)
_WRITTEN: dict[PayType, str] = {
    "monthly": "/月",
    "yearly": "/年",
    "daily": "/天",
    "hourly": "/小时",
    "piece": "/件",
    "session": "/次",
}
_DAY = re.compile(r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")


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
    text: str, *, low: str = "", high: str = "", months: str = "", unit: str = ""
) -> Wage | Unread | None:
    """Read a wage from one text, or from a least, a most and a number of months a year.

    Bare pairs up to 199 in separate columns are thousands a month (the boards' habit). Where the
    text says several pays, the whole one counts before the basic one, the regular before the trial.

    Args:
        text: 4000-6000元/月 and the like.
        low: cell of the least.
        high: cell of the most.
        months: cell of the months paid in a year.
        unit: the column's header, asked for a unit (年薪(万元)) when the cell has none.
    """
    plain = tidy(text)
    if plain:
        return _read(plain, _months(tidy(months)), tidy(unit))
    ends = tidy(low), tidy(high)
    if not any(ends):
        return None
    joined = "-".join(end for end in ends if end)
    if _NEGOTIABLE.search(joined):
        return Wage(None, None, negotiable=True, text=joined)
    # A most of 0 is what programs write for "open upwards".
    given = [end for end in ends if end and not re.fullmatch(r"0+(?:\.0+)?", end)]
    small = all(_THOUSANDS_BARE.fullmatch(end) for end in given)
    if (
        given
        and small
        and not _HEADER_MULTIPLE.search(unit)
        and _said_unit(unit) in {None, "monthly"}
    ):
        return _read("-".join(f"{end}k" for end in given) + "/月", _months(tidy(months)), "")
    return _read("-".join(given) or joined, _months(tidy(months)), tidy(unit))


def _months(text: str) -> int | None:
    found = re.search(r"\d{2}", text)
    count = int(found.group()) if found else 0
    return count if 12 <= count <= 36 else None


def _in_figures(text: str) -> str:
    """Return a text with its numbers in one form: 三千五 as 3千5, 四五千 as 4千-5千."""
    plain = _THOUSANDS.sub("", simplified(text))
    if not plain.isascii():
        plain = plain.translate(_FORMAL) if re.search("[佰仟拾]", plain) else plain
        plain = _NEIGHBOURS.sub(_neighbours, plain)
        plain = _TENS.sub(_tens, plain)
        plain = _CHINESE_FIGURE.sub(lambda found: found.group().translate(_CHINESE), plain)
        plain = _OVER_TEN_THOUSAND.sub("1万以上", plain)
        plain = _PLUS_MINUS.sub(_plus_minus, plain)
    plain = _NO_TOP.sub("", plain)
    return _NOT_PAY.sub(" ", _TWO_NUMBERS.sub(r"\1-\2", plain))


def _neighbours(found: re.Match[str]) -> str:
    low, high, unit = found.groups()
    if int(high.translate(_CHINESE)) - int(low.translate(_CHINESE)) != 1:
        return found.group()
    return f"{low}{unit}-{high}{unit}"


def _tens(found: re.Match[str]) -> str:
    tens, ones = (part.translate(_CHINESE) for part in found.groups())
    return str(int(tens or 1) * 10 + int(ones or 0))


def _plus_minus(found: re.Match[str]) -> str:
    middle, spread = Decimal(found.group(1)), Decimal(found.group(2))
    return f"{middle - spread}-{middle + spread}"


@lru_cache(maxsize=65_536)
def _read(text: str, months: int | None, unit: str) -> Wage | Unread:
    plain = _in_figures(_with_header(text, unit))
    if _DAY.fullmatch(plain):
        return Unread(NOT_UNDERSTOOD)
    if _FOREIGN.search(plain):
        return Unread(OTHER_CURRENCY)
    extra = _MONTHS.search(plain)
    if extra and 12 <= int(extra.group(1) or extra.group(2)) <= 36:
        months = int(extra.group(1) or extra.group(2))
        plain = plain[: extra.start()] + " " + plain[extra.end() :]
    clause, around = _clause(plain)
    ends = _ends(clause)
    if ends is None:
        if _NEGOTIABLE.search(plain):
            return Wage(None, None, negotiable=True, text=text)
        if _BY_OUTPUT.search(plain):
            return Wage(None, None, pay_type="piece", negotiable=True, text=text)
        return Unread(NO_FIGURE if not re.search(r"\d", plain) else NOT_UNDERSTOOD)
    low, high = ends
    said = f"{clause} {around}"
    pay_type = _unit(said, low if low is not None else high)
    if _WEEKLY.search(said):
        low, high = _of_month(low), _of_month(high)
    return _checked(low, high, pay_type=pay_type, months=months or 12, text=text)


def _clause(text: str) -> tuple[str, str]:
    """Return the part of a text that says the pay, and the parts without any figure."""
    parts = [part for part in _CLAUSE.split(text) if part.strip()]
    figured = [part for part in parts if _ends(part) is not None]
    if not figured:
        return text, ""
    best = max(figured, key=lambda part: (_weight(part), -figured.index(part)))
    return best, " ".join(part for part in parts if not re.search(r"\d", part))


def _weight(part: str) -> int:
    score = 2 * bool(_WHOLE_PAY.search(part)) + bool(_RANGE.search(part))
    return score - 3 * bool(_PART_PAY.search(part))


def _with_header(text: str, header: str) -> str:
    """Add the unit that only the header says: 10-15 under 年薪(万元) is 10-15万/年."""
    if not header or _said_unit(text):
        return text
    unit = _said_unit(simplified(header))
    multiple = _HEADER_MULTIPLE.search(header)
    last = re.search(r"\d(?=\D*$)", text)
    if multiple and last and not re.search(r"[万千百wk]|\d{4}", text, re.IGNORECASE):
        text = f"{text[: last.end()]}{multiple.group()}{text[last.end() :]}"
    return f"{text} {_WRITTEN[unit]}" if unit and last else text


def _said_unit(text: str) -> PayType | None:
    lowered = text.lower()
    return next((pay_type for pay_type, pattern in _UNITS if pattern.search(lowered)), None)


def _of_month(week: Decimal | None) -> Decimal | None:
    return None if week is None else round(week * 52 / 12, 2)


def _checked(
    low: Decimal | None, high: Decimal | None, *, pay_type: PayType, months: int, text: str
) -> Wage | Unread:
    if low is not None and high is not None and low > high:
        low, high = high, low
    top = high if high is not None else low
    if pay_type == "monthly" and top is not None and top < _LEAST_MONTH:
        return Unread(NOT_POSSIBLE)
    if top is None or top <= 0 or top > _MOST.get(pay_type, 1_000_000):
        return Unread(NOT_POSSIBLE)
    return Wage(_fen(low), _fen(high), pay_type=pay_type, months=months, text=text)


def _fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else round(yuan * 100)


def _unit(text: str, top: Decimal | None) -> PayType:
    said = _said_unit(text)
    if said:
        # Thousands beside 计件 are the month's guaranteed or usual pay, not one piece's.
        by_month = said == "piece" and "计件" in text and (top or 0) >= 1000
        return "monthly" if by_month else said
    if top is not None and top >= _YEARLY_FROM:
        return "yearly"
    if top is not None and top < 100 and re.search(r"\d\s*[元块]", text):
        return "hourly"
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
    least = _AT_LEAST.search(text) or "+" in text[one.end() :]
    return (amount, None) if least else (amount, amount)


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
        low = shared if shared <= high or low > high or low < 100 else low
    elif low_unit and not high_unit and high < 100:
        high = _amount(high_text, low_unit, None)
    elif not low_unit and not high_unit and high < 100 and not _after_unit(found):
        return low * 1000, high * 1000
    return low, high


def _after_unit(found: re.Match[str]) -> bool:
    """Tell whether a small pair is followed by a pay unit other than a month."""
    rest = found.string[found.end() :]
    return bool(re.search(r"/(?!\s*(?:个?月|m))|[每天日时件次单元块]|个(?!月)", rest)) or bool(
        re.search(r"[时日天]薪|小时|计件|每", found.string[: found.start()])
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
