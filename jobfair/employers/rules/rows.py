"""A row of a vacancy file, field by field as text, into drafts; with why when it cannot be.

Cells stand in the wrong column, hold several facts, or hold none: what a cell says decides, not
only where it stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from jobfair.employers.rules import reading
from jobfair.employers.rules.drafts import (
    UNTITLED,
    EmployerDraft,
    MonthlyWage,
    PayType,
    PositionDraft,
)
from jobfair.employers.rules.identity import credit_code_fault, tidy_code
from jobfair.employers.rules.requirements import asks_schooling
from jobfair.kit.i18n import N_
from jobfair.kit.values import counts
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.people import read_yes_no
from jobfair.kit.values.reading import Unread, tidy
from jobfair.kit.values.terms import Vocabulary
from jobfair.kit.values.wages import Wage

# Read, told, and never stored: asking for them is what the rules forbid.
SET_ASIDE = ("sex", "hukou", "height", "marital", "eyesight", "ethnicity", "photo")

NO_TITLE = N_("There is no job title. Fill in the title column.")
NO_EMPLOYER = N_("There is no employer. Fill in the employer, or name one for the whole file.")

_PARTS = re.compile(r"\s*[|,，、;；/]\s*|\s{2,}")
_PIECES = re.compile(r"[|,，;；\[\]'\"]+|\s{2,}")
_LEVEL = re.compile(
    r"博士|硕士|研究生|本科|大专|专科|中专|中技|技校|高职|职高|高中|初中|小学|学历|学歷"
)
_YEARS = re.compile(r"年|经验|經驗|应届|在校|year|experience", re.IGNORECASE)
_PEOPLE = re.compile(r"招?\s*(?:\d+|若干|不限|数)\s*[人名位]")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
_PLACE_MARKS = re.compile(r"^[\s\['\"]*(?:(?:上班|工作)?(?:地址|地点)\s*[:：]\s*)?")
# Dates that name no day, and say so.
_OPEN_DATES = re.compile(r"长期|随时|即[日刻时]|立即|尽快|不限|面议|待定|商议|另行")
_MONTHS_OF_A_YEAR = 12
_FIRST_YEAR = 2000
_LONGEST_TITLE = 200
_LONGEST_TEXT = 20_000


_PROSE = ("requirements", "description", "benefits", "experience_education")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a row needs from outside.

    Attributes:
        find_place: text → division code or None.
        vocabulary: which tags of a board are skills.
        has_employer: whether the whole file belongs to one employer.
        source: the file's name.
    """

    find_place: Callable[[str], str | None]
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(()))
    has_employer: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class RowReading:
    """What a row says.

    Attributes:
        employer: who offers it, None when the whole file belongs to one employer.
        position: the draft; None when the row is refused.
        faults: (field, msgid) of what refuses it.
        notes: msgids of what was left out of a row that goes in.
    """

    employer: EmployerDraft | None
    position: PositionDraft | None
    faults: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sorted:
    """Schooling, experience and headcount, whichever of their cells they stood in."""

    education: tuple[str, int] | None = None
    experience: int | None = None
    headcount: int | None = None
    low_age: int | None = None
    high_age: int | None = None
    rest: list[str] = field(default_factory=list)

    def take(self, text: str) -> None:
        """Sort one piece by what it says; a piece like 3-5年本科 says two things."""
        known = False
        if "年龄" in text or "岁" in text:
            low, high = reading.ages(text)
            self.low_age, self.high_age = self.low_age or low, self.high_age or high
            return
        if _LEVEL.search(text):
            self.education = self.education or reading.schooling(text)
            known = True
        if _YEARS.search(text):
            years = reading.years(text)
            self.experience = years if self.experience is None else self.experience
            known = True
        if _PEOPLE.fullmatch(text):
            self.headcount = self.headcount or reading.people(text)
            known = True
        if text and not known:
            self.rest.append(text)


