"""Reads the school columns of an intake list.

Sources of the words: technical-school tables of county offices (技工院校学生台账), the school's own
application form.
"""

import re
from datetime import date

from jobfair.kit.i18n import N_
from jobfair.kit.values.dates import Day, read_day
from jobfair.school.rules.events import Level

# Field to the headers it stands under; the first is the one of our own template.
HEADERS: dict[str, tuple[str, ...]] = {
    "intake_year": ("招生年度", "招生年份", "年级", "入学年份"),
    "applied_on": ("申请日期", "报名日期", "报名时间", "申请时间"),
    "enrolled_on": ("入学日期", "入学时间", "报到日期"),
    "major": ("专业", "专业名称", "所学专业"),
    "level": ("培养层次", "层次", "学制", "培养级别"),
    "school_class": ("班级", "班"),
    "student_number": ("学号", "学籍号"),
    "guardian_consent_on": ("监护人同意日期", "监护人同意书日期", "家长同意日期"),
    "category_valid_until": ("类别证明有效期", "证明有效期至", "贫困证明有效期"),
}

NO_MAJOR = N_("Fill in the major.")
LATE = N_("Over 30 on the day of entry: compare birth date and ID number with the card.")
USUAL_AGE = 30
NO_DAY = N_("Fill in the day of the application or of entry.")
BAD_DAY = N_("This is not a date; write it like 2010-09-08.")
BAD_YEAR = N_("The intake year is not a year; write it like 2010.")

_YEAR = re.compile(r"(?:19|20)\d{2}")


def read_level(text: str) -> Level:
    """Return the level; secondary unless the list says senior."""
    return Level.SENIOR if re.search(r"高级|senior", text, re.IGNORECASE) else Level.SECONDARY


def read_exact(text: str) -> date | None:
    """Return a day, the first of a month when no more is known.

    Raises:
        ValueError: it says something, but no day.
    """
    if not text:
        return None
    found = read_day(text)
    if not isinstance(found, Day):
        raise ValueError(BAD_DAY)  # noqa: TRY004 - what was typed is wrong, not its type
    return found.first


def read_year(text: str, *, otherwise: int | None) -> int | None:
    """Return the intake year.

    Raises:
        ValueError: it says something, but no year.
    """
    if not text:
        return otherwise
    found = _YEAR.search(text)
    if not found:
        raise ValueError(BAD_YEAR)
    return int(found[0])
