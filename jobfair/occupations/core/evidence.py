"""What speaks for each occupation, given a title: one number per sign and occupation.

``ridge`` is kernel ridge regression (Saunders, Gammerman, Vovk 1998) on the nearest texts only:
solved anew for every title, so nothing is trained beforehand and a title learnt a moment ago
counts at once.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from rapidfuzz import fuzz, process

from jobfair.occupations.core.grams import Floats, Ints, View
from jobfair.occupations.core.library import At, Kind, Library
from jobfair.occupations.core.names import Names
from jobfair.occupations.core.phrases import Phrases
from jobfair.occupations.core.text import bare, head, letters, sounds, whole

NEAREST = 48  # texts the regression looks at
SPELT = 256  # names that are compared character by character: those alike by n-grams
TITLE_NOISE, OFFICIAL_NOISE = 0.8, 2.0  # how little one text is trusted: the ridge
_MUCH = 0.15  # likeness that few texts have
_LITTLE = 0.01  # keeps logarithms finite
_NOTHING: Ints = np.zeros(0, dtype=np.int64)

_EXPLAINED: Mapping[str, str] = MappingProxyType(
    {
        "ridge": "regression on the nearest texts, by the words that name the work",
        "ridge_whole": "the same by all words of the title",
        "ridge_heard": "the same by how the words sound",
        "ridge_head": "the same by the last characters of the words, which name the trade",
        "log_ridge": "logarithm of ridge: tells weak evidence from none",
        "log_whole": "logarithm of ridge_whole",
        "votes_head": "how many labelled titles of the entry have like last characters, near ones "
        "counting far more",
        "near": "likeness to the nearest labelled title",
        "named": "likeness to the nearest name or alias",
        "named_name": "likeness to the official name",
        "called": "likeness to name, aliases and trades together",
        "defined": "likeness to these and the definition",
        "spelt": "share of equal characters in order with a name or alias",
        "spelt_name": "the same with the official name",
        "letters": "likeness of all words to the official name by characters in any order",
        "name_covered": "share of the official name's characters that the title has",
        "title_covered": "share of the title's characters that the official name has",
        "rare_covered": "how much both have in common, rare characters counting more",
        "holds": "share of the title that is a labelled title, and how often that means the entry",
        "ends": "the same at the end of the title",
        "ends_by_hand": "share of a title that is another one labelled by hand, at its end",
        "holds_name": "share of the title that is a name, alias or trade",
        "usual": "how often labelled titles mean the entry",
        "seen": "whether any labelled title means it",
        "ridge_medium": "what ridge gives the medium group as a whole",
        "name_length": "logarithm of the characters of the official name",
        "is_major": "the entry is a major group",
        "is_medium": "the entry is a medium group",
        "is_minor": "the entry is a minor group",
        "is_other": "the entry is a remainder: others, not elsewhere classified",
    }
)
SIGNS = tuple(_EXPLAINED)


class Evidence:
    """Asks a library about titles."""

    def __init__(self, library: Library, *, without: Ints = _NOTHING) -> None:
        """Prepare what stays the same for every title.

        Args:
            library: what has been read.
            without: numbers of labelled titles to leave out, for learning the weights.
        """
        self.library = library
        self._without = without
        hidden = np.zeros(len(library.labelled), dtype=bool)
        hidden[without] = True
        self._phrases = Phrases(library, hidden)
        kinds, owners = library.kinds[library.short], library.owners[library.short]
        self._owners = owners
        noise = np.where(kinds == Kind.TITLE, TITLE_NOISE, OFFICIAL_NOISE)
        self._noise = noise.astype(np.float32)
        self._titles = slice(0, len(library.labelled))
        self._named = slice(len(library.labelled), len(kinds))
        self._prose = {
            kind: np.flatnonzero(library.kinds[library.long] == kind)
            for kind in (Kind.CALLED, Kind.DEFINED)
        }
        self._name_owners = owners[self._named]
        self._is_name = kinds[self._named] == Kind.NAME
        called = [library.texts[at].replace(" ", "") for at in library.short][self._named]
        self._called = np.array(called, dtype=object)
        self._names = Names(library.names)
        self._fixed = self._unchanging()

    def of(self, title: str) -> Floats:
        """Return the signs of a title as somebody wrote it: sign × entry."""
        return self.of_many([title])[0]

    def of_many(self, titles: Sequence[str]) -> list[Floats]:
        """Return the signs of each title, the same to the bit as of one alone.

        What is looked up is looked up for all titles at once; memory grows with their number.
        """
        asked = [(bare(title), whole(title)) for title in titles]
        found = iter(self._likenesses([view for words in asked for view in _views(*words)]))
        return [
            self._signs(word, every, [next(found) for _ in _views(word, every)])
            for word, every in asked
        ]

    def _likenesses(self, views: Sequence[View]) -> list[Floats]:
        found = self.library.index.likeness(views)
        for (shelf, _), likeness in zip(views, found, strict=True):
            if shelf in (At.WORDS, At.HEARD, At.HEADS):
                likeness[self._without] = 0
        return found

    def _signs(self, word: str, every: str, likenesses: Sequence[Floats]) -> Floats:
        narrow, heard, heads, letters_alike, prose, *wide = likenesses
        regressed = [(At.WORDS, narrow), (At.HEARD, heard), (At.HEADS, heads)]
        ridge, ridge_heard, ridge_head, *others = self._ridges(
            [*regressed, *((At.WORDS, one) for one in wide)]
        )
        ridge_whole = others[0] if others else ridge
        spelt, spelt_name = self._spelt(word, narrow[self._named])
        signs = {
            "ridge": ridge,
            "ridge_whole": ridge_whole,
            "ridge_heard": ridge_heard,
            "ridge_head": ridge_head,
            "log_ridge": _log(ridge),
            "log_whole": _log(ridge_whole),
            "votes_head": self._votes(heads),
            "near": self._best(narrow, self._titles),
            "named": self._best(narrow, self._named),
            "named_name": self._of_names(narrow[self._named]),
            "called": prose[self._prose[Kind.CALLED]],
            "defined": prose[self._prose[Kind.DEFINED]],
            "spelt": spelt,
            "spelt_name": spelt_name,
            "letters": letters_alike,
            **self._names.covered(letters(word)),
            **self._phrases.of(word.replace(" ", "")),
            "ridge_medium": self._of_group(ridge),
            **self._fixed,
        }
        return np.stack([signs[sign] for sign in SIGNS])

    def _best(self, likeness: Floats, which: slice) -> Floats:
        return self.library.best_by_entry(likeness[which], self._owners[which])

    def _of_names(self, likeness: Floats) -> Floats:
        """Return for every entry the likeness of its official name."""
        values = np.zeros(self.library.width, dtype=np.float32)
        values[self._name_owners[self._is_name]] = likeness[self._is_name]
        return values

    def _votes(self, likeness: Floats) -> Floats:
        """Return how much all titles of an entry are alike, near ones counting far more."""
        square = likeness[self._titles] ** 2
        owners = self._owners[self._titles]
        votes = np.bincount(owners, weights=square * square, minlength=self.library.width)
        found: Floats = np.log(votes.astype(np.float32) + np.float32(1e-4))
        return found

    def _ridges(self, regressed: Sequence[tuple[int, Floats]]) -> list[Floats]:
        """Return the regression's value for every entry, by each likeness to a shelf's texts."""
        top = np.stack([np.sort(_largest(near, NEAREST)) for _, near in regressed])
        wanted = np.stack([near[texts] for (_, near), texts in zip(regressed, top, strict=True)])
        kernel = self.library.index.products([at for at, _ in regressed], top, wanted > 0)
        diagonal = np.arange(top.shape[1])
        kernel[:, diagonal, diagonal] += self._noise[top]
        found = np.linalg.solve(kernel, wanted[:, :, None])[:, :, 0]
        width = self.library.width
        return [
            np.bincount(self._owners[texts], weights=values, minlength=width).astype(np.float32)
            for texts, values in zip(top, found, strict=True)
        ]

    def _spelt(self, word: str, near: Floats) -> tuple[Floats, Floats]:
        """Return the share of equal characters in order, with names and aliases, and names."""
        top = _largest(near, SPELT)
        joined = word.replace(" ", "")
        names = self._called[top].tolist()
        found = process.cdist([joined], names, scorer=fuzz.ratio, dtype=np.float32)[0] / 100
        owners, is_name = self._name_owners[top], self._is_name[top]
        return (
            self.library.best_by_entry(found, owners),
            self.library.best_by_entry(found[is_name], owners[is_name]),
        )

    def _of_group(self, values: Floats) -> Floats:
        """Return the sum over an entry's medium group."""
        medium = self.library.medium
        return np.bincount(medium, weights=values)[medium].astype(np.float32)

    def _unchanging(self) -> dict[str, Floats]:
        library = self.library
        counts = library.counts
        if len(self._without):
            hidden = np.bincount(self._owners[self._without], minlength=library.width)
            counts = counts - hidden.astype(np.float32)
        lengths = [max(1, len(letters(name))) for name in library.names]
        other = [entry.code.split("-")[2] == "99" for entry in library.entries]
        return {
            "usual": np.log1p(counts),
            "seen": (counts > 0).astype(np.float32),
            "name_length": np.log(lengths).astype(np.float32),
            "is_major": (library.levels == 1).astype(np.float32),
            "is_medium": (library.levels == 2).astype(np.float32),
            "is_minor": (library.levels == 3).astype(np.float32),
            "is_other": np.array(other, dtype=np.float32),
        }


def _views(word: str, every: str) -> list[View]:
    """Return a title by words, sound, last characters, letters, prose and, if more, all words."""
    views: list[View] = [
        (At.WORDS, word),
        (At.HEARD, sounds(word)),
        (At.HEADS, head(word)),
        (At.LETTERS, letters(every)),
        (At.PROSE, every),
    ]
    return views if word == every else [*views, (At.WORDS, every)]


def _largest(values: Floats, count: int) -> Ints:
    """Return the numbers of the largest values, in no order."""
    if len(values) <= count:
        return np.arange(len(values))
    some = np.flatnonzero(values > _MUCH)  # mostly enough, and far fewer than all
    if len(some) < count:
        return np.argpartition(-values, count)[:count]
    if len(some) == count:
        return some
    return some[np.argpartition(-values[some], count)[:count]]


def _log(values: Floats) -> Floats:
    return np.log(np.maximum(values, 0) + _LITTLE)
