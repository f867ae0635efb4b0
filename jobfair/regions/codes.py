"""The code lists of the standards, read from ``seed/codes``; see seed/SOURCES.md."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from jobfair.kit.resources import folder


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list, in both languages; ``rank`` orders levels of education."""

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    rank: int = 0

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Occupation:
    """An entry of the 2022 classification; level 4 is an occupation, 1 to 3 are groups."""

    code: str
    level: int
    name: str
    aliases: tuple[str, ...]
    trades: tuple[str, ...]


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a seed table."""
    path = folder("seed") / "codes" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name a division's code had in some years; None: since before the first edition."""

    name: str
    valid_from: int | None
    valid_to: int


@cache
def former_names() -> dict[str, tuple[FormerName, ...]]:
    """Return the names that codes of divisions had before their last one, oldest first."""
    found: dict[str, tuple[FormerName, ...]] = {}
    for row in read_rows("division_names"):
        known = FormerName(row["name"], int(row["valid_from"] or 0) or None, int(row["valid_to"]))
        found[row["code"]] = (*found.get(row["code"], ()), known)
    return found


@cache
def _last_names() -> dict[str, tuple[str, int | None]]:
    """Return every division's last name and the first year of its code."""
    return {
        row["code"]: (row["name"], int(row["valid_from"] or 0) or None)
        for row in read_rows("divisions")
    }


def division_name(code: str, year: int) -> str | None:
    """Return what a division was called in a year, by its code without trailing zeros.

    Before a code's first year its first name answers, since an ID number may carry a code that
    was given long after its holder was born. None for a code that never was.
    """
    name, began = _last_names().get(code, (None, None))
    year = max(year, began or 0)
    for known in former_names().get(code, ()):
        if (known.valid_from or 0) <= year <= known.valid_to:
            return known.name
    return name


@cache
def code_list(name: str) -> dict[str, Code]:
    """Return education, ethnic_groups, sexes or household_categories by code."""
    return {
        row["code"]: Code(
            row["code"],
            row["name_zh"],
            row["name_en"],
            tuple(filter(None, row.get("aliases", "").replace("，", ",").split(","))),
            int(row.get("rank") or 0),
        )
        for row in read_rows(name)
    }


def name_of(list_name: str, code: str | None, language: str) -> str:
    """Return a code's name, or a dash where there is none."""
    found = code_list(list_name).get(code or "")
    return found.name(language) if found else "–"


@cache
def occupations() -> tuple[Occupation, ...]:
    """Return the classification of occupations in code order."""
    return tuple(
        Occupation(
            row["code"],
            int(row["level"]),
            row["name"],
            tuple(filter(None, row["aliases"].replace("，", ",").split(","))),
            tuple(filter(None, row["trades"].split("‖"))),
        )
        for row in read_rows("occupations")
    )


@cache
def _occupation_names() -> dict[str, str]:
    return {o.code: o.name for o in occupations()}


def occupation_name(code: str | None) -> str | None:
    """Return an occupation's name, None for an unknown code."""
    return _occupation_names().get(code or "")


@cache
def everyday_titles() -> dict[str, str]:
    """Return the titles of fairs and job boards that the classification lacks, to its codes."""
    return {row["title"]: row["occupation_code"] for row in read_rows("everyday_titles")}


@cache
def industries() -> dict[str, str]:
    """Return the industries' names by code."""
    return {row["code"]: row["name"] for row in read_rows("industries")}


@dataclass(frozen=True, slots=True)
class KnownWage:
    """A monthly minimum wage in fen; ``until`` is the last day it is known to hold, None: open."""

    since: date
    until: date | None
    fen: int


@cache
def _minimum_wages() -> dict[str, tuple[KnownWage, ...]]:
    found: dict[str, tuple[KnownWage, ...]] = {}
    for row in read_rows("minimum_wages"):
        until = date.fromisoformat(row["known_until"]) if row["known_until"] else None
        known = KnownWage(
            date.fromisoformat(row["valid_from"]), until, int(row["monthly_yuan"]) * 100
        )
        found[row["division_code"]] = (*found.get(row["division_code"], ()), known)
    return found


def minimum_wage(division: str | None, on: date) -> int | None:
    """Return the monthly minimum wage of a place on a day, in fen; None where it is not known.

    A county's own figure goes before its prefecture's, that before the province's. Between two
    figures whose dates do not meet nothing is known: an old minimum is not given out as today's.
    """
    if not division:
        return None
    for length in range(len(division), 1, -1):
        for known in _minimum_wages().get(division[:length], ()):
            if known.since <= on and (known.until is None or on <= known.until):
                return known.fen
    return None
