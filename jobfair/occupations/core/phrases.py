"""Known texts that stand inside a title, letter by letter: 司机 in 电子厂叉车司机."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from jobfair.occupations.core.grams import Floats
from jobfair.occupations.core.library import Library
from jobfair.occupations.core.text import official, whole

SHORTEST, LONGEST = 2, 12  # characters of a text that is looked for
_FEW = 0.5  # a text that was read once says less than one read often


class Phrases:
    """The texts of a library, found inside titles."""

    def __init__(self, library: Library, hidden: npt.NDArray[np.bool_]) -> None:
        """Read the texts.

        Args:
            library: what has been read.
            hidden: which labelled titles to leave out.
        """
        self._width = library.width
        meant: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._by_hand: dict[str, int] = {}
        for number, one in enumerate(library.labelled):
            if not hidden[number]:
                text = library.texts[number].replace(" ", "")
                owner = library.place[one.code]
                meant[text][owner] += 1
                if one.by_hand:
                    self._by_hand[text] = owner
        self._meant = {
            text: [(owner, often / (owners.total() + _FEW)) for owner, often in owners.items()]
            for text, owners in meant.items()
        }
        called: defaultdict[str, set[int]] = defaultdict(set)
        for owner, entry in enumerate(library.entries):
            for word in (entry.name, *entry.aliases, *entry.trades):
                called[whole(official(word)).replace(" ", "")].add(owner)
        self._called = {text: sorted(owners) for text, owners in called.items()}

    def of(self, title: str) -> dict[str, Floats]:
        """Return for every entry the longest share of a title that is a text of it.

        Args:
            title: without spaces.

        Returns:
            ``holds``: labelled titles anywhere in it, times the share of their labels that mean
            the entry; ``ends``: the same at its end; ``ends_by_hand``: titles labelled by hand at
            its end, after something else; ``holds_name``: names, aliases and trades anywhere.
        """
        names = ("holds", "ends", "ends_by_hand", "holds_name")
        found = {name: np.zeros(self._width, dtype=np.float32) for name in names}
        holds, ends, ends_by_hand, holds_name = found.values()
        for text, at_end in _inside(title):
            share = len(text) / len(title)
            for owner, part in self._meant.get(text, ()):
                holds[owner] = max(holds[owner], share * part)
                if at_end:
                    ends[owner] = max(ends[owner], share * part)
            for owner in self._called.get(text, ()):
                holds_name[owner] = max(holds_name[owner], share)
            if at_end and share < 1 and text in self._by_hand:
                owner = self._by_hand[text]
                ends_by_hand[owner] = max(ends_by_hand[owner], share)
        return found


def _inside(title: str) -> Iterator[tuple[str, bool]]:
    """Yield the texts that may be known, and whether they stand at the end."""
    for begin in range(len(title)):
        for end in range(begin + SHORTEST, min(begin + LONGEST, len(title)) + 1):
            yield title[begin:end], end == len(title)
