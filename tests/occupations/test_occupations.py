"""Job titles and the occupations they mean."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from jobfair.cli import _group
from jobfair.occupations import classification
from jobfair.occupations.core.evidence import SIGNS
from jobfair.occupations.core.learning import Scoring
from jobfair.occupations.core.library import Labelled
from jobfair.occupations.core.resolver import KNOWN, Occupations, Weighing
from jobfair.occupations.core.text import bare, sounds, whole

OCCUPATIONS = classification.occupations()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("焊工", "焊工"),
        ("急聘电焊工5000-8000元", "焊工"),
        ("保安（包吃住）", "保安员"),
        ("电子厂叉车工", "起重装卸机械操作工"),
        ("缝纫工", "缝纫工"),
        ("西昌市小巷子饭店招聘服务员", "餐厅服务员"),
    ],
)
def test_everyday_titles_are_resolved(title: str, name: str) -> None:
    best = OCCUPATIONS.resolve(title)[0]
    assert best.name == name


@pytest.mark.parametrize("title", ["\u9f98\u9f98\u9f98", "", " ", "！！", "🙂🙂"])
def test_what_is_like_nothing_has_no_code(title: str) -> None:
    assert OCCUPATIONS.code_of(title) is None


@pytest.mark.parametrize(("slip", "meant"), [("捍接工", "焊接工"), ("叉车思机", "叉车司机")])
def test_a_title_written_by_ear_means_what_it_sounds_like(slip: str, meant: str) -> None:
    assert sounds(slip) == sounds(meant)
    wanted = OCCUPATIONS.resolve(meant)[0].code
    assert wanted in {one.code for one in OCCUPATIONS.resolve(slip)}


@given(st.text(max_size=60) | st.text(alphabet="招聘工程师A🙂 \ud800（", max_size=60))
@settings(deadline=None)
def test_any_title_gets_a_sorted_answer(title: str) -> None:
    found = OCCUPATIONS.resolve(title)
    sure = [candidate.confidence for candidate in found]
    assert sure == sorted(sure, reverse=True)
    assert all(0 <= value <= 1 for value in sure)
    assert len({one.code for one in found}) == len(found)


def test_a_title_of_ten_thousand_characters_is_answered() -> None:
    assert len(OCCUPATIONS.resolve("销售经理🙂ab" * 1_250)) == 5


def test_a_learnt_title_counts_at_once_draws_its_like_and_goes_again() -> None:
    title, code = "捉蝉师傅", "5-03-02-01"
    before = OCCUPATIONS.resolve(title)
    learnt = classification.with_learnt([Labelled(title, code)])
    assert learnt.resolve(title)[0].code == code
    assert learnt.resolve(title)[0].confidence == KNOWN
    assert learnt.is_sure(learnt.resolve(title))
    assert code in {one.code for one in learnt.resolve("夜班捉蝉")}
    assert classification.with_learnt([]).resolve(title) == before


def test_calls_employers_and_wages_are_no_part_of_the_work() -> None:
    assert bare("急聘电焊工5000-8000元") == "电焊工"
    assert bare("永泉旅游度假区招聘服务员") == "服务员"
    assert bare("（双休）") == whole("双休")


def test_an_empty_classification_resolves_nothing() -> None:
    assert Occupations().resolve("焊工") == ()
    assert Occupations().code_of("焊工") is None


def test_a_weighing_has_one_weight_for_every_sign() -> None:
    shipped = classification.weighing()
    assert len(shipped.scoring.straight) == len(SIGNS)
    with pytest.raises(ValueError, match="weights for"):
        Weighing(Scoring(*[np.ones(1, dtype=np.float32)] * 4), shipped.calibration)


def _run(*arguments: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(_group, ["--lang", "en", *arguments])
    return found.exit_code, found.stdout, found.stderr


def test_the_command_line_resolves_titles_and_a_column_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "titles.csv"
    file.write_text("\ufeff岗位,人数\n保安,2\n", encoding="utf-8")
    command = ("occupation", "resolve", "焊工", "--top", "3", "--json")
    status, out, _ = _run(*command, "--file", str(file), "--column", "岗位")
    items = json.loads(out)["items"]
    assert status == 0
    assert [one["title"] for one in items] == ["焊工", "保安"]
    assert [len(one["candidates"]) for one in items] == [3, 3]
    best = items[1]["candidates"][0]
    assert (best["code"], best["name"]) == ("4-07-05-01", "保安员")
    assert items[1]["sure"] is True
    status, out, _ = _run("occupation", "resolve", "焊工", "🙂")
    assert "sure" in out
    assert "no occupation is alike" in out


def test_the_command_line_says_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "titles.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    status, _, told = _run("occupation", "resolve", "--file", str(file), "--column", "岗位")
    assert (status, "no column 岗位" in told) == (1, True)
    status, _, told = _run("occupation", "resolve")
    assert (status, "at least one title" in told) == (1, True)
