"""Folding people into figures, for any people."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.reports.rules import F02, REG, Report, Subject, age_band, fold, project

_VALUES = st.sampled_from(["七星关区", "大方县", "–"])
_SUBJECTS = st.lists(
    st.builds(
        Subject,
        st.integers(1, 30),
        st.tuples(_VALUES, st.sampled_from(["1", "2"])),
        st.integers(1, 50),
    ),
    max_size=60,
)
_PERSONS = st.lists(st.builds(Subject, st.integers(1, 30), st.tuples(_VALUES, _VALUES)))


@given(_PERSONS)
def test_a_number_of_persons_is_the_length_of_its_list(subjects: list[Subject]) -> None:
    for figure in fold(REG, subjects):
        assert figure.value == len(figure.subjects) == len(set(figure.subjects))
        behind = {s.id for s in subjects if s.dimensions == figure.dimensions}
        assert set(figure.subjects) == behind


@given(_SUBJECTS)
def test_weights_add_up_when_nothing_is_left_out(subjects: list[Subject]) -> None:
    total = sum(f.value for f in fold(F02, subjects, distinct=False))
    assert total == sum(s.weight for s in subjects)


@given(_SUBJECTS)
def test_the_order_of_subjects_does_not_matter(subjects: list[Subject]) -> None:
    turned = list(reversed(subjects))
    assert fold(REG, subjects) == fold(REG, turned)


@given(st.lists(st.tuples(st.integers(1, 99), _VALUES, _VALUES), unique_by=lambda p: p[0]))
def test_the_total_is_the_same_however_it_is_broken_down(
    people: list[tuple[int, str, str]],
) -> None:
    subjects = [Subject(i, (a, b)) for i, a, b in people]
    for by in ([], ["county"], ["sex"], ["sex", "county"]):
        figures = fold(REG, project(subjects, ["county", "sex"], by))
        made = Report("fair-summary", date(2010, 3, 6), tuple(by), tuple(figures))
        assert made.total("REG") == len(people)


def test_projecting_puts_the_wanted_dimensions_in_the_wanted_order() -> None:
    subject = Subject(1, ("a", "b", "c"), 7)
    assert project([subject], ["x", "y", "z"], ["z", "x"]) == [Subject(1, ("c", "a"), 7)]


def test_an_unknown_dimension_is_not_projected() -> None:
    with pytest.raises(ValueError, match="w"):
        project([Subject(1, ("a",))], ["x"], ["w"])


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(1994, 3, 7), "<16"),
        (date(1994, 3, 6), "16–24"),
        (date(1985, 3, 7), "16–24"),
        (date(1985, 3, 6), "25–34"),
        (date(1955, 3, 7), "45–54"),
        (date(1955, 3, 6), "55+"),
    ],
)
def test_an_age_band_changes_on_the_birthday(born: date, band: str) -> None:
    assert age_band(born, date(2010, 3, 6)) == band


@given(st.dates(date(1930, 1, 1), date(2009, 1, 1)), st.dates(date(2009, 1, 2), date(2030, 1, 1)))
def test_everybody_is_in_one_band(born: date, on: date) -> None:
    assert age_band(born, on) in {"<16", "16–24", "25–34", "35–44", "45–54", "55+"}


@given(_PERSONS)
def test_the_digest_follows_the_figures(subjects: list[Subject]) -> None:
    def made(some: list[Subject]) -> Report:
        return Report("intake", date(2010, 3, 6), ("a", "b"), tuple(fold(REG, some)))

    assert made(subjects).digest == made(subjects[::-1]).digest
    more = [*subjects, Subject(99, ("x", "y"))]
    assert made(subjects).digest != made(more).digest
