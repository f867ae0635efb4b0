"""Invented seekers of Bijie in 2010: the same people for the same number and seed.

Names follow the shares of surnames and characters in China, homes the sizes of Bijie's eight
counties, ages and schooling those of rural migrants of the time. Nobody of them exists: see
`jobfair.demo.invented` for the marks in ID and phone numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from jobfair.demo import invented
from jobfair.demo.draw import Weighted, load_settings, load_table
from jobfair.regions.codes import read_rows
from jobfair.seekers.rules.drafts import HouseholdCategory, HukouKind, SeekerDraft, Wish
from jobfair.seekers.rules.household import ExitState, LabourCapacity

SEED = 20100214
DEFAULT_COUNT = 3_000
FULL_COUNT = 110_000
_FEN = 100
_MAN, _WOMAN = "1", "2"
# 毕节县 became 毕节市 in 1993: whoever was 16 by then has the older code.
_CITY_SINCE = 1978
_LONGEST_AWAY = 18  # years: few left the county for work before the nineties
_AFTER_JUNIOR = frozenset({"61", "41", "44", "47", "31"})
_EXITS: Mapping[str, ExitState] = {
    HouseholdCategory.REGISTERED_POOR: ExitState.NOT_LIFTED,
    HouseholdCategory.LIFTED_OUT: ExitState.LIFTED,
}
_COUPLE, _VILLAGERS = 4, 14  # of a hundred registrations, how many open such a group


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody comes from."""

    county: str
    township: str
    village: str
    address: str


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of work people know and want."""

    title: str
    code: str
    low: int
    high: int
    skills: tuple[str, ...]
    more_skills: tuple[str, ...]
    certificates: tuple[str, ...]


class Names:
    """Draws names by the shares of surnames and given-name characters."""

    def __init__(self) -> None:
        self._surnames = Weighted(
            [(row["surname"], float(row["share_percent"])) for row in load_table("surnames")]
        )
        characters = load_table("given_characters")
        self._given = {
            sex: Weighted([(row["character"], float(row[column])) for row in characters])
            for sex, column in ((_MAN, "men"), (_WOMAN, "women"))
        }

    def draw(self, random: Random, sex: str) -> str:
        """Return a name; one in five given names has a single character."""
        length = 1 if random.random() < 0.2 else 2
        return self._surnames.one(random) + "".join(self._given[sex].many(random, length))


class Homes:
    """Draws homes: counties by weight, townships evenly, villages with names of the region."""

    def __init__(self) -> None:
        settings = load_settings("people")
        counties = {code: c["weight"] for code, c in settings["counties"].items()}
        self._counties = Weighted.of(counties)
        self._heads: list[str] = settings["village_heads"]
        self._tails: list[str] = settings["village_tails"]
        names = {row["code"]: row["name"] for row in read_rows("divisions")}
        self._county_names = names
        self._townships: dict[str, list[tuple[str, str]]] = {}
        for code, name in sorted(names.items()):
            if len(code) == 9 and name.endswith(("镇", "乡", "街道")):
                self._townships.setdefault(code[:6], []).append((code, name))

    def draw(self, random: Random, county: str | None = None) -> Home:
        """Return a home, in a given county or any."""
        county = county or self._counties.one(random)
        below = self._townships.get(county)
        village = random.choice(self._heads) + random.choice(self._tails) + "村"
        if below is None:  # another prefecture: known to the county only
            return Home(county, county, village, f"{self._county_names[county]}{village}")
        code, name = random.choice(below)
        address = f"{self._county_names[county]}{name}{village}{random.randint(1, 12)}组"
        return Home(county, code, village, address)


def _capacity(category: str, *, certified: bool) -> str | None:
    """Return the ability to work, which the register of poor households keeps of its members."""
    if category == HouseholdCategory.GENERAL:
        return None
    return LabourCapacity.SKILLED if certified else LabourCapacity.ORDINARY


class People:
    """Draws whole people; one object per population, so that no ID number comes twice."""

    def __init__(self, seed: int, *, phone_series: int, spare: bool = False) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable, not secret
        self._settings: dict[str, Any] = dict(load_settings("people"))
        self._numbers = invented.IdNumbers(spare=spare)
        self._series = phone_series
        self._count = 0
        self._names = Names()
        self.homes = Homes()
        s = self._settings
        self._groups = {
            code: Weighted.of(county["groups"]) for code, county in s["counties"].items()
        }
        self._schooling = {
            young: Weighted.of(s[f"education_{'young' if young else 'old'}"])
            for young in (True, False)
        }
        self._categories = Weighted.of(s["household_categories"])
        self._everyday = {sex: Weighted.of(skills) for sex, skills in s["everyday_skills"].items()}
        self._places = Weighted([(tuple(place), weight) for weight, place in s["wanted_places"]])
        self._refusals: list[tuple[str, float]] = [
            (name, percent / 100) for name, percent in s["refusals"].items()
        ]
        self._trades = {
            (sex, minor): _trades(sex, minor=minor)
            for sex in (_MAN, _WOMAN)
            for minor in (True, False)
        }
        self._day = date.fromisoformat(s["fair_day"])

    @property
    def random(self) -> Random:
        """The one source of chance of this population."""
        return self._random

    def sex(self) -> str:
        """Draw a sex, GB/T 2261.1."""
        return _MAN if self._random.random() * 100 < self._settings["men_percent"] else _WOMAN

    def id_division(self, county: str, born_in: int) -> str:
        """Return the code a county had when somebody's ID number was given."""
        known = self._settings["counties"].get(county)
        if known is None:
            return county
        codes: list[str] = known["id_codes"]
        return codes[0] if born_in < _CITY_SINCE else codes[-1]

    def identity(self, home: Home, sex: str, age: int, on: date) -> SeekerDraft:
        """Return a person who is ``age`` on a day: name, number, phone, home and origin."""
        random = self._random
        self._count += 1
        born = invented.birth_date(on, age, random.randrange(365))
        groups = self._groups.get(home.county)
        return SeekerDraft(
            name=self._names.draw(random, sex),
            id_number=self._numbers.give(self.id_division(home.county, born.year), born, sex),
            home_division=home.township,
            phone=invented.phone(self._series, self._count),
            address=home.address,
            village=home.village,
            ethnic_group=groups.one(random) if groups else "01",
            hukou_kind=HukouKind.RURAL,
        )

    def seeker(self, home: Home, sex: str, age: int, group: str | None) -> SeekerDraft:
        """Return a person with schooling, wishes and everything a registration asks for."""
        random = self._random
        person = self.identity(home, sex, age, self._day)
        wanted = self._trades[sex, age < 18].some(
            random, 1 + (random.random() < 0.6) + (random.random() < 0.25)
        )
        first = wanted[0]
        years = int(min(_LONGEST_AWAY, max(0, age - 17)) * random.random() ** 2)
        certified = bool(first.certificates) and random.random() < (0.8 if years else 0.2)
        category = self._categories.one(random)
        said = random.random()
        return replace(
            person,
            education=self._education(age),
            household_category=category,
            household_category_since=date(2009, 1, 1) if category != "general" else None,
            exit_state=_EXITS.get(category),
            exit_since="2009" if _EXITS.get(category) == ExitState.LIFTED else None,
            labour_capacity=_capacity(category, certified=certified),
            experience_years=years if said < 0.97 else None,
            skills=self._skills(first, years, sex),
            certificates=first.certificates if certified else (),
            wage_min=self._wage(first, years) * _FEN if random.random() < 0.94 else None,
            wanted_divisions=self._places.one(random),
            available_from=self._day + timedelta(days=random.randint(-10, 40))
            if random.random() < 0.92
            else None,
            travel_group=group,
            refusals=tuple(name for name, share in self._refusals if random.random() < share),
            wishes=tuple(Wish(trade.title, trade.code) for trade in wanted),
            consent_version="form-1",
            source_ref=f"demo-{self._count:06d}",
        )

    def _education(self, age: int) -> str:
        """Return a schooling somebody of an age can have."""
        drawn = self._schooling[age < 36].one(self._random)
        if age < 18 and drawn in _AFTER_JUNIOR:
            return "71"
        return "61" if age < 21 and drawn == "31" else drawn

    def _skills(self, trade: Trade, years: int, sex: str) -> tuple[str, ...]:
        """Return what somebody can do: the core of their trade, and more of it with the years."""
        random = self._random
        more_known = min(0.5, 0.06 + 0.06 * years)
        known = trade.skills if random.random() < (0.9 if years else 0.15) else ()
        known += tuple(name for name in trade.more_skills if random.random() < more_known)
        return known or (self._everyday[sex].one(random),)

    def _wage(self, trade: Trade, years: int) -> int:
        """Return what somebody asks for, in whole fifties of yuan a month; more with the years."""
        span = trade.high - trade.low + 300
        # Two draws: most ask for something in the middle.
        share = (self._random.random() + self._random.random()) / 2
        share *= 1 if years else 0.6
        asked = trade.low - 100 + span * share + 40 * min(years, 10)
        return max(int(self._settings["wage_from"]), round(asked / 50) * 50)


