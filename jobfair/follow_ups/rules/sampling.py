"""Which follow-ups another office calls again: drawn by a seed that is kept, so it can be redone.

Source: a monthly random sample of at least 50 a county, or all, follows the project's rules.
"""

import hashlib
from collections.abc import Iterable

SAMPLE_SIZE = 50


def draw(ids: Iterable[int], seed: str, size: int = SAMPLE_SIZE) -> list[int]:
    """Return a sample of ids, all of them where there are no more; the order given is no matter.

    Each id is put in its place by a digest of the seed and itself, which any program can repeat.
    """
    placed = sorted(set(ids), key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    return sorted(placed[:size])
