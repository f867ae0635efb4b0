"""Facts at the edge of sense: refused clearly or ranked soundly, never ranked wrongly."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobfair.matching.core.columns import WISHES, SeekerColumns
from jobfair.matching.core.eligibility import reasons
from jobfair.matching.core.facts import PositionFacts, SeekerFacts, Wish
from jobfair.matching.core.rank import rank_candidates, rank_fair, score_pair
from jobfair.matching.core.weights import COMPONENTS, STANDARD, Profile
from tests.matching.core.test_ranking import TODAY, positions, seekers

PERSON = SeekerFacts(1, date(1985, 1, 1), "520502", (Wish("电工"),), wage_min=200_000)
POST = PositionFacts(9, "电工", wage_low=180_000)
NAN: Any = float("nan")


def score(person: SeekerFacts, post: PositionFacts, profile: Profile = STANDARD) -> float:
    return score_pair(person, post, profile=profile, today=TODAY)[1].score


@settings(max_examples=200)
@given(
    seekers,
    positions,
    st.lists(st.integers(0, 9), min_size=len(COMPONENTS), max_size=len(COMPONENTS)),
    st.data(),
)
def test_whoever_is_nearer_in_one_thing_never_scores_less(
    person: SeekerFacts, post: PositionFacts, weights: list[int], data: st.DataObject
) -> None:
    profile = Profile("any", 2, *weights) if any(weights) else STANDARD
    better: dict[str, Any] = {}
    if person.wishes:
        better["wishes"] = (Wish(post.title, post.occupation), *person.wishes[1:])
    if person.skills:
        better["skills"] = person.skills | post.skills
    if person.wage_min:
        better["wage_min"] = max(person.wage_min // 2, 1)
    if person.experience is not None:
        better["experience"] = person.experience + 1
    if person.education is not None:
        better["education"] = min(person.education + 1, 6)
    if person.wanted_divisions and post.workplace:
        better["wanted_divisions"] = (post.workplace,)
    if better:
        name = data.draw(st.sampled_from(sorted(better)))
        assert score(replace(person, **{name: better[name]}), post, profile) >= score(
            person, post, profile
        )


@pytest.mark.parametrize(
    "facts",
    [
        {"wage_min": -1},
        {"wage_min": NAN},
        {"experience": -2},
        {"education": -1},
        {"education": 7},
        {"education": NAN},
    ],
)
def test_a_person_with_a_senseless_number_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(facts))):
        replace(PERSON, **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"wage_low": -1},
        {"wage_high": NAN},
        {"experience": -2},
        {"education": 7},
        {"min_age": -16},
    ],
)
def test_a_position_with_a_senseless_number_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(facts))):
        replace(POST, **facts)


def test_a_huge_wage_is_a_wage() -> None:
    modest, rich = replace(PERSON, wage_min=1), replace(PERSON, wage_min=2**62)
    assert score(modest, POST) == 1.0
    assert score(rich, POST) < score(PERSON, POST)
    assert score(rich, replace(POST, wage_high=2**62)) == 1.0


def test_an_age_nobody_reaches_leaves_the_list_empty_and_says_why() -> None:
    post = replace(POST, min_age=200)
    columns = SeekerColumns.of([PERSON])
    assert rank_candidates(columns, post, profile=STANDARD, today=TODAY, top=5) == []
    assert [(r.code, dict(r.params)["age"]) for r in reasons(PERSON, post, TODAY)] == [
        ("min_age", "200")
    ]


@pytest.mark.parametrize(
    "title", ["电工" * 5_000, "👷‍♀️🔧", "電工 Электрик σίδηρος كهربائي", "（）", " ", ""]
)
def test_any_title_is_ranked_and_its_own_text_is_nearest(title: str) -> None:
    odd = replace(PERSON, id=2, wishes=(Wish(title),))
    post = replace(POST, title=title)
    found = rank_candidates(
        SeekerColumns.of([PERSON, odd]), post, profile=STANDARD, today=TODAY, top=5
    )
    assert [c.id for c in found] == ([2, 1] if title.strip() else [1, 2])
    assert all(0 <= c.score <= 1 for c in found)


def test_of_many_wishes_the_first_count() -> None:
    wishes = tuple(Wish(f"工种{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n}") for n in range(50))
    many, few = (
        replace(PERSON, id=n, wishes=wishes[:count]) for n, count in ((1, 50), (2, WISHES))
    )
    posts = [PositionFacts(n, w.title) for n, w in enumerate(wishes)]
    ranked = rank_fair(SeekerColumns.of([many, few]), posts, profile=STANDARD, today=TODAY)
    for found in ranked.positions:
        assert found.scores[0] == found.scores[1]


def test_nobody_for_no_position_is_an_empty_fair() -> None:
    ranked = rank_fair(SeekerColumns(), [], profile=STANDARD, today=TODAY)
    assert (ranked.positions, ranked.people, ranked.eligible) == ((), 0, 0)
