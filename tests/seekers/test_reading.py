"""Rows of real ledgers: the words offices write are understood, the unusable is named."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.seekers.rules import identity, reading
from jobfair.seekers.rules.drafts import Wish
from jobfair.seekers.rules.reading import HEADERS, Places, read_row
from jobfair.seekers.services.importing import relations
from tests.planted import person

TODAY = date(2026, 11, 24)
SHARED = Path(os.environ.get("JOBFAIR_SHARED", Path(__file__).parents[3] / "shared"))
_DIVISIONS = {"大方县": "520521", "大方县羊场镇": "520521105", "深圳市": "4403"}
PLACES = Places(
    division=lambda text, _within: _DIVISIONS.get(text),
    today_code={"520502": "520502", "522401": "520502"}.get,
    ethnic_group={"彝族": "07"}.get,
    occupation={"普工": "6-31-01-00"}.get,
    relation=relations().get,
)


def row(**changes: str) -> dict[str, str]:
    who = person(1)
    return {"name": who.name, "id_number": who.id_number, **changes}


def test_a_full_row_is_understood() -> None:
    read = read_row(
        row(
            name="王 骉 伟",
            phone="1995283 0001",
            county="大方县",
            township="羊场镇",
            education="中专中技",
            hukou_kind="农业户口",
            household_category="脱贫户",
            household_category_since="2020.11",
            ethnic_group="彝族",
            wishes="普工、保洁",
            wage_min="4500以上",
            wanted_divisions="深圳市",
            available_from="2026年3月1日",
            skills="电焊，缝纫",
            experience_years="3年",
        ),
        PLACES,
        today=TODAY,
    )
    draft = read.draft
    assert draft is not None
    assert read.notes == ()
    assert (draft.name, draft.phone) == ("王骉伟", "19952830001")
    assert (draft.home_division, draft.education, draft.hukou_kind) == ("520521105", "41", "rural")
    assert (draft.household_category, draft.household_category_since) == (
        "lifted_out",
        date(2020, 11, 1),
    )
    assert (draft.ethnic_group, draft.wage_min) == ("07", 450_000)
    assert draft.wishes == (Wish("普工", "6-31-01-00"), Wish("保洁"))
    assert (draft.wanted_divisions, draft.skills) == (("4403",), ("电焊", "缝纫"))
    assert (draft.available_from, draft.experience_years) == (date(2026, 3, 1), 3)


def test_a_row_that_names_no_place_lives_where_the_id_number_says() -> None:
    read = read_row(row(), PLACES, today=TODAY)
    assert read.draft is not None
    assert read.draft.home_division == "520502"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"id_number": ""}, (identity.MISSING,)),
        ({"id_number": "5.22E+17"}, (identity.SCIENTIFIC,)),
        ({"id_number": "", "name": "无"}, (identity.MISSING, reading.NO_NAME)),
        ({"sex": "女"}, (reading.SEX_DIFFERS,)),
    ],
)
def test_an_unusable_row_says_everything_that_is_wrong(
    changes: dict[str, str], faults: tuple[str, ...]
) -> None:
    read = read_row(row(**changes), PLACES, today=TODAY)
    assert (read.draft, read.faults) == (None, faults)


def test_what_cannot_be_used_of_a_good_row_is_left_out_and_named() -> None:
    read = read_row(row(phone="12345", education="???"), PLACES, today=TODAY)
    assert read.draft is not None
    assert (read.draft.phone, read.draft.education) == (None, None)
    assert read.notes == (reading.BAD_PHONE, reading.ODD_EDUCATION)


@pytest.mark.parametrize(
    ("changes", "name", "value", "notes"),
    [
        ({"phone": "0857-8221234转12"}, "phone", "08578221234", ()),
        ({"phone": "1.39E+10"}, "phone", None, (reading.LOST_PHONE,)),
        ({"education": "30"}, "education", "31", ()),
        ({"education": "44"}, "education", "44", ()),
        ({"education": "14"}, "education", "10", ()),
        ({"education": "大学本科"}, "education", "21", ()),
        ({"wage_min": "面议"}, "wage_min", None, ()),
        ({"wage_min": "3-4千"}, "wage_min", 300_000, ()),
        ({"wage_min": "6万/年"}, "wage_min", 500_000, ()),
        ({"wage_min": "看情况"}, "wage_min", None, (reading.ODD_WAGE,)),
        ({"only_with_group": "是"}, "only_with_group", True, ()),
        ({"only_with_group": "否"}, "only_with_group", False, ()),
        ({"only_with_group": ""}, "only_with_group", None, ()),
        (
            {"only_with_group": "再说"},
            "only_with_group",
            None,
            (reading.ODD_ONLY_WITH_GROUP,),
        ),
        ({"available_from": "20260301"}, "available_from", date(2026, 3, 1), ()),
        ({"available_from": "2026.13.1"}, "available_from", None, (reading.ODD_AVAILABLE,)),
        ({"experience_years": "3"}, "experience_years", 3, ()),
        ({"experience_years": "2-5年"}, "experience_years", 2, ()),
        ({"ethnic_group": "火星族"}, "ethnic_group", None, (reading.ODD_ETHNIC_GROUP,)),
        ({"wanted_divisions": "深圳市、月球"}, "wanted_divisions", ("4403",), (reading.ODD_PLACE,)),
        ({"household_category": "4050人员"}, "household_category", None, (reading.ODD_CATEGORY,)),
    ],
)
def test_every_cell_is_read_or_left_out_with_a_note(
    changes: dict[str, str], name: str, value: object, notes: tuple[str, ...]
) -> None:
    read = read_row(row(**changes), PLACES, today=TODAY)
    assert read.draft is not None
    assert (getattr(read.draft, name), read.notes) == (value, notes)


def test_an_id_number_written_another_way_is_told() -> None:
    number = person(1).id_number
    read = read_row(row(id_number=f"{number[:6]} {number[6:]}"), PLACES, today=TODAY)
    assert read.draft is not None
    assert (read.draft.id_number.text, read.notes) == (number, (reading.ID_TIDIED,))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("建档立卡贫困户", "registered_poor"),
        ("是", "registered_poor"),
        ("否", "general"),
        ("非贫困户", "general"),
        ("未脱贫", "registered_poor"),
        ("已脱贫户", "lifted_out"),
        ("脱贫不稳定户", "at_risk"),
        ("边缘易致贫户", "at_risk"),
        ("一般农户", "general"),
        ("4050人员", None),
    ],
)
def test_household_categories_in_the_words_of_both_decades(text: str, category: str | None) -> None:
    assert reading.read_category(text) == category


@given(st.dictionaries(st.sampled_from(sorted(HEADERS)), st.text(max_size=40)))
def test_no_row_breaks_the_reader(cells: dict[str, str]) -> None:
    read = read_row(cells, PLACES, today=TODAY)
    assert (read.draft is None) == bool(read.faults)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the source tables are not here")
def test_every_education_word_of_real_ledgers_is_understood() -> None:
    folder = SHARED / "data" / "templates"
    with (folder / "ledger_value_lists.csv").open(encoding="utf-8-sig") as file:
        words = [r["value"] for r in csv.DictReader(file) if r["list"] == "education"]
    with (folder / "labour_bureau_codes.csv").open(encoding="utf-8-sig") as file:
        words += [r["value"] for r in csv.DictReader(file) if r["field"] == "aac011"]
    assert len(words) > 15
    assert [word for word in words if not isinstance(reading.read_education(word), str)] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the source tables are not here")
def test_the_headers_of_real_ledgers_that_seekers_need_are_known() -> None:
    known = {alias for aliases in HEADERS.values() for alias in aliases}
    with (SHARED / "data" / "templates" / "header_samples.csv").open(encoding="utf-8-sig") as file:
        headers = {r["header"] for r in csv.DictReader(file)}
    wanted = {"姓名", "性别", "学历", "文化程度", "身份证号码", "身份证号", "证件号码", "联系电话"}
    wanted |= {"民族", "名族", "地址", "户籍地址", "县", "乡", "行政村", "户类型", "从事工种"}
    assert wanted & headers - known == set()
