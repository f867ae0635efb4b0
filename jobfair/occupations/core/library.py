"""What the resolver has read: the classification, and titles whose occupation is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from jobfair.occupations.core.grams import Floats, GramIndex, Ints, Shelf
from jobfair.occupations.core.text import bare, head, letters, official, sounds, whole


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the classification with what it says of itself."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A title whose occupation somebody has said.

    Attributes:
        by_hand: whether we or an administrator chose it for just this title.
    """

    title: str
    code: str
    by_hand: bool = False


class Kind(IntEnum):
    """What a text in the library is."""

    TITLE = 0
    NAME = 1
    ALIAS = 2
    CALLED = 3  # name, aliases and trades of one entry in one text
    DEFINED = 4  # the same with the definition


class At(IntEnum):
    """Where a text stands in the library's index."""

    WORDS = 0  # titles, names and aliases
    HEARD = 1  # the same as they sound
    HEADS = 2  # the same by their last characters
    LETTERS = 3  # official names, every character once
    PROSE = 4  # all that an entry says of itself


class Library:
    """Every text by its entry, kind and n-grams; texts of labelled titles come first."""

    def __init__(self, entries: Sequence[Entry], labelled: Sequence[Labelled]) -> None:
        self.entries = tuple({entry.code: entry for entry in reversed(entries)}.values())[::-1]
        self.place = {entry.code: at for at, entry in enumerate(self.entries)}
        self.width = len(self.entries)
        self.names = [whole(official(entry.name)) for entry in self.entries]
        self.labelled = tuple(one for one in labelled if one.code in self.place)
        texts: list[str] = []
        kinds: list[Kind] = []
        owners: list[int] = []

        def add(kind: Kind, owner: int, text: str) -> None:
            texts.append(text)
            kinds.append(kind)
            owners.append(owner)

        for one in self.labelled:
            add(Kind.TITLE, self.place[one.code], bare(one.title))
        for owner, (entry, name) in enumerate(zip(self.entries, self.names, strict=True)):
            aliases = _distinct(entry.aliases, {name})
            trades = _distinct(entry.trades, {name, *aliases})
            add(Kind.NAME, owner, name)
            for alias in aliases:
                add(Kind.ALIAS, owner, alias)
            called = " ".join((name, *aliases, *trades))
            add(Kind.CALLED, owner, called)
            add(Kind.DEFINED, owner, f"{called} {_plain(entry.definition)}")
        self.texts = texts
        self.kinds = np.array(kinds, dtype=np.int64)
        self.owners = np.array(owners, dtype=np.int64)
        self.short = np.flatnonzero(self.kinds <= Kind.ALIAS)
        self.long = np.flatnonzero(self.kinds > Kind.ALIAS)
        short, prose = ([texts[at] for at in which] for which in (self.short, self.long))
        self.index = GramIndex(
            [
                Shelf(short, 2),
                Shelf([sounds(text) for text in short], 2),
                Shelf([head(text) for text in short], 3),
                Shelf([letters(name) for name in self.names], 1),
                Shelf(prose, 3),
            ]
        )
        self.counts = np.bincount(self.owners[: len(self.labelled)], minlength=self.width).astype(
            np.float32
        )
        self.levels = np.array([_level(entry.code) for entry in self.entries])
        starts = [entry.code[:4] for entry in self.entries]
        self.medium = np.unique(starts, return_inverse=True)[1].astype(np.int64)

    def best_by_entry(self, values: Floats, owners: Ints) -> Floats:
        """Return for every entry the best value among those of its texts."""
        best = np.zeros(self.width, dtype=np.float32)
        np.maximum.at(best, owners, values)
        return best


def _distinct(words: Sequence[str], known: set[str]) -> list[str]:
    plain = (whole(official(word)) for word in words)
    return [word for word in dict.fromkeys(plain) if word and word not in known]


def _plain(text: str) -> str:
    # A definition is longer than a title: no cut.
    return " ".join(whole(text[at : at + 200]) for at in range(0, len(text), 200))


def _level(code: str) -> int:
    if not code.endswith("-00"):
        return 4
    parts = code.split("-")
    return 1 + sum(part != "00" for part in parts[1:3])
