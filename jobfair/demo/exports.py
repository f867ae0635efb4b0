"""Exactly 15,000 invented labourers exported in 2010, some of whom moved twice.

They are other people than the seekers of the fair. Every placement lies outside the home county;
the second moves begin more than 30 days after the first ended, so they count as moves (人次) of
their own, while a change of employer within 30 days does not. Who came home for the New Year went
out again within 90 days, which goes on with the same move. So everybody is at work, and nobody of
the ledger, which asks for no consent to be recommended, stands among those who look for work.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from jobfair.demo.draw import Weighted, load_settings, load_table
from jobfair.demo.people import People, ages
from jobfair.kit.events.rules import Grade
from jobfair.placements.rules.counting import BRIDGE_DAYS, SEASONAL_BRIDGE_DAYS, Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.kinds import EndReason
from jobfair.seekers.rules.drafts import SeekerDraft

_YEAR = 2010
_FEN = 100
_LAST_DAY = date(_YEAR, 12, 31)
_GRADES = {Channel.ORGANISED: Grade.B, Channel.ASSISTED: Grade.C, Channel.SELF_ARRANGED: Grade.D}
# Where the work is not in a factory.
_INDUSTRIES = {
    "保安员": "租赁和商务服务业",
    "餐厅服务员": "住宿和餐饮业",
    "搬运工": "交通运输、仓储和邮政业",
    "钢筋工": "建筑业",
    "家政服务员": "居民服务、修理和其他服务业",
}
_CATEGORY_SINCE = date(2009, 1, 1)


@dataclass(frozen=True, slots=True)
class Labourer:
    """A person and the placements begun in 2010, in order of time, with what followed a season."""

    person: SeekerDraft
    placements: tuple[PlacementDraft, ...]


class _Work:
    """Draws placements."""

    def __init__(self, random: Random) -> None:
        settings = load_settings("exports_2010")
        rows = {row["title"]: row for row in load_table("trades")}
        self._random = random
        self._workplaces = Weighted.of(settings["workplaces"])
        self._titles = [rows[title] for title in settings["titles"]]
        self._months = Weighted(list(enumerate(settings["months"], start=1)))
        self._channels = Weighted.of(
            {Channel(name): weight for name, weight in settings["channels"].items()}
        )
        self._employers = [row["name"] for row in load_table("employers")]

    def first_day(self, *, early: bool) -> date:
        """Draw the first day at work; an early one leaves time for another placement."""
        month = self._months.one(self._random)
        while early and month > 4:
            month = self._months.one(self._random)
        return date(_YEAR, month, self._random.randint(1, 28))

    def placement(self, number: str, started_on: date) -> PlacementDraft:
        """Draw a placement that begins on a day."""
        random = self._random
        workplace = self._workplaces.one(random)
        channel = self._channels.one(random)
        trade = random.choice(self._titles)
        low, high = int(trade["wage_low"]), int(trade["wage_high"])
        employer = "（演示）外地用工单位"
        if workplace.startswith("4403") and channel is not Channel.SELF_ARRANGED:
            employer = random.choice(self._employers)
        organised = channel is Channel.ORGANISED
        return PlacementDraft(
            employer_name=employer,
            channel=channel,
            started_on=started_on,
            departed_on=started_on - timedelta(days=random.randint(1, 3)) if organised else None,
            title=trade["title"],
            industry=_INDUSTRIES.get(trade["title"], "制造业"),
            workplace_division=workplace,
            wage_fen=random.randrange(low, high, 50) * _FEN,
            grade=_GRADES[channel],
            source="demo",
            fingerprint=number,
        )


def labourers() -> Iterator[Labourer]:
    """Give the exported labourers, the same on every call."""
    settings = load_settings("exports_2010")
    people = People(settings["seed"], phone_series=1, spare=True)
    random = people.random
    work = _Work(random)
    drawn_ages = ages(settings["ages"])
    categories = Weighted.of(load_settings("people")["household_categories"])
    schooling = Weighted.of(load_settings("people")["education_young"])
    twice = settings["second_moves"]
    changing = settings["changes_of_employer"]
    order = list(range(settings["persons"]))
    random.shuffle(order)
    kinds = dict.fromkeys(order[:twice], "twice")
    kinds |= dict.fromkeys(order[twice : twice + changing], "changing")
    for number in range(settings["persons"]):
        home = people.homes.draw(random)
        category = categories.one(random)
        person = replace(
            people.identity(home, people.sex(), drawn_ages.one(random), date(_YEAR, 1, 1)),
            education=schooling.one(random),
            household_category=category,
            household_category_since=None if category == "general" else _CATEGORY_SINCE,
            source_ref=f"demo-export-{number + 1:05d}",
        )
        yield Labourer(person, _placements(work, random, number + 1, kinds.get(number)))


def _placements(
    work: _Work, random: Random, number: int, kind: str | None
) -> tuple[PlacementDraft, ...]:
    name = f"demo-2010-{number:05d}"
    first = work.placement(f"{name}-1", work.first_day(early=kind is not None))
    if kind is None or first.started_on is None:
        return _perhaps_home(work, first, random, name)
    ended_on = first.started_on + timedelta(days=random.randint(45, 120))
    gap = random.randint(BRIDGE_DAYS + 5, 80) if kind == "twice" else random.randint(1, 10)
    second = work.placement(f"{name}-2", ended_on + timedelta(days=gap))
    return (
        replace(first, ended_on=ended_on, end_reason=EndReason.FINAL),
        *_perhaps_home(work, second, random, name),
    )


def _perhaps_home(
    work: _Work, placement: PlacementDraft, random: Random, name: str
) -> tuple[PlacementDraft, ...]:
    """Let every ninth come home for the New Year of 2011 and go out again."""
    ended_on = _LAST_DAY - timedelta(days=random.randint(0, 40))
    gap = random.randint(45, SEASONAL_BRIDGE_DAYS)
    if random.randrange(9) or placement.started_on is None or placement.started_on >= ended_on:
        return (placement,)
    again = work.placement(f"{name}-again", ended_on + timedelta(days=gap))
    return replace(placement, ended_on=ended_on, end_reason=EndReason.SEASONAL), again
