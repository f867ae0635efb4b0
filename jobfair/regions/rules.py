"""Reads a place as people write it and finds its division. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

_SEPARATORS = re.compile(r"[\s·・\-—–/|,，、()（）\[\]]+")
# What may be left out at the end of a name: 大方 for 大方县, 宝安 for 宝安区.
_ENDINGS = re.compile(
    r"(?:(?:土家族|苗族|彝族|回族|布依族|侗族|水族|仡佬族|壮族|瑶族|藏族|羌族|蒙古族|满族|维吾尔"
    r"|哈萨克|傣族|白族|哈尼族|黎族|朝鲜族|各族)+(?:自治州|自治县|自治区)|特别行政区|自治区|自治州"
    r"|自治县|新区|地区|街道|省|市|区|县|镇|乡|盟)$"
)
_DIRECT = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True, slots=True)
class Place:
    """A division as the resolver needs it."""

    code: str
    name: str
    level: str
    parent_code: str | None
    successor_code: str | None = None


def short_name(name: str) -> str:
    """Return a division's name without its kind: 大方县 as 大方, 毕节市 as 毕节."""
    short = _ENDINGS.sub("", name)
    return short if len(short) >= 2 else name


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions by name, for reading places in files.

    Attributes:
        places: by code.
        named: full and short names to the codes that carry them, in code order.
    """

    places: dict[str, Place]
    named: dict[str, tuple[str, ...]] = field(repr=False)
    longest: int = 0

    @classmethod
    def of(cls, places: Iterable[Place]) -> "Gazetteer":
        """Index places by their full and their short names."""
        by_code = {p.code: p for p in places}
        named: dict[str, list[str]] = {}
        for code in sorted(by_code):
            place = by_code[code]
            if place.name in _DIRECT:
                continue
            for name in dict.fromkeys((place.name, short_name(place.name))):
                named.setdefault(name, []).append(code)
        longest = max(map(len, named), default=0)
        return cls(by_code, {n: tuple(c) for n, c in named.items()}, longest)

    def current_code(self, code: str) -> str | None:
        """Return the division of today for a code of any year, None when it is unknown.

        A code as printed on ID numbers (522401) or with trailing zeros (520500) is understood; an
        unknown county falls back to its prefecture or province.
        """
        for length in (len(code), 9, 6, 4, 2):
            if length > len(code):
                continue
            place = self.places.get(code[:length])
            if place:
                return place.successor_code or place.code
        return None

    def full_name(self, code: str) -> str:
        """Return the name from the province down: 贵州省毕节市大方县."""
        names: list[str] = []
        place = self.places.get(code)
        while place:
            if place.name not in _DIRECT and place.name not in names:
                names.append(place.name)
            place = self.places.get(place.parent_code or "")
        return "".join(reversed(names))

    def find(self, text: str, *, within: str = "") -> str | None:
        """Return the code of the narrowest division a text names, None when it names none.

        Args:
            text: as found: "贵州省毕节市大方县", "深圳-宝安区", "上海·虹口·北外滩", a code.
            within: a code prefix that wins among places of the same name.
        """
        text = text.strip()
        if text.isascii() and text.isdigit() and len(text) in {2, 4, 6, 9, 12}:
            return self.current_code(text[:9])
        return _find(self, text, within)

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=200_000)
def _find(gazetteer: Gazetteer, text: str, within: str) -> str | None:
    found: str | None = None
    for part in filter(None, _SEPARATORS.split(text)):
        found = _walk(gazetteer, part, within, found)
    if found is None:
        return None
    place = gazetteer.places[found]
    return place.successor_code or place.code


def _walk(gazetteer: Gazetteer, part: str, within: str, found: str | None) -> str | None:
    """Take names from the left as long as each lies inside the last."""
    position = 0
    while position < len(part):
        step = _longest_name(gazetteer, part, position, within, found)
        if step is None:
            if found is not None or position > 6:
                return found
            position += 1
            continue
        found, length = step
        position += length
    return found


def _longest_name(
    gazetteer: Gazetteer, part: str, position: int, within: str, inside: str | None
) -> tuple[str, int] | None:
    for length in range(min(gazetteer.longest, len(part) - position), 1, -1):
        codes = gazetteer.named.get(part[position : position + length])
        if codes:
            chosen = _choose(gazetteer, codes, within, inside)
            if chosen:
                return chosen, length
    return None


def _choose(
    gazetteer: Gazetteer, codes: tuple[str, ...], within: str, inside: str | None
) -> str | None:
    if inside:
        below = [c for c in codes if c.startswith(inside) and c != inside]
        today = gazetteer.places[inside].successor_code
        below = below or [c for c in codes if today and c.startswith(today)]
        return below[0] if below else None
    ranked = sorted(
        codes,
        key=lambda c: (
            not (within and c.startswith(within)),
            gazetteer.places[c].successor_code is not None,
            len(c),
            c,
        ),
    )
    narrow = [c for c in ranked if len(c) <= 6 or (within and c.startswith(within))]
    return narrow[0] if narrow else None
