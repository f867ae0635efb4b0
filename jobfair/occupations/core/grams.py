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
# Odd and unlike each other: no n-gram of one shelf looks like one of another.
_MIX, _APART = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_READ = 256  # texts that are read at once while an index is made
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
        texts = [text for shelf in shelves for text in shelf.texts]
        found = [
            self._grams(texts[at : at + _READ], shelf_of[at : at + _READ])
            for at in range(0, max(1, self.size), _READ)
        ]
        owners = np.concatenate([one + at * _READ for at, (one, _) in enumerate(found)])
        self._known, grams = np.unique(
            np.concatenate([one for _, one in found]), return_inverse=True
        )
        width = max(1, len(self._known))
        pairs = owners * width
        pairs += grams
        del found, owners, grams  # the largest things of all
        pairs, times = np.unique(pairs, return_counts=True)
        rows, columns = (pairs // width).astype(np.int32), (pairs % width).astype(np.int32)
        del pairs
        seen_in = np.bincount(columns, minlength=width)
        of_them = np.ones(width)
        of_them[columns] = self._sizes[shelf_of[rows]]
        self._rarity = (np.log((1 + of_them) / (1 + seen_in)) + 1).astype(np.float32)
        self._rarest = np.log((1 + self._sizes) / 2) + 1
        weights = (1 + np.log(times.astype(np.float32))) * self._rarity[columns]
        length = np.sqrt(np.bincount(rows, weights=weights**2, minlength=self.size))
        weights = (weights / np.maximum(length, 1e-9)[rows]).astype(np.float32)
        self._row_start = np.searchsorted(rows, np.arange(self.size + 1))
        self._columns, self._weights = columns, weights
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
        group = owner // width
        keys = self._columns[places] + group * len(self._known)
        numbers = np.arange(len(keys))
        last_of = np.empty(groups * len(self._known), dtype=np.int64)
        last_of[keys] = numbers
        last = last_of[keys]
        is_last = last == numbers
        count = np.cumsum(is_last)
        ends = np.concatenate(([0], np.cumsum(spans)))[width::width]
        stops = np.concatenate(([0], count))[ends]
        breadths = np.diff(stops, prepend=0)
        begins = np.concatenate(([0], np.cumsum(breadths * width)))
        at_key = begins[group] + owner % width * breadths[group]
        at_key += count[last] - 1 - (stops - breadths)[group]
        table = np.zeros(int(begins[-1]), dtype=np.float32)
        table[at_key] = self._weights[places]
        found = np.zeros((groups, width, width), dtype=np.float32)
        for at in range(groups):
            block = table[begins[at] : begins[at + 1]].reshape(width, breadths[at])
            for start in range(0, int(breadths[at]), _PIECE):
                part = block[:, start : start + _PIECE]
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
        return owners[kept], hashes[kept] + shelves[kept].astype(np.uint64) * _APART

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
