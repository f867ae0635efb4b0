"""How the signs are weighed: a conditional logit over the likeliest entries of each title.

McFadden, "Conditional logit analysis of qualitative choice behavior" (1974): the chance of an
entry is its exp(score) as a share of the sum. The score is a weighted sum of the signs, found by
Newton's method, to which a few units are added that see signs together, found by Adam (Kingma, Ba,
"Adam: a method for stochastic optimization", 2015) from a fixed seed: the same titles always give
the same weights.
"""

import hashlib
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from jobfair.occupations.core.evidence import SIGNS, Evidence
from jobfair.occupations.core.grams import Floats, Ints
from jobfair.occupations.core.library import Labelled, Library

CHOICES = 60  # entries of a title that are weighed against each other
PARTS = 10  # every title is looked at with a tenth of all titles, its own among them, left out
UNITS = 32  # that see signs together, in each run
_SHRINK = 2e-3
_SCREEN = ("ridge", "ridge_whole", "ridge_heard", "called", "defined", "spelt", "near")
_SCREENED = [SIGNS.index(sign) for sign in _SCREEN]
_RUNS, _ROUNDS, _TOGETHER = 3, 10, 64  # seeds that are averaged; times all titles are seen; a step
_PACE, _KEEP = 0.01, 1e-3  # first length of a step; pull of the weights towards their beginning
# What is added to the weight of ends_by_hand: titles of our own list are taken more seriously than
# the labels of recruiting sites, which agree with 69 in a hundred of them.
_BY_HAND = 2.0
# A label that the signs speak against hardly counts: about one in ten is wrong.
_DOUBT = 0.005

Doubles = npt.NDArray[np.float64]
_Reals = TypeVar("_Reals", Floats, Doubles)


