"""Properties of the resolver that hold for any text."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobfair.occupations import classification
from jobfair.occupations.core.evidence import Evidence
from jobfair.occupations.core.library import Entry
from jobfair.occupations.core.resolver import Candidate, Occupations

OCCUPATIONS = classification.occupations()
AGAIN = classification.with_learnt(())

WORK = "焊工电子厂普操作员司机招聘包吃住工程师销售经理急+（）/-  5k元"
titles = (
    st.text(max_size=80)
    | st.text(alphabet=WORK + "aAzZ\uff19\uff31\uff51🙂\ud800\x00\u0301", max_size=80)
    | st.sampled_from([one.title for one in classification.labelled_titles()])
)
_WIDE = {sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)}


@given(titles, st.integers(1, 50))
@settings(deadline=None)
def test_candidates_are_distinct_ordered_and_as_many_as_asked(title: str, top: int) -> None:
    found = OCCUPATIONS.resolve(title, top=top)
    confidences = [one.confidence for one in found]
    assert len(found) in (0, top)
    assert len({one.code for one in found}) == len(found)
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= one <= 1 for one in confidences)
    assert sum(confidences[:2]) <= 1.001 or confidences[0] == confidences[1]


@given(titles, st.integers(1, 50))
@settings(deadline=None)
def test_a_title_has_one_answer(title: str, top: int) -> None:
    assert AGAIN.resolve(title, top=top) == OCCUPATIONS.resolve(title, top=50)[:top]


@given(st.text(alphabet=WORK + "abcxyzABCXYZ019", max_size=40))
@settings(deadline=None)
def test_width_and_case_do_not_matter(title: str) -> None:
    found = OCCUPATIONS.resolve(title)
    assert OCCUPATIONS.resolve(title.upper()) == found
    assert OCCUPATIONS.resolve(title.translate(_WIDE)) == found
    assert OCCUPATIONS.resolve(unicodedata.normalize("NFKD", title)) == found


@given(titles)
@settings(deadline=None)
def test_only_what_is_likely_gets_a_code_and_sure_ones_are_likely(title: str) -> None:
    found, code = OCCUPATIONS.resolve(title), OCCUPATIONS.code_of(title)
    assert code in (None, *(one.code for one in found[:1]))
    if OCCUPATIONS.is_sure(found):
        assert code == found[0].code


@pytest.mark.parametrize("count", [1, 2, 70])
def test_a_small_classification_gives_no_more_than_it_has(count: int) -> None:
    entries = [Entry(f"6-01-01-{at:02}", f"焊工{at}号") for at in range(1, count + 1)]
    found = Occupations(entries, weighing=classification.weighing()).resolve("焊工", top=50)
    assert len(found) == min(count, 50)
    assert {one.code for one in found} <= {one.code for one in entries}
    assert all(isinstance(one, Candidate) for one in found)


@given(st.lists(titles, max_size=40), st.integers(1, 50))
@settings(deadline=None, max_examples=40)
def test_many_titles_get_what_each_gets_alone(asked: list[str], top: int) -> None:
    alone = [OCCUPATIONS.resolve(title, top=top) for title in asked]
    assert AGAIN.resolve_many(asked, top=top) == alone
    assert AGAIN.codes_of(asked) == [OCCUPATIONS.code_of(title) for title in asked]


def test_the_signs_of_a_title_are_the_same_to_the_bit_among_others() -> None:
    evidence = Evidence(OCCUPATIONS.library)
    asked = [one.title for one in classification.labelled_titles()[:40]]
    for title, signs in zip(asked, evidence.of_many(asked), strict=True):
        assert np.array_equal(signs, evidence.of(title)), title
