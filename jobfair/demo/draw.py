"""Seeded drawing and exact sharing out; the same seed gives the same result everywhere."""

import csv
import json
from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any, Generic, TypeVar

from jobfair.kit.resources import folder

T = TypeVar("T")


@cache
def load_table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table in ``seed/demo``."""
    path = folder("seed") / "demo" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def load_settings(name: str) -> Mapping[str, Any]:
    """Return a description in ``seed/demo``."""
    path = folder("seed") / "demo" / f"{name}.json"
    settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return settings


class Weighted(Generic[T]):
    """Things to draw, each with its weight."""

    def __init__(self, weights: Sequence[tuple[T, float]]) -> None:
        self._things = [thing for thing, _ in weights]
        self._sums = list(accumulate(weight for _, weight in weights))

    @classmethod
    def of(cls, weights: Mapping[T, float]) -> "Weighted[T]":
        """Take the things and their weights from a mapping."""
        return cls(list(weights.items()))

    def one(self, random: Random) -> T:
        """Draw one, as ``random.choices`` would; three times as fast."""
        place = bisect(self._sums, random.random() * self._sums[-1], 0, len(self._sums) - 1)
        return self._things[place]

    def many(self, random: Random, count: int) -> list[T]:
        """Draw many, with return; much faster than one by one."""
        return random.choices(self._things, cum_weights=self._sums, k=count)

    def some(self, random: Random, count: int) -> list[T]:
        """Draw up to ``count`` different ones."""
        return list(dict.fromkeys(self.many(random, count)))


def share_out(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Return whole shares that add up to ``total``, by largest remainder, each at least ``least``.

    Raises:
        ValueError: the total is too small for the least shares.
    """
    free = total - least * len(weights)
    if free < 0:
        raise ValueError(f"{total} is too small for {len(weights)} shares of {least}")
    whole = sum(weights)
    exact = [free * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: free - sum(shares)]:
        shares[i] += 1
    return [least + part for part in shares]
