"""Reads a place as people write it and finds its division. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_SEPARATORS = re.compile(r"[\s·・\-—–/|,，、;；:：()（）\[\]]+")
_PEOPLES = (
    "(?:土家族|苗族|彝族|回族|布依族|侗族|水族|仡佬族|壮族|瑶族|藏族|羌族|蒙古族|蒙古|满族"
    "|维吾尔|哈萨克|傣族|白族|哈尼族|黎族|朝鲜族|傈僳族|景颇族|柯尔克孜|各族)+"
)
# What may be left out at the end of a name: 大方 for 大方县, 宝安 for 宝安区.
_ENDINGS = re.compile(
    rf"(?:{_PEOPLES}(?:自治州|自治县|自治区)|特别行政区|自治区|自治州"
    r"|自治县|特别合作区|合作区|管理区|新区|地区|街道|省|市|区|县|镇|乡|盟)$"
)
# 黔南州 for 黔南布依族苗族自治州, 威宁县 for 威宁彝族回族苗族自治县.
_SELF_GOVERNED = re.compile(rf"{_PEOPLES}自治([州县])$")
_DIRECT = frozenset(
    {"市辖区", "市", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位"}
)
# A short name before one of these is part of another name: 南京西路, 朝阳门, 中山大道, 朝阳区.
_NOT_A_PLACE = re.compile(
    r"[省市区县州盟旗]|[东南西北中内外]?[一二三四五六七八九十]?(?:环路|大道|大街|路|街(?!道)|巷|门|桥|站|广场|大厦|大学(?!城)|医院)"
)
# Names that only say something inside a city.
_ANYWHERE = frozenset({"新区", "郊区", "城区", "矿区", "市区", "东区", "西区", "南区", "北区"})
_LENGTHS = (2, 4, 6, 9)  # of codes: province, prefecture, county, township (GB/T 2260, 10114)
_FURTHEST = 7  # a name may stand behind this many other characters: 工作地点在深圳市


def and_above(code: str) -> list[str]:
    """Return a division's code after those of the divisions it lies in, the widest first."""
    return [code[:length] for length in _LENGTHS if length <= len(code)]


@dataclass(frozen=True, slots=True)
class Place:
    """A division as the resolver needs it.

    Attributes:
        code: without trailing zeros.
        name: today's, or the last one of a division that is no more.
        level: province, prefecture, county or township.
        parent_code: the division above it.
        successor_code: the division of today that holds the place; None for one of today.
        former: other names the same code had.
    """

    code: str
    name: str
    level: str
    parent_code: str | None
    successor_code: str | None = None
    former: tuple[str, ...] = ()


@lru_cache(maxsize=16_384)
def short_name(name: str) -> str:
    """Return a division's name without its kind: 大方县 as 大方, 毕节市 as 毕节."""
    short = _ENDINGS.sub("", name)
    return short if len(short) >= 2 else name


def _names_of_today(place: Place) -> Iterator[str]:
    """Give the names people write for a division of today."""
    yield place.name
    yield short_name(place.name)
    if governed := _SELF_GOVERNED.search(place.name):
        yield place.name[: governed.start()] + governed[1]