def _trades(sex: str, *, minor: bool) -> Weighted[Trade]:
    """Return the trades somebody may want; the law keeps some from people under 18."""
    column = "men" if sex == _MAN else "women"
    return Weighted(
        [
            (
                Trade(
                    row["title"],
                    row["occupation_code"],
                    int(row["wage_low"]),
                    int(row["wage_high"]),
                    tuple(filter(None, row["skills"].split(";"))),
                    tuple(filter(None, row["more_skills"].split(";"))),
                    tuple(filter(None, row["certificates"].split(";"))),
                ),
                float(row[column]),
            )
            for row in load_table("trades")
            if not (minor and "1" in (row["height"], row["restricted"]))
        ]
    )


def ages(bands: list[list[int]]) -> Weighted[int]:
    """Return single years of age, drawn evenly inside bands of (from, to, weight)."""
    return Weighted(
        [
            (age, weight / (high - low + 1))
            for low, high, weight in bands
            for age in range(low, high + 1)
        ]
    )


def seekers(count: int = DEFAULT_COUNT, *, seed: int = SEED) -> Iterator[SeekerDraft]:
    """Give the first ``count`` seekers of the demonstration, one after the other."""
    people = People(seed, phone_series=0)
    random = people.random
    drawn_ages = ages(load_settings("people")["ages"])
    given = group_number = 0
    while given < count:
        home = people.homes.draw(random)
        size, group, strict, sexes = 1, None, False, [people.sex()]
        chance = random.random() * 100
        if chance < _VILLAGERS:
            group_number += 1
            couple = chance < _COUPLE
            size = 2 if couple else random.randint(3, 6)
            group = f"{home.village}{'夫妻' if couple else '同乡'}{group_number:05d}"
            strict = couple and group_number % 3 == 0  # these go together or not at all
            sexes = [_MAN, _WOMAN] if couple else [people.sex() for _ in range(size)]
        age = drawn_ages.one(random)
        for place in range(min(size, count - given)):
            near = max(16 if size > 2 else 20, age + random.randint(-2, 2)) if size > 1 else age
            person = people.seeker(home, sexes[place], near, group)
            yield replace(person, only_with_group=True) if strict else person
            given += 1
