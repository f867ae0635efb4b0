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
from jobfair.occupations.core.grams import Floats, GramIndex
from jobfair.occupations.core.learning import part_of
from jobfair.occupations.core.library import Kind, Library
from jobfair.occupations.core.resolver import Occupations, learn
from jobfair.occupations.core.text import whole

FOLDS = 5
HELD_OUT = (3, 4)
OURS = "ours"

Scorer = Callable[[str], Floats]


@dataclass(frozen=True, slots=True)
class _Answer:
    """How one title fared: its place by every way, whether it was sure, and the time ours took."""

    fold: int
    places: dict[str, int]
    sure: bool
    right: bool
    seconds: float


def run_quality_bench() -> dict[str, object]:
    """Return recall and mean reciprocal rank of titles, five-fold, and of the held-out folds."""
    answers: list[_Answer] = []
    for fold in range(FOLDS):
        answers += _fold(fold)
    spent = 1000 * np.array([one.seconds for one in answers])
    held_out = [one for one in answers if one.fold in HELD_OUT]

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
    everyday = classification.everyday_titles()
    library = Library(classification.entries(), (*known, *everyday))
    ours = Occupations(classification.entries(), known, learn(library, known), given=everyday)
    ways = _baselines(library, len(known))
    answers = []
    for one in asked:
        begun = time.perf_counter()
        order = ours.ranking(one.title)
        seconds = time.perf_counter() - begun
        candidates = ours.resolve(one.title)
        target = library.place[one.code]
        places = {OURS: int(np.flatnonzero(order == target)[0]) + 1}
        for name, scorer in ways.items():
            places[name] = _place(scorer(one.title), target)
        right = bool(candidates) and candidates[0].code == one.code
        answers.append(_Answer(fold, places, ours.is_sure(candidates), right, seconds))
    return answers


def _place(scores: Floats, target: int) -> int:
    own = scores[target]
    return int((scores > own).sum() + (scores[:target] == own).sum()) + 1


def _baselines(library: Library, titles: int) -> dict[str, Scorer]:
    """Return rapidfuzz on names, TF-IDF over all texts, and that with the nearest title."""
    texts = [library.texts[at] for at in np.flatnonzero(library.kinds == Kind.DEFINED)]
    names = [library.texts[at] for at in np.flatnonzero(library.kinds == Kind.NAME)]
    all_texts = GramIndex(texts, range(1, 4))
    known = GramIndex([whole(one.title) for one in library.labelled[:titles]], range(1, 4))
    owners = library.owners[:titles]

    def fuzzy(title: str) -> Floats:
        scores: Floats = process.cdist([whole(title)], names, scorer=fuzz.WRatio, dtype=np.float32)[
            0
        ]
        return scores

    def tfidf(title: str) -> Floats:
        return all_texts.likeness(all_texts.vector(whole(title)))

    def nearest(title: str) -> Floats:
        near = known.likeness(known.vector(whole(title)))
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
