"""How alike two job titles are, in [0, 1]; work is done on unique strings only."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

# Advertising around a title says nothing about the work.
_NOISE = re.compile(
    r"[（(【\[].*?[)）】\]]|急聘|急招|诚聘|高薪|招聘|直招|包吃住|包食宿|五险一金|双休|长白班"
    r"|\d+[-~至]?\d*[kK千万元薪岁人名]*|[^\w]"
)
# Shared leading digits of two codes N-NN-NN-NN: major, medium, minor group, occupation.
_LEVELS = ((10, 1.0), (7, 0.8), (4, 0.45), (1, 0.15))


@lru_cache(maxsize=100_000)
def normal_title(title: str) -> str:
    """Return a title without width, case, brackets, figures and advertising."""
    plain = unicodedata.normalize("NFKC", title).lower()
    return _NOISE.sub("", plain) or plain.strip()


def taxonomy_similarity(one: str | None, other: str | None) -> float:
    """Return how near two occupations stand in the classification; 0 when one is unknown."""
    if not one or not other:
        return 0.0
    for length, value in _LEVELS:
        if one[:length] == other[:length]:
            return value
    return 0.0


def title_similarity(title: str, others: Sequence[str]) -> NDArray[np.float32]:
    """Return the likeness of one normalised title to many, shape (len(others),).

    A title that says nothing is like none, not even another that says nothing.
    """
    if not others or not title:
        return np.zeros(len(others), np.float32)
    scores = process.cdist([title], others, scorer=fuzz.ratio, dtype=np.float32)
    return np.asarray(scores[0], np.float32) / np.float32(100)
