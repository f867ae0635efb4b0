"""How alike two job titles are, in [0, 1]; work is done on unique strings only."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

# Advertising around a title says nothing about the work.
# What stands in brackets is an aside, unless it says that somebody learns the work.
_BRACKETED = re.compile(r"[（(【\[](?!学徒|实习|兼职).*?[)）】\]]")
_NOISE = re.compile(
    r"急聘|急招|诚聘|高薪|招聘|直招|包吃住|包食宿|五险一金|双休|长白班"
    r"|\d+[-~至]?\d*[kK千万元薪岁人名]*|[^\w]"
)
# What divides a title into several kinds of work.
_DIVIDES = re.compile(r"[/、,，;；|\\+&]+|\s+")
JOINT = "/"
# One of several kinds of work is a little less than that work alone.
ONE_OF_SEVERAL = 0.97
# Shared leading digits of two codes N-NN-NN-NN: major, medium, minor group, occupation.
_LEVELS = ((10, 1.0), (7, 0.8), (4, 0.45), (1, 0.15))
# What the same kind of work is worth under a title that shares no character with the wish.
SAME_KIND = 0.8

Floats = NDArray[np.float32]


@lru_cache(maxsize=100_000)
def normal_title(title: str) -> str:
    """Return a title without width, case, brackets, figures and advertising.

    Several kinds of work in one title stand with a stroke between them.
    """
    plain = unicodedata.normalize("NFKC", title).lower()
    parts = (_NOISE.sub("", part) for part in _DIVIDES.split(_BRACKETED.sub("", plain)))
    return JOINT.join(filter(None, parts)) or plain.strip()


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

    Of a title of several kinds of work the one most alike counts. A title that says nothing is like
    none, not even another that says nothing.
    """
    if not others or not title:
        return np.zeros(len(others), np.float32)
    parts = title.split(JOINT)
    queries = [title, *parts] if len(parts) > 1 else [title]
    scores = process.cdist(queries, others, scorer=fuzz.ratio, dtype=np.float32)
    scores[1:] *= np.float32(ONE_OF_SEVERAL)
    return np.asarray(scores.max(axis=0), np.float32) / np.float32(100)


def wish_likeness(text: Floats, near: Floats) -> Floats:
    """Return how near the work of positions is to wishes, from likeness of titles and of kind.

    The same occupation under a strange title may be other work; a shared character or two says
    little, so weak likeness of titles alone is pressed down.
    """
    found: Floats = np.maximum(
        text**2, near * np.float32(SAME_KIND) + near * text * np.float32(1 - SAME_KIND)
    )
    return found
