"""What people paste where a title should stand, given to ``jobfair occupation resolve``."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobfair.cli import _group
from jobfair.occupations import classification
from jobfair.occupations.core.text import LONGEST

OCCUPATIONS = classification.occupations()


def _told(*arguments: str) -> tuple[int, str]:
    """Return the status and what stood on the terminal; a traceback fails the test."""
    command = ["--lang", "en", "occupation", "resolve", *arguments]
    found = CliRunner().invoke(_group, command, catch_exceptions=False)
    return found.exit_code, found.output


@pytest.mark.parametrize(
    "title",
    [
        "",
        "   ",
        "\u3000",
        "\t\n",
        "！！！（）",
        "———",
        "…。，、",
        "🙂🙂",
        "\x00",
        "\x02\x03",
    ],
)
def test_what_names_no_work_gets_a_sentence(title: str) -> None:
    status, out = _told("--", title)
    assert (status, out.count("\n")) == (0, 1)
    assert out.endswith("\tno occupation is alike\n")
    assert json.loads(_told("--json", "--", title)[1])["items"] == [
        {"title": title, "candidates": [], "sure": False}
    ]


def test_bytes_that_are_no_text_are_told_as_such() -> None:
    """Arguments in an unknown encoding come as lone surrogates, which no terminal takes."""
    status, out = _told("--json", "--", "焊工\udcff")
    assert (status, json.loads(out)["items"][0]["title"]) == (0, "焊工\ufffd")


@pytest.mark.parametrize(
    "title",
    [
        "🙂焊工🙂",
        "ＪＡＶＡ工程师 программист 프로그래머 مهندس",
        "焊工\x01\x1b[31m\r\n\t焊工",
        "焊\u200b工\u202e",
        "--top",
        "5000-8000",
        "招",
        "（招聘）",
        "<script>alert(1)</script>焊工",
        "'; DROP TABLE position; --焊工",
    ],
)
def test_a_title_among_other_things_is_answered_on_lines_of_plain_text(title: str) -> None:
    status, out = _told("--top", "2", "--", title)
    first, *candidates = out.splitlines()
    assert status == 0
    assert first.split("\t")[-1] in ("sure", "please check")
    assert [line.split("\t")[1] for line in candidates] == [
        one.code for one in OCCUPATIONS.resolve(title, top=2)
    ]
    assert all(sign.isprintable() or sign in "\t\n" for sign in out)


@pytest.mark.parametrize("part", ["焊工", "a", "🙂", "（", "招聘", "1-", "焊 ", "\u0301", "ﷺ"])
def test_of_ten_thousand_characters_the_first_are_read_and_shown(part: str) -> None:
    title = (part * 10_000)[:10_000]
    status, out = _told("--", title)
    assert status == 0
    assert max(len(line) for line in out.splitlines()) < 2 * LONGEST
    assert "…\t" in out.splitlines()[0]
    assert OCCUPATIONS.resolve(title) == OCCUPATIONS.resolve(title[:LONGEST])


def test_a_column_is_found_in_a_file_of_another_encoding_with_ragged_rows(tmp_path: Path) -> None:
    file = tmp_path / "titles.csv"
    file.write_bytes("人数,岗位\r\n2,保安\r\n\r\n3\r\n1,焊工,多\r\n".encode("gb18030"))
    status, out = _told("--file", str(file), "--column", "岗位", "--json")
    items = json.loads(out)["items"]
    assert status == 0
    assert [one["title"] for one in items] == ["保安", "", "焊工"]
    assert [one["candidates"][0]["name"] for one in items[::2]] == ["保安员", "焊工"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04 no archive", "The file cannot be read as a table"),
        (b"%PDF-1.4", "The file is a web page"),
        (b"a,b\n1,2\n", "The file has no column title."),
    ],
)
def test_a_file_without_titles_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "titles.csv"
    file.write_bytes(content)
    status, out = _told("--file", str(file))
    assert (status, sentence in out) == (1, True), out


def test_a_cell_of_two_hundred_thousand_characters_is_read(tmp_path: Path) -> None:
    file = tmp_path / "titles.csv"
    file.write_text(f"title\n{'焊工' * 100_000}\n", encoding="utf-8")
    status, out = _told("--file", str(file))
    assert (status, "焊工" in out, len(out) < 10 * LONGEST) == (0, True, True)
