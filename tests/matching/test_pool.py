"""The pool in memory follows what is stored, at once."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from jobfair.employers import services as positions
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.matching.core.rank import Candidate, RankedFair, rank_positions
from jobfair.matching.explain import parts_of, why
from jobfair.matching.pool import Pool, post_of
from jobfair.seekers import services
from tests.employers.factory import draft as position_draft
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.placements.factory import make_placement
from tests.seekers.factory import draft


@pytest.fixture
def pool(database: Database) -> Pool:
    return Pool(database)


@pytest.fixture
def position_id(database: Database) -> int:
    return make_position(database, make_employer(database))


def _ids(pool: Pool, position_id: int) -> list[int]:
    return [c.id for c in pool.candidates(position_id, top=50)[1]]


def test_somebody_registered_after_loading_is_in_the_next_ranking(
    make: Make, pool: Pool, position_id: int
) -> None:
    first = make.seeker(1)
    assert _ids(pool, position_id) == [first]
    second = make.seeker(2)
    assert set(_ids(pool, position_id)) == {first, second}
    assert pool.size == 2


def test_an_edit_is_in_the_next_ranking(
    database: Database, make: Make, pool: Pool, position_id: int
) -> None:
    seeker_id = make.seeker(1)
    before = pool.candidates(position_id, top=5)[1]
    with database.writing() as session:
        services.edit_seeker(session, seeker_id, draft(1, wage_min=900_000))
    after = pool.candidates(position_id, top=5)[1]
    assert [c.id for c in after] == [c.id for c in before]
    assert after != before


def test_a_refusal_takes_somebody_out(
    database: Database, make: Make, pool: Pool, position_id: int
) -> None:
    seeker_id = make.seeker(1)
    assert _ids(pool, position_id) == [seeker_id]
    with database.writing() as session:
        services.edit_seeker(session, seeker_id, draft(1, refusals=("other_province",)))
    assert _ids(pool, position_id) == []
    assert [p.id for p in pool.refused_near(seeker_id, top=5)] == [position_id]


@pytest.mark.parametrize("leave", [services.withdraw_consent, services.erase_seeker])
def test_somebody_who_withdraws_consent_or_is_erased_leaves_at_once(
    database: Database,
    make: Make,
    pool: Pool,
    position_id: int,
    leave: Callable[[Session, int], None],
) -> None:
    stays, leaves = make.seeker(1), make.seeker(2)
    assert len(_ids(pool, position_id)) == 2
    with database.writing() as session:
        leave(session, leaves)
    assert _ids(pool, position_id) == [stays]
    assert pool.fair([position_id]).positions[0].seekers.tolist() == [stays]
    assert pool.person(leaves) is None


def test_a_changed_or_closed_position_is_ranked_as_it_is_now(
    database: Database, make: Make, pool: Pool, position_id: int
) -> None:
    here, elsewhere = (
        make.seeker(n, wanted_divisions=(place,)) for n, place in ((1, "4403"), (2, "5205"))
    )
    assert _ids(pool, position_id) == [here, elsewhere]
    with database.writing() as session:
        changed = position_draft(workplace_division="520502")
        positions.edit_position(session, position_id, changed)
    assert _ids(pool, position_id) == [elsewhere, here]
    with database.writing() as session:
        positions.close_position(session, position_id)
    assert _ids(pool, position_id) == []


def test_somebody_placed_leaves_at_once(
    database: Database, make: Make, pool: Pool, position_id: int
) -> None:
    seeker_id = make.seeker(1)
    assert _ids(pool, position_id) == [seeker_id]
    make_placement(database, seeker_id, started_on=clock.today() - timedelta(days=1))
    assert _ids(pool, position_id) == []
    person = pool.person(seeker_id)
    assert person is not None
    assert person.unlisted == {"placed"}


def test_a_draft_position_can_be_ranked(database: Database, make: Make, pool: Pool) -> None:
    seeker_id = make.seeker(1)
    employer_id = make_employer(database)
    bare = make_position(
        database, employer_id, publish=False, headcount=None, wage=None, workplace_division=None
    )
    assert _ids(pool, bare) == [seeker_id]
    assert [c.id for c in pool.positions(seeker_id, top=5)] == [bare]
    assert pool.positions(seeker_id, top=5, drafts=False) == []


def test_positions_for_a_person_are_those_of_the_pure_ranking(
    database: Database, make: Make, pool: Pool
) -> None:
    seeker_id = make.seeker(1, wage_min=200_000)
    employer_id = make_employer(database)
    titles = ("普工", "焊工", "保安", "服务员")
    posts = [make_position(database, employer_id, title=title) for title in titles]
    person = pool.person(seeker_id)
    rows = [pool.post(i) for i in posts]
    assert person is not None
    facts = [post_of(row) for row in rows if row]
    plain = rank_positions(person, facts, profile=pool.profile, today=pool.day, top=10)
    assert pool.positions(seeker_id, top=10) == plain
    assert [c.id for c in pool.positions(seeker_id, top=10, only=posts[:1])] == posts[:1]


def test_only_one_county_when_asked(make: Make, pool: Pool, position_id: int) -> None:
    here = make.seeker(1, division="520502001")
    make.seeker(2, division="520521001")
    eligible, found = pool.candidates(position_id, top=5, within="520502")
    assert (eligible, [c.id for c in found]) == (1, [here])


def test_a_refresh_waits_until_a_ranking_is_done(make: Make, pool: Pool, position_id: int) -> None:
    make.seeker(1)
    pool.refresh()
    make.seeker(2)
    other = threading.Thread(target=pool.refresh)
    seen: list[Any] = []

    def step(_done: int, _total: int) -> None:
        other.start()
        other.join(0.2)
        seen.append(other.is_alive())

    make.seeker(3)
    ranked: RankedFair = pool.fair([position_id], step=step, day=date(2026, 1, 1))
    other.join(10)
    assert seen == [True], "the refresh of the other thread had to wait"
    assert ranked.people == 3


def test_rankings_beside_registrations_are_never_mixed_up(
    database: Database, make: Make, pool: Pool, position_id: int
) -> None:
    make.seeker(1)
    answers: list[tuple[int, list[Candidate]]] = []

    def rank() -> None:
        answers.extend(pool.candidates(position_id, top=50) for _ in range(20))

    reader = threading.Thread(target=rank)
    reader.start()
    for n in range(2, 12):
        make.seeker(n)
    reader.join(30)
    assert all(eligible == len(found) for eligible, found in answers)
    assert pool.candidates(position_id, top=50)[0] == 11


def test_a_certificate_by_any_of_its_names_is_the_same(
    database: Database, make: Make, pool: Pool
) -> None:
    names = ("低压电工证", "电工操作证", "特种作业操作证（低压电工作业）", "电工证")
    holders = [make.seeker(n, certificates=(name,)) for n, name in enumerate(names, 1)]
    make.seeker(5, certificates=("健康证",))
    employer_id = make_employer(database)
    for name in names:
        typed = make_position(database, employer_id, certificates=(name,))
        assert sorted(_ids(pool, typed)) == holders
    read = make_position(database, employer_id, requirements="须持电工上岗证或焊工证")
    assert sorted(_ids(pool, read)) == holders


def test_a_higher_driving_licence_covers_the_lower(
    database: Database, make: Make, pool: Pool
) -> None:
    lorry, car = make.seeker(1, certificates=("A2照",)), make.seeker(2, certificates=("驾驶证C1",))
    employer_id = make_employer(database)
    for text, able in (("有C1驾照", {lorry, car}), ("有B2驾照", {lorry}), ("有驾照", {lorry, car})):
        assert set(_ids(pool, make_position(database, employer_id, requirements=text))) == able


def test_a_wished_certificate_counts_for_whoever_has_it(
    database: Database, make: Make, pool: Pool
) -> None:
    with_it = make.seeker(1, certificates=("叉车证",), skills=("打字",))
    without = make.seeker(2, skills=("打字",))
    post = make_position(database, make_employer(database), requirements="有叉车证者优先")
    found = pool.candidates(post, top=5)[1]
    assert [(c.id, c.components["skills"]) for c in found] == [(with_it, 1.0), (without, 0.0)]


def test_why_names_the_words_of_the_advert(database: Database, make: Make, pool: Pool) -> None:
    text = "40岁以下，高中以上学历，须持电工上岗证，3年以上电工经验，两班倒"
    post = make_position(database, make_employer(database), requirements=text)
    seeker = make.seeker(
        1, born=date(1970, 1, 1), education="71", experience_years=1, refusals=("night_shift",)
    )
    found = why(pool, seeker_id=seeker, position_id=post)
    row = pool.post(post)
    assert found is not None
    said = {reason.code: reason.phrases for reason in found.reasons}
    assert said == {
        "max_age": ("40岁以下",),
        "education": ("高中以上学历",),
        "certificate": ("电工上岗证",),
        "refusal_night_shift": ("两班倒",),
    }
    parts = {part.name: part.phrases for part in parts_of(found.candidate, found.profile, row)}
    assert parts["experience"] == ("3年以上电工经验",)
    assert parts["wage"] == ()


def test_why_names_no_words_for_what_was_typed(database: Database, make: Make, pool: Pool) -> None:
    post = make_position(database, make_employer(database), max_age=40)
    seeker = make.seeker(1, born=date(1970, 1, 1))
    found = why(pool, seeker_id=seeker, position_id=post)
    assert found is not None
    assert [(reason.code, reason.phrases) for reason in found.reasons] == [("max_age", ())]
