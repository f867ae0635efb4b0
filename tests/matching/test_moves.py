"""Who moves when a ranking is weighed another way, and by what."""

from hypothesis import given
from hypothesis import strategies as st

from jobfair.matching.bench import TODAY, invent_people, invent_positions
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.rank import Candidate, rank_candidates
from jobfair.matching.core.weights import (
    COMPONENTS,
    STANDARD,
    WEIGHTS,
    Profile,
    profile_of,
)
from jobfair.matching.moves import contributions, moves

VALUE = st.none() | st.integers(0, 4).map(lambda n: n / 4)
POINTS = st.fixed_dictionaries({name: st.integers(0, 50) for name in WEIGHTS})
PEOPLE = st.lists(st.tuples(*[VALUE] * len(COMPONENTS), st.integers(0, 2)), max_size=12)


def _candidate(number: int, values: tuple[float | None, ...], profile: Profile) -> Candidate:
    components = dict(zip(COMPONENTS, values, strict=False))
    bare = Candidate(number, 0.0, components, 1.0, (values[-1] or 0) / 2)
    score = round(sum(contributions(bare, profile).values()) / 100, 6)
    return Candidate(number, score, components, 1.0, bare.priority)


def _ranked(people: list[tuple[float | None, ...]], profile: Profile) -> list[Candidate]:
    found = [_candidate(n, values, profile) for n, values in enumerate(people, 1)]
    return sorted(found, key=lambda c: (-c.score, c.id))


@given(PEOPLE, POINTS.filter(lambda points: any(points[n] for n in COMPONENTS)))
def test_gains_add_up_to_the_change_of_the_score(
    people: list[tuple[float | None, ...]], points: dict[str, int]
) -> None:
    other = profile_of("standard", 3, points)
    before, after = _ranked(people, STANDARD), _ranked(people, other)
    found = moves(before, after, weights=(STANDARD, other), top=5)
    assert [m.seeker_id for m in found[:5]] == [c.id for c in after[:5]]
    assert {m.seeker_id for m in found} == {c.id for c in (*before[:5], *after[:5])}
    for move in found:
        assert move.now
        assert move.then
        change = 100 * (move.then.candidate.score - move.now.candidate.score)
        assert abs(sum(move.gains.values()) - change) < 1e-3
        assert move.enters == (move.seeker_id not in {c.id for c in before[:5]})
        assert move.leaves == (move.seeker_id not in {c.id for c in after[:5]})
        assert move.rise == move.now.place - move.then.place


@given(PEOPLE)
def test_the_same_weights_move_nobody(people: list[tuple[float | None, ...]]) -> None:
    ranked = _ranked(people, STANDARD)
    found = moves(ranked, ranked, weights=(STANDARD, STANDARD), top=5)
    assert not any(m.rise or m.enters or m.leaves or any(m.gains.values()) for m in found)


def test_who_is_not_in_one_of_the_rankings_has_no_place_in_it() -> None:
    ranked = _ranked([(1.0,) * 7 + (0,), (0.5,) * 7 + (0,)], STANDARD)
    [first, second] = moves(ranked[:1], ranked[1:], weights=(STANDARD, STANDARD), top=5)
    assert (first.seeker_id, first.now, first.enters, first.gains) == (2, None, True, {})
    assert (second.seeker_id, second.then, second.leaves, second.rise) == (1, None, True, 0)


def test_points_and_weights_are_the_same_thing() -> None:
    assert profile_of(STANDARD.name, STANDARD.version, STANDARD.points()) == STANDARD


def test_what_the_parts_add_makes_the_score_of_a_ranking() -> None:
    columns = SeekerColumns.of(invent_people(300, 5))
    profile = Profile(priority=0.2)
    for position in invent_positions(10, 5):
        for one in rank_candidates(columns, position, profile=profile, today=TODAY, top=20):
            whole = sum(contributions(one, profile).values())
            assert abs(whole - 100 * one.score) < 0.05  # components are told to four places
