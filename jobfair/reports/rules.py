"""What a report is: indicators folded over lists of people. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jobfair.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named, defined number.

    Attributes:
        unit: 人 persons, 人次 moves, 家 employers, 岗位 positions or posts.
        definition: what is counted, when, and what is left out.
    """

    code: str
    name: str
    unit: str
    definition: str


F01 = Indicator("F01", N_("Employers at the fair"), "家", N_("Employers with a position there."))
F02P = Indicator("F02P", N_("Positions"), "岗位", N_("Positions confirmed for the fair."))
F02 = Indicator("F02", N_("Posts offered"), "岗位", N_("Sum of the headcounts confirmed."))
REG = Indicator(
    "REG", N_("Registered seekers"), "人", N_("Distinct people with an active registration.")
)
P02 = Indicator(
    "P02",
    N_("Exported persons"),
    "人",
    N_("Distinct people with an export placement that reached its post in the period."),
)
P03 = Indicator(
    "P03",
    N_("Export moves"),
    "人次",
    N_("Moves begun in the period; a new employer within 30 days goes on with the same move."),
)
S01 = Indicator(
    "S01",
    N_("Students enrolled"),
    "人",
    N_("Students with an enrolment in the intake who were still on roll at day 30."),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that counts: who or what it is, where it belongs, and for how much."""

    id: int
    dimensions: tuple[str, ...]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: an indicator for one combination of dimension values."""

    indicator: Indicator
    dimensions: tuple[str, ...]
    value: int
    subjects: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; ``names`` are its dimensions in order."""

    code: str
    as_of: date
    names: tuple[str, ...]
    figures: tuple[Figure, ...]

    def total(self, indicator: str) -> int:
        """Return an indicator over everything: distinct subjects, or the sum of weights."""
        return sum(f.value for f in self.figures if f.indicator.code == indicator)

    @property
    def digest(self) -> str:
        """Return a fingerprint of the figures: the same digest means the same report."""
        rows = [[f.indicator.code, *f.dimensions, f.value] for f in self.figures]
        text = json.dumps([self.code, self.as_of.isoformat(), rows], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def fold(
    indicator: Indicator, subjects: Iterable[Subject], *, distinct: bool = True
) -> list[Figure]:
    """Count subjects by their dimension values, in order of the values.

    Args:
        indicator: what is counted.
        subjects: what counts; the number is exactly what this list shows.
        distinct: each id once per cell; else the sum of weights.
    """
    cells: dict[tuple[str, ...], dict[int, int]] = {}
    for subject in subjects:
        cell = cells.setdefault(subject.dimensions, {})
        held = cell.get(subject.id, 0)
        cell[subject.id] = max(held, subject.weight) if distinct else held + subject.weight
    return [
        Figure(indicator, dims, sum(cell.values()), tuple(sorted(cell)))
        for dims, cell in sorted(cells.items())
    ]


def age_band(born: date, on: date) -> str:
    """Return the age band of somebody on a day: 16–24, 25–34, 35–44, 45–54, 55+ or under 16."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    for low, high in ((16, 24), (25, 34), (35, 44), (45, 54)):
        if low <= age <= high:
            return f"{low}–{high}"
    return "<16" if age < 16 else "55+"


def project(
    subjects: Sequence[Subject], names: Sequence[str], wanted: Sequence[str]
) -> list[Subject]:
    """Return the subjects with only the wanted dimensions, in the wanted order."""
    places = [list(names).index(w) for w in wanted]
    return [Subject(s.id, tuple(s.dimensions[p] for p in places), s.weight) for s in subjects]
