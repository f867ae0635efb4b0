"""Reads a line of a county's labour ledger: the words offices write, to codes.

Sources of the words: county labour registers (劳动力资源登记台账), the poverty register's monthly
work survey, MOHRSS item codes (AAC…, AAE…).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TypeVar

from jobfair.kit.i18n import N_
from jobfair.kit.values import counts, dates, education, people, wages
from jobfair.kit.values.reading import Unread
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.drafts import (
    WISHES_AT_MOST,
    HouseholdCategory,
    HukouKind,
    SeekerDraft,
    Wish,
    with_household,
)
from jobfair.seekers.rules.household import ODD_EXIT, read_exit_day, read_household
from jobfair.seekers.rules.identity import IdNumber
from jobfair.seekers.rules.searching import tidy_name, tidy_phone

T = TypeVar("T")

# Field to the headers it stands under; the first is the one of our own template.
HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "求职者姓名", "人员姓名", "劳动力姓名", "AAC003", "name"),
    "id_number": (
        "身份证号码",
        "身份证号",
        "身份证",
        "证件号码",
        "证件号",
        "公民身份号码",
        "AAC002",
        "AAC147",
        "id number",
    ),
    "phone": ("联系电话", "电话", "手机", "手机号码", "联系方式", "AAE005", "phone"),
    "division_code": ("行政区划代码", "区划代码", "AAB301"),
    "county": ("县（市）", "县", "县（市、区）", "区县", "户籍县"),
    "township": ("街道（乡镇）", "乡镇", "乡", "乡镇（街道）", "街道", "户籍乡镇"),
    "village": ("社区（村）", "行政村", "村", "村（社区）", "户籍村"),
    "address": ("户籍地址", "地址", "家庭住址", "户口所在地", "AAC010", "address"),
    "residence": ("常住地址", "居住地址", "现住址", "AAE006"),
    "sex": ("性别", "AAC004", "sex"),
    "ethnic_group": ("民族", "名族", "AAC005"),
    "education": ("学历", "文化程度", "AAC011", "education"),
    "hukou_kind": ("户口性质", "户籍性质", "户籍类型", "AAC009"),
    "household_category": (
        "家庭类别",
        "户类型",
        "是否建档立卡",
        "困难群体情况",
        "家庭类型",
    ),
    "household_category_since": ("类别认定时间", "认定时间"),
    "wishes": ("求职意向", "就业工种意向", "择业工种", "意向工种", "外出就业意向", "就业意向"),
    "trade": ("主要从事工种", "从事工种", "现从事工种", "工种"),
    "wage_min": ("期望月薪", "工资收入意向", "期望工资", "薪资要求"),
    "wanted_divisions": ("意向地区", "就业区域意向", "意向就业地", "工作地区"),
    "available_from": ("可到岗日期", "可上岗时间"),
    "skills": ("技能", "职业技能", "培训项目", "参加过的培训"),
    "certificates": ("职业资格等级", "现有技术等级", "职业资格证书", "证书", "AAC015"),
    "experience_years": ("从业年限", "工作年限", "从事年限"),
    "travel_group": ("同行组", "同行"),
    "only_with_group": ("整组同去", "只与同行组一起去", "同去同不去"),
    "current_job": ("就业单位", "单位名称", "务工企业名称"),
    "source_ref": ("编号",),
    "household_no": ("户编号", "户号"),
    "relation": ("与户主关系",),
    "capacity": ("劳动能力", "是否有劳动能力"),
    "exit_state": ("脱贫状态", "脱贫属性"),
    "exit_since": ("脱贫时间", "脱贫年度", "脱贫年月"),
    "collected_on": ("采集日期", "填报日期", "采集时间", "AAE036"),
    "id_kind": ("证件类型", "证件类别"),
}

_CATEGORIES = (
    (re.compile(r"未脱贫"), HouseholdCategory.REGISTERED_POOR),
    (re.compile(r"非|^否$|^无$|一般|普通|正常|^其他$"), HouseholdCategory.GENERAL),
    (re.compile(r"监测|边缘|突发|不稳定|风险"), HouseholdCategory.AT_RISK),
    (re.compile(r"已?脱贫"), HouseholdCategory.LIFTED_OUT),
    (re.compile(r"建档立卡|贫困|^是$|低保|特困"), HouseholdCategory.REGISTERED_POOR),
)
_PARTS = re.compile(r"[,，、;；/|\n]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NOTHING = frozenset({"无", "暂无", "不详"})
_PLAUSIBLE_FEN = range(300_00, 200_000_00)
_YEARS_AT_MOST = 60
# What a kind of ID is called, and how many characters its number has; a passport's is no ID number.
_ID_LENGTHS = (("残疾", (20,)), ("身份证", (15, 18)), ("护照", ()), ("通行证", ()))
# A ledger repeats the same few thousand texts; none of those cached is personal.
_MANY = 8_192

NO_NAME = N_("The name is missing.")
NO_HOME = N_("The home county cannot be told from this row; fill in county and township.")
BAD_PHONE = N_("The phone number is neither a mobile nor a landline; it was left out.")
SEX_DIFFERS = N_("The sex differs from the ID number; compare both with the card.")
LOST_PHONE = N_(
    "Excel has turned the phone number into a rounded number; it was left out. "
    'Set the column to "Text" and type it again.'
)
ODD_EDUCATION = N_("The education is not understood; it was left out.")
ODD_ETHNIC_GROUP = N_("The ethnic group is not in the list; it was left out.")
ODD_CATEGORY = N_("The household category is not understood; it was left out.")
ODD_CATEGORY_DAY = N_("The day of the household category is not a date; it was left out.")
ODD_AVAILABLE = N_("The day to start work is not a date; it was left out.")
ODD_ONLY_WITH_GROUP = N_(
    'Whether the person goes only with the whole group is neither "是" nor "否"; it was left out.'
)
ODD_WAGE = N_("The wage wanted is not understood; it was left out.")
ODD_PLACE = N_("A place wanted is not known; it was left out.")
ID_TIDIED = N_("The ID number was written another way; it was put into its usual form.")
ID_KIND_DIFFERS = N_(
    "The kind of ID does not fit the number: a resident ID card has 18 characters, a disability "
    "card 20 that begin with them. Compare both with the card."
)
WISHES_LEFT_OUT = N_("More than five occupations are wanted; the first five were taken.")


@dataclass(frozen=True, slots=True)
class Places:
    """How places, ethnic groups and occupations are found; given by the caller.

    Attributes:
        division: a text and the division to prefer, to a code of today.
        today_code: a code of any year, to today's.
        ethnic_group: a name, to its code.
        occupation: a title, to an occupation code.
        relation: to the head of the household, a name, to its code.
        default: the importing office's division, when a row names no place.
    """

    division: Callable[[str, str], str | None] = field(repr=False)
    today_code: Callable[[str], str | None] = field(repr=False)
    ethnic_group: Callable[[str], str | None] = field(repr=False)
    occupation: Callable[[str], str | None] = field(repr=False)
    relation: Callable[[str], str | None] = field(repr=False)
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a row gave: a draft, or why not; notes say what was left out of a good row."""

    draft: SeekerDraft | None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=_MANY)
