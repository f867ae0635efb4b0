"""Places as people write them find their division; old codes find today's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.regions import codes
from jobfair.regions.rules import Gazetteer, Place

GAZETTEER = Gazetteer.of(
    Place(
        r["code"],
        r["name"],
        r["level"],
        r["parent_code"] or None,
        r["successor_code"] or None,
        tuple(known.name for known in codes.former_names().get(r["code"], ())),
    )
    for r in codes.read_rows("divisions")
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("贵州省毕节市大方县", "520521"),
        ("大方县", "520521"),
        ("大方", "520521"),
        ("深圳-宝安区", "440306"),
        ("深圳", "4403"),
        ("上海·虹口·北外滩", "310109"),
        ("济南-历下区", "370102"),
        ("江苏省 - 苏州市", "3205"),
        ("广东省", "44"),
        ("威宁", "520526"),
        ("毕节地区", "5205"),
        ("毕节市七星关区", "520502"),
        ("520500", "5205"),
        ("522401", "520502"),
        ("黔西县", "520581"),
        ("贵州毕节黔西县", "520581"),
        ("黔西市", "520581"),
        ("毕节地区毕节市", "520502"),
        ("黔南州都匀市", "522701"),
        ("威宁县", "520526"),
        ("襄樊", "4206"),
        ("青岛市北区", "370203"),
        ("吉林市", "2202"),
        ("连云港", "3207"),
        ("苏州-工业园区", "320576"),
        ("东莞长安", "4419"),
        ("工作地点在深圳市宝安区福永", "440306020"),
        ("上班地址 : 上海徐汇区桂林路406号", "310104"),
        # Zones that publish figures of their own, and what became of them.
        ("深圳-龙华新区", "440309"),
        ("深圳光明新区公明街道", "440311002"),
        ("深圳市大鹏新区葵涌", "440374"),
        ("前海", "440375"),
        ("深汕特别合作区", "440376"),
        ("百里杜鹃", "520571"),
        ("金海湖新区", "520574"),
        # Districts of old.
        ("北京宣武区", "110102"),
        ("上海市 - 南汇区", "310115"),
        ("广州市萝岗区", "440112"),
        # Names of several places, and names inside other names, say nothing.
        ("鼓楼区", None),
        ("朝阳区", None),
        ("南京鼓楼", "320106"),
        ("南京西路580号", None),
        ("中山大道西路305号", None),
        ("朝阳门", None),
        ("珠江新城", None),
        ("贵安新区", None),
        ("异地招聘", None),
        ("全国", None),
        ("某个没有的地方", None),
        ("", None),
    ],
)
def test_a_place_is_found(text: str, code: str | None) -> None:
    assert GAZETTEER.find(text) == code


def test_a_township_is_found_inside_its_county() -> None:
    code = GAZETTEER.find("大方县羊场镇")
    assert code is not None
    assert code.startswith("520521")
    assert len(code) == 9


@given(st.text(max_size=30))
def test_no_text_breaks_the_resolver(text: str) -> None:
    code = GAZETTEER.find(text)
    assert code is None or code in GAZETTEER.places


def test_every_old_code_leads_to_a_division_of_today() -> None:
    old = [p for p in GAZETTEER.places.values() if p.successor_code]
    assert len(old) > 50
    for place in old:
        successor = GAZETTEER.places[place.successor_code or ""]
        assert successor.successor_code is None


def test_codes_of_id_numbers_of_any_year() -> None:
    assert GAZETTEER.current_code("522400") == "5205"
    assert GAZETTEER.current_code("522423") == "520581"
    assert GAZETTEER.current_code("520522") == "520581"
    assert GAZETTEER.current_code("529999") == "52"
    assert GAZETTEER.current_code("999999") is None


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("522401", 2010, "毕节市"),
        ("522421", 1985, "毕节县"),
        ("520502", 2012, "七星关区"),
        ("4206", 2005, "襄樊市"),
        ("4206", 2015, "襄阳市"),
        ("130502", 2010, "桥东区"),
        # A number may carry a code that is younger than its holder.
        ("440309", 1970, "龙华区"),
        ("999999", 2000, None),
    ],
)
def test_a_code_has_the_name_of_its_year(code: str, year: int, name: str | None) -> None:
    assert codes.division_name(code, year) == name


def test_local_codes_and_the_way_of_a_succession_are_marked() -> None:
    rows = codes.read_rows("divisions")
    assert {row["basis"] for row in rows if row["successor_code"]} == {
        "hand",
        "name",
        "wider",
        "local",
    }
    local = [row for row in rows if row["basis"] == "local"]
    assert len(local) == 10
    assert all(row["code"][4] == "7" and row["valid_from"] for row in local)


def test_a_name_is_ambiguous_no_more_inside_a_place() -> None:
    assert GAZETTEER.find("龙华") is None
    assert GAZETTEER.find("龙华", within="4403") == "440309"
    assert GAZETTEER.find("布吉", within="4403") == "440307014"
