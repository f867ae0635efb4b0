from collections import Counter
from datetime import date
from itertools import islice

import pytest
from stdnum.cn import ric

from jobfair.demo import invented
from jobfair.demo.draw import load_table
from jobfair.demo.exports import labourers
from jobfair.demo.people import FULL_COUNT, seekers
from jobfair.demo.students import students
from jobfair.kit import clock
from jobfair.placements.rules.counting import EXPORTS, Spell, destination_of, moves
from jobfair.placements.rules.kinds import EndReason
from jobfair.regions.codes import code_list, occupation_name, read_rows
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.seekers.rules.identity import IdNumber, age_on


@pytest.fixture(scope="module")
def few() -> list[SeekerDraft]:
    return list(seekers())


def test_three_thousand_seekers_by_default_and_the_same_every_time(few: list[SeekerDraft]) -> None:
    assert len(few) == 3_000
    assert few == list(seekers(3_000))


def test_fewer_people_are_the_first_of_more(few: list[SeekerDraft]) -> None:
    assert list(islice(seekers(110_000), 500)) == few[:500]


def test_everybody_carries_the_mark_and_a_number_that_parses(few: list[SeekerDraft]) -> None:
    people = [*few, *(s.person for s in islice(labourers(), 1_000))]
    for person in people:
        number = person.id_number
        assert invented.is_invented(number.text)
        assert IdNumber.parse(number.text, today=clock.today()) == number
        assert ric.calc_check_digit(number.text) == number.text[-1]
        assert (person.phone or "").startswith(invented.PHONE_BLOCK)


def test_seekers_are_of_working_age_on_the_day_of_the_fair(few: list[SeekerDraft]) -> None:
    from_fair = [age_on(p.id_number.birth_date, date(2010, 3, 6)) for p in few]
    assert min(from_fair) >= 16
    assert max(from_fair) <= 60


def test_seekers_say_what_the_code_lists_know(few: list[SeekerDraft]) -> None:
    divisions = {row["code"] for row in read_rows("divisions") if not row["successor_code"]}
    for person in few:
        assert person.home_division in divisions
        assert person.home_division.startswith("5205")
        assert person.education in code_list("education")
        assert person.ethnic_group in code_list("ethnic_groups")
        assert person.household_category in code_list("household_categories")
        assert person.wishes
        assert all(occupation_name(wish.occupation_code) for wish in person.wishes)


def test_travel_groups_come_from_one_village(few: list[SeekerDraft]) -> None:
    villages: dict[str, set[tuple[str, str | None]]] = {}
    for person in few:
        if person.travel_group:
            home = (person.home_division, person.village)
            villages.setdefault(person.travel_group, set()).add(home)
    assert len(villages) > 100
    assert all(len(homes) == 1 for homes in villages.values())


def test_fifteen_thousand_exported_and_the_moves_that_go_with_them() -> None:
    people = list(labourers())
    assert len(people) == 15_000
    assert len({p.person.id_number.text for p in people}) == 15_000
    counted = in_2010 = 0
    for labourer in people:
        assert labourer.person.consent_version is None
        assert labourer.placements[-1].ended_on is None
        spells = []
        for place, placement in enumerate(labourer.placements):
            assert placement.started_on is not None
            in_2010 += placement.started_on.year == 2010
            home = labourer.person.home_division
            assert destination_of(home, placement.workplace_division) in EXPORTS
            seasonal = placement.end_reason is EndReason.SEASONAL
            spells.append(Spell(place, placement.started_on, placement.ended_on, seasonal))
        counted += len(moves(spells))
    assert counted == 16_200
    assert in_2010 == 16_800


def test_1530_students_of_whom_1080_from_guizhou() -> None:
    drafts = list(students())
    assert len(drafts) == 1_530
    assert sum(d.home_division.startswith("52") for d in drafts) == 1_080
    assert Counter(d.home_division[:6] for d in drafts)["520521"] == 138
    for draft in drafts:
        draft.check()
        assert draft.open() == ()
        assert invented.is_invented(draft.id_number.text)


@pytest.mark.full
def test_nobody_shares_a_number_in_the_full_demonstration() -> None:
    people = [*seekers(FULL_COUNT), *(entry.person for entry in labourers())]
    numbers = [p.id_number.text for p in people] + [d.id_number.text for d in students()]
    phones = [p.phone for p in people] + [d.phone for d in students()]
    assert len(numbers) == 126_530
    assert len(set(numbers)) == len(numbers)
    assert len(set(phones)) == len(phones)


def test_people_of_one_trade_differ_in_what_they_can_do_and_ask(few: list[SeekerDraft]) -> None:
    by_trade: dict[str, set[tuple[object, ...]]] = {}
    for person in few:
        assert person.skills
        facts = (person.skills, person.experience_years, person.wage_min, person.wanted_divisions)
        by_trade.setdefault((person.wishes or ())[0].title, set()).add(facts)
    people = Counter((person.wishes or ())[0].title for person in few)
    for trade, different in by_trade.items():
        assert len(different) > 0.8 * people[trade]


def test_nobody_under_eighteen_asks_for_barred_work_or_has_finished_high_school(
    few: list[SeekerDraft],
) -> None:
    trades = {row["title"]: row for row in load_table("trades")}
    for person in few:
        if age_on(person.id_number.birth_date, date(2010, 3, 6)) < 18:
            assert person.education in {"90", "81", "71"}
            for wish in person.wishes or ():
                assert "1" not in (trades[wish.title]["height"], trades[wish.title]["restricted"])
