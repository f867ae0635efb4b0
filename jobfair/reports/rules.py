"""What a report is: indicators folded over lists of people, laid out as a table. Pure."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from jobfair.kit.i18n import N_

UNIT_NAMES: Mapping[str, str] = {
    "人": N_("persons"),
    "人次": N_("moves"),
    "家": N_("employers"),
    "岗位": N_("posts"),
}
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named, defined number.

    Attributes:
        unit: 人 persons, 人次 moves, 家 employers, 岗位 positions or posts.
        definition: what is counted, when, and what is left out.
        broken_down: whether it is split by the dimensions of its report, or stands for the whole.
    """

    code: str
    name: str
    unit: str
    definition: str
    broken_down: bool = True


F01 = Indicator(
    "F01", N_("Employers at the fair"), "家", N_("Employers with a position there."), False
)
F02P = Indicator("F02P", N_("Positions"), "岗位", N_("Positions confirmed for the fair."), False)
F02 = Indicator("F02", N_("Posts offered"), "岗位", N_("Sum of the headcounts confirmed."), False)
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
P04 = Indicator(
    "P04",
    N_("Employed persons, confirmed"),
    "人",
    N_(
        "Of the exported persons those of whom at least one confirmation is on record: the "
        "employer's word, a follow-up, or a first day proved by a third party or the employer."
    ),
)
S01 = Indicator(
    "S01",
    N_("Students enrolled"),
    "人",
    N_("Students with an enrolment in the intake who were still on roll at day 30."),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that counts: who or what it is, where it belongs, and for how much.

    Attributes:
        dimensions: keys of its values: codes, not names, so that figures have no language.
    """

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
class Scale:
    """The values of a dimension in the order they are read: key → label."""

    name: str
    labels: Mapping[str, str]

    def label(self, key: str) -> str:
        """Return what a key is called; a dash for an unknown value."""
        return self.labels.get(key, key) or UNKNOWN

    def sorted(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return keys in reading order; those the scale does not know come last."""
        places = {key: place for place, key in enumerate(self.labels)}
        return tuple(sorted(keys, key=lambda key: (places.get(key, len(places)), key)))


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        names: the dimensions it is broken down by, in order.
        scales: of every dimension it could be broken down or filtered by.
        indicators: what it counts, also where nothing was found.
        only: the filters it was made with: dimension → keys.
        known_at: what had been recorded by then; None for now.
        choices: values found of each dimension before filtering, in reading order.
        notes: how people are counted, to be printed at the foot; message ids.
    """

    code: str
    as_of: date
    names: tuple[str, ...]
    figures: tuple[Figure, ...]
    scales: tuple[Scale, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    only: Mapping[str, Collection[str]] = field(default_factory=dict)
    known_at: datetime | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def scale(self, name: str) -> Scale:
        """Return a dimension's values; an empty scale shows keys as they are."""
        return next((s for s in self.scales if s.name == name), Scale(name, {}))

    def labels(self, figure: Figure) -> list[str]:
        """Return what a figure's dimension values are called; empty where it is not split."""
        if not figure.indicator.broken_down:
            return ["" for _name in self.names]
        pairs = zip(self.names, figure.dimensions, strict=True)
        return [self.scale(name).label(key) for name, key in pairs]

    def total(self, indicator: str) -> int:
        """Return an indicator over everything: distinct subjects, or the sum of weights."""
        return sum(f.value for f in self.figures if f.indicator.code == indicator)

    def subjects(self, indicator: str) -> tuple[int, ...]:
        """Return everybody or everything an indicator counts, each once, in order of id."""
        found = (f.subjects for f in self.figures if f.indicator.code == indicator)
        return tuple(sorted({subject for subjects in found for subject in subjects}))

    @property
    def digest(self) -> str:
        """Return a fingerprint of the figures: the same digest means the same report."""
        rows = [[f.indicator.code, *f.dimensions, f.value] for f in self.figures]
        text = json.dumps([self.code, self.as_of.isoformat(), rows], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PivotRow:
    """One row of a table: dimension values and one number for each indicator."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pivot:
    """A report as a table: dimension values down, indicators across, totals below."""

    indicators: tuple[Indicator, ...]
    rows: tuple[PivotRow, ...]
    totals: tuple[int, ...]


def pivot(report: Report) -> Pivot:
    """Lay out the indicators that are broken down, rows in the order of their scales."""
    split = tuple(i for i in report.indicators if i.broken_down)
    cells: dict[tuple[str, ...], dict[str, int]] = {}
    for figure in report.figures:
        if figure.indicator.broken_down and report.names:
            cells.setdefault(figure.dimensions, {})[figure.indicator.code] = figure.value
    scales = [report.scale(name) for name in report.names]
    places = [{key: place for place, key in enumerate(scale.labels)} for scale in scales]

    def order(keys: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
        pairs = zip(places, keys, strict=True)
        return tuple((known.get(key, len(known)), key) for known, key in pairs)

    rows = tuple(
        PivotRow(
            keys,
            tuple(scale.label(key) for scale, key in zip(scales, keys, strict=True)),
            tuple(cells[keys].get(i.code, 0) for i in split),
        )
        for keys in sorted(cells, key=order)
    )
    return Pivot(split, rows, tuple(report.total(i.code) for i in split))


def outline(table: Pivot) -> Pivot:
    """Sum up a table by its first dimension, which is what a chart has room for.

    Everybody stands in one row of an indicator, so sums of persons are persons.
    """
    found: dict[str, PivotRow] = {}
    for row in table.rows:
        key, label = row.keys[0], row.labels[0]
        held = found.get(key)
        values = row.values
        if held is not None:
            values = tuple(a + b for a, b in zip(held.values, row.values, strict=True))
        found[key] = PivotRow((key,), (label,), values)
    return Pivot(table.indicators, tuple(found.values()), table.totals)


@dataclass(frozen=True, slots=True)
class Shortened:
    """The rows a chart has room for, and the sums of the others.

    Attributes:
        left_out: how many rows the sums stand for; 0 when every row is shown.
    """

    rows: tuple[PivotRow, ...]
    left_out: int
    others: tuple[int, ...]


def shorten(table: Pivot, most: int) -> Shortened:
    """Keep the largest rows of a table in their order, at most so many; sum up the rest."""
    if len(table.rows) <= most:
        return Shortened(table.rows, 0, ())
    largest = sorted(table.rows, key=lambda row: -max(row.values, default=0))[: most - 1]
    kept = {row.keys for row in largest}
    rest = [row.values for row in table.rows if row.keys not in kept]
    shown = tuple(row for row in table.rows if row.keys in kept)
    return Shortened(shown, len(rest), tuple(map(sum, zip(*rest, strict=True))))


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


AGE_BANDS = ("<16", "16–24", "25–34", "35–44", "45–54", "55+")


def age_band(born: date, on: date) -> str:
    """Return the age band of somebody on a day: 16–24, 25–34, 35–44, 45–54, 55+ or under 16."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    for low, high in ((16, 24), (25, 34), (35, 44), (45, 54)):
        if low <= age <= high:
            return f"{low}–{high}"
    return "<16" if age < 16 else "55+"


def narrow(
    subjects: Sequence[Subject], names: Sequence[str], only: Mapping[str, Collection[str]]
) -> list[Subject]:
    """Return the subjects whose dimension values are among those asked for."""
    wanted = [(list(names).index(name), frozenset(keys)) for name, keys in only.items() if keys]
    return [s for s in subjects if all(s.dimensions[place] in keys for place, keys in wanted)]


def project(
    subjects: Sequence[Subject], names: Sequence[str], wanted: Sequence[str]
) -> list[Subject]:
    """Return the subjects with only the wanted dimensions, in the wanted order."""
    places = [list(names).index(w) for w in wanted]
    return [Subject(s.id, tuple(s.dimensions[p] for p in places), s.weight) for s in subjects]
