"""Whole rankings judged: one person's real vacancies in our order beside plain orders.

A set is a folder of invented people (``seekers.csv``) and of grades from 0 to 3 (``grades.csv``),
each given by reading a person and a vacancy. The vacancies themselves are rows of job boards' files
that lie elsewhere: a grade names the file, the row, and a digest of the row's cells. People and
rows go the way they go in an office: import, occupations, pool, ranking; whoever is not eligible
comes last. NDCG as in Järvelin, Kekäläinen, "Cumulated gain-based evaluation of IR techniques"
(2002): gain 2^grade - 1, discount log2(1 + place).
"""

import csv
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path

from rapidfuzz import fuzz

from jobfair.employers import places
from jobfair.employers import queries as employers
from jobfair.employers.importing import positions_import
from jobfair.employers.rules.drafts import EmployerDraft
from jobfair.employers.services.employers import register_employer
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.sheets.importing import ImportSpec, run_import
from jobfair.kit.sheets.rows import RowError, SheetRow
from jobfair.matching.core.rank import rank_positions
from jobfair.matching.pool import Pool, post_of
from jobfair.occupations.core.grams import GramIndex, Shelf
from jobfair.occupations.queries import occupations
from jobfair.seekers.rules.drafts import SeekerDraft, Wish
from jobfair.seekers.rules.identity import IdNumber, check_character
from jobfair.seekers.services.bulk import bulk_upsert

DEPTH = 10
_HOME = "520502"
_FEN = 100
_DIGEST = 12
_NOT_WORD = re.compile(r"[\W_]+")

# Which row of which file.
Place = tuple[str, int]
# Places in the order of a ranking, the best first.
Order = Sequence[Place]


class SetDiffers(Exception):
    """A file does not hold the rows that were graded."""


@dataclass(frozen=True, slots=True)
class GradedPerson:
    """An invented person and what was graded for them.

    Attributes:
        grades: the grade of each vacancy, 0 to 3.
    """

    age: int
    wishes: tuple[str, ...]
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    education: str
    experience: int
    wage_min: int
    wanted: tuple[str, ...]
    refusals: tuple[str, ...]
    grades: Mapping[Place, int]


def row_digest(cells: Iterable[str]) -> str:
    """Return what tells a row of a file from another one."""
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:_DIGEST]


def read_set(folder: Path) -> tuple[list[GradedPerson], dict[Place, str]]:
    """Return the people of a set in order, and the digest of each row they were graded with."""
    grades: dict[str, dict[Place, int]] = defaultdict(dict)
    digests: dict[Place, str] = {}
    for line in _lines(folder / "grades.csv"):
        place = line["file"], int(line["row"])
        grades[line["seeker"]][place] = int(line["grade"])
        digests[place] = line["digest"]
    people = [_person(line, grades[line["seeker"]]) for line in _lines(folder / "seekers.csv")]
    return people, digests


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _person(line: Mapping[str, str], grades: Mapping[Place, int]) -> GradedPerson:
    def several(name: str) -> tuple[str, ...]:
        return tuple(filter(None, line[name].split(";")))

    return GradedPerson(
        int(line["age"]),
        several("wishes"),
        several("skills"),
        several("certificates"),
        line["education"],
        int(line["experience_years"]),
        int(line["wage_min_yuan"]) * _FEN,
        several("wanted"),
        several("refusals"),
        grades,
    )


def ndcg(ranked: Sequence[int], depth: int = DEPTH) -> float:
    """Return the normalised discounted cumulated gain of grades in the order of a ranking.

    Args:
        ranked: the grade of everything that was ranked, the first place first.
        depth: how many places count.
    """

    def gain(grades: Sequence[int]) -> float:
        return sum(((1 << g) - 1) / log2(1 + place) for place, g in enumerate(grades[:depth], 1))

    best = gain(sorted(ranked, reverse=True))
    return gain(ranked) / best if best else 1.0


def run_ranking_bench(database: Database, folder: Path, vacancies: Path) -> dict[str, object]:
    """Return NDCG@10 of our order and of plain ones over a graded set.

    Args:
        database: an empty one with the divisions loaded; people and vacancies go into it.
        folder: the set.
        vacancies: where the files with the graded rows lie.

    Raises:
        SetDiffers: a graded row is not in its file any more.
        FileNotFoundError: a file is missing.
    """
    people, digests = read_set(folder)
    absent = sorted({file for file, _ in digests if not (vacancies / file).is_file()})
    if absent:
        raise FileNotFoundError(f"{vacancies} lacks {', '.join(absent)}")
    posts = _take_in(database, digests, vacancies)
    seekers = _register(database, people)
    pool = Pool(database)
    ways: dict[str, Callable[[int, GradedPerson], Order]] = {
        "ours": lambda number, person: _ours(pool, seekers[number], person, posts),
        "title_similarity": lambda _, person: _by_title(person, posts),
        "tfidf": _by_texts(posts),
    }
    scores = {
        name: [ndcg([p.grades[at] for at in way(n, p)]) for n, p in enumerate(people)]
        for name, way in ways.items()
    }
    return {
        "seekers": len(people),
        "pairs": sum(len(person.grades) for person in people),
        "ndcg_at_10": {name: round(sum(s) / len(s), 4) for name, s in scores.items()},
    }


