"""Who is next when a post comes free, and who is proposed another booth."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobfair.queues.rules import LONGEST_WAIT, SHORTER_BY, Load, next_best, too_long, who_is_next

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


minutes = st.integers(1, 20).map(lambda n: timedelta(minutes=n))
loads_there = st.dictionaries(st.integers(1, 5), st.builds(Load, st.integers(0, 40), minutes))


@given(
    st.integers(0, 40), minutes, loads_there, st.lists(st.permutations(range(1, 6)), min_size=40)
)
def test_nobody_is_sent_to_a_longer_queue_even_when_all_go(
    waiting: int, pace: timedelta, loads: dict[int, Load], fits: list[list[int]]
) -> None:
    sent: dict[int, list[timedelta]] = {}
    for place, wait in too_long(waiting, pace).items():
        assert wait > LONGEST_WAIT
        barred = {place % 5 + 1}
        booth = next_best(wait, fits[place], loads, barred)
        if booth is None:
            continue
        assert booth not in barred
        load = loads.get(booth, Load(0, timedelta(minutes=5)))
        loads[booth] = Load(load.waiting + 1, load.pace)
        sent.setdefault(booth, []).append(wait)
        better = fits[place][: fits[place].index(booth)]
        assert all(
            one in barred or loads[one].wait + SHORTER_BY > wait for one in better if one in loads
        )
    for booth, waits in sent.items():  # the last who was sent waits behind all others
        assert loads[booth].wait - loads[booth].pace + SHORTER_BY <= waits[-1]