def part_of(title: str, parts: int, salt: str = "") -> int:
    """Return the part a title falls in, by hash."""
    digest = hashlib.sha256((salt + title).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big") % parts


def likeliest(signs: Floats) -> Ints:
    """Return the entries worth weighing, by the signs that find most of the right ones."""
    screen = -signs[_SCREENED].sum(axis=0)
    chosen = np.argpartition(screen, min(CHOICES, len(screen)) - 1)[:CHOICES]
    return chosen[np.argsort(screen[chosen], kind="stable")]


@dataclass(frozen=True, slots=True)
class Examples:
    """Titles with their likeliest entries.

    Attributes:
        signs: title × choice × sign.
        right: which choice is right; -1 when none of them is.
        parts: the part each title was left out with.
    """

    signs: Floats
    right: Ints
    parts: Ints

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Examples":
        """Return some of the titles."""
        return Examples(self.signs[chosen], self.right[chosen], self.parts[chosen])


def examples_of(library: Library, titles: tuple[Labelled, ...]) -> Examples:
    """Return what the signs of titles were when each was looked at without its own label.

    Args:
        library: begins with these titles.
        titles: the titles to learn from.
    """
    parts = np.array([part_of(one.title, PARTS, "inner ") for one in titles])
    right = np.full(len(titles), -1)
    signs = np.zeros((len(titles), min(CHOICES, library.width), len(SIGNS)), dtype=np.float32)
    for part in range(PARTS):
        hidden = np.flatnonzero(parts == part)
        evidence = Evidence(library, without=hidden)
        for number in hidden:
            found = evidence.of(titles[number].title)
            choices = likeliest(found)
            signs[number] = found[:, choices].T
            at = np.flatnonzero(choices == library.place[titles[number].code])
            right[number] = at[0] if len(at) else -1
    return Examples(signs, right, parts)


@dataclass(frozen=True, slots=True)
class Scoring:
    """From signs to a score: signs · straight + tanh(signs · into + shift) · out.

    Attributes:
        straight: one weight for each sign.
        into: sign × unit.
        shift, out: one for each unit.
    """

    straight: Floats
    into: Floats
    shift: Floats
    out: Floats

    def scores(self, signs: Floats) -> Doubles:
        """Return the scores of … × sign."""
        seen = np.tanh(signs @ self.into + self.shift)
        found: Doubles = (signs @ self.straight + seen @ self.out).astype(np.float64)
        return found


def learn_scoring(examples: Examples) -> Scoring:
    """Return the scoring that explains the examples best, averaged over runs."""
    size = examples.signs.reshape(-1, examples.signs.shape[2]).std(axis=0) + 1e-3
    mean = examples.signs.reshape(-1, examples.signs.shape[2]).mean(axis=0)
    answered = examples.right >= 0
    signs, right = (examples.signs[answered] - mean) / size, examples.right[answered]
    begin = (learn_weights(examples) * size).astype(np.float32)
    runs = [_run(signs, right, begin, seed) for seed in range(_RUNS)]
    straight = np.mean([run[0] for run in runs], axis=0) / size
    straight[SIGNS.index("ends_by_hand")] += _BY_HAND
    into = np.concatenate([run[1] for run in runs], axis=1) / size[:, None]
    shift = np.concatenate([run[2] for run in runs]) - mean @ into
    out = np.concatenate([run[3] for run in runs]) / _RUNS
    return Scoring(*(part.astype(np.float32) for part in (straight, into, shift, out)))


def _run(signs: Floats, right: Ints, begin: Floats, seed: int) -> list[Floats]:
    """Return straight, into, shift and out for signs of mean nought and spread one."""
    chance, width = np.random.default_rng(seed), signs.shape[2]
    start: list[npt.NDArray[np.floating]] = [
        begin,
        chance.normal(0, width**-0.5, (width, UNITS)),
        np.zeros(UNITS),
        chance.normal(0, 0.1 * UNITS**-0.5, UNITS),
    ]
    values: list[Floats] = [value.astype(np.float32) for value in start]
    pulls = [begin, *(np.zeros_like(value) for value in values[1:])]
    first: list[npt.NDArray[np.floating]] = [np.zeros_like(value) for value in values]
    second: list[npt.NDArray[np.floating]] = [np.zeros_like(value) for value in values]
    batches = max(1, len(signs) // _TOGETHER)
    steps = _ROUNDS * batches
    for step in range(steps):
        if step % batches == 0:
            groups = np.array_split(chance.permutation(len(signs)), batches)
        chosen = groups[step % batches]
        pace = _PACE * (1 - step / steps)
        for at, steep in enumerate(_slopes(values, signs[chosen], right[chosen])):
            slope = steep + _KEEP * (values[at] - pulls[at])
            first[at] = 0.9 * first[at] + 0.1 * slope
            second[at] = 0.99 * second[at] + 0.01 * slope**2
            mean, spread = (
                first[at] / (1 - 0.9 ** (step + 1)),
                second[at] / (1 - 0.99 ** (step + 1)),
            )
            values[at] = (values[at] - pace * mean / (np.sqrt(spread) + 1e-8)).astype(np.float32)
    return values


def _slopes(values: list[Floats], signs: Floats, right: Ints) -> list[Floats]:
    """Return how the loss -ln(chance of the right one + doubt) grows with each value."""
    straight, into, shift, out = values
    flat = signs.reshape(-1, signs.shape[2])
    seen = np.tanh(flat @ into + shift)
    chance = shares((flat @ straight + seen @ out).reshape(signs.shape[:2]))
    rows = np.arange(len(right))
    ours = chance[rows, right]
    chance[rows, right] -= 1
    error = (chance * (ours / (ours + _DOUBT) / len(right))[:, None]).reshape(-1)
    back = error[:, None] * out * (1 - seen**2)
    return [error @ flat, flat.T @ back, back.sum(axis=0), error @ seen]


def learn_weights(examples: Examples, *, steps: int = 15) -> Doubles:
    """Return one weight per sign."""
    answered = examples.right >= 0
    right = examples.right[answered]
    count = len(right)
    size = examples.signs.reshape(-1, examples.signs.shape[2]).std(axis=0) + 1e-3
    signs = (examples.signs[answered] / size).astype(np.float64)
    weights = np.zeros(signs.shape[2])
    loss = _loss(signs, right, weights)
    for _ in range(steps):
        chance = shares(signs @ weights)
        mean = np.einsum("nm,nmk->nk", chance, signs)
        slope = (mean - signs[np.arange(count), right]).mean(axis=0)
        slope += 2 * _SHRINK * weights
        flat = signs.reshape(-1, signs.shape[2])
        bend = (flat * chance.reshape(-1, 1)).T @ flat - mean.T @ mean
        bend = bend / count + 2 * _SHRINK * np.eye(len(weights))
        move, length = np.linalg.solve(bend, slope), 1.0
        while _loss(signs, right, weights - length * move) > loss and length > 1e-3:
            length /= 2
        weights = weights - length * move
        before, loss = loss, _loss(signs, right, weights)
        if before - loss < 1e-7:
            break
    found: Doubles = weights / size
    return found


@dataclass(frozen=True, slots=True)
class Calibration:
    """From the first entry's share to the chance that it is right.

    Attributes:
        slope, shift: chance = 1 / (1 + exp(-(slope · log odds of the share + shift))); Platt,
            "Probabilistic outputs for support vector machines" (1999).
        sure_from: the chance from which a resolution is shown as sure.
    """

    slope: float
    shift: float
    sure_from: float

    def chance(self, share: float) -> float:
        """Return the chance that the first entry is right."""
        return float(1 / (1 + np.exp(-(self.slope * _odds(np.array(share)) + self.shift))))


# Asked of the titles the calibration is learnt from, so that new ones keep to 90 in a hundred.
RIGHT_WHEN_SURE = 0.92
_CROSSED = 2  # groups of parts: each is calibrated on by a scoring learnt from the others


def calibrate(examples: Examples, *, steps: int = 30) -> Calibration:
    """Return the calibration, by titles that a scoring was not learnt from."""
    share = np.zeros(examples.signs.shape[:2])
    for part in range(_CROSSED):
        others = examples.parts % _CROSSED != part
        share[~others] = shares(
            learn_scoring(examples.where(others)).scores(examples.signs[~others])
        )
    first, right = share.max(axis=1), share.argmax(axis=1) == examples.right
    told = np.stack([_odds(first), np.ones(len(first))], axis=1)
    found = np.zeros(2)
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-told @ found))
        bend = (told * (chance * (1 - chance))[:, None]).T @ told + 1e-6 * np.eye(2)
        found = found + np.linalg.solve(bend, told.T @ (right - chance))
    chance = 1 / (1 + np.exp(-told @ found))
    order = np.argsort(-chance, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= RIGHT_WHEN_SURE)
    sure_from = float(chance[order][enough[-1]]) if len(enough) else 1.0
    return Calibration(float(found[0]), float(found[1]), sure_from)


def _odds(share: Doubles) -> Doubles:
    kept = np.clip(share, 1e-6, 1 - 1e-6)
    found: Doubles = np.log(kept / (1 - kept))
    return found


def shares(scores: _Reals) -> _Reals:
    """Return exp(score) as a share of the sum, along the last axis."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: _Reals = grown / grown.sum(axis=-1, keepdims=True)
    return found


def _loss(signs: Doubles, right: Ints, weights: Doubles) -> float:
    chance = shares(signs @ weights)[np.arange(len(right)), right]
    return float(-np.log(chance + 1e-12).mean() + _SHRINK * weights @ weights)
