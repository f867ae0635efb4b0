"""Names that stand for one thing, found in running text and in cells; the longest name wins."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# What people put inside a name or leave out; a comma or a line's end divides two names.
_LEFT_OUT = frozenset(" \t\u3000\xa0()（）[]【】-·_")
_LATIN = re.compile(r"[0-9a-z+#.]")


@dataclass(frozen=True, slots=True)
class Term:
    """A thing with its names.

    Attributes:
        kind: which kind of thing; a name belongs to one term of all kinds.
        name: the one it is called by.
        aliases: what else it is called.
        implies: names of terms that whoever has this one has, too.
        trades: words of titles; of such work a bare "the certificate" means this one.
    """

    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A term in a text, with the half-open span of the name that stands there."""

    term: Term
    start: int
    end: int


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in plain if sign not in _LEFT_OUT)


class Vocabulary:
    """Terms, looked up by any of their names, however these are spaced, bracketed or cased."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self._by_name: dict[str, Term] = {}
        for term in self.terms:
            for name in (term.name, *term.aliases):
                self._by_name.setdefault(_key(name), term)
        by_name = {term.name: term for term in self.terms}
        self._implied: Mapping[str, frozenset[str]] = {
            term.name: frozenset(_reached(term, by_name)) for term in self.terms
        }
        self._names = re.compile(_either(self._by_name) or r"(?!)")

    def term(self, text: str) -> Term | None:
        """Return the term a cell names, None when no term is called so."""
        return self._by_name.get(_key(text))

    def name_of(self, text: str) -> str:
        """Return the name of what a cell names; an unknown cell in one form of writing."""
        term = self.term(text)
        return term.name if term else _key(text)

    def held(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the names of what somebody has, and of all that follows from having it."""
        found: set[str] = set()
        for text in texts:
            name = self.name_of(text)
            found |= self._implied.get(name, frozenset((name,)))
        return frozenset(found)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Give the terms named in a text, in its order; inside a longer name is no other."""
        joined, places = _signs(text)
        for found in self._names.finditer(joined):
            start, last = places[found.start()], places[found.end() - 1]
            before, after = text[start - 1 : start] if start else "", text[last + 1 : last + 2]
            if not (_runs_on(before, text[start]) or _runs_on(text[last], after)):
                term = self._by_name[found.group()]
                yield Mention(term, start, _closed(text, start, last + 1))

    def meant(self, kind: str, title: str) -> Term | None:
        """Return the term of a kind that work of some title means without naming it."""
        return next(
            (
                term
                for term in self.terms
                if term.kind == kind and any(word in title for word in term.trades)
            ),
            None,
        )


def _either(names: Iterable[str]) -> str:
    """Return a pattern of any of some names, the longest first; shared beginnings once."""
    heads: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        heads[name[:1]].append(name[1:])
    ends = heads.pop("", None) is not None
    if not heads:
        return ""
    inner = "|".join(re.escape(head) + _either(rest) for head, rest in heads.items())
    return f"(?:{inner})?" if ends else f"(?:{inner})"


def _signs(text: str) -> tuple[str, list[int]]:
    """Return the signs of a text as names are compared by, and where in the text each stands."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if len(plain) != len(text):  # one sign became several, or several one
        plain = "".join(folded if len(folded := _key(sign)) == 1 else " " for sign in text)
    places = [at for at, sign in enumerate(plain) if sign not in _LEFT_OUT]
    return "".join(plain[at] for at in places), places


def _runs_on(one: str, other: str) -> bool:
    """Tell whether a Latin word or a number goes on from one sign to the next."""
    return bool(_LATIN.match(one.lower()) and _LATIN.match(other.lower()) and other != ".")


def _closed(text: str, start: int, end: int) -> int:
    """Return the end of a span with the bracket that it opens."""
    opened = text.count("(", start, end) + text.count("（", start, end)
    closed = text.count(")", start, end) + text.count("）", start, end)
    return end + 1 if opened > closed and text[end : end + 1] in {")", "）"} else end


def _reached(term: Term, by_name: Mapping[str, Term]) -> set[str]:
    found, waiting = set[str](), [term.name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += by_name[name].implies
    return found
