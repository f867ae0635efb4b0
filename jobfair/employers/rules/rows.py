"""A row of a vacancy file, field by field as text, into drafts; with why when it cannot be.

Cells stand in the wrong column, hold several facts, or hold none: what a cell says decides, not
only where it stands.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from jobfair.employers.rules import reading
from jobfair.employers.rules.drafts import (
    UNTITLED,
    EmployerDraft,
    MonthlyWage,
    PayType,
    PositionDraft,
)
from jobfair.employers.rules.identity import credit_code_fault, tidy_code
from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import tidy
from jobfair.kit.values.wages import Wage

# Read, told, and never stored: asking for them is what the rules forbid.
SET_ASIDE = ("sex", "hukou", "height", "marital", "eyesight", "ethnicity", "photo")

NO_TITLE = N_("There is no job title. Fill in the title column.")
NO_EMPLOYER = N_("There is no employer. Fill in the employer, or name one for the whole file.")

_PARTS = re.compile(r"\s*[|,，、;；/]\s*|\s{2,}")
_EXPERIENCE_EDUCATION = re.compile(
    r"^\s*(.*?)(博士|硕士|本科|大专|高中|中专/中技|中专|中技|初中及以下|初中|学历不限)?\s*$"
)
_MONTHS_OF_A_YEAR = 12
_LONGEST_TITLE = 200
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a row needs from outside.

    Attributes:
        find_place: text → division code or None.
        find_occupation: title → occupation code or None.
        has_employer: whether the whole file belongs to one employer.
        source: the file's name.
    """

    find_place: Callable[[str], str | None]
    find_occupation: Callable[[str], str | None]
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
        """Sort one piece by what it says."""
        age = "年龄" in text or "岁" in text
        if age:
            low, high = reading.ages_in_text(text)
            self.low_age, self.high_age = self.low_age or low, self.high_age or high
        elif re.search(
            r"博士|硕士|研究生|本科|大专|专科|中专|中技|技校|高职|职高|高中|初中|小学|学历", text
        ):
            self.education = self.education or reading.read_education(text)
        elif "年" in text or "经验" in text or "应届" in text or "在校" in text:
            years = reading.read_experience(text)
            self.experience = years if self.experience is None else self.experience
        elif re.fullmatch(r"招?\s*(?:\d+|若干|不限|数)\s*[人名位]?人?", text):
            self.headcount = self.headcount or reading.read_headcount(text)
        elif text:
            self.rest.append(text)


def _sort_cells(cells: Mapping[str, str]) -> _Sorted:
    """Read the three cells that real files mix up, and the one that holds them all."""
    found = _Sorted()
    if cells.get("headcount"):
        found.headcount = reading.read_headcount(cells["headcount"])
    own = cells.get("education", "")
    if own and not re.search(r"\d\s*人|若干人|招\d", own):
        found.education = reading.read_education(own)
    for part in (own, cells.get("experience", ""), *_split(cells.get("experience_education", ""))):
        found.take(part)
    if found.experience is None and cells.get("experience"):
        found.experience = reading.read_experience(cells["experience"])
    if cells.get("age"):
        found.take(f"年龄{cells['age']}")
    return found


def _split(combined: str) -> tuple[str, ...]:
    """Return the facts of a cell like 3-5年本科 or 统招本科 | 经验不限 | 年龄不限."""
    if "|" in combined:
        return tuple(part.strip() for part in combined.split("|"))
    match = _EXPERIENCE_EDUCATION.match(combined)
    return (match.group(2) or "", match.group(1)) if match else ()


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
    if not text:
        return None
    return not re.match(r"^(?:否|无|不|没|N|no|0|false)", text, re.IGNORECASE)


def _date(text: str) -> date | None:
    """Return a full date of any common form; nothing before 2000 means anything here."""
    match = re.search(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", text
    )
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return found if found and found.year >= 2000 else None


def _number(text: str, least: float, most: float) -> float | None:
    match = re.search(r"\d+(?:\.\d+)?", text)
    value = float(match.group()) if match else None
    return value if value is not None and least <= value <= most else None


def _title(cells: Mapping[str, str]) -> str:
    title = re.sub(r"\s+", " ", re.sub(r"^招聘(?=.)", "", cells["title"]))
    return title.strip()[:_LONGEST_TITLE]


def _employer(cells: Mapping[str, str], context: Context) -> EmployerDraft | None:
    name = cells.get("employer", "").rstrip(".").strip()
    if not name or context.has_employer:
        return None
    code = cells.get("credit_code", "")
    place = cells.get("employer_place") or cells.get("address", "")
    return EmployerDraft(
        name=name[:200],
        credit_code=tidy_code(code) if code and credit_code_fault(code) is None else None,
        kind=reading.read_kind(cells.get("kind", "")),
        division_code=context.find_place(place) if place else None,
        address=cells.get("address", "").lstrip("[").strip()[:200],
        contact_name=cells.get("contact_name", "")[:60],
        contact_phone=cells.get("contact_phone", "")[:30],
        source=context.source,
    )


