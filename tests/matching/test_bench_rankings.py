"""Graded rankings are measured on the rows that were graded, and on nothing else."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.db import Database
from jobfair.matching.bench_rankings import (
    SetDiffers,
    ndcg,
    read_set,
    row_digest,
    run_ranking_bench,
)

SET = Path(__file__).parents[1] / "rankings"
HEADERS = ("岗位名称", "单位名称", "薪资", "工作地点", "学历要求", "职位描述")
ROWS = (
    ("电焊工", "甲厂", "5000-7000元/月", "合肥市", "不限", "负责焊接，提供住宿。"),
    ("会计", "乙公司", "5000-7000元/月", "合肥市", "大专", "负责账务与报税。"),
    ("焊工", "丙厂", "5000-7000元/月", "合肥市", "不限", "必须持有焊工证上岗。"),
)
GRADES = (3, 0, 0)


def _write(folder: Path, *, digest_of_last: str | None = None) -> None:
    lines = [",".join(HEADERS), *(",".join(row) for row in ROWS)]
    (folder / "board.csv").write_text("\n".join(lines), encoding="utf-8")
    header = "seeker,age,wishes,skills,certificates,education,experience_years,wage_min_yuan"
    (folder / "seekers.csv").write_text(
        f"{header},wanted,refusals\n1,30,焊工;会计员,,,71,3,4000,合肥市,\n", encoding="utf-8"
    )
    digests = [row_digest(row) for row in ROWS]
    digests[-1] = digest_of_last or digests[-1]
    graded = [
        f"1,board.csv,{number},{digest},{grade}"
        for number, (digest, grade) in enumerate(zip(digests, GRADES, strict=True), 2)
    ]
    (folder / "grades.csv").write_text(
        "\n".join(["seeker,file,row,digest,grade", *graded]), encoding="utf-8"
    )


def test_a_small_set_is_ranked_by_every_way(database: Database, tmp_path: Path) -> None:
    _write(tmp_path)
    found = run_ranking_bench(database, tmp_path, tmp_path)
    measures = found["ndcg_at_10"]
    assert isinstance(measures, dict)
    assert (found["seekers"], found["pairs"]) == (1, 3)
    # Titles alone put the welder's post first that asks for a certificate the person lacks.
    assert measures["title_similarity"] < measures["ours"] == 1.0
    assert measures.keys() == {"ours", "title_similarity", "tfidf"}


def test_a_row_that_changed_since_is_not_measured(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, digest_of_last="0" * 12)
    with pytest.raises(SetDiffers, match=r"board\.csv"):
        run_ranking_bench(database, tmp_path, tmp_path)


def test_a_file_that_is_not_there_is_named(database: Database, tmp_path: Path) -> None:
    _write(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"lacks board\.csv"):
        run_ranking_bench(database, tmp_path, tmp_path / "elsewhere")


def test_our_own_set_is_forty_people_with_twenty_grades_each() -> None:
    people, digests = read_set(SET)
    assert len(people) == 40
    assert {len(person.grades) for person in people} == {20}
    counted = Counter(grade for person in people for grade in person.grades.values())
    assert counted.keys() == {0, 1, 2, 3}
    assert min(counted.values()) >= 100
    assert all(max(person.grades.values()) >= 2 for person in people)
    assert all(len(digest) == 12 for digest in digests.values())


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_the_best_order_is_1_and_no_order_is_better(grades: list[int]) -> None:
    assert ndcg(sorted(grades, reverse=True)) == 1.0
    assert 0.0 <= ndcg(grades) <= 1.0


def test_the_gain_is_the_published_one() -> None:
    # (2^1 - 1) / log2(2) + (2^3 - 1) / log2(3), over the two exchanged.
    assert ndcg([1, 3]) == pytest.approx(5.4165 / 7.6309, abs=1e-4)


@given(st.lists(st.integers(0, 3), min_size=11, max_size=20))
def test_what_comes_after_the_tenth_place_does_not_count(grades: list[int]) -> None:
    head, tail = grades[:10], grades[10:]
    assert ndcg([*head, *tail]) == ndcg([*head, *reversed(tail)])
