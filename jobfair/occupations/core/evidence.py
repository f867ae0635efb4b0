"""What speaks for each occupation, given a title: one number per sign and occupation.

``ridge`` is kernel ridge regression (Saunders, Gammerman, Vovk 1998) on the nearest texts only:
solved anew for every title, so nothing is trained beforehand and a title learnt a moment ago
counts at once.
"""

import numpy as np
from rapidfuzz import fuzz, process

from jobfair.occupations.core.grams import Floats, GramIndex, Ints
from jobfair.occupations.core.library import Kind, Library
from jobfair.occupations.core.text import bare, sounds, whole

NEAREST = 48  # texts the regression looks at
TITLE_NOISE, OFFICIAL_NOISE = 0.8, 2.0  # how little one text is trusted: the ridge
_LITTLE = 0.01  # keeps logarithms finite

SIGNS = (
    "ridge", "ridge_whole", "ridge_heard", "log_ridge", "log_whole", "log_heard",
    "votes", "near", "named", "called", "defined", "spelt", "spelt_name", "usual", "seen",
    "ridge_medium", "is_major", "is_medium", "is_minor", "is_other",
)  # fmt: skip


class Evidence:
    """Asks a library about titles."""

    def __init__(self, library: Library) -> None:
        self.library = library
        kinds, owners = library.kinds[library.short], library.owners[library.short]
        self._owners = owners
        self._noise = np.where(kinds == Kind.TITLE, TITLE_NOISE, OFFICIAL_NOISE)
        self._titles = slice(0, len(library.labelled))
        self._named = slice(len(library.labelled), len(kinds))
        self._prose = {
            kind: np.flatnonzero(library.kinds[library.long] == kind)
            for kind in (Kind.CALLED, Kind.DEFINED)
        }
        self._is_name = kinds[self._named] == Kind.NAME
        self._names = [library.texts[at].replace(" ", "") for at in library.short][self._named]
        self._fixed = self._unchanging()

    def of(self, title: str, *, without: Ints | None = None) -> Floats:
        """Return the signs of a title, one row per sign, one column per entry.

        Args:
            title: as somebody wrote it.
            without: numbers of labelled titles to leave out, for learning the weights.
        """
        word, every = bare(title), whole(title)
        narrow = self._short(self.library.words, word, without)
        heard = self._short(self.library.heard, sounds(word), without)
        ridge = self._ridge(self.library.words, narrow)
        ridge_whole = ridge
        if word != every:
            wide = self._short(self.library.words, every, without)
            ridge_whole = self._ridge(self.library.words, wide)
        ridge_heard = self._ridge(self.library.heard, heard)
        prose = self.library.prose.likeness(self.library.prose.vector(every))
        counts = self.library.counts
        if without is not None:
            hidden = np.bincount(self._owners[without], minlength=self.library.width)
            counts = counts - hidden.astype(np.float32)
        spelt, spelt_name = self._spelt(word)
        signs = {
            "ridge": ridge,
            "ridge_whole": ridge_whole,
            "ridge_heard": ridge_heard,
            "log_ridge": _log(ridge),
            "log_whole": _log(ridge_whole),
            "log_heard": _log(ridge_heard),
            "votes": self._votes(narrow),
            "near": self._best(narrow, self._titles),
            "named": self._best(narrow, self._named),
            "called": prose[self._prose[Kind.CALLED]],
            "defined": prose[self._prose[Kind.DEFINED]],
            "spelt": spelt,
            "spelt_name": spelt_name,
            "usual": np.log1p(counts),
            "seen": (counts > 0).astype(np.float32),
            "ridge_medium": self._of_group(ridge),
            **self._fixed,
        }
        return np.stack([signs[sign] for sign in SIGNS]).astype(np.float32)

    def _short(self, index: GramIndex, text: str, without: Ints | None) -> Floats:
        likeness = index.likeness(index.vector(text))
        if without is not None:
            likeness[without] = 0
        return likeness

    def _best(self, likeness: Floats, which: slice) -> Floats:
        return self.library.best_by_entry(likeness[which], self._owners[which])

    def _votes(self, likeness: Floats) -> Floats:
        """Return how much all titles of an entry are alike, near ones counting far more."""
        votes = np.bincount(
            self._owners[self._titles],
            weights=likeness[self._titles] ** 4,
            minlength=self.library.width,
        )
        found: Floats = np.log(votes + 1e-4).astype(np.float32)
        return found

    def _ridge(self, index: GramIndex, near: Floats) -> Floats:
        """Return the regression's value for every entry."""
        top = np.argpartition(-near, min(NEAREST, len(near) - 1))[:NEAREST]
        top = np.sort(top[near[top] > 0])
        values = np.zeros(self.library.width, dtype=np.float32)
        if len(top):
            kernel = _products(index.dense(top)) + np.diag(self._noise[top])
            np.add.at(values, self._owners[top], np.linalg.solve(kernel, near[top]))
        return values

    def _spelt(self, word: str) -> tuple[Floats, Floats]:
        """Return the share of equal characters in order, with names and aliases, and names."""
        joined = word.replace(" ", "")
        found = process.cdist([joined], self._names, scorer=fuzz.ratio, dtype=np.float32)[0]
        found /= 100
        best = self.library.best_by_entry(found, self._owners[self._named])
        return best, found[self._is_name]

    def _of_group(self, values: Floats) -> Floats:
        """Return the sum over an entry's medium group."""
        medium = self.library.medium
        return np.bincount(medium, weights=values)[medium].astype(np.float32)

    def _unchanging(self) -> dict[str, Floats]:
        library = self.library
        other = [entry.code.split("-")[2] == "99" for entry in library.entries]
        return {
            "is_major": (library.levels == 1).astype(np.float32),
            "is_medium": (library.levels == 2).astype(np.float32),
            "is_minor": (library.levels == 3).astype(np.float32),
            "is_other": np.array(other, dtype=np.float32),
        }


def _log(values: Floats) -> Floats:
    return np.log(np.maximum(values, 0) + _LITTLE)


def _products(table: Floats) -> Floats:
    """Return table @ table.T, in pieces too small for the linear algebra to start threads."""
    total = np.zeros((len(table), len(table)), dtype=np.float32)
    for at in range(0, table.shape[1], 64):
        part = table[:, at : at + 64]
        total += part @ part.T
    return total
