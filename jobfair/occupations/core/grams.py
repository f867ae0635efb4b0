"""Texts as weighted character n-grams, and an index of many texts by them.

TF-IDF as in Manning, Raghavan, Schütze, "Introduction to Information Retrieval" (2008), ch. 6:
weight (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1), every text of length one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_BEGIN, _END = 1, 2  # marks around words, so that a word's last character counts by itself
_MIX = np.uint64(0x9E3779B97F4A7C15)


def _marked(text: str) -> str:
    return "".join(f"\x01{word}\x02" for word in text.split())


def hashed_grams(texts: Sequence[str], sizes: range) -> tuple[Ints, Hashes]:
    """Return (number of the text, hash of the n-gram) for every n-gram inside a word."""
    marked = [_marked(text) for text in texts]
    joined = "".join(marked).encode("utf-32-le", "surrogatepass")
    signs = np.frombuffer(joined, dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in marked])
    begins, ends = signs == _BEGIN, signs == _END
    owners: list[Ints] = []
    hashes: list[Hashes] = []
    rolling = np.zeros(len(signs), dtype=np.uint64)
    inside = np.ones(len(signs), dtype=bool)
    for size in range(1, sizes.stop):
        count = len(signs) - size + 1
        if count <= 0:
            break
        rolling = (rolling[:count] * _MIX) + signs[size - 1 :] + np.uint64(1)
        if size == 1:
            usable = ~(begins | ends)
        else:
            inside = inside[:count] & ~ends[size - 2 : size - 2 + count] & ~begins[size - 1 :]
            usable = inside
        if size in sizes:
            owners.append(owner[:count][usable])
            hashes.append(rolling[usable] ^ np.uint64(size))
    if not owners:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    return np.concatenate(owners), np.concatenate(hashes)


@dataclass(frozen=True, slots=True)
class Vector:
    """The n-grams of one text that the index knows, with weights of length one."""

    grams: Ints
    weights: Floats


class GramIndex:
    """Texts by their n-grams; asked for likeness to all of them at once."""

    def __init__(self, texts: Sequence[str], sizes: range = range(1, 5)) -> None:
        self.sizes = sizes
        self.size = len(texts)
        owners, hashes = hashed_grams(texts, sizes)
        self._known, grams = np.unique(hashes, return_inverse=True)
        width = max(1, len(self._known))
        pairs, times = np.unique(owners * width + grams, return_counts=True)
        rows, columns = pairs // width, pairs % width
        seen_in = np.bincount(columns, minlength=width)
        self.rarity = (np.log((1 + self.size) / (1 + seen_in)) + 1).astype(np.float32)
        self._rarest = np.log((1 + self.size) / 2) + 1
        weights = (1 + np.log(times)) * self.rarity[columns]
        length = np.sqrt(np.bincount(rows, weights=weights**2, minlength=self.size))
        weights = (weights / np.maximum(length, 1e-9)[rows]).astype(np.float32)
        self.row_start = np.searchsorted(rows, np.arange(self.size + 1))
        self.columns, self.weights = columns.astype(np.int32), weights
        order = np.argsort(columns, kind="stable")
        self._post_start = np.searchsorted(columns[order], np.arange(width + 1))
        self._post_rows = rows[order].astype(np.int32)
        self._post_weights = weights[order]

    def vector(self, text: str) -> Vector:
        """Return a text as this index sees it."""
        _, hashes = hashed_grams([text], self.sizes)
        found, times = np.unique(hashes, return_counts=True)
        if not len(self._known) or not len(found):
            return Vector(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        at = np.minimum(np.searchsorted(self._known, found), len(self._known) - 1)
        hit = self._known[at] == found
        grams = at[hit]
        weights = (1 + np.log(times[hit])) * self.rarity[grams]
        # What no text has still makes a text longer: a title left out while the weights are
        # learnt, whose own n-grams are in the index, then looks as one never read.
        unknown = ((1 + np.log(times[~hit])) * self._rarest) ** 2
        length = float(np.sqrt((weights**2).sum() + unknown.sum()))
        return Vector(grams, (weights / (length or 1.0)).astype(np.float32))

    def likeness(self, vector: Vector) -> Floats:
        """Return the cosine of a vector with every text."""
        begin = self._post_start[vector.grams]
        spans = self._post_start[vector.grams + 1] - begin
        places = _ranges(begin, spans)
        weights = self._post_weights[places] * np.repeat(vector.weights, spans)
        return np.bincount(self._post_rows[places], weights=weights, minlength=self.size).astype(
            np.float32
        )

    def dense(self, rows: Ints) -> Floats:
        """Return some texts as rows over the n-grams that any of them has."""
        columns, weights, owner = self._rows(rows)
        grams, inverse = np.unique(columns, return_inverse=True)
        table = np.zeros((len(rows), len(grams)), dtype=np.float32)
        table[owner, inverse] = weights
        return table

    def _rows(self, rows: Ints) -> tuple[npt.NDArray[np.int32], Floats, Ints]:
        begin = self.row_start[rows]
        spans = self.row_start[rows + 1] - begin
        places = _ranges(begin, spans)
        return self.columns[places], self.weights[places], np.repeat(np.arange(len(rows)), spans)


def _ranges(begin: Ints, spans: Ints) -> Ints:
    """Return begin[0], begin[0]+1, … for every span, one after another."""
    total = int(spans.sum())
    shift = np.repeat(begin - np.concatenate(([0], np.cumsum(spans)[:-1])), spans)
    return np.arange(total) + shift
