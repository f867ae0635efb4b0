"""What a title and official names have in common, character by character."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.occupations.core.names import Names
from jobfair.occupations.core.text import letters

NAMES = Names(["焊工", "电焊机操作工", "保安员", ""])


def test_characters_in_common_count_as_a_share_of_either() -> None:
    found = NAMES.covered(letters("电焊工"))
    assert found["name_covered"].tolist() == pytest.approx([1, 3 / 6, 0, 0])
    assert found["title_covered"].tolist() == pytest.approx([2 / 3, 1, 0, 0])
    # 焊 and 工 are in two names of four, 电 in one.
    rare, own = 2 * np.log(2), 2 * np.log(2) + np.log(4)
    assert found["rare_covered"][0] == pytest.approx(2 * rare / (own + rare))


@given(st.text(max_size=30).map(letters))
def test_shares_are_shares_for_any_text(title: str) -> None:
    for values in NAMES.covered(title).values():
        assert ((values >= 0) & (values <= 1 + 1e-6)).all()
    assert not NAMES.covered("")["title_covered"].any()
