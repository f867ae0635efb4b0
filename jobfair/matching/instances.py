"""Bare allocation instances in two CSV files: lists of preferences, without people or jobs.

``applicants.csv`` has the columns ``applicant`` and ``preferences``, ``posts.csv`` has ``post``,
``capacity`` and ``preferences``; preferences are names separated by spaces, the most wanted first.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_
from jobfair.matching.core.stable import Post


class NoColumns(Invalid):
    """The file's first line does not name the columns."""

    code = "instance_without_columns"
    message = N_("%(file)s: the first line must name the columns %(columns)s.")


class NameTwice(Invalid):
    """Two lines tell of the same applicant or post."""

    code = "instance_name_twice"
    message = N_("%(file)s, line %(line)s: this name stands further up already. Keep one line.")


class PreferenceTwice(Invalid):
    """A list of preferences names somebody twice."""

    code = "instance_preference_twice"
    message = N_("%(file)s, line %(line)s: a name stands twice among the preferences. Keep one.")


class BadCapacity(Invalid):
    """A post's capacity is no number."""

    code = "instance_capacity"
    message = N_("%(file)s, line %(line)s: the capacity must be a whole number from 0.")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Mapping[str, str]
    preferences: list[str]


def _lines(path: Path, *columns: str) -> Iterator[_Line]:
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="")
        if not {*columns, "preferences"} <= set(reader.fieldnames or ()):
            raise NoColumns(file=path.name, columns=", ".join((*columns, "preferences")))
        for cells in reader:
            line = _Line(reader.line_num, cells, cells["preferences"].split())
            if cells[columns[0]] in seen:
                raise NameTwice(file=path.name, line=line.number)
            if len(set(line.preferences)) < len(line.preferences):
                raise PreferenceTwice(file=path.name, line=line.number)
            seen.add(cells[columns[0]])
            yield line


def read_applicants(path: Path) -> dict[str, list[str]]:
    """Return everybody's posts, the most wanted first.

    Raises:
        Invalid: a column is missing, or a name stands twice.
    """
    return {line.cells["applicant"]: line.preferences for line in _lines(path, "applicant")}


def read_posts(path: Path) -> dict[str, Post[str]]:
    """Return the posts with their headcounts and lists.

    Raises:
        Invalid: a column is missing, a name stands twice, or a capacity is no number.
    """
    posts = {}
    for line in _lines(path, "post", "capacity"):
        capacity = line.cells["capacity"].strip()
        if not (capacity.isascii() and capacity.isdigit()):
            raise BadCapacity(file=path.name, line=line.number)
        posts[line.cells["post"]] = Post(int(capacity), line.preferences)
    return posts
