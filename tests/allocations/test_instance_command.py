"""``jobfair allocate --instance``: two files of preferences in, the stable allocation out."""

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobfair.allocations.cli import allocate
from jobfair.kit.errors import Invalid
from jobfair.kit.terminal import Terminal
from jobfair.matching.instances import BadCapacity, NameTwice, NoColumns, PreferenceTwice

SHARED = Path(os.environ.get("JOBFAIR_SHARED", Path(__file__).parents[3] / "shared"))
APPLICANTS = "applicant,preferences\nhe,a b\nli,a\nwu,b a\nzhou,\n"
POSTS = "post,capacity,preferences\na,1,wu li he\nb,2,he wu\n"


def _run(folder: Path, applicants: str, posts: str, *more: str) -> Result:
    files = folder / "applicants.csv", folder / "posts.csv"
    for path, text in zip(files, (applicants, posts), strict=True):
        path.write_text(text, encoding="utf-8")
    words = ["--instance", *map(str, files), *more]
    return CliRunner().invoke(allocate, words, obj=Terminal("en"))


def test_the_allocation_is_printed_as_json(tmp_path: Path) -> None:
    answer = json.loads(_run(tmp_path, APPLICANTS, POSTS, "--json").stdout)
    assert answer["assignment"] == [
        {"applicant": "he", "post": "b"},
        {"applicant": "li", "post": "a"},
        {"applicant": "wu", "post": "b"},
    ]
    assert answer["blocking_pairs"] == 0
    assert answer["objective"] == "stable"


def test_a_spreadsheets_mark_at_the_start_is_no_part_of_a_name(tmp_path: Path) -> None:
    answer = _run(tmp_path, f"\ufeff{APPLICANTS}", f"\ufeff{POSTS}", "--objective", "stable")
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[:3] == ["he\tb", "li\ta", "wu\tb"]
    assert "3 of 4 applicants have a post; 0 blocking pairs." in answer.stdout


@pytest.mark.parametrize(
    ("applicants", "posts", "refusal"),
    [
        ("person,preferences\nhe,a\n", POSTS, NoColumns),
        (APPLICANTS, "", NoColumns),
        (APPLICANTS + "he,b\n", POSTS, NameTwice),
        (APPLICANTS, POSTS + "a,1,he\n", NameTwice),
        (APPLICANTS + "xu,a b a\n", POSTS, PreferenceTwice),
        (APPLICANTS, POSTS + "c,many,he\n", BadCapacity),
        (APPLICANTS, POSTS + "c,-1,he\n", BadCapacity),
    ],
)
def test_a_file_that_is_no_instance_is_refused(
    tmp_path: Path, applicants: str, posts: str, refusal: type[Invalid]
) -> None:
    answer = _run(tmp_path, applicants, posts, "--json")
    assert isinstance(answer.exception, refusal)
    assert answer.stdout == ""


@pytest.mark.skipif(not (SHARED / "data/matching").exists(), reason="the samples are not here")
def test_the_published_instance_gives_the_published_allocation() -> None:
    folder = SHARED / "data" / "matching"
    files = folder / "hr20x5_applicants.csv", folder / "hr20x5_posts.csv"
    words = ["--instance", *map(str, files), "--json"]
    answer = json.loads(CliRunner().invoke(allocate, words, obj=Terminal("en")).stdout)
    with (folder / "hr20x5_matchings.csv").open(encoding="utf-8") as file:
        known = [row for row in csv.DictReader(file) if row["kind"] == "published_stable"]
    found = {(pair["applicant"], pair["post"]) for pair in answer["assignment"]}
    assert found == {(row["applicant"], row["post"]) for row in known}
    assert answer["blocking_pairs"] == 0