def _names_once(place: Place) -> Iterator[str]:
    """Give the names that lead to a division and are today's names of none."""
    if place.successor_code:
        yield place.name
        # 东山 is a county of today, not the 东山区 that Guangzhou once had.
        if not place.name.endswith("区") or place.name.endswith("地区"):
            yield short_name(place.name)
    yield from place.former
    if place.level == "prefecture":
        yield from map(short_name, place.former)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions by name, for reading places in files.

    Attributes:
        places: by code.
        named: full and short names of today to the codes that carry them, in code order.
        once: the same for names of old.
        longest: characters of the longest name.
    """

    places: dict[str, Place]
    named: dict[str, tuple[str, ...]] = field(repr=False)
    once: dict[str, tuple[str, ...]] = field(repr=False)
    longest: int = 0

    @classmethod
    def of(cls, places: Iterable[Place]) -> "Gazetteer":
        """Index places by the names people write for them."""
        by_code = {p.code: p for p in places}
        named: dict[str, list[str]] = {}
        once: dict[str, list[str]] = {}
        for code in sorted(by_code):
            place = by_code[code]
            if place.name in _DIRECT:
                continue
            if not place.successor_code:
                for name in dict.fromkeys(_names_of_today(place)):
                    named.setdefault(name, []).append(code)
            for name in dict.fromkeys(_names_once(place)):
                once.setdefault(name, []).append(code)
        return cls(
            by_code,
            {name: tuple(codes) for name, codes in named.items()},
            {name: tuple(codes) for name, codes in once.items()},
            max(map(len, (*named, *once)), default=0),
        )

    def today(self, code: str) -> str:
        """Return the division of today for a known code."""
        return self.places[code].successor_code or code

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

        A name that several divisions carry, with nothing that says which, names none: 鼓楼区 alone
        may lie in four cities, and a wrong place is worse than an open one.

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
        found = _first_chain(gazetteer, part, within, found)
    return gazetteer.today(found) if found else None


def _first_chain(gazetteer: Gazetteer, part: str, within: str, inside: str | None) -> str | None:
    """Return the narrowest place of the first names in a part; what was found where none is."""
    furthest = 1 if inside else min(_FURTHEST, len(part))
    for position in range(furthest):
        chain = _chain(gazetteer, part, position, within, inside)
        if chain:
            return chain[1]
    return inside


def _chain(
    gazetteer: Gazetteer, part: str, position: int, within: str, inside: str | None
) -> tuple[int, str] | None:
    """Take names from the left, each inside the last; return where they end and the last of them.

    The reading that leaves least over wins: 青岛市北区 is 青岛 and 市北区, not 青岛市 and a rest.
    """
    best: tuple[int, str] | None = None
    for length in range(min(gazetteer.longest, len(part) - position), 1, -1):
        end = position + length
        chosen = _named(gazetteer, part[position:end], within, inside)
        if chosen is None:
            continue
        begins = position == 0 or inside is not None
        narrower = _chain(gazetteer, part, end, within, chosen)
        if narrower is None and not _stands_alone(
            gazetteer, chosen, part[position:], length, begins=begins
        ):
            continue
        reading = narrower or (end, chosen)
        if best is None or reading[0] > best[0]:
            best = reading
    return best


def _stands_alone(gazetteer: Gazetteer, code: str, text: str, length: int, *, begins: bool) -> bool:
    """Return whether a name is a place here and not a piece of another: 合作 in 特别合作区.

    A short name counts only where a part or a narrower name may begin.
    """
    name = gazetteer.places[code].name
    if text[:length] == name or text[:length] != short_name(name):
        return True
    return begins and not _NOT_A_PLACE.match(text, length)


def _named(gazetteer: Gazetteer, word: str, within: str, inside: str | None) -> str | None:
    """Return the place a word names, today's names before those of old."""
    for names in (gazetteer.named, gazetteer.once):
        codes = names.get(word, ())
        if inside:
            # 苏州-工业园区 is the zone whose name is 苏州工业园区.
            codes += names.get(short_name(gazetteer.places[inside].name) + word, ())
            codes = tuple(code for code in codes if _lies_in(gazetteer, code, inside))
        elif word in _ANYWHERE:
            codes = ()
        else:
            codes = tuple(c for c in codes if len(c) <= 6 or (within and c.startswith(within)))
        if codes:
            return _likeliest(gazetteer, codes, within)
    return None


def _lies_in(gazetteer: Gazetteer, code: str, inside: str) -> bool:
    roots = (inside, gazetteer.today(inside))
    return code not in roots and (
        code.startswith(roots) or gazetteer.today(code).startswith(inside)
    )


def _likeliest(gazetteer: Gazetteer, codes: tuple[str, ...], within: str) -> str | None:
    """Return the one place meant by a name: here before elsewhere, wide before narrow.

    None when two different places are equally likely.
    """

    def order(code: str) -> tuple[bool, int]:
        return not (within and code.startswith(within)), len(code)

    first = min(map(order, codes))
    likeliest = [code for code in codes if order(code) == first]
    same = len({gazetteer.today(code) for code in likeliest}) == 1
    return likeliest[0] if same else None
