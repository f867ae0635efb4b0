"""Reads a line of a county's labour ledger: the words offices write, to codes.

Sources of the words: county labour registers (劳动力资源登记台账), the poverty register's monthly
work survey, MOHRSS item codes (AAC…, AAE…).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from jobfair.kit.i18n import N_
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.drafts import (
    WISHES_AT_MOST,
    HouseholdCategory,
    HukouKind,
    SeekerDraft,
    Wish,
)
from jobfair.seekers.rules.identity import IdNumber, id_number_fault
from jobfair.seekers.rules.searching import tidy_name, tidy_phone

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
        "脱贫状态",
        "是否建档立卡",
        "困难群体情况",
        "家庭类型",
    ),
    "household_category_since": ("类别认定时间", "脱贫时间", "认定时间"),
    "wishes": ("求职意向", "就业工种意向", "择业工种", "意向工种", "外出就业意向", "就业意向"),
    "trade": ("主要从事工种", "从事工种", "现从事工种", "工种"),
    "wage_min": ("期望月薪", "工资收入意向", "期望工资", "薪资要求"),
    "wanted_divisions": ("意向地区", "就业区域意向", "意向就业地", "工作地区"),
    "available_from": ("可到岗日期", "可上岗时间"),
    "skills": ("技能", "职业技能", "培训项目", "参加过的培训"),
    "certificates": ("职业资格等级", "现有技术等级", "职业资格证书", "证书", "AAC015"),
    "experience_years": ("从业年限", "工作年限", "从事年限"),
    "travel_group": ("同行组", "同行"),
    "current_job": ("就业单位", "单位名称", "务工企业名称"),
    "source_ref": ("编号", "户编号"),
}

_EDUCATION = (
    (re.compile(r"博士|硕士|研究生"), "10"),
    (re.compile(r"本科|学士|^大学$"), "21"),
    (re.compile(r"大专|专科|高职|高等职业"), "31"),
    (re.compile(r"职业高中|职高"), "44"),
    (re.compile(r"技工|技校"), "47"),
    (re.compile(r"中专|中技|中等|中职"), "41"),
    (re.compile(r"高中|高级中学"), "61"),
    (re.compile(r"初中|初级中学|普通中学"), "71"),
    (re.compile(r"小学"), "81"),
    (re.compile(r"文盲|半文盲|未上学|其他|无"), "90"),
)
# MOHRSS AAC011 codes that differ from GB/T 4658 as written in files.
_EDUCATION_CODES = {
    "10": "10",
    "11": "10",
    "14": "10",
    "20": "21",
    "21": "21",
    "30": "31",
    "31": "31",
    "40": "41",
    "41": "41",
    "44": "44",
    "47": "47",
    "60": "61",
    "61": "61",
    "70": "71",
    "71": "71",
    "80": "81",
    "81": "81",
    "90": "90",
}
_CATEGORIES = (
    (re.compile(r"未脱贫"), HouseholdCategory.REGISTERED_POOR),
    (re.compile(r"非|^否$|^无$|一般|普通|正常|^其他$"), HouseholdCategory.GENERAL),
    (re.compile(r"监测|边缘|突发|不稳定|风险"), HouseholdCategory.AT_RISK),
    (re.compile(r"已?脱贫"), HouseholdCategory.LIFTED_OUT),
    (re.compile(r"建档立卡|贫困|^是$|低保|特困"), HouseholdCategory.REGISTERED_POOR),
)
_SEXES = {"男": "1", "女": "2", "1": "1", "2": "2", "男性": "1", "女性": "2"}
_PARTS = re.compile(r"[,，、;；/|\n]+")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?")
_NOTHING = frozenset({"", "无", "-", "--", "/", "\\", "null", "none", "N/A", "暂无", "不详"})
_FEN = 100
_WAN = 10_000
_PLAUSIBLE_WAGE = range(300, 200_000)

NO_NAME = N_("The name is missing.")
NO_HOME = N_("The home county cannot be told from this row; fill in county and township.")
BAD_PHONE = N_("The phone number is neither a mobile nor a landline; it was left out.")
SEX_DIFFERS = N_("The sex differs from the ID number; compare both with the card.")
ODD_EDUCATION = N_("The education is not understood; it was left out.")


@dataclass(frozen=True, slots=True)
class Places:
    """How places, ethnic groups and occupations are found; given by the caller.

    Attributes:
        division: a text and the division to prefer, to a code of today.
        today_code: a code of any year, to today's.
        ethnic_group: a name, to its code.
        occupation: a title, to an occupation code.
        default: the importing office's division, when a row names no place.
    """

    division: Callable[[str, str], str | None] = field(repr=False)
    today_code: Callable[[str], str | None] = field(repr=False)
    ethnic_group: Callable[[str], str | None] = field(repr=False)
    occupation: Callable[[str], str | None] = field(repr=False)
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What a row gave: a draft, or why not; notes say what was left out of a good row."""

    draft: SeekerDraft | None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def plain(value: object) -> str:
    """Return a cell's text, normalised; words that mean nothing give an empty text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return "" if text in _NOTHING else text


def read_education(text: str) -> str | None:
    """Return the GB/T 4658 code of an education as written, None when it says nothing known."""
    if text in _EDUCATION_CODES:
        return _EDUCATION_CODES[text]
    return next((code for shape, code in _EDUCATION if shape.search(text)), None)


def read_category(text: str) -> str | None:
    """Return the household category of what a ledger says, None when it says nothing known."""
    return next((str(c) for shape, c in _CATEGORIES if shape.search(text)), None)


def read_hukou(text: str) -> str | None:
    """Return the kind of household register, None when it says nothing known."""
    if re.search(r"非农|城镇|居民|urban", text):
        return HukouKind.URBAN.value
    return HukouKind.RURAL.value if re.search(r"农|rural", text) else None


def read_day(text: str) -> date | None:
    """Return a day written with dashes, dots, slashes or 年月日; a month gives its first day."""
    found = _DAY.match(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None


def read_wage(text: str) -> int | None:
    """Return the lower end of a monthly wage in fen; None when negotiable or not plausible."""
    numbers = [float(n) for n in _NUMBER.findall(text.replace(",", ""))]
    if not numbers:
        return None
    lowest = numbers[0]
    if "万" in text and lowest < 100:
        lowest *= _WAN
    elif re.search(r"千|[kK]", text) and lowest < 100:
        lowest *= 1000
    if "年" in text:
        lowest /= 12
    return round(lowest) * _FEN if round(lowest) in _PLAUSIBLE_WAGE else None


def _parts(text: str) -> tuple[str, ...] | None:
    found = tuple(dict.fromkeys(p.strip() for p in _PARTS.split(text) if plain(p)))
    return found or None


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


def _wishes(cells: Mapping[str, str], places: Places) -> tuple[Wish, ...] | None:
    titles = _parts(cells.get("wishes", "")) or _parts(cells.get("trade", ""))
    if not titles:
        return None
    return tuple(Wish(t[:100], places.occupation(t)) for t in titles[:WISHES_AT_MOST])


def _wanted(text: str, places: Places) -> tuple[str, ...] | None:
    codes = (places.division(part, "") for part in _parts(text) or ())
    return tuple(dict.fromkeys(code for code in codes if code)) or None


def _years(text: str) -> int | None:
    found = _NUMBER.search(text)
    years = round(float(found[0])) if found else -1
    return years if 0 <= years <= 60 else None


def read_row(raw: Mapping[str, object], places: Places, *, today: date) -> Read:
    """Return the draft of a row by field names, or every reason why there is none."""
    cells = {name: plain(value) for name, value in raw.items()}
    fault = id_number_fault(cells.get("id_number", ""), today=today)
    if fault or not cells.get("name"):
        faults = (fault, None if cells.get("name") else NO_NAME)
        return Read(None, tuple(text for text in faults if text))
    number = IdNumber.parse(cells["id_number"], today=today)
    sex = _SEXES.get(cells.get("sex", ""))
    home = _home(cells, number, places)
    faults = (
        SEX_DIFFERS if sex and sex != number.sex else None,
        None if home else NO_HOME,
    )
    wrong = tuple(text for text in faults if text)
    if wrong or home is None:
        return Read(None, wrong)
    phone = tidy_phone(cells.get("phone", ""))
    dialled = bool(_PHONE.fullmatch(phone))
    education = read_education(cells.get("education", ""))
    notes = (
        BAD_PHONE if phone and not dialled else None,
        ODD_EDUCATION if cells.get("education") and not education else None,
    )
    draft = SeekerDraft(
        name=tidy_name(cells["name"])[:50],
        id_number=number,
        home_division=home,
        phone=phone if dialled else None,
        address=(cells.get("residence") or cells.get("address") or "")[:200] or None,
        village=cells.get("village", "")[:100] or None,
        ethnic_group=places.ethnic_group(cells.get("ethnic_group", "")),
        education=education,
        hukou_kind=read_hukou(cells.get("hukou_kind", "")),
        household_category=read_category(cells.get("household_category", "")),
        household_category_since=read_day(cells.get("household_category_since", "")),
        experience_years=_years(cells.get("experience_years", "")),
        skills=_parts(cells.get("skills", "")),
        certificates=_parts(cells.get("certificates", "")),
        wage_min=read_wage(cells.get("wage_min", "")),
        wanted_divisions=_wanted(cells.get("wanted_divisions", ""), places),
        available_from=read_day(cells.get("available_from", "")),
        travel_group=cells.get("travel_group", "")[:60] or None,
        wishes=_wishes(cells, places),
        current_job=cells.get("current_job", "")[:100] or None,
        consent_version=consent.LEDGER.version,
        source_ref=cells.get("source_ref", "")[:100] or None,
    )
    return Read(draft, (), tuple(text for text in notes if text))
