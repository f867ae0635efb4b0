"""Places as real job boards wrote them; the files are read where they are, never carried along."""

import csv
import os
import time
from pathlib import Path

import pytest

from jobfair.regions import codes
from jobfair.regions.rules import Gazetteer, Place

SHARED = Path(os.environ.get("JOBFAIR_SHARED", Path(__file__).parents[3] / "shared"))
FOLDER = SHARED / "data" / "vacancies"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real vacancy files are not here")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.of(
        Place(
            row["code"],
            row["name"],
            row["level"],
            row["parent_code"] or None,
            row["successor_code"] or None,
            tuple(known.name for known in codes.former_names().get(row["code"], ())),
        )
        for row in codes.read_rows("divisions")
    )


def test_every_code_of_the_old_lists_has_its_name_and_leads_to_a_place_of_today(
    gazetteer: Gazetteer,
) -> None:
    path = SHARED / "data" / "divisions" / "gb2260_national_spans.csv"
    names: dict[tuple[str, int], set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, last = int(row["first_revision"][:4]), int(row["last_revision"][:4])
            for year in range(first, last + 1):
                names.setdefault((row["code"], year), set()).add(row["name"])
    differing: set[str] = set()
    for (code, year), known in names.items():
        short = code.removesuffix("00").removesuffix("00")
        name = codes.division_name(short, year)
        assert name
        if name not in known:
            differing.add(code)
        today = gazetteer.current_code(code)
        assert today
        assert gazetteer.places[today].successor_code is None
    assert differing == {"422521", "532101", "532121"}  # 樊阳 and 邵通: misprints of the list


@pytest.mark.parametrize(
    ("file", "encoding", "column"),
    [
        ("zhaopin_shenzhen_2016_utf8.csv", "utf-8", 8),
        ("zhaopin_2024_utf8bom_numeric_header.csv", "utf-8-sig", 4),
        ("51job_2019_gb18030.csv", "gb18030", 5),
        ("boss_2022_utf8.csv", "utf-8", 1),
        ("1dagong_bluecollar_2015.csv", "utf-8-sig", 3),
    ],
)
def test_nearly_every_real_place_is_found_and_quickly(
    gazetteer: Gazetteer, file: str, encoding: str, column: int
) -> None:
    with (FOLDER / file).open(encoding=encoding, newline="") as opened:
        cells = [row[column].strip("[]' ") for row in csv.reader(opened) if len(row) > column]
    places = [cell for cell in cells[1:] if cell]
    began = time.perf_counter()
    found = [gazetteer.find(place) for place in places]
    assert time.perf_counter() - began < 2
    assert sum(code is not None for code in found) / len(places) >= 0.99


def test_every_place_of_the_shenzhen_file_lies_in_shenzhen(gazetteer: Gazetteer) -> None:
    path = FOLDER / "zhaopin_shenzhen_2016_utf8.csv"
    with path.open(encoding="utf-8", newline="") as opened:
        places = {row[8].strip() for row in list(csv.reader(opened))[1:]}
    assert {code[:4] for place in places if (code := gazetteer.find(place))} == {"4403"}
