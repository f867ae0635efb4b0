from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.demo.draw import Weighted, share_out


@given(
    st.integers(0, 200_000),
    st.lists(st.floats(0.01, 1000), min_size=1, max_size=60),
    st.integers(0, 3),
)
def test_shares_add_up_and_nobody_goes_below_the_least(
    total: int, weights: list[float], least: int
) -> None:
    if total < least * len(weights):
        with pytest.raises(ValueError, match="too small"):
            share_out(total, weights, least=least)
        return
    shares = share_out(total, weights, least=least)
    assert sum(shares) == total
    assert min(shares) >= least


def test_a_thing_without_weight_is_never_drawn() -> None:
    random = Random(1)  # noqa: S311 - repeatable, not secret
    assert set(Weighted.of({"a": 1, "b": 0, "c": 1}).many(random, 2_000)) == {"a", "c"}
