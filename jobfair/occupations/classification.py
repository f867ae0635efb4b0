"""The classification of 2022 as it ships, read once and ready to be asked."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from jobfair.kit.resources import folder
from jobfair.occupations.core.evidence import SIGNS
from jobfair.occupations.core.learning import Calibration, Scoring
from jobfair.occupations.core.library import Entry, Labelled
from jobfair.occupations.core.resolver import Occupations, Weighing
from jobfair.regions import codes

_CALIBRATION = ("slope", "calibration_shift", "sure_from")


@cache
def entries() -> tuple[Entry, ...]:
    """Return the entries with their aliases, trades and definitions."""
    defined = {row["code"]: row["definition"] for row in codes.read_rows("occupation_definitions")}
    return tuple(
        Entry(one.code, one.name, one.aliases, one.trades, defined.get(one.code, ""))
        for one in codes.occupations()
    )


@cache
def labelled_titles() -> tuple[Labelled, ...]:
    """Return recruiting titles with their occupation; noisy, right most of the time."""
    return tuple(
        Labelled(row["title"], row["occupation_code"]) for row in codes.read_rows("labelled_titles")
    )


@cache
def everyday_titles() -> tuple[Labelled, ...]:
    """Return the titles of fairs that were given their occupation by hand."""
    return tuple(
        Labelled(title, code, by_hand=True) for title, code in codes.everyday_titles().items()
    )


def _weights_file() -> Path:
    return folder("seed") / "codes" / "title_weights.csv"


@cache
def weighing() -> Weighing:
    """Return what ``jobfair occupation learn`` found."""
    with _weights_file().open(encoding="utf-8", newline="") as file:
        rows = {
            name: [float(cell) for cell in cells] for name, *cells in list(csv.reader(file))[1:]
        }
    table = np.array([rows[sign] for sign in SIGNS], dtype=np.float32)
    shift, out = (np.array(rows[name], dtype=np.float32) for name in ("shift", "out"))
    return Weighing(
        Scoring(table[:, 0], table[:, 1:], shift, out),
        Calibration(*(rows[name][0] for name in _CALIBRATION)),
    )


def write_weighing(found: Weighing) -> Path:
    """Write what was learnt where ``weighing`` reads it, and return the file.

    A row for each sign (its straight weight, then one for each unit), rows for the units' shifts
    and weights, and a row for each number of the calibration.
    """
    scoring, calibration = found.scoring, found.calibration
    rows: list[tuple[str, Iterable[float]]] = [
        (sign, (straight, *units))
        for sign, straight, units in zip(SIGNS, scoring.straight, scoring.into, strict=True)
    ]
    rows += [("shift", scoring.shift), ("out", scoring.out)]
    numbers = (calibration.slope, calibration.shift, calibration.sure_from)
    rows += [(name, (number,)) for name, number in zip(_CALIBRATION, numbers, strict=True)]
    path = _weights_file()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "values"))
        writer.writerows((name, *(f"{value:.5g}" for value in values)) for name, values in rows)
    return path


def with_learnt(learnt: Iterable[Labelled]) -> Occupations:
    """Return the classification with titles that people have corrected."""
    return Occupations(
        entries(), labelled_titles(), weighing(), given=everyday_titles(), learnt=learnt
    )


@cache
def occupations() -> Occupations:
    """Return the classification as it ships."""
    return with_learnt(())