def read_education(text: str) -> str | Unread | None:
    """Return the GB/T 4658 code of an education as written; None when nothing is said."""
    found = education.read_education(text)
    return found.code if isinstance(found, education.Education) else found


@lru_cache(maxsize=_MANY)
def read_category(text: str) -> str | None:
    """Return the household category of what a ledger says, None when it says nothing known."""
    return next((str(c) for shape, c in _CATEGORIES if shape.search(text)), None)


@lru_cache(maxsize=_MANY)
def read_hukou(text: str) -> str | None:
    """Return the kind of household register, None when it says nothing known."""
    if re.search(r"非农|城镇|居民|urban", text):
        return HukouKind.URBAN.value
    return HukouKind.RURAL.value if re.search(r"农|rural", text) else None


@lru_cache(maxsize=_MANY)
def read_first_day(text: str) -> date | Unread | None:
    """Return a day; a month or a year gives its first."""
    found = dates.read_day(text)
    return found.first if isinstance(found, dates.Day) else found


@lru_cache(maxsize=_MANY)
def read_wage_wanted(text: str) -> int | Unread | None:
    """Return the lower end of a wage in fen per month; None when negotiable or not said."""
    found = wages.read_wage(text)
    if not isinstance(found, wages.Wage):
        return found
    low, _high = found.monthly()
    return low if low is None or low in _PLAUSIBLE_FEN else Unread(wages.NOT_POSSIBLE)