def _sort_cells(cells: Mapping[str, str]) -> _Sorted:
    """Read the three cells that real files mix up, and the one that holds them all."""
    found = _Sorted()
    if cells.get("headcount"):
        found.headcount = reading.people(cells["headcount"])
    own = cells.get("education", "")
    if own and not re.search(r"\d\s*人|若干人|招\d", own):
        found.education = reading.schooling(own)
    for part in (own, cells.get("experience", ""), *_split(cells.get("experience_education", ""))):
        found.take(part)
    if found.experience is None and cells.get("experience"):
        found.experience = reading.years(cells["experience"])
    age = cells.get("age") or "-".join(filter(None, (cells.get("age_low"), cells.get("age_high"))))
    if age:
        found.take(f"年龄{age}")
    return found


def _split(combined: str) -> tuple[str, ...]:
    """Return the facts of a cell like 统招本科 | 经验不限 | 年龄不限."""
    return tuple(part.strip() for part in _PIECES.split(combined) if part.strip())


def monthly_wage(wage: Wage | None) -> MonthlyWage | None:
    """Return a wage as a range per month; one open end takes the other's figure."""
    if wage is None or wage.negotiable:
        return None
    low, high = wage.monthly()
    ends = [end for end in (low, high) if end]
    return MonthlyWage(min(ends), max(ends)) if ends else None


def pay_type(wage: Wage | None) -> PayType | None:
    """Return what a wage is counted by."""
    if wage is None:
        return None
    if wage.pay_type in {"piece", "session"}:
        return PayType.PIECE
    return PayType.NEGOTIABLE if wage.negotiable else PayType(wage.pay_type)


def _yes_no(text: str) -> bool | None:
    """Return what a cell of a yes-or-no column says; words that are no denial say yes."""
    said = read_yes_no(text)
    if not isinstance(said, Unread):
        return said
    if _OPEN_DATES.search(text):
        return None
    return not re.match(r"否|无|不|没|未|自理|N", text, re.IGNORECASE)


def _offered(text: str, said: Callable[[str], bool | None]) -> bool | None:
    """Return whether a cell like 包吃不包住 offers what ``said`` looks for."""
    found = said(text)
    return _yes_no(text) if found is None else found


def _day(text: str) -> Day | Unread | None:
    """Return the day a cell names; nothing before 2000 means anything here."""
    found = None if _OPEN_DATES.search(text) else read_day(text)
    return None if isinstance(found, Day) and found.first.year < _FIRST_YEAR else found


def _first_of(day: Day | Unread | None) -> date | None:
    return day.first if isinstance(day, Day) else None


def _last_of(day: Day | Unread | None) -> date | None:
    return day.last if isinstance(day, Day) else None


def _number(text: str, least: float, most: float) -> float | None:
    match = re.search(r"\d+(?:\.\d+)?", text)
    value = float(match.group()) if match else None
    return value if value is not None and least <= value <= most else None


# 招聘 before a title is the board's; in 招聘专员 it is the work.
_CALL = re.compile(
    r"^招聘\s*(?!$|\s*(?:专员|专家|经理|主管|主任|顾问|助理|实习|总监|负责|岗|HR|BP|培训|运营|与|及|/|和|组长|文员|客服))"
)


def _title(cells: Mapping[str, str]) -> str:
    title = re.sub(r"\s+", " ", _CALL.sub("", cells["title"]))
    return title.strip(" /、,，;；|-_:：")[:_LONGEST_TITLE]


def _employer(cells: Mapping[str, str], context: Context) -> EmployerDraft | None:
    name = cells.get("employer", "").rstrip(".").strip()
    if not name or context.has_employer:
        return None
    code = cells.get("credit_code", "")
    place = cells.get("employer_place") or cells.get("address", "")
    contact, phone = cells.get("contact_name", ""), cells.get("contact_phone", "")
    if not phone and (found := _PHONE.search(contact)):
        phone = found.group()
        contact = contact.replace(phone, "").strip(" ,，;；/:：()（）电话")
    return EmployerDraft(
        name=name[:200],
        credit_code=tidy_code(code) if code and credit_code_fault(code) is None else None,
        kind=reading.read_kind(cells.get("kind") or cells.get("tags", "")),
        division_code=context.find_place(place) if place else None,
        address=cells.get("address", "").lstrip("[").strip()[:200],
        contact_name=contact[:60],
        contact_phone=phone[:30],
        source=context.source,
    )


