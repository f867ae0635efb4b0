"""The classification of 2022 as it ships, read once and ready to be asked."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jobfair.kit.resources import folder
from jobfair.occupations.core.evidence import SIGNS
from jobfair.occupations.core.learning import Calibration
from jobfair.occupations.core.library import Entry, Labelled
from jobfair.occupations.core.resolver import Occupations, Weighing
from jobfair.regions import codes

_CALIBRATION = ("slope", "shift", "sure_from")


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
    return tuple(Labelled(title, code) for title, code in codes.everyday_titles().items())


def _weights_file() -> Path:
    return folder("seed") / "codes" / "title_weights.csv"


@cache
def weighing() -> Weighing:
    """Return what ``jobfair occupation learn`` found."""
    with _weights_file().open(encoding="utf-8", newline="") as file:
        values = {row["name"]: float(row["value"]) for row in csv.DictReader(file)}
    return Weighing(
        tuple(values[sign] for sign in SIGNS),
        Calibration(*(values[name] for name in _CALIBRATION)),
    )


def write_weighing(found: Weighing) -> Path:
    """Write what was learnt where ``weighing`` reads it, and return the file."""
    calibration = found.calibration
    numbers = (*found.weights, calibration.slope, calibration.shift, calibration.sure_from)
    path = _weights_file()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "value"))
        names = (*SIGNS, *_CALIBRATION)
        writer.writerows((name, f"{n:.5g}") for name, n in zip(names, numbers, strict=True))
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