def _take_in(
    database: Database, digests: Mapping[Place, str], vacancies: Path
) -> dict[Place, employers.PositionRow]:
    """Import the graded rows alone and return their positions."""
    with database.writing() as session:
        employer = register_employer(session, EmployerDraft("某单位")).id
    for name in sorted({file for file, _ in digests}):
        wanted = {row: digest for (file, row), digest in digests.items() if file == name}
        _import_rows(database, vacancies / name, wanted, employer)
    with database.reading() as session:
        stored = employers.position_facts(session)
    by_reference = {row.source_ref: row for row in stored}
    found = {(file, row): by_reference.get(f"{file}/{row}") for file, row in digests}
    missing = [place for place, post in found.items() if post is None]
    if missing:
        raise SetDiffers(f"not in the files as they were graded: {missing[:5]}")
    return {place: post for place, post in found.items() if post is not None}


def _import_rows(
    database: Database, path: Path, wanted: Mapping[int, str], employer_id: int
) -> None:
    with database.reading() as session:
        # Some rows name no employer; who offers the work is not judged here.
        spec = positions_import(session, source=path.name, employer_id=employer_id).spec

    def parse(row: SheetRow) -> object:
        if wanted.get(row.number) != row_digest(row.cells):
            return [RowError(None, "")]
        read = spec.parse(row)
        if isinstance(read, list):
            return read
        # Two rows of the same words are two vacancies here, each with its own grades.
        position = replace(read.row.position, source_ref=f"{path.name}/{row.number}")
        return replace(read, row=replace(read.row, position=position))

    run_import(database, ImportSpec("rows", spec.fields, parse, spec.apply), path)


def _register(database: Database, people: Sequence[GradedPerson]) -> list[int]:
    with database.reading() as session:
        code_of = occupations(session).code_of
        places_of = {p for person in people for p in person.wanted}
        codes = {place: places.division_of(session, place) or "" for place in places_of}
    drafts = [
        SeekerDraft(
            name="某某",
            id_number=_id_number(number, person.age),
            home_division=_HOME,
            education=person.education,
            experience_years=person.experience,
            skills=person.skills,
            certificates=person.certificates,
            wage_min=person.wage_min,
            wanted_divisions=tuple(codes[place] for place in person.wanted),
            refusals=person.refusals,
            wishes=tuple(Wish(title, code_of(title)) for title in person.wishes),
            consent_version="bench",
        )
        for number, person in enumerate(people)
    ]
    with database.writing() as session:
        outcomes = bulk_upsert(session, drafts, registered_by=None, look_for_duplicates=False)
    return [one.seeker_id or 0 for one in outcomes]


def _id_number(number: int, age: int) -> IdNumber:
    """Return a number, valid in form, of somebody who is so old today."""
    today = clock.today()
    body = f"{_HOME}{today.year - age - 1}1231{number + 1:03d}"
    return IdNumber.parse(body + check_character(body), today=today)


def _tie(place: Place) -> str:
    """Return what decides among equals: nothing that the order of a file could favour."""
    return row_digest([place[0], str(place[1])])


def _ours(
    pool: Pool,
    seeker_id: int,
    person: GradedPerson,
    posts: Mapping[Place, employers.PositionRow],
) -> Order:
    by_id = {posts[place].id: place for place in person.grades}
    facts = pool.person(seeker_id)
    if facts is None:
        raise SetDiffers("somebody of the set was not registered")
    # What the vacancy rules stop is judged as if its words were mended: the match is graded here.
    offers = [
        replace(post_of(posts[place]), closed=False, valid_until=None) for place in person.grades
    ]
    ranked = rank_positions(facts, offers, profile=pool.profile, today=pool.day, top=len(offers))
    eligible = [by_id[candidate.id] for candidate in ranked]
    return [*eligible, *sorted(person.grades.keys() - set(eligible), key=_tie)]


def _by_title(person: GradedPerson, posts: Mapping[Place, employers.PositionRow]) -> Order:
    def likeness(place: Place) -> float:
        return max(fuzz.WRatio(wish, posts[place].title) for wish in person.wishes)

    return sorted(person.grades, key=lambda place: (-likeness(place), _tie(place)))


def _words(text: str) -> str:
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def _by_texts(
    posts: Mapping[Place, employers.PositionRow],
) -> Callable[[int, GradedPerson], Order]:
    order = list(posts)
    rows = [posts[place] for place in order]
    texts = [_words(f"{r.title} {r.requirements} {r.description}") for r in rows]
    index = GramIndex([Shelf(texts, longest=3)])

    def ranked(_number: int, person: GradedPerson) -> Order:
        asked = _words(" ".join((*person.wishes, *person.skills, *person.certificates)))
        near = dict(zip(order, index.likeness([(0, asked)])[0].tolist(), strict=True))
        return sorted(person.grades, key=lambda place: (-near[place], _tie(place)))

    return ranked