@lru_cache(maxsize=_MANY)
def _parts(text: str) -> tuple[str, ...] | None:
    found = (part.strip() for part in _PARTS.split(text))
    return tuple(dict.fromkeys(part for part in found if part and part not in _NOTHING)) or None


@lru_cache(maxsize=_MANY)
def _years(text: str) -> int | None:
    known = counts.read_experience(text)
    if isinstance(known, counts.Experience) and known.low is not None:
        return known.low
    found = _NUMBER.search(text)
    years = round(float(found[0])) if found else -1
    return years if 0 <= years <= _YEARS_AT_MOST else None


def _phone(text: str) -> tuple[str | None, str | None]:
    """Return the digits of a phone, and what is to be told about it."""
    found = people.read_phone(text)
    if not isinstance(found, Unread):
        # An extension is no part of what is dialled and looked for.
        return (tidy_phone("-".join(found.split("-")[:2])) if found else None), None
    return None, LOST_PHONE if found.reason == people.PHONE_DAMAGED else BAD_PHONE


def _home(cells: Mapping[str, str], number: IdNumber, places: Places) -> str | None:
    """Return the home: what the row names, else the ID number's division, else the office's."""
    named = cells.get("county", "") + cells.get("township", "")
    prefer = places.default or ""
    for text in (cells.get("division_code", ""), named, cells.get("address", "")):
        code = places.division(text, prefer) if text else None
        if code and len(code) >= 6:
            return code
    code = places.today_code(number.division)
    if code and len(code) >= 6 and code.startswith(prefer):
        return code
    return prefer if len(prefer) >= 6 else code if code and len(code) >= 6 else None


def _wishes(titles: tuple[str, ...] | None, places: Places) -> tuple[Wish, ...] | None:
    if not titles:
        return None
    return tuple([Wish(t[:100], places.occupation(t)) for t in titles[:WISHES_AT_MOST]])


class _Notes:
    """Takes the values that were read and collects what is to be told of the others."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def tell(self, text: str | None) -> None:
        """Add a note, when there is one."""
        if text:
            self.texts.append(text)

    def known(self, value: T | Unread | None, otherwise: str) -> T | None:
        """Return a value; one that could not be read is told and left out."""
        if isinstance(value, Unread):
            self.texts.append(otherwise)
            return None
        return value

    def found(self, text: str, find: Callable[[str], T | None], otherwise: str) -> T | None:
        """Return what is found for a text; a text that finds nothing is told and left out."""
        value = find(text) if text else None
        if text and value is None:
            self.texts.append(otherwise)
        return value


def _wanted(text: str, places: Places, notes: _Notes) -> tuple[str, ...] | None:
    codes = [places.division(part, "") for part in _parts(text) or ()]
    if None in codes:
        notes.tell(ODD_PLACE)
    return tuple(dict.fromkeys([code for code in codes if code])) or None


def _id_kind_fault(kind: str, number: str) -> str | None:
    """Return what is to be told of a kind of ID that does not fit the number's length."""
    length = len(re.sub(r"[\s'-]", "", number))
    lengths = next((lengths for word, lengths in _ID_LENGTHS if word in kind), (length,))
    return None if length in lengths else ID_KIND_DIFFERS


