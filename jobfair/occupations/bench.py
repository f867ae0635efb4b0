"""``jobfair bench quality``: titles resolved by ranking all entries, beside plain ways.

Five folds by hash of the title. The titles of a fold are unseen by whatever answers for it: its
library, its weights and its calibration are made from the other four. Everyday titles of our own
were given their occupation by hand, without these labels, and stay. The method and its few
constants were chosen on folds 0 to 2; ``held_out`` is folds 3 and 4 alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from jobfair.occupations import classification
from jobfair.occupations.core.grams import Floats, GramIndex, Shelf
from jobfair.occupations.core.learning import CHOICES, part_of
from jobfair.occupations.core.library import Kind, Library
from jobfair.occupations.core.resolver import Occupations, learn
from jobfair.occupations.core.text import whole

FOLDS = 5
HELD_OUT = (3, 4)
OURS = "ours"

Scorer = Callable[[str], Floats]


@dataclass(frozen=True, slots=True)
class _Answer:
    """How one title fared.

    Attributes:
        places: the place of its code by every way; infinite where it was not weighed at all.
        seconds: what resolving it took.
    """

    fold: int
    places: dict[str, float]
    sure: bool
    right: bool
    seconds: float


def run_quality_bench() -> dict[str, object]:
    """Return recall and mean reciprocal rank of titles, five-fold, and of the held-out folds."""
    answers = [answer for fold in range(FOLDS) for answer in _fold(fold)]
    held_out = [one for one in answers if one.fold in HELD_OUT]
    spent = 1000 * np.array([one.seconds for one in answers])
    return {
        **_figures(answers),
        "ms_per_title": round(float(spent.mean()), 2),
        "ms_median": round(float(np.median(spent)), 2),
        "ms_p95": round(float(np.percentile(spent, 95)), 2),
        "held_out": _figures(held_out),
    }


def _fold(fold: int) -> list[_Answer]:
    titles = classification.labelled_titles()
    asked = [one for one in titles if part_of(one.title, FOLDS) == fold]
    known = [one for one in titles if part_of(one.title, FOLDS) != fold]
    given = classification.everyday_titles()
    library = Library(classification.entries(), (*known, *given))
    ours = Occupations(classification.entries(), known, learn(library, known), given=given)
    ways = _baselines(library, len(known))
    answers = []
    for one in asked:
        begun = time.perf_counter()
        found = ours.resolve(one.title, top=CHOICES)
        seconds = time.perf_counter() - begun
        order = [candidate.code for candidate in found]
        place = order.index(one.code) + 1 if one.code in order else float("inf")
        target = library.place[one.code]
        places = {OURS: place} | {
            name: _place(scorer(one.title), target) for name, scorer in ways.items()
        }
        answers.append(_Answer(fold, places, ours.is_sure(found), place == 1, seconds))
    return answers


def _place(scores: Floats, target: int) -> int:
    own = scores[target]
    return int((scores > own).sum() + (scores[:target] == own).sum()) + 1


def _baselines(library: Library, titles: int) -> dict[str, Scorer]:
    """Return rapidfuzz on names, TF-IDF over all texts, and that with the nearest title."""
    texts = [library.texts[at] for at in np.flatnonzero(library.kinds == Kind.DEFINED)]
    names = [library.texts[at] for at in np.flatnonzero(library.kinds == Kind.NAME)]
    all_texts = GramIndex([Shelf(texts, 3)])
    known = GramIndex([Shelf([whole(one.title) for one in library.labelled[:titles]], 3)])
    owners = library.owners[:titles]

    def fuzzy(title: str) -> Floats:
        scores: Floats = process.cdist([whole(title)], names, scorer=fuzz.WRatio, dtype=np.float32)[
            0
        ]
        return scores

    def tfidf(title: str) -> Floats:
        return all_texts.likeness([(0, whole(title))])[0]

    def nearest(title: str) -> Floats:
        (near,) = known.likeness([(0, whole(title))])
        return library.best_by_entry(near, owners) + tfidf(title)

    return {
        "rapidfuzz_names": fuzzy,
        "tfidf_all_texts": tfidf,
        "nearest_title_and_tfidf": nearest,
    }


def _figures(answers: Sequence[_Answer]) -> dict[str, object]:
    ours = np.array([one.places[OURS] for one in answers])
    sure = [one.right for one in answers if one.sure]
    others = [name for name in answers[0].places if name != OURS]
    return {
        "queries": len(answers),
        "recall1": _share(ours <= 1),
        "recall5": _share(ours <= 5),
        "mrr": _mrr(answers, OURS),
        "baselines": {name: _mrr(answers, name) for name in others},
        "sure": round(len(sure) / len(answers), 4),
        "right_when_sure": round(sum(sure) / len(sure), 4) if sure else None,
    }


def _share(hits: np.ndarray) -> float:
    return round(float(hits.mean()), 4)


def _mrr(answers: Sequence[_Answer], name: str) -> float:
    return round(float(np.mean([1 / one.places[name] for one in answers])), 4)