def _workplace(
    cells: Mapping[str, str], unsorted: list[str], context: Context
) -> tuple[str | None, str]:
    """Return the narrowest division the places of a row name, and the places as written."""
    names = ("place", "place2", "place3", "district", "address")
    texts = [cells.get(name, "") for name in names]
    if not any(texts):
        # 上海-浦东新区 | 3-4年 | 本科: the board's one cell for all.
        texts = [part for part in unsorted if context.find_place(part)][:1]
    shown: list[str] = []
    for text in texts:
        plain = _PLACE_MARKS.sub("", text).strip()
        if plain and not any(plain in other for other in shown):
            shown.append(plain)
    whole = " ".join(shown)
    narrowest: str | None = None
    # Each alone, then all as one text: 南山区 beside 深圳 is not the 南山区 of another city.
    for text in (*shown, whole):
        code = context.find_place(text) if text else None
        if code and (narrowest is None or code.startswith(narrowest)):
            narrowest = code
    return narrowest, whole[:300]


def read_row(raw: Mapping[str, str], wage: Wage | None, context: Context) -> RowReading:
    """Return the drafts of a row, or why there are none.

    Args:
        raw: field name → cell text; missing fields may be left out.
        wage: what its pay columns say.
        context: places, skills, and whose file it is.
    """
    cells = {name: tidy(text) for name, text in raw.items()}
    cells |= {name: reading.prose(cells[name]) for name in _PROSE if cells.get(name)}
    cells["title"] = cells.get("title") or cells.get("occupation", "")
    employer = _employer(cells, context)
    faults = []
    if not cells["title"] and not cells.get("description") and wage is None:
        faults.append(("title", NO_TITLE))
    cells["title"] = _title(cells) or UNTITLED
    if employer is None and not context.has_employer:
        faults.append(("employer", NO_EMPLOYER))
    if faults:
        return RowReading(None, None, tuple(faults))
    return RowReading(employer, _position(cells, wage, context), (), tuple(_notes(cells, context)))


def _notes(cells: Mapping[str, str], context: Context) -> Iterator[str]:
    """Give what was left out of a row that goes in."""
    code = cells.get("credit_code", "")
    fault = credit_code_fault(code) if code else None
    if fault and not context.has_employer:
        yield fault
    if counts.read_headcount(cells.get("headcount", "")) == Unread(counts.HEADCOUNT_NOT_POSSIBLE):
        yield counts.HEADCOUNT_NOT_POSSIBLE
    days = (_day(cells.get(name, "")) for name in ("starts_on", "valid_until"))
    yield from dict.fromkeys(day.reason for day in days if isinstance(day, Unread))


