"""Words, days and amounts in lists of grants and in monthly reports of a school. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from jobfair.grants.rules.entitlement import GrantKind, school_year_of
from jobfair.kit.i18n import N_
from jobfair.kit.values.counts import read_money
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.reading import Unread

# Heads of the columns, in schools' and bureaus' own words.
WHO_HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "student_number": ("学号", "学籍号", "student number"),
        "id_number": ("身份证号", "身份证号码", "证件号码", "学生身份证号", "ID number"),
        "name": ("姓名", "学生姓名", "name"),
    }
)
PAYMENT_HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kind": ("资助项目", "项目", "资助类别", "助学金类别", "grant"),
        "school_year": ("学年", "资助学年", "school year"),
        "amount": ("金额", "发放金额", "实发金额", "金额(元)", "amount in yuan"),
        "paid_on": ("发放日期", "到账日期", "支付日期", "paid on"),
        "holder": ("户名", "持卡人", "账户名", "收款人", "card holder"),
        "card": ("卡号", "银行卡号", "账号", "银行账号", "收款账号", "card number"),
        "reference": ("流水号", "交易流水号", "凭证号", "reference"),
    }
)
MONTH_HEADERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "month": ("月份", "年月", "month"),
        "days_due": ("应出勤天数", "应到天数", "应出勤", "days due"),
        "days_present": ("实际出勤天数", "实到天数", "出勤天数", "实出勤", "days present"),
        "room": ("宿舍", "宿舍号", "寝室", "房间号", "dormitory room"),
    }
)
_KINDS = (
    (re.compile(r"学费|免学|tuition", re.IGNORECASE), GrantKind.TUITION),
    (re.compile(r"国家助学|助学金|state", re.IGNORECASE), GrantKind.STATE),
)
_MONTH = re.compile(r"(\d{4})\s*[-./年]?\s*(\d{1,2})\s*月?")
_SCHOOL_YEAR = re.compile(r"(\d{4})(?:\s*[-–—~至/]\s*(\d{2,4}))?\s*(?:学年|年)?")
_DAYS = 31
_EARLIEST, _LATEST = 2000, 2100
NO_KIND = N_("Enter which grant: 国家助学金 (state) or 学费补助 (tuition).")
NO_YEAR = N_("Enter the school year, like 2010-2011; left empty it follows from the day.")
NO_AMOUNT = N_("Enter the amount in yuan with at most two decimals, above nothing.")
NO_DAY = N_("Enter the day of payment, like 2010-11-05.")
NO_MONTH = N_("Enter the month, like 2010-10.")
NO_DAYS = N_("Enter whole days from 0 to 31, no more present than due.")


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """One payment of a list, before it is kept.

    Attributes:
        school_year: the year in which it begins.
        holder: name on the card, as the bank says it; empty when it does not.
        reference: the bank's number; tells equal payments of one day apart.
    """

    kind: GrantKind
    school_year: int
    amount_fen: int
    paid_on: date
    holder: str = field(default="", repr=False)
    card: str = field(default="", repr=False)
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MonthDraft:
    """A month of one student: days of school, days present, the bed.

    Attributes:
        month: its first day.
        room: empty where the school names none.
    """

    month: date
    days_due: int
    days_present: int
    room: str = ""


def read_payment(cells: Mapping[str, str]) -> PaymentDraft | list[tuple[str, str]]:
    """Return what a row says, or field and reason of what is wrong with it."""
    kind = next((one for shape, one in _KINDS if shape.search(cells["kind"])), None)
    amount = read_money(cells["amount"])
    day = _day(cells["paid_on"])
    year = _school_year(cells["school_year"], day)
    wrong = [
        (name, fault)
        for name, fault, holds in (
            ("kind", NO_KIND, kind is None),
            ("amount", NO_AMOUNT, amount is None or isinstance(amount, Unread) or amount == 0),
            ("paid_on", NO_DAY, day is None),
            ("school_year", NO_YEAR, day is not None and year is None),
        )
        if holds
    ]
    if wrong or kind is None or day is None or year is None or not isinstance(amount, int):
        return wrong
    return PaymentDraft(
        kind,
        year,
        amount,
        day,
        cells["holder"].strip()[:50],
        "".join(one for one in cells["card"] if one.isdecimal())[:30],
        cells["reference"].strip()[:60],
    )


def read_month(cells: Mapping[str, str]) -> MonthDraft | list[tuple[str, str]]:
    """Return what a row says, or field and reason of what is wrong with it."""
    month = read_month_of(cells["month"])
    due, present = _days(cells["days_due"]), _days(cells["days_present"])
    wrong = [("month", NO_MONTH)] if month is None else []
    if due is None or present is None or present > due:
        wrong.append(("days_present", NO_DAYS))
    if wrong or month is None or due is None or present is None:
        return wrong
    return MonthDraft(month, due, present, cells["room"].strip()[:30])


def _day(text: str) -> date | None:
    read = read_day(text)
    return read.value if isinstance(read, Day) and read.exact else None


def read_month_of(text: str) -> date | None:
    """Return the first day of a month as typed, None where it is none."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        day = _day(text)
        return day.replace(day=1) if day else None
    year, month = int(found[1]), int(found[2])
    if not (_EARLIEST <= year <= _LATEST and 1 <= month <= 12):
        return None
    return date(year, month, 1)


def _school_year(text: str, day: date | None) -> int | None:
    if not text.strip():
        return school_year_of(day) if day else None
    found = _SCHOOL_YEAR.fullmatch(text.strip())
    if found is None or not _EARLIEST <= int(found[1]) <= _LATEST:
        return None
    first = int(found[1])
    following = str(first + 1)
    return first if found[2] is None or following.endswith(found[2]) else None


def _days(text: str) -> int | None:
    plain = text.strip().removesuffix("天").removesuffix(".0")
    return int(plain) if plain.isdecimal() and int(plain) <= _DAYS else None
