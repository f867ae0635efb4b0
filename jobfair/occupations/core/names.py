"""Official names as sets of characters: how much of a title one covers, and the reverse."""

from collections.abc import Sequence

import numpy as np

from jobfair.occupations.core.grams import Floats
from jobfair.occupations.core.text import letters

_UNKNOWN = 5.0  # rarity of a character that no name has


class Names:
    """The official names of all entries, asked about titles."""

    def __init__(self, names: Sequence[str]) -> None:
        """Read the names, one for each entry."""
        spelt = [letters(name) for name in names]
        self._row = {sign: row for row, sign in enumerate(letters("".join(spelt)))}
        self._has = np.zeros((len(self._row), len(names)), dtype=np.uint8)  # character × entry
        for entry, name in enumerate(spelt):
            self._has[[self._row[sign] for sign in name], entry] = 1
        self._rarity = np.log(len(names) / self._has.sum(axis=1)).astype(np.float32)
        self._weight = self._rarity @ self._has
        self._count = np.maximum(1, self._has.sum(axis=0)).astype(np.float32)

    def covered(self, title: str) -> dict[str, Floats]:
        """Return for every entry how much its name and a title have in common, from 0 to 1.

        Args:
            title: every character once.

        Returns:
            ``name_covered`` and ``title_covered``: share of the one's characters that the other
            has; ``rare_covered``: twice the rarity they share over that of both (Dice).
        """
        rows = [self._row[sign] for sign in title if sign in self._row]
        has = self._has[rows]
        common = has.sum(axis=0, dtype=np.float32)
        own = self._rarity[rows].sum() + _UNKNOWN * (len(title) - len(rows))
        both = np.maximum(own + self._weight, 1e-6)
        return {
            "name_covered": common / self._count,
            "title_covered": common / np.float32(max(1, len(title))),
            "rare_covered": (2 * (self._rarity[rows] @ has) / both).astype(np.float32),
        }
