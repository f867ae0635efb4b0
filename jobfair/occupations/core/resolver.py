"""A title's likeliest occupations with calibrated confidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from jobfair.occupations.core.evidence import SIGNS, Evidence
from jobfair.occupations.core.grams import Floats
from jobfair.occupations.core.learning import (
    Calibration,
    Doubles,
    Scoring,
    calibrate,
    examples_of,
    learn_scoring,
    likeliest,
    shares,
)
from jobfair.occupations.core.library import Entry, Labelled, Library
from jobfair.occupations.core.text import bare, official, whole

KNOWN = 0.99  # confidence in a correction that an administrator has accepted
# Titles of our own list agree with 69 in a hundred labels of recruiting sites (31 of 45).
GIVEN = 0.69
LIKELY = 0.3  # below it no code is stored with an imported row
_REMEMBERED = 20_000
_TOGETHER = 16  # titles that are looked up at once: more take memory and hardly less time


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occupation a title may mean, with a confidence from 0 to 1."""

    code: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Weighing:
    """What was learnt from labelled titles: how signs make a score, and the calibration."""

    scoring: Scoring
    calibration: Calibration

    def __post_init__(self) -> None:
        if len(self.scoring.straight) != len(SIGNS):
            raise ValueError(f"{len(self.scoring.straight)} weights for {len(SIGNS)} signs")


def learn(library: Library, titles: Sequence[Labelled]) -> Weighing:
    """Return the weighing that explains titles best; the library begins with them."""
    examples = examples_of(library, tuple(titles))
    return Weighing(learn_scoring(examples), calibrate(examples))


class Occupations:
    """The classification, ready to be asked."""

    def __init__(
        self,
        entries: Sequence[Entry] = (),
        labelled: Sequence[Labelled] = (),
        weighing: Weighing | None = None,
        given: Iterable[Labelled] = (),
        learnt: Iterable[Labelled] = (),
    ) -> None:
        """Read everything once.

        Args:
            entries: the classification; none means that no title is ever resolved.
            labelled: titles with their occupation, right most of the time.
            weighing: what was learnt; needed with entries.
            given: everyday titles that got their occupation by hand; each goes first, and titles
                like it are drawn to the same occupation. It is sure only where the rest agrees.
            learnt: corrections that were reviewed; they go before everything and are sure.
                The later of two for one title wins.
        """
        self.sure_from = weighing.calibration.sure_from if weighing else 1.0
        self._given: dict[str, str] = {}
        self._learnt: dict[str, str] = {}
        self._resolved: dict[str, tuple[Candidate, ...]] = {}
        self._evidence: Evidence | None = None
        if not entries or weighing is None:
            return
        self._scoring = weighing.scoring
        self._calibration = weighing.calibration
        by_us, by_people = tuple(given), tuple(learnt)
        self.library = Library(entries, (*labelled, *by_us, *by_people))
        self._evidence = Evidence(self.library)
        place = self.library.place
        self._given = {whole(one.title): one.code for one in by_us if one.code in place}
        # Calls and promises around a corrected title do not undo the correction; a title of our
        # own list with more around it is weighed like any other.
        for one in by_people:
            if one.code in place:
                self._learnt[bare(one.title)] = self._learnt[whole(one.title)] = one.code

    def resolve(self, title: str, *, top: int = 5) -> tuple[Candidate, ...]:
        """Return the likeliest occupations, best first; empty when nothing is alike."""
        return self.resolve_many([title], top=top)[0]

    def resolve_many(self, titles: Sequence[str], *, top: int = 5) -> list[tuple[Candidate, ...]]:
        """Return for each title what ``resolve`` returns, in less time for many titles."""
        found = {}
        missing = []
        for title in dict.fromkeys(titles):
            known = self._resolved.get(title)
            if known is not None and len(known) >= top:
                found[title] = known
            elif self._evidence is None or not whole(title):
                found[title] = ()
            else:
                missing.append(title)
        for at in range(0, len(missing), _TOGETHER):
            found |= self._look_up(missing[at : at + _TOGETHER], max(top, 5))
        return [found[title][:top] for title in titles]

    def is_sure(self, found: Sequence[Candidate]) -> bool:
        """Return whether the first of some candidates may be shown without asking."""
        return bool(found) and found[0].confidence >= self.sure_from

    def code_of(self, title: str) -> str | None:
        """Return the code of the likeliest occupation, or None when it is not likely enough."""
        return self.codes_of([title])[0]

    def codes_of(self, titles: Sequence[str]) -> list[str | None]:
        """Return for each title what ``code_of`` returns, in less time for many titles."""
        return [
            found[0].code if found and found[0].confidence >= LIKELY else None
            for found in self.resolve_many(titles)
        ]

    def _by_hand(self, title: str) -> tuple[str, float] | None:
        learnt = self._learnt.get(whole(title)) or self._learnt.get(bare(title))
        if learnt:
            return learnt, KNOWN
        given = self._given.get(whole(title))
        return (given, GIVEN) if given else None

    def _look_up(self, titles: Sequence[str], top: int) -> dict[str, tuple[Candidate, ...]]:
        """Return the likeliest occupations of titles, and remember them."""
        assert self._evidence is not None  # noqa: S101 - asked of a filled classification only
        signs = self._evidence.of_many(titles)
        found = {
            title: self._weighed(title, one, top) for title, one in zip(titles, signs, strict=True)
        }
        if len(self._resolved) >= _REMEMBERED:
            self._resolved.clear()
        self._resolved |= found
        return found

    def _weighed(self, title: str, signs: Floats, top: int) -> tuple[Candidate, ...]:
        by_hand = self._by_hand(title)
        if by_hand is None and not self._alike(signs):
            return ()
        choices = likeliest(signs)
        scores = self._scoring.scores(signs[:, choices].T)
        order = np.argsort(-scores, kind="stable")
        codes = [self.library.entries[at].code for at in choices[order]]
        given = self._confidences(shares(scores[order]))
        if by_hand is not None:
            code, confidence = by_hand
            if codes[0] == code:
                confidence = max(confidence, given[0])
            rest = 1 - confidence
            others = [(c, v) for c, v in zip(codes, given, strict=True) if c != code]
            codes = [code, *(c for c, _ in others)]
            given = [confidence, *(min(confidence, v * rest) for _, v in others)]
        return tuple(
            Candidate(code, self._name(code), round(value, 3))
            for code, value in list(zip(codes, given, strict=False))[:top]
        )

    def _name(self, code: str) -> str:
        return official(self.library.entries[self.library.place[code]].name)

    def _alike(self, signs: Floats) -> bool:
        """Return whether a title shares anything with any text."""
        return bool(signs[SIGNS.index("ridge_whole")].any() or signs[SIGNS.index("called")].any())

    def _confidences(self, share: Doubles) -> list[float]:
        """Return descending confidences: the first calibrated, the others in proportion."""
        first = self._calibration.chance(float(share[0]))
        left = max(float(1 - share[0]), 1e-9)
        rest = [min(first, (1 - first) * float(one) / left) for one in share[1:]]
        return [first, *rest]
