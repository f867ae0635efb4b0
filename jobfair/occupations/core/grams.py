"""Texts as weighted character n-grams, and an index of many texts by them.

TF-IDF as in Manning, Raghavan, Schütze, "Introduction to Information Retrieval" (2008), ch. 6:
weight (1 + ln tf) · (ln((1 + N) / (1 + df)) + 1), every text of length one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_BEGIN, _END = 1, 2  # marks around words, so that a word's last character counts by itself
_MIX = np.uint64(0x9E3779B97F4A7C15)
_PIECE = 96  # columns that are multiplied at once: too few for the linear algebra to start threads


def _marked(text: str) -> str:
    return "".join(f"\x01{word}\x02" for word in text.split())


def hashed_grams(texts: Sequence[str], longest: int) -> list[tuple[Ints, Hashes]]:
    """Return (numbers of the texts, hashes) of all n-grams inside words, for n = 1 … longest."""
    marked = [_marked(text) for text in texts]
    joined = "".join(marked).encode("utf-32-le", "surrogatepass")
    signs = np.frombuffer(joined, dtype=np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in marked])
    begins, ends = signs == _BEGIN, signs == _END
    found = []
    rolling = np.zeros(len(signs), dtype=np.uint64)
    inside = np.ones(len(signs), dtype=bool)
    for size in range(1, longest + 1):
        count = max(0, len(signs) - size + 1)
        rolling = (rolling[:count] * _MIX) + signs[size - 1 :] + np.uint64(1)
        if size == 1:
            usable = ~(begins | ends)
        else:
            inside = inside[:count] & ~ends[size - 2 : size - 2 + count] & ~begins[size - 1 :]
            usable = inside
        found.append((owner[:count][usable], rolling[usable] ^ np.uint64(size)))
    return found


@dataclass(frozen=True, slots=True)
class Shelf:
    """Texts that are compared with each other and with no others.

    Attributes:
        texts: what stands on it.
        longest: characters in its n-grams.
    """

    texts: Sequence[str]
    longest: int


View = tuple[int, str]  # a text as a shelf sees it


class GramIndex:
    """Shelves of texts by their n-grams; asked for likeness to all texts of a shelf at once."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._longest = np.array([shelf.longest for shelf in shelves])
        self._sizes = np.array([len(shelf.texts) for shelf in shelves])
        self._first = np.concatenate(([0], np.cumsum(self._sizes)))
        self.size = int(self._first[-1])
        shelf_of = np.repeat(np.arange(len(shelves)), self._sizes)
        owners, hashes = self._grams([text for one in shelves for text in one.texts], shelf_of)
        self._known, grams = np.unique(hashes, return_inverse=True)
        width = max(1, len(self._known))
        pairs, times = np.unique(owners * width + grams, return_counts=True)
        rows, columns = pairs // width, pairs % width
        seen_in = np.bincount(columns, minlength=width)
        texts = np.ones(width)
        texts[columns] = self._sizes[shelf_of[rows]]
        self._rarity = (np.log((1 + texts) / (1 + seen_in)) + 1).astype(np.float32)
        self._rarest = np.log((1 + self._sizes) / 2) + 1
        weights = (1 + np.log(times)) * self._rarity[columns]
        length = np.sqrt(np.bincount(rows, weights=weights**2, minlength=self.size))
        weights = (weights / np.maximum(length, 1e-9)[rows]).astype(np.float32)
        self._row_start = np.searchsorted(rows, np.arange(self.size + 1))
        self._columns, self._weights = columns.astype(np.int32), weights
        order = np.argsort(columns, kind="stable")
        self._post_start = np.searchsorted(columns[order], np.arange(width + 1))
        self._post_rows = (rows - self._first[shelf_of[rows]])[order].astype(np.int32)
        self._post_weights = weights[order]

    def likeness(self, views: Sequence[View]) -> list[Floats]:
        """Return for each view the cosine with every text of its shelf."""
        shelves = np.array([shelf for shelf, _ in views])
        view, grams, given = self._weighed(shelves, [text for _, text in views])
        first = np.concatenate(([0], np.cumsum(self._sizes[shelves])))
        begin = self._post_start[grams]
        spans = self._post_start[grams + 1] - begin
        places = _ranges(begin, spans)
        rows = self._post_rows[places] + np.repeat(first[view], spans)
        weights = self._post_weights[places] * np.repeat(given, spans)
        found = np.bincount(rows, weights=weights, minlength=int(first[-1])).astype(np.float32)
        return [found[start:end] for start, end in pairwise(first)]

    def products(self, shelves: Sequence[int], rows: Ints, usable: npt.NDArray[np.bool_]) -> Floats:
        """Return the cosines among some texts of each shelf.

        Args:
            shelves: one for each group of texts; a shelf may come again.
            rows: group × text, as numbers on the shelf.
            usable: group × text; one that is not counts as unlike every text, itself too.

        Returns:
            group × text × text.
        """
        groups, width = rows.shape
        flat = (rows + self._first[np.array(shelves)][:, None]).reshape(-1)
        begin = self._row_start[flat]
        spans = (self._row_start[flat + 1] - begin) * usable.reshape(-1)
        places = _ranges(begin, spans)
        owner = np.repeat(np.arange(len(flat)), spans)
        # The n-grams of a group are numbered by their last place in it, so groups stay apart.
        keys = self._columns[places] + owner // width * len(self._known)
        numbers = np.arange(len(keys))
        last_of = np.empty(groups * len(self._known), dtype=np.int64)
        last_of[keys] = numbers
        last = last_of[keys]
        is_last = last == numbers
        count = np.cumsum(is_last)
        table = np.zeros((len(flat), int(is_last.sum())), dtype=np.float32)
        table[owner, count[last] - 1] = self._weights[places]
        ends = np.concatenate(([0], np.cumsum(spans)))[width::width]
        stops = [0, *(int(count[end - 1]) if end else 0 for end in ends)]
        found = np.zeros((groups, width, width), dtype=np.float32)
        for at in range(groups):
            block = table[at * width : (at + 1) * width]
            for start in range(stops[at], stops[at + 1], _PIECE):
                part = block[:, start : min(start + _PIECE, stops[at + 1])]
                found[at] += part @ part.T
        return found

    def _grams(self, texts: Sequence[str], shelf_of: Ints) -> tuple[Ints, Hashes]:
        """Return (numbers of the texts, hashes), another hash on each shelf."""
        found = hashed_grams(texts, int(self._longest.max(initial=1)))
        owners = np.concatenate([owner for owner, _ in found])
        hashes = np.concatenate([hashed for _, hashed in found])
        sizes = np.repeat(np.arange(1, len(found) + 1), [len(owner) for owner, _ in found])
        shelves = shelf_of[owners]
        kept = sizes <= self._longest[shelves]
        return owners[kept], hashes[kept] + shelves[kept].astype(np.uint64) * _MIX

    def _weighed(self, shelves: Ints, texts: Sequence[str]) -> tuple[Ints, Ints, Floats]:
        """Return (view, n-gram, weight) of what the index knows; every view of length one."""
        owners, hashes = self._grams(texts, shelves)
        if not len(self._known) or not len(hashes):
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, np.zeros(0, dtype=np.float32)
        order = np.lexsort((hashes, owners))
        owners, hashes = owners[order], hashes[order]
        new = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
        starts = np.flatnonzero(np.concatenate(([True], new)))
        times = np.diff(starts, append=len(hashes))
        owners, hashes = owners[starts], hashes[starts]
        at = np.minimum(np.searchsorted(self._known, hashes), len(self._known) - 1)
        hit = self._known[at] == hashes
        rarity = np.where(hit, self._rarity[at], self._rarest[shelves[owners]])
        weights = (1 + np.log(times)) * rarity
        # What no text has still makes a text longer: a title left out while the weights are
        # learnt, whose own n-grams are in the index, then looks as one never read.
        weights /= np.sqrt(np.bincount(owners, weights=weights**2))[owners]
        return owners[hit], at[hit], weights[hit].astype(np.float32)


def _ranges(begin: Ints, spans: Ints) -> Ints:
    """Return begin[0], begin[0]+1, … for every span, one after another."""
    total = int(spans.sum())
    shift = np.repeat(begin - np.concatenate(([0], np.cumsum(spans)[:-1])), spans)
    found: Ints = shift + np.arange(total)
    return found