def _position(cells: Mapping[str, str], wage: Wage | None, context: Context) -> PositionDraft:
    facts = _sort_cells(cells)
    description = "\n".join(filter(None, (cells.get(name) for name in ("description", "benefits"))))
    requirements = cells.get("requirements", "")
    hours, title = cells.get("hours", ""), cells["title"]
    texts = (
        title,
        requirements,
        description,
        cells.get("skills", ""),
        cells.get("tags", ""),
        hours,
        cells.get("shift", ""),
    )
    said = reading.read_text("\n".join(texts), title)
    education = facts.education
    # Boards fill 不限 in for whoever says nothing there; what the text demands then holds.
    if education and not education[1] and _asks_schooling(requirements, description, title):
        education = None
    division, place = _workplace(cells, facts.rest, context)
    low_age, high_age = facts.low_age, facts.high_age
    if low_age and high_age and low_age > high_age:
        high_age = None
    lodging, meals = cells.get("lodging", ""), cells.get("meals", "")
    return PositionDraft(
        title=title,
        headcount=facts.headcount or said.headcount,
        wage=monthly_wage(wage),
        wage_text=_wage_text(cells, wage),
        pay_type=pay_type(wage),
        pay_months=wage.months if wage and wage.months != _MONTHS_OF_A_YEAR else None,
        hours_per_day=_number(hours, 2, 16)
        if re.fullmatch(r"[\d.]+\D{0,4}", hours)
        else said.hours_per_day,
        days_per_week=_number(cells.get("days", ""), 1, 7) or said.days_per_week,
        shift=reading.read_shift(cells.get("shift", "")) or said.shift,
        night_shift=_own(_yes_no(cells.get("night_shift", "")), _night_by_columns(cells)),
        lodging=_own(_offered(lodging, reading.lodging_in), said.lodging),
        meals=_own(_offered(meals, reading.meals_in), said.meals),
        insurance=_own(_yes_no(cells.get("insurance", "")), said.insurance),
        min_education=education[0] if education else None,
        education_rank=education[1] if education else None,
        min_experience_years=facts.experience,
        min_age=low_age,
        max_age=high_age,
        certificates=_certificates(cells, context.vocabulary),
        skills=_skills(cells, context.vocabulary),
        requirements=requirements[:_LONGEST_TEXT],
        description=description[:_LONGEST_TEXT],
        workplace_division=division,
        workplace_text=place,
        starts_on=_first_of(_day(cells.get("starts_on", ""))),
        valid_until=_last_of(_day(cells.get("valid_until", ""))),
        dispatch="派遣" in cells.get("employment", ""),
        source_ref=(cells.get("ref") or cells.get("url") or "")[:300] or None,
    )


def _asks_schooling(requirements: str, description: str, title: str) -> bool:
    return asks_schooling(requirements, title) or asks_schooling(description, title)


def _wage_text(cells: Mapping[str, str], wage: Wage | None) -> str:
    split = "-".join(filter(None, (cells.get("wage_low", ""), cells.get("wage_high", ""))))
    return (cells.get("wage") or (wage.text if wage else split))[:200]


def _own(own: T | None, other: T | None) -> T | None:
    """Return what the column says, or the text where the column says nothing."""
    return other if own is None else own


def _list(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _PARTS.split(text))
    return tuple(dict.fromkeys(part for part in parts if 1 < len(part) <= 40))[:20]


_NOT_SKILL = re.compile(
    r"^\d+(?:-\d+)?人|人以[上下]|少于|[全兼]职$|民营|股份制|上市|国企|港澳台|外商独资|合资|事业单位|其[它他]|代表处|融资|^\d+$|^[A-D]轮"
    r"|包吃|包住|食宿|住宿|[五六]险|社保|补[贴助]|餐补|房补|奖$|奖金|年假|旅游|体检|[双单]休|福利|提成|班车|预支|[日周月]结|灵活"
    r"|弹性|晋升|加班|底薪|期权|股票|年薪|宿舍|长白班|培训$|不限"
)


def _night_by_columns(cells: Mapping[str, str]) -> bool | None:
    return reading.night_in("\n".join(cells.get(name, "") for name in ("shift", "hours", "tags")))


def _certificates(cells: Mapping[str, str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the certificates of their own column, or of that of skills: there 健康证 asks, too."""
    own = (part for part in _list(cells.get("certificates", "")) if not _NONE.match(part))
    skills = _list(cells.get("skills", ""))
    return tuple(own) or tuple(part for part in skills if _is_certificate(part, vocabulary))


def _is_certificate(text: str, vocabulary: Vocabulary) -> bool:
    term = vocabulary.term(text)
    return term is not None and term.kind == "certificate"


_NONE = re.compile(r"无|不限|不要求|没有")


def _skills(cells: Mapping[str, str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the skills of their column, and those among the tags of a board.

    Boards mix benefits, the trade and the employer's size into their tags: what no term is called
    is none. A certificate among them is wished rather than demanded, and counts as a skill does.
    """
    own = (
        part
        for part in _list(cells.get("skills", ""))
        if not (_NOT_SKILL.search(part) or _is_certificate(part, vocabulary))
    )
    tags = (term.name for tag in _list(cells.get("tags", "")) if (term := vocabulary.term(tag)))
    return tuple(dict.fromkeys((*own, *tags)))
