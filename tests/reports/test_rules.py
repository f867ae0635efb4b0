"""Folding people into figures, for any people."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.reports.rules import (
    F02,
    P02,
    P03,
    REG,
    Report,
    Scale,
    Subject,
    age_band,
    fold,
    narrow,
    outline,
    pivot,
    project,
    shorten,
)

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


_SCALES = (Scale("county", {"520502": "七星关区", "520521": "大方县"}), Scale("sex", {}))
_COUNTIES = st.sampled_from(["520521", "520502", "999999", ""])
_MOVES = st.lists(
    st.builds(Subject, st.integers(1, 30), st.tuples(_COUNTIES, st.sampled_from(["1", "2"]))),
    unique_by=lambda subject: subject.id,
)


def _report(persons: list[Subject], moves: list[Subject]) -> Report:
    figures = (*fold(P02, persons), *fold(P03, moves))
    day = date(2010, 3, 6)
    names = ("county", "sex")
    return Report("exported", day, names, figures, scales=_SCALES, indicators=(P02, P03))


@given(_MOVES, _MOVES)
def test_a_table_holds_every_figure_once(persons: list[Subject], moves: list[Subject]) -> None:
    made = _report(persons, moves)
    table = pivot(made)
    assert table.totals == (len(persons), len(moves))
    assert tuple(sum(row.values[i] for row in table.rows) for i in (0, 1)) == table.totals
    assert sum(n > 0 for row in table.rows for n in row.values) == len(made.figures)
    for code, people in (("P02", persons), ("P03", moves)):
        assert made.subjects(code) == tuple(sorted(s.id for s in people))


@given(_MOVES)
def test_rows_follow_their_scales_and_the_unknown_come_last(persons: list[Subject]) -> None:
    order = ["520502", "520521", "", "999999"]
    found = [row.keys[0] for row in pivot(_report(persons, [])).rows]
    assert found == sorted(found, key=order.index)
    for row in pivot(_report(persons, [])).rows:
        assert row.labels[0] == {"520502": "七星关区", "520521": "大方县", "": "–"}.get(
            row.keys[0], row.keys[0]
        )


@given(_MOVES, _MOVES, st.integers(2, 12))
def test_a_shortened_table_sums_up_the_rest(
    persons: list[Subject], moves: list[Subject], most: int
) -> None:
    table = pivot(_report(persons, moves))
    short = shorten(table, most)
    assert len(short.rows) + bool(short.left_out) <= most
    assert len(short.rows) + short.left_out == len(table.rows)
    for place, total in enumerate(table.totals):
        shown = sum(row.values[place] for row in short.rows)
        assert shown + (short.others[place] if short.left_out else 0) == total


@given(_MOVES, st.sets(_COUNTIES))
def test_a_filter_keeps_exactly_its_values(persons: list[Subject], wanted: set[str]) -> None:
    kept = narrow(persons, ["county", "sex"], {"county": wanted})
    assert kept == [s for s in persons if not wanted or s.dimensions[0] in wanted]


@given(_MOVES, _MOVES)
def test_an_outline_keeps_the_totals_by_the_first_dimension(
    persons: list[Subject], moves: list[Subject]
) -> None:
    made = _report(persons, moves)
    found = outline(pivot(made))
    assert len({row.keys for row in found.rows}) == len(found.rows)
    for row in found.rows:
        expected = [sum(s.dimensions[0] == row.keys[0] for s in some) for some in (persons, moves)]
        assert list(row.values) == expected
    assert found.totals == (len(persons), len(moves))
