"""How likely a column of cells is of a kind, for columns without a usable header."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum

from jobfair.kit.values.counts import Experience, read_experience
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.education import Education, read_education
from jobfair.kit.values.people import IdText, read_ethnic_group, read_id_number, read_phone
from jobfair.kit.values.reading import tidy
from jobfair.kit.values.wages import Wage, read_wage


class Kind(StrEnum):
    """What the cells of a column can be."""

    WAGE = "wage"
    CITY = "city"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    COMPANY = "company"
    TITLE = "title"
    DATE = "date"
    URL = "url"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    NAME = "name"
    SEX = "sex"
    ETHNIC = "ethnic"
    HEADCOUNT = "headcount"


_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_WAGE_MARK = re.compile(r"[千万kw元薪议谈]|^\d{3,6}\s*[-~—至]\s*\d{3,6}$", re.IGNORECASE)
_COMPANY = re.compile(
    r"公司|集团|工厂|[厂店行社部所院]$|中心|工作室|企业|事务所|经营部|个体|商行|有限|合作社|科技|"
    r"\b(?:Ltd|Inc|Co)\b"
)
_CITY = re.compile(
    r"^(?:北京|上海|天津|重庆|深圳|广州|东莞|佛山|惠州|珠海|中山|成都|杭州|南京|苏州|无锡|宁波|武汉|长沙|"
    r"西安|郑州|青岛|济南|大连|沈阳|厦门|福州|合肥|昆明|贵阳|毕节|遵义|都匀|黔南|南昌|南宁|哈尔滨|长春|"
    r"石家庄|太原|海口|常州|温州|嘉兴|异地|远程|全国)"
    r"|^[\u4e00-\u9fff]{2,8}(?:省|市|自治区|州|县|区|镇|乡)(?:$|[-·\s\u4e00-\u9fff])"
)
_TITLE = re.compile(
    r"工程师|经理|主管|专员|助理|普工|操作工|员$|员[\s(/、]|师$|师[\s(/、]|工$|工[\s(/、]|总监|司机|文员|"
    r"销售|会计|顾问|客服|技术|开发|设计|运营|代表|实习|厨|店长|老师|教师|保安|保洁|"
    r"java|python|engineer|\bC\+\+",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,6})?")
_YEARS_MARK = re.compile(r"年|经验|应届|在校|实习|year", re.IGNORECASE)
_DATE_MARK = re.compile(r"\d{4}|月\d")
_BARE_COUNT = re.compile(r"\d{1,3}|若干")
_HEADCOUNT = re.compile(r"招?\s*(?:\d{1,4}|若干|不限|数)\s*[人名位]+")


def _wage(text: str) -> bool:
    return len(text) < 30 and bool(_WAGE_MARK.search(text)) and isinstance(read_wage(text), Wage)


def _date(text: str) -> bool:
    return len(text) < 24 and isinstance(read_day(text, 2000), Day) and not text.isdecimal()


def _education(text: str) -> bool:
    return len(text) < 40 and isinstance(read_education(text), Education) and not text.isdecimal()


def _experience(text: str) -> bool:
    plain = len(text) < 40 and isinstance(read_experience(text), Experience)
    return plain and bool(_YEARS_MARK.search(text)) and not _DATE_MARK.search(text)


def _company(text: str) -> bool:
    return 3 <= len(text) <= 50 and bool(_COMPANY.search(text)) and "|" not in text


def _title(text: str) -> bool:
    return len(text) <= 60 and bool(_TITLE.search(text)) and not _COMPANY.search(text[-4:])


def _city(text: str) -> bool:
    return len(text) <= 30 and bool(_CITY.match(text)) and "公司" not in text


_TESTS: dict[Kind, Callable[[str], bool]] = {
    Kind.WAGE: _wage,
    Kind.CITY: _city,
    Kind.EDUCATION: _education,
    Kind.EXPERIENCE: _experience,
    Kind.COMPANY: _company,
    Kind.TITLE: _title,
    Kind.DATE: _date,
    Kind.URL: lambda text: bool(_URL.match(text)),
    Kind.ID_NUMBER: lambda text: isinstance(read_id_number(text), IdText),
    Kind.PHONE: lambda text: isinstance(read_phone(text), str),
    Kind.NAME: lambda text: bool(_NAME.fullmatch(text)) and not _city(text) and not _title(text),
    Kind.SEX: lambda text: text in {"男", "女"},
    Kind.ETHNIC: lambda text: text.endswith("族") and isinstance(read_ethnic_group(text), str),
    Kind.HEADCOUNT: lambda text: bool(_HEADCOUNT.fullmatch(text)),
}


def likelihood(kind: Kind, cells: Iterable[str]) -> float:
    """Return the share of the filled cells that look like a kind, 0 when none is filled."""
    test = _TESTS[kind]
    filled = [text for cell in cells if (text := tidy(cell))]
    if kind is Kind.HEADCOUNT and any(map(test, filled)):
        # Bare numbers are people where some of the column say so: 50, 5人, 若干.
        filled = [f"{text}人" if _BARE_COUNT.fullmatch(text) else text for text in filled]
    return sum(map(test, filled)) / len(filled) if filled else 0.0