def read_row(said: Mapping[str, str], places: Places, *, today: date) -> Read:
    """Return the draft of a row, or every reason why there is none.

    Args:
        said: tidied texts by field name; a field that is empty may be left out.
        places: how places, ethnic groups and occupations are found.
        today: the day on which ID numbers must be possible.
    """
    cells = {name: text for name, text in said.items() if text and text not in _NOTHING}
    number = IdNumber.read(cells.get("id_number", ""), today=today)
    name = tidy_name(cells.get("name", ""))[:50]
    if isinstance(number, str) or not name:
        faults = (number if isinstance(number, str) else None, None if name else NO_NAME)
        return Read(None, tuple(text for text in faults if text))
    sex = people.read_sex(cells.get("sex", ""))
    home = _home(cells, number, places)
    wrong = tuple(
        text
        for text in (
            SEX_DIFFERS if isinstance(sex, str) and sex != number.sex else None,
            None if home else NO_HOME,
        )
        if text
    )
    if wrong or home is None:
        return Read(None, wrong)
    # 无 says something of the ability to work, and nothing elsewhere.
    return _good_row(cells | _answer(said), name, number, home, places)


def _answer(said: Mapping[str, str]) -> dict[str, str]:
    return {"capacity": said["capacity"]} if said.get("capacity") else {}


def read_category_of(said: Mapping[str, str]) -> str | None:
    """Return the household category of a row; its exit from poverty says it where nothing does."""
    return read_category(said.get("household_category") or said.get("exit_state") or "")


def _good_row(
    cells: Mapping[str, str], name: str, number: IdNumber, home: str, places: Places
) -> Read:
    notes = _Notes()
    text = cells.get
    if cells["id_number"] != number.text:
        notes.tell(ID_TIDIED)
    phone, fault = _phone(text("phone", ""))
    notes.tell(fault)
    notes.tell(_id_kind_fault(text("id_kind", ""), cells["id_number"]))
    household, told = read_household(cells, places.relation)
    category = read_category_of(cells)
    if text("household_category") and category is None:
        notes.tell(ODD_CATEGORY)
    elif text("exit_state") and category is None and household.exit_state is None:
        notes.tell(ODD_EXIT)
    titles = _parts(text("wishes", "")) or _parts(text("trade", ""))
    if titles and len(titles) > WISHES_AT_MOST:
        notes.tell(WISHES_LEFT_OUT)
    draft = SeekerDraft(
        name=name,
        id_number=number,
        home_division=home,
        phone=phone,
        address=(text("residence") or text("address", ""))[:200] or None,
        village=text("village", "")[:100] or None,
        ethnic_group=notes.found(text("ethnic_group", ""), places.ethnic_group, ODD_ETHNIC_GROUP),
        education=notes.known(read_education(text("education", "")), ODD_EDUCATION),
        hukou_kind=read_hukou(text("hukou_kind", "")),
        household_category=category,
        household_category_since=notes.known(_category_since(cells, category), ODD_CATEGORY_DAY),
        experience_years=_years(text("experience_years", "")),
        skills=_parts(text("skills", "")),
        certificates=_parts(text("certificates", "")),
        wage_min=notes.known(read_wage_wanted(text("wage_min", "")), ODD_WAGE),
        wanted_divisions=_wanted(text("wanted_divisions", ""), places, notes),
        available_from=notes.known(read_first_day(text("available_from", "")), ODD_AVAILABLE),
        travel_group=text("travel_group", "")[:60] or None,
        only_with_group=notes.known(
            people.read_yes_no(text("only_with_group", "")), ODD_ONLY_WITH_GROUP
        ),
        wishes=_wishes(titles, places),
        current_job=text("current_job", "")[:100] or None,
        consent_version=consent.LEDGER.version,
        source_ref=text("source_ref", "")[:100] or None,
    )
    return Read(with_household(draft, household), (), (*notes.texts, *told))


def _category_since(cells: Mapping[str, str], category: str | None) -> date | Unread | None:
    """Return from when the category holds; who was lifted out is so since the exit."""
    said = read_first_day(cells.get("household_category_since", ""))
    if said is None and category == HouseholdCategory.LIFTED_OUT:
        day = read_exit_day(cells.get("exit_since", ""))
        return read_first_day(day) if isinstance(day, str) else None
    return said
