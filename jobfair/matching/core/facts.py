"""What the core knows of a person and of a position."""

from dataclasses import dataclass
from datetime import date

POSTGRADUATE = 6  # the highest level of education


def _check(most: int | None = None, **facts: int | None) -> None:
    """See that numbers are numbers, so that no nonsense is ever ranked by.

    Raises:
        ValueError: one is below 0, above ``most``, or not a number.
    """
    for name, value in facts.items():
        if value is not None and not (value >= 0 and (most is None or value <= most)):
            raise ValueError(f"{name} {value}")


@dataclass(frozen=True, slots=True)
class Wish:
    """A job somebody asks for: a title in their words, an occupation where it is known."""

    title: str
    occupation: str | None = None


@dataclass(frozen=True, slots=True)
class Twin:
    """A division twinned with somebody's home, over a period; both days included."""

    division: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the pair existed on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class SeekerFacts:
    """A person as matching sees them; None is a fact nobody gave.

    Attributes:
        education: level from 0 (none) to 6 (postgraduate), so that levels compare.
        wage_min: fen per month.
        refusals: what they will not do: ``night_shift``, ``height_work``, ``dispatch``,
            ``piece_rate``, ``other_province`` or ``division:CODE``.
        unlisted: codes of what takes them out of rankings: ``consent``, ``placed``.
        household_category: for the separate priority term only.
        travel_group: names those who want to go together; the same name, the same group.
        only_with_group: goes with the whole group or not at all; for plans, not for scores.
        expires_on: the last day the registration is valid, judged on the day of the ranking.
        twins: the divisions twinned with the home, ever; for the priority term only.

    Raises:
        ValueError: a number is negative or none, or there is no such level of education.
    """

    id: int
    born: date
    home: str
    wishes: tuple[Wish, ...] = ()
    skills: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    education: int | None = None
    experience: int | None = None
    wage_min: int | None = None
    wanted_divisions: tuple[str, ...] = ()
    refusals: frozenset[str] = frozenset()
    available_from: date | None = None
    travel_group: str | None = None
    only_with_group: bool = False
    household_category: str | None = None
    unlisted: frozenset[str] = frozenset()
    expires_on: date | None = None
    twins: tuple[Twin, ...] = ()

    def __post_init__(self) -> None:
        _check(POSTGRADUATE, education=self.education)
        _check(experience=self.experience, wage_min=self.wage_min)


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """A position as matching sees it; None is a fact the advert does not give.

    Attributes:
        certificates: all of them are needed; of "A或B" one is enough.
        education: the lowest level accepted, 0 for none asked.
        wage_low: fen per month; None when negotiable or missing.
        restricted: work the law keeps from people under 18.
        valid_until: the last day the advert holds.
        closed: no longer to be filled.

    Raises:
        ValueError: a number is negative or none, or there is no such level of education.
    """

    id: int
    title: str
    occupation: str | None = None
    skills: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    education: int | None = None
    experience: int | None = None
    wage_low: int | None = None
    wage_high: int | None = None
    workplace: str | None = None
    lodging: bool | None = None
    night_shift: bool = False
    height_work: bool = False
    dispatch: bool = False
    restricted: bool = False
    min_age: int | None = None
    max_age: int | None = None
    starts_on: date | None = None
    piece_rate: bool = False
    valid_until: date | None = None
    closed: bool = False

    def __post_init__(self) -> None:
        _check(POSTGRADUATE, education=self.education)
        _check(
            experience=self.experience,
            wage_low=self.wage_low,
            wage_high=self.wage_high,
            min_age=self.min_age,
        )
