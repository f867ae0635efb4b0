"""Who is next when a post comes free."""

from hypothesis import given
from hypothesis import strategies as st

from jobfair.queues.rules import who_is_next

people = st.lists(st.integers(1, 8), max_size=6)


@given(people, people, st.booleans(), st.sets(st.integers(1, 8)), st.sets(st.integers(1, 8)))
def test_the_first_who_may_come_is_told_and_a_wish_goes_before_the_queue(
    wishes: list[int], waiting: list[int], was_full: bool, told: set[int], barred: set[int]
) -> None:
    def may(one: int) -> bool:
        return one not in barred

    found = who_is_next(wishes, waiting, was_full=was_full, told=told, may=may)
    out = told | barred
    if found is None:
        assert set(wishes) <= out
        assert not was_full or set(waiting) <= out
    elif found in wishes:
        assert found not in out
        assert set(wishes[: wishes.index(found)]) <= out
    else:
        assert was_full
        assert found not in out
        assert set(wishes) <= out
        assert set(waiting[: waiting.index(found)]) <= out
