"""When two records with different ID numbers may be one person: shown to people, never decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz

# Two of three characters: the usual slip of a pen or an ear.
NAME_LIKENESS = 66
_SAME_SOUND = 90
_SAME_NAME = 95
_SAME_VILLAGE = 100


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is compared of a person; everybody compared has one birth date and home county."""

    id: int
    name: str = field(repr=False)
    home_division: str = ""
    village: str = ""


@lru_cache(maxsize=16_384)
def _syllables(character: str) -> tuple[str, str]:
    letter = lazy_pinyin(character, style=Style.FIRST_LETTER)
    return "".join(lazy_pinyin(character)), "".join(letter)


def sound(name: str) -> str:
    """Return a name's pinyin without tones, character by character."""
    return " ".join(_syllables(c)[0] for c in name if not c.isspace() and c != "·")


def initials(name: str) -> str:
    """Return the pinyin initials of a name in small letters: 张小明 gives zxm."""
    return "".join(_syllables(c)[1][:1] for c in name if not c.isspace() and c != "·").lower()


def _apart(a: Likeness, b: Likeness) -> bool:
    """Say whether two people certainly live in different places."""
    one, other = a.home_division, b.home_division
    if len(one) >= 9 and len(other) >= 9 and one[:9] != other[:9]:
        return True
    return bool(a.village and b.village and a.village != b.village)


def likeness(a: Likeness, b: Likeness) -> int:
    """Return how alike two people are, 0 when they need not be looked at, at most 100.

    Both have the same birth date and county. The same name in different places, or a similar one
    in the same place, is worth a look; twins are, too, and are then kept apart.
    """
    if _apart(a, b):
        return 0
    if a.name == b.name:
        return _SAME_VILLAGE if a.village and a.village == b.village else _SAME_NAME
    if sound(a.name) == sound(b.name):
        return _SAME_SOUND
    found = round(fuzz.ratio(a.name, b.name))
    return found if found >= NAME_LIKENESS else 0


def alike_pairs(
    people: Sequence[Likeness], *, fresh: frozenset[int]
) -> Iterator[tuple[int, int, int]]:
    """Give ``(lower id, higher id, likeness)`` for pairs with at least one fresh record."""
    for place, one in enumerate(people):
        for other in people[place + 1 :]:
            if one.id not in fresh and other.id not in fresh:
                continue
            found = likeness(one, other)
            if found:
                yield min(one.id, other.id), max(one.id, other.id), found
