"""The fair of Bijie in March 2010: 55 invented employers of Shenzhen and exactly 19,137 posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from jobfair.demo import invented
from jobfair.demo.draw import Weighted, load_settings, load_table, share_out
from jobfair.employers.rules.drafts import EmployerDraft, MonthlyWage, PayType, PositionDraft, Shift
from jobfair.regions.codes import read_rows
from jobfair.seekers.rules.drafts import education_rank

_FEWEST_POSITIONS = 3
_SHIFTS = {
    Shift.DAY: "白班",
    Shift.TWO: "两班倒",
    Shift.THREE: "三班倒",
    Shift.NIGHT: "夜班",
    Shift.FLEXIBLE: "弹性工作时间",
}
_ROADS = ("工业一路", "工业二路", "创业路", "同富路", "兴业路", "振兴路", "朝阳路", "环城路")


@dataclass(frozen=True, slots=True)
class Offer:
    """An employer and what it brings to the fair."""

    employer: EmployerDraft
    positions: tuple[PositionDraft, ...]


@dataclass(frozen=True, slots=True)
class DemoFair:
    """The fair and everything offered there."""

    code: str
    name: str
    name_en: str
    starts_on: date
    ends_on: date
    venue: str
    division_code: str
    offers: tuple[Offer, ...]

    @property
    def headcount(self) -> int:
        """The posts of the whole fair."""
        return sum(p.headcount or 0 for offer in self.offers for p in offer.positions)


def trades() -> dict[str, Mapping[str, str]]:
    """Return the everyday kinds of work of the demonstration by title."""
    return {row["title"]: row for row in load_table("trades")}


def words(text: str) -> tuple[str, ...]:
    """Return the words of a cell that holds several."""
    return tuple(filter(None, text.split(";")))


def demo_fair() -> DemoFair:
    """Return the fair of 2010, the same on every call."""
    settings = load_settings("fair_2010")
    random = Random(settings["seed"])  # noqa: S311 - repeatable, not secret
    rows = load_table("employers")
    kinds = settings["kinds"]
    counts = _position_counts(rows, settings)
    headcounts = share_out(
        settings["headcount"], [float(row["size"]) for row in rows], least=10 * _FEWEST_POSITIONS
    )
    names = {row["code"]: row["name"] for row in read_rows("divisions")}
    offers = [
        _offer(random, row, kinds[row["kind"]], names, (count, headcount))
        for row, count, headcount in zip(rows, counts, headcounts, strict=True)
    ]
    return DemoFair(
        settings["code"],
        settings["name"],
        settings["name_en"],
        date.fromisoformat(settings["starts_on"]),
        date.fromisoformat(settings["ends_on"]),
        settings["venue"],
        settings["division_code"],
        tuple(offers),
    )


def _position_counts(rows: Sequence[Mapping[str, str]], settings: Mapping[str, Any]) -> list[int]:
    """Share the positions out; nobody offers more kinds of work than its trade has."""
    room = [len(settings["kinds"][row["kind"]]["trades"]) - _FEWEST_POSITIONS for row in rows]
    extra = share_out(settings["positions"] - _FEWEST_POSITIONS * len(rows), room)
    return [_FEWEST_POSITIONS + more for more in extra]


def _offer(
    random: Random,
    row: Mapping[str, str],
    kind: Mapping[str, Any],
    names: Mapping[str, str],
    sizes: tuple[int, int],
) -> Offer:
    number = int(row["number"])
    district = Weighted.of(load_settings("fair_2010")["districts"]).one(random)
    towns = [name for code, name in names.items() if code[:6] == district and name.endswith("街道")]
    place = f"深圳市{names[district]}{random.choice(towns)}"
    employer = EmployerDraft(
        name=row["name"],
        credit_code=invented.credit_code(number),
        kind=row["ownership"],
        industry_code=kind["industry"],
        division_code=district,
        address=f"{place}{random.choice(_ROADS)}{random.randint(1, 199)}号",
        contact_name="演示招聘员",
        contact_phone=invented.phone(9, number),
        source="demo",
    )
    count, headcount = sizes
    weights = kind["trades"]
    chosen = sorted(weights, key=lambda title: -weights[title] * random.uniform(0.5, 1))[:count]
    shares = share_out(headcount, [weights[title] for title in chosen], least=1)
    lodging = random.randrange(100) < kind["lodging"]
    positions = tuple(
        _position(random, trades()[title], share, (district, place), (number, lodging))
        for title, share in zip(chosen, shares, strict=True)
    )
    return Offer(employer, positions)


def _position(
    random: Random,
    trade: Mapping[str, str],
    headcount: int,
    workplace: tuple[str, str],
    employer: tuple[int, bool],
) -> PositionDraft:
    settings = load_settings("fair_2010")
    number, lodging = employer
    low, high = _wage(random, trade)
    night = random.randrange(100) < int(trade["night_percent"])
    piece = random.randrange(100) < int(trade["piece_percent"])
    first = date.fromisoformat(settings["first_start"])
    span = (date.fromisoformat(settings["last_start"]) - first).days
    hours = random.choice((8, 8, 8, 9, 10))
    shift = Shift.DAY if trade["shift"] == "two" and not night else Shift(trade["shift"])
    education = trade["min_education"] or None
    meals = lodging and random.randrange(100) < 85
    skilled = int(trade["wage_high"]) >= 2600
    experience = random.choice((1, 1, 2, 2, 3) if skilled else (0, 0, 1, 1, 2))
    more = words(trade["more_skills"])
    skills = words(trade["skills"]) + tuple(
        random.sample(more, min(len(more), random.choice((3, 4))))
    )
    return PositionDraft(
        title=trade["title"],
        headcount=headcount,
        wage=MonthlyWage.from_yuan(low, high),
        wage_text=f"{low}-{high}元/月",
        pay_type=PayType.PIECE if piece else PayType.MONTHLY,
        pay_months=12,
        occupation_code=trade["occupation_code"],
        hours_per_day=float(hours),
        days_per_week=float(random.choice((5, 6, 6, 6))),
        shift=shift,
        night_shift=night,
        height_work=trade["height"] == "1",
        restricted_for_minors=trade["restricted"] == "1",
        lodging=lodging,
        meals=meals,
        insurance=random.randrange(100) < 90,
        min_education=education,
        education_rank=education_rank(education) if education else 0,
        min_experience_years=experience,
        min_age=18 if "1" in (trade["height"], trade["restricted"]) else 16,
        certificates=words(trade["certificates"]),
        skills=skills,
        requirements=_requirements(trade, skills, experience, skilled=skilled),
        description=_description(shift, lodging=lodging, meals=meals, hours=hours),
        workplace_division=workplace[0],
        workplace_text=workplace[1],
        starts_on=first + timedelta(days=random.randint(0, span)),
        source_ref=f"bijie-2010-{number:02d}-{trade['title']}",
    )


def _wage(random: Random, trade: Mapping[str, str]) -> tuple[int, int]:
    """Return a range of whole fifties inside the trade's."""
    low, high = int(trade["wage_low"]), int(trade["wage_high"])
    width = high - low
    start = low + round(width * random.uniform(0, 0.35) / 50) * 50
    end = high - round(width * random.uniform(0, 0.3) / 50) * 50
    return start, max(start + 100, end)


def _requirements(
    trade: Mapping[str, str], skills: tuple[str, ...], experience: int, *, skilled: bool
) -> str:
    prefer = "" if skilled else "者优先"
    parts = [f"持{name}" for name in words(trade["certificates"])]
    if experience:
        parts.append(f"有{experience}年以上经验{prefer}")
    parts.append("会" + "、".join(skills) + prefer)
    return "；".join(parts)


def _description(shift: Shift, *, lodging: bool, meals: bool, hours: int) -> str:
    parts = [f"每天工作{hours}小时", _SHIFTS[shift]]
    parts.append(("包吃住" if meals else "提供宿舍") if lodging else "食宿自理")
    return "，".join(parts)
