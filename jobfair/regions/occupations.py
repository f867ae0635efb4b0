"""Which occupation of the 2022 classification a job title means, over a given code list.

Titles are cut to their words (no cities, wages, calls like 急聘, brackets), then compared with the
names, aliases and trades of the classification and with everyday titles: the same text first, then
one inside the other, then the most alike among those that share two characters in a row.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from jobfair.regions.codes import everyday_titles

_BRACKETS = re.compile(r"[（(【\[<《「].*?[）)】\]>》」]")
_NOISE = re.compile(
    r"急聘|急招|诚聘|高薪|招聘|直招|聘请|招收|五险一金|包吃住|包食宿|双休|月薪|年薪|底薪|无责|应届(?:毕业)?生|实习生?"
    r"|储备|兼职|全职|可居家|不加班|长白班|周末|[+＋/].*$|\d+(?:\.\d+)?[KW千万元]?(?:[-~至]\d+(?:\.\d+)?[KW千万元]?)?"
)
_NOT_WORD = re.compile(r"[\W_]+")
_MARK = re.compile(r"(?:[LS]/?)+$")  # digital (S) and green (L) marks behind official names
# What many titles end with and no trade is told by.
_GENERIC = re.compile(
    r"(?:工程)?技术人员|工程师|专业人员|服务人员|管理员|操作[工员]|辅助人员|业务员|专员|经理|主管|助理|总监|人员|顾问|代表|负责人|[师员工岗]$"
)
_SAME = 1.0
_INSIDE = 0.9
_LEAST = 0.45


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occupation a title may mean, with a confidence from 0 to 1."""

    code: str
    name: str
    confidence: float


@lru_cache(maxsize=65_536)
def tidy_title(title: str) -> str:
    """Return what of a title names the work."""
    text = unicodedata.normalize("NFKC", title).upper()
    bare = _NOT_WORD.sub("", _NOISE.sub(" ", _BRACKETS.sub(" ", text)))
    return bare or _NOT_WORD.sub("", text)


@lru_cache(maxsize=65_536)
def _core(word: str) -> str:
    """Return a title without the ending that many share: 品质 of 品质工程师."""
    return _GENERIC.sub("", word)


def _word(name: str) -> str:
    return _NOT_WORD.sub("", _MARK.sub("", name)).upper()


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


class Occupations:
    """The classification, ready to be asked."""

    def __init__(self, entries: Iterable[tuple[str, str, Iterable[str]]]) -> None:
        """Take (code, name, aliases) of every group and occupation; occupations win."""
        self.names: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        # Occupations first: a group often has the name of its only member.
        for code, name, aliases in sorted(entries, key=lambda entry: entry[0].endswith("-00")):
            official = _MARK.sub("", name)
            self.names[code] = official
            self._codes.setdefault(_word(official), code)
            for alias in aliases:
                self._codes.setdefault(_word(alias), code)
        self._codes.pop("", None)
        # What people say at a fair goes before a rare trade of the same name.
        for title, code in everyday_titles().items():
            if code in self.names:
                self._codes[tidy_title(title)] = code
        self._by_pair: dict[str, list[str]] = defaultdict(list)
        for word in self._codes:
            for pair in _pairs(word):
                self._by_pair[pair].append(word)
        self._resolved: dict[tuple[str, int], tuple[Candidate, ...]] = {}

    def resolve(self, title: str, *, top: int = 5) -> tuple[Candidate, ...]:
        """Return the likeliest occupations, best first; empty when nothing is alike."""
        word = tidy_title(title)
        if (word, top) not in self._resolved:
            self._resolved[word, top] = self._look(word, top)
        return self._resolved[word, top]

    def code_of(self, title: str) -> str | None:
        """Return the code of the likeliest occupation, or None when it is not likely enough."""
        found = self.resolve(title, top=1)
        return found[0].code if found and found[0].confidence >= 0.6 else None

    def _look(self, word: str, top: int) -> tuple[Candidate, ...]:
        best: dict[str, float] = {}
        for other, score in self._alike(word):
            code = self._codes[other]
            if score > best.get(code, _LEAST):
                best[code] = score
        ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:top]
        return tuple(Candidate(code, self.names[code], round(score, 3)) for code, score in ranked)

    def _alike(self, word: str) -> Iterable[tuple[str, float]]:
        if word in self._codes:
            yield word, _SAME
        shared: dict[str, int] = defaultdict(int)
        for pair in _pairs(word):
            for other in self._by_pair.get(pair, ()):
                shared[other] += 1
        nearest = sorted(shared, key=lambda other: (-shared[other], len(other), other))[:60]
        for other in nearest:
            if other == word:
                continue
            score = fuzz.ratio(word, other) / 100
            if len(other) > 1 and other in word:
                # The end of a Chinese title names the work: 电子厂普工 is a 普工.
                tail = 0.08 if word.endswith(other) else 0.0
                score = max(score, 0.55 + 0.3 * len(other) / len(word) + tail)
            elif other.endswith(word):
                # A name that adds a trade in front is narrower: 护理师 is no 皮革护理师.
                score = max(min(score, 0.5), 0.3 + 0.4 * len(word) / len(other))
            elif word in other and _core(word):
                score = max(score, 0.4 + 0.5 * len(word) / len(other))
            else:
                score = min(score, fuzz.ratio(_core(word), _core(other)) / 100)
            yield other, min(score, _INSIDE)
