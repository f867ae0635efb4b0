"""Places as people write them find their division; old codes find today's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.regions import codes
from jobfair.regions.rules import Gazetteer, Place

GAZETTEER = Gazetteer.of(
    Place(r["code"], r["name"], r["level"], r["parent_code"] or None, r["successor_code"] or None)
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


def test_the_minimum_wage_of_a_day() -> None:
    assert codes.minimum_wage("440306", date(2010, 3, 6)) == 90_000
    assert codes.minimum_wage("440306", date(2010, 7, 1)) == 110_000
    assert codes.minimum_wage("520502", date(2010, 7, 1)) is None
