"""The index of n-grams against the definition, worked out plainly."""

import math
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jobfair.occupations.core.grams import GramIndex, Shelf

words = st.lists(st.text(alphabet="焊工司机ab", min_size=1, max_size=6), max_size=3).map(" ".join)
shelves = st.tuples(st.lists(words, min_size=1, max_size=6), st.integers(1, 3))


def _grams(text: str, longest: int) -> Counter[str]:
    marked = [f"^{word}$" for word in text.split()]
    found = [
        word[at : at + size]
        for word in marked
        for size in range(1, longest + 1)
        for at in range(len(word) - size + 1)
    ]
    return Counter(gram for gram in found if gram not in ("^", "$"))


def _cosines(texts: list[str], longest: int, text: str) -> list[float]:
    grams = [_grams(one, longest) for one in texts]

    def weights(one: Counter[str]) -> dict[str, float]:
        rarity = {
            gram: math.log((1 + len(texts)) / (1 + max(1, sum(gram in other for other in grams))))
            for gram in one
        }
        found = {gram: (1 + math.log(n)) * (rarity[gram] + 1) for gram, n in one.items()}
        length = math.sqrt(sum(value**2 for value in found.values())) or 1
        return {gram: value / length for gram, value in found.items()}

    asked = weights(_grams(text, longest))
    return [
        sum(value * asked.get(gram, 0) for gram, value in weights(one).items()) for one in grams
    ]


@given(st.lists(shelves, min_size=1, max_size=3), words)
@settings(deadline=None)
def test_likeness_is_the_cosine_on_the_texts_of_one_shelf(
    made: list[tuple[list[str], int]], text: str
) -> None:
    index = GramIndex([Shelf(texts, longest) for texts, longest in made])
    found = index.likeness([(at, text) for at in range(len(made))])
    for (texts, longest), likeness in zip(made, found, strict=True):
        assert np.allclose(likeness, _cosines(texts, longest, text), atol=1e-5)


@given(st.lists(shelves, min_size=1, max_size=3))
@settings(deadline=None)
def test_products_are_the_cosines_among_texts(made: list[tuple[list[str], int]]) -> None:
    index = GramIndex([Shelf(texts, longest) for texts, longest in made])
    for at, (texts, _) in enumerate(made):
        rows = np.array([range(len(texts)), range(len(texts))])
        usable = np.array([[True] * len(texts), [number > 0 for number in range(len(texts))]])
        every, some = index.products([at, at], rows, usable)
        wanted = np.array([index.likeness([(at, text)])[0] for text in texts])
        assert np.allclose(every, wanted, atol=1e-5)
        assert np.allclose(some[1:, 1:], wanted[1:, 1:], atol=1e-5)
        assert not some[0].any()
        assert not some[:, 0].any()
