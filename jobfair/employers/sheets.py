"""Tables of positions going out: the empty template and the export."""

from jobfair.employers.columns import FIELDS
from jobfair.employers.queries import PositionRow
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.writing import Cell, Column

_TEMPLATE = (
    *("ref", "title", "employer", "credit_code", "headcount", "wage", "wage_months", "place"),
    *("address", "education", "experience", "age", "certificates", "skills", "shift", "hours"),
    *("days", "night_shift", "lodging", "meals", "insurance", "requirements", "description"),
    *("starts_on", "valid_until", "contact_name", "contact_phone"),
)
_YES_NO = ("是", "否")
_CHOICES = {
    "education": ("不限", "小学", "初中", "高中", "中专", "大专", "本科", "硕士"),
    "shift": ("白班", "两班倒", "三班倒", "夜班", "弹性工作"),
    "night_shift": _YES_NO,
    "lodging": _YES_NO,
    "meals": _YES_NO,
    "insurance": _YES_NO,
}
_AS_TEXT = frozenset({"ref", "credit_code", "contact_phone", "wage"})


def template_columns() -> list[Column]:
    """Return the columns of the empty template; their headers are the ones the import knows."""
    by_name = {field.name: field for field in FIELDS}
    return [
        Column(
            by_name[name].aliases[0],
            text=name in _AS_TEXT,
            choices=_CHOICES.get(name, ()),
        )
        for name in _TEMPLATE
    ]


def template_notes() -> list[str]:
    """Return how to fill the template in."""
    return [
        translate(N_("One position a row. Leave a cell empty when nothing is said.")),
        translate(N_("Wage: 4500-6000元/月, 200元/天, 18元/小时, 8万/年 or 面议.")),
        translate(N_("Workplace: city and district, e.g. 深圳市龙岗区.")),
        translate(
            N_("Do not ask for sex, marriage, household registration, height, looks or a photo.")
        ),
    ]


_EXPORT = (
    N_("Number"),
    N_("Job title"),
    N_("Employer"),
    N_("Number to hire"),
    N_("Wage from, yuan a month"),
    N_("Wage to, yuan a month"),
    N_("Workplace"),
    N_("Lowest age"),
    N_("Highest age"),
    N_("Years of experience"),
    N_("Status"),
    N_("Still missing"),
    N_("Open until"),
    N_("Number in the file"),
    N_("Source"),
)


def export_columns() -> list[Column]:
    """Return the columns of the export."""
    return [Column(translate(title)) for title in _EXPORT]


def export_row(row: PositionRow, words: dict[str, str]) -> list[Cell]:
    """Return a position as the export prints it."""
    return [
        row.id,
        row.title,
        row.employer_name,
        row.headcount,
        row.wage_low // 100 if row.wage_low else None,
        row.wage_high // 100 if row.wage_high else None,
        row.workplace_text,
        row.min_age,
        row.max_age,
        row.min_experience_years,
        words[row.status],
        ", ".join(words[code] for code in row.missing),
        row.valid_until.isoformat() if row.valid_until else None,
        row.source_ref,
        row.source,
    ]
