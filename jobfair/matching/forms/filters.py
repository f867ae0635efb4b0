"""What lists of rankings are narrowed to, read from the query string.

Age and sex are no filter of candidates: an employer may not choose by them.
"""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from jobfair.employers.queries import PositionRow
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.education import rank_of
from jobfair.matching.core.facts import SeekerFacts
from jobfair.matching.core.rank import Candidate

# A wish counts 0.85 at least where it names this very work, the fifth wish included.
ASKED_FOR = 0.85
_FEN = 100


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """What the candidates of a position are narrowed to; empty or None does not narrow.

    Attributes:
        home: code of the home county.
        category: household category; for offices only.
        education: code of the lowest schooling, as seekers state it.
        score: lowest score, of 100.
        asked: only who asks for this work.
        free_by: the last day somebody may become free.
        ids: only these people.
    """

    home: str = ""
    category: str = ""
    education: str = ""
    score: int | None = None
    asked: bool = False
    free_by: date | None = None
    ids: frozenset[int] | None = None

    def keeps(self, candidate: Candidate, person: SeekerFacts) -> bool:
        """Return whether somebody of a ranking is shown; the home is narrowed while ranking."""
        if self.ids is not None and person.id not in self.ids:
            return False
        if self.category and person.household_category != self.category:
            return False
        if self.education and (person.education or 0) < rank_of(self.education):
            return False
        if self.score is not None and candidate.score * 100 < self.score:
            return False
        if self.asked and (candidate.components["occupation"] or 0) < ASKED_FOR:
            return False
        free = person.available_from
        return self.free_by is None or free is None or free <= self.free_by


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What the positions of a person are narrowed to.

    Attributes:
        place: code of a city or district the workplace lies in.
        wage: lowest monthly pay in yuan that the upper end must reach.
        lodging: only with lodging.
        days: only without night work.
        complete: only positions that lack nothing.
    """

    place: str = ""
    wage: int | None = None
    lodging: bool = False
    days: bool = False
    complete: bool = False

    def keeps(self, post: PositionRow) -> bool:
        """Return whether a position is shown."""
        if self.place and not (post.workplace_division or "").startswith(self.place):
            return False
        if self.wage is not None and (post.wage_high or post.wage_low or 0) < self.wage * _FEN:
            return False
        if self.lodging and not post.lodging:
            return False
        if self.days and post.night_shift:
            return False
        return not (self.complete and post.missing)


def read_candidate_filter(
    args: MultiDict[str, str], *, office: bool, ids: frozenset[int] | None
) -> CandidateFilter:
    """Return the filter of a query string; what is not understood does not narrow.

    Args:
        args: the query string.
        office: whether the reader is an office; nobody else may narrow by household category.
        ids: the people a search found, None without one.
    """
    return CandidateFilter(
        home=_code(args.get("home", "")),
        category=args.get("category", "") if office else "",
        education=_code(args.get("education", "")),
        score=_number(args.get("score", ""), 100),
        asked="asked" in args,
        free_by=_day(args.get("free_by", "")),
        ids=ids,
    )


def read_post_filter(args: MultiDict[str, str]) -> PostFilter:
    """Return the filter of a query string; what is not understood does not narrow."""
    return PostFilter(
        place=_code(args.get("place", "")),
        wage=_number(args.get("wage", ""), 1_000_000),
        lodging="lodging" in args,
        days="days" in args,
        complete="complete" in args,
    )


def _code(text: str) -> str:
    return text if text.isascii() and text.isdigit() else ""


def _number(text: str, most: int) -> int | None:
    plain = text.strip().replace(",", "")
    return min(int(plain), most) if plain.isascii() and plain.isdigit() else None


def _day(text: str) -> date | None:
    found = read_day(text)
    return found.last if isinstance(found, Day) else None
