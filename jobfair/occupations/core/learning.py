"""How the signs are weighed: a conditional logit over the likeliest entries of each title.

McFadden, "Conditional logit analysis of qualitative choice behavior" (1974): the chance of an
entry is its exp(weights · signs) as a share of the sum; the weights are found by Newton's method,
so the same titles always give the same weights.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jobfair.occupations.core.evidence import SIGNS, Evidence
from jobfair.occupations.core.grams import Floats, Ints
from jobfair.occupations.core.library import Labelled

CHOICES = 40  # entries of a title that are weighed against each other
PARTS = 10  # every title is looked at with a tenth of all titles, its own among them, left out
_SHRINK = 2e-3
_SCREEN = ("ridge", "ridge_whole", "ridge_heard", "called", "defined", "spelt", "near")

Doubles = npt.NDArray[np.float64]


def part_of(title: str, parts: int, salt: str = "") -> int:
    """Return the part a title falls in, by hash."""
    digest = hashlib.sha256((salt + title).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big") % parts


@dataclass(frozen=True, slots=True)
class Examples:
    """Titles with their likeliest entries.

    Attributes:
        signs: title × choice × sign.
        right: which choice is right; -1 when none of them is.
    """

    signs: Floats
    right: Ints


def examples_of(evidence: Evidence, titles: tuple[Labelled, ...]) -> Examples:
    """Return what the signs of titles were when each was looked at without its own label.

    Args:
        evidence: over a library that begins with these titles.
        titles: the titles to learn from.
    """
    screen = [SIGNS.index(sign) for sign in _SCREEN]
    parts = np.array([part_of(one.title, PARTS, "inner ") for one in titles])
    hidden = {part: np.flatnonzero(parts == part) for part in range(PARTS)}

    def looked_at() -> Iterator[tuple[Floats, int]]:
        for number, one in enumerate(titles):
            signs = evidence.of(one.title, without=hidden[int(parts[number])])
            choices = np.argsort(-signs[screen].sum(axis=0), kind="stable")[:CHOICES]
            at = np.flatnonzero(choices == evidence.library.place[one.code])
            yield signs[:, choices].T, int(at[0]) if len(at) else -1

    found = list(looked_at())
    return Examples(
        np.stack([signs for signs, _ in found]), np.array([right for _, right in found])
    )


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


def calibrate(examples: Examples, weights: Doubles, *, steps: int = 30) -> Calibration:
    """Return the calibration of weights, by titles that were looked at without their label."""
    share = shares(examples.signs @ weights)
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


def shares(scores: Doubles) -> Doubles:
    """Return exp(score) as a share of the sum, along the last axis."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Doubles = grown / grown.sum(axis=-1, keepdims=True)
    return found


def _loss(signs: Doubles, right: Ints, weights: Doubles) -> float:
    chance = shares(signs @ weights)[np.arange(len(right)), right]
    return float(-np.log(chance + 1e-12).mean() + _SHRINK * weights @ weights)