def _workplace(cells: Mapping[str, str], context: Context) -> tuple[str | None, str]:
    candidates = (
        cells.get(name, "") for name in ("place", "place2", "place3", "district", "address")
    )
    shown = ""
    narrowest: str | None = None
    for text in candidates:
        plain = re.sub(r"^\s*\[|^上班地址\s*[:：]\s*", "", text).strip()
        if not plain:
            continue
        shown = shown or plain
        code = context.find_place(plain)
        inside = narrowest is None or (code is not None and code.startswith(narrowest))
        if code and inside:
            narrowest = code
    return narrowest, shown[:300]


def read_row(raw: Mapping[str, str], wage: Wage | None, context: Context) -> RowReading:
    """Return the drafts of a row, or why there are none.

    Args:
        raw: field name → cell text; missing fields may be left out.
        wage: what its pay columns say.
        context: places, occupations, and whose file it is.
    """
    cells = {name: tidy(text) for name, text in raw.items()}
    cells["title"] = cells.get("title") or cells.get("occupation", "")
    employer = _employer(cells, context)
    faults = []
    if not cells["title"] and not cells.get("description") and wage is None:
        faults.append(("title", NO_TITLE))
    cells["title"] = cells["title"] or UNTITLED
    if employer is None and not context.has_employer:
        faults.append(("employer", NO_EMPLOYER))
    if faults:
        return RowReading(None, None, tuple(faults))
    code = cells.get("credit_code", "")
    code_fault = credit_code_fault(code) if code else None
    notes = (code_fault,) if code_fault and not context.has_employer else ()
    return RowReading(employer, _position(cells, wage, context), (), notes)


def _position(cells: Mapping[str, str], wage: Wage | None, context: Context) -> PositionDraft:
    facts = _sort_cells(cells)
    benefits = cells.get("benefits", "")
    description = "\n".join(filter(None, (cells.get("description", ""), benefits)))
    requirements = cells.get("requirements", "")
    hours = cells.get("hours", "")
    said = reading.read_text("\n".join((requirements, description, hours, cells.get("shift", ""))))
    education = facts.education or said.education
    division, place = _workplace(cells, context)
    title = _title(cells)
    low_age, high_age = facts.low_age or said.min_age, facts.high_age or said.max_age
    if low_age and high_age and low_age > high_age:
        high_age = None
    shift = reading.read_shift(cells.get("shift", "")) or said.shift
    return PositionDraft(
        title=title,
        headcount=facts.headcount or said.headcount,
        wage=monthly_wage(wage),
        wage_text=_wage_text(cells, wage),
        pay_type=pay_type(wage),
        pay_months=wage.months if wage and wage.months != _MONTHS_OF_A_YEAR else None,
        occupation_code=context.find_occupation(title),
        hours_per_day=_number(hours, 2, 16)
        if re.fullmatch(r"[\d.]+\D{0,4}", hours)
        else said.hours_per_day,
        days_per_week=_number(cells.get("days", ""), 1, 7) or said.days_per_week,
        shift=shift,
        night_shift=_yes_no(cells.get("night_shift", ""))
        if cells.get("night_shift")
        else said.night_shift,
        height_work=said.height_work,
        restricted_for_minors=said.restricted_for_minors,
        lodging=_first(_yes_no(cells.get("lodging", "")), said.lodging),
        meals=_first(_yes_no(cells.get("meals", "")), said.meals),
        insurance=_first(_yes_no(cells.get("insurance", "")), said.insurance),
        min_education=education[0] if education else None,
        education_rank=education[1] if education else None,
        min_experience_years=_years(facts.experience, said.experience),
        min_age=low_age,
        max_age=high_age,
        certificates=_list(cells.get("certificates", "")) or said.certificates,
        skills=_skills(cells.get("skills", "")),
        requirements=requirements[:_LONGEST_TEXT],
        description=description[:_LONGEST_TEXT],
        workplace_division=division,
        workplace_text=place,
        starts_on=_date(cells.get("starts_on", "")),
        valid_until=_date(cells.get("valid_until", "")),
        dispatch=said.dispatch or "派遣" in cells.get("employment", ""),
        source_ref=(cells.get("ref") or cells.get("url") or "")[:300] or None,
    )


def _wage_text(cells: Mapping[str, str], wage: Wage | None) -> str:
    split = "-".join(filter(None, (cells.get("wage_low", ""), cells.get("wage_high", ""))))
    return (cells.get("wage") or (wage.text if wage else split))[:200]


def _first(own: bool | None, other: bool | None) -> bool | None:
    return other if own is None else own


def _years(own: int | None, other: int | None) -> int | None:
    return other if own is None else own


def _list(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _PARTS.split(text))
    return tuple(dict.fromkeys(part for part in parts if 1 < len(part) <= 40))[:20]


_NOT_SKILL = re.compile(
    r"^\d+(?:-\d+)?人|人以[上下]|少于|民营|股份制|上市公司|国企|外商独资|合资|事业单位|其它|代表处|融资|^\d+$"
)


def _skills(text: str) -> tuple[str, ...]:
    """Return the skills among tags; boards mix the employer's size and kind into them."""
    return tuple(part for part in _list(text) if not _NOT_SKILL.search(part))
