"""``jobfair bench match``: the whole-fair ranking beside plainer ways, in one run on the same data.

People and positions are generated: blue-collar titles, the counties of Bijie and Qiannan, districts
of Shenzhen. The loop is written as one would write it first, and computes the same score; it is
timed on a sample of pairs and scaled to all of them. The libraries compare texts only, every wish
with every title as the ranking does, on as many threads; one that keeps the best keeps as many.
"""

import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from jobfair.kit.terminal import peak_mb
from jobfair.matching.core.columns import WISHES, SeekerColumns
from jobfair.matching.core.eligibility import reasons
from jobfair.matching.core.facts import PositionFacts, SeekerFacts, Wish
from jobfair.matching.core.kernels import COMPILED, NUMPY, installed
from jobfair.matching.core.rank import candidates_of, rank_fair
from jobfair.matching.core.score import Scorer
from jobfair.matching.core.text import (
    JOINT,
    ONE_OF_SEVERAL,
    SAME_KIND,
    normal_title,
    taxonomy_similarity,
)
from jobfair.matching.core.weights import STANDARD, Profile
from jobfair.matching.pool import settle

TODAY = date(2010, 3, 6)
TOP = 200
_BEST_OF = 5  # a machine that does other things, too, is late in some of them
_TRADES = (
    ("普工", "6-00-00-00", 30),
    ("电子装配工", "6-25-04-07", 14),
    ("缝纫工", "6-05-01-03", 9),
    ("服务员", "4-03-02-05", 8),
    ("保安员", "4-07-05-01", 6),
    ("保洁员", "4-09-08-01", 5),
    ("焊工", "6-18-02-04", 4),
    ("电工", "6-31-01-03", 4),
    ("车工", "6-18-01-01", 3),
    ("注塑工", "6-14-01-02", 3),
    ("包装工", "6-31-05-00", 3),
    ("搬运工", "4-02-05-01", 3),
    ("仓库管理员", "4-02-06-01", 2),
    ("叉车工", "6-30-05-01", 2),
    ("厨师", "4-03-02-01", 2),
    ("质检员", "6-31-03-05", 2),
)
_BEFORE = ("", "", "", "急聘", "高薪诚聘", "熟练", "男女", "初级")
_AFTER = ("", "", "", "（包吃住）", "学徒", "组长", "(长白班)", "5000元")
_SKILLS = ("焊接", "缝纫", "叉车", "电脑", "驾驶", "看图纸", "烹饪", "电路", "仪表", "普通话")
_CERTIFICATES = ("电工证", "焊工证", "叉车证", "健康证", "驾驶证")
_WISHES = (0, *(1,) * 14, *(2,) * 9, *(3,) * 6)  # how many kinds of work somebody asks for
_HOMES = ("520502", "520521", "520522", "520523", "520524", "520525", "520526", "522701")
_WORKPLACES = ("440303", "440304", "440305", "440306", "440307", "440308", "440309", "440310")
_WANTED = ((), ("4403",), ("44",), ("4403", "4419"), ("33",), ("5205",), ("440306",))
_REFUSALS = ("night_shift", "height_work", "dispatch", "piece_rate", "division:440307")


def _title(draw: random.Random) -> Wish:
    trade, code, _ = draw.choices(_TRADES, [w for _, _, w in _TRADES])[0]
    title = draw.choice(_BEFORE) + trade + draw.choice(_AFTER)
    return Wish(title, code if draw.random() < 0.7 else None)


def _some(draw: random.Random, values: Sequence[str], most: int) -> frozenset[str]:
    return frozenset(draw.sample(values, draw.randint(0, most)))


def invent_people(count: int, seed: int) -> list[SeekerFacts]:
    """Return people, the same for the same seed."""
    draw = random.Random(f"people {seed}")  # noqa: S311 - invented data
    return [_person(draw, number) for number in range(1, count + 1)]


def _person(draw: random.Random, number: int) -> SeekerFacts:
    return SeekerFacts(
        id=number,
        born=date(1955, 1, 1) + timedelta(days=draw.randint(0, 39 * 365)),
        home=draw.choice(_HOMES),
        wishes=tuple(_title(draw) for _ in range(draw.choice(_WISHES))),
        skills=_some(draw, _SKILLS, 3),
        certificates=_some(draw, _CERTIFICATES, 1),
        education=draw.choice((None, 1, 1, 2, 2, 2, 2, 3, 4)),
        experience=draw.choice((None, 0, 0, 1, 2, 3, 5, 8, 12)),
        wage_min=draw.choice((None, *range(90_000, 320_000, 10_000))),
        wanted_divisions=draw.choice(_WANTED),
        refusals=_some(draw, _REFUSALS, 1),
        available_from=draw.choice((None, TODAY + timedelta(days=draw.randint(0, 60)))),
        household_category=draw.choice((None, "general", "general", "registered_poor")),
        travel_group=f"{number // 3}" if draw.random() < 0.2 else None,
        unlisted=frozenset({"placed"} if draw.random() < 0.05 else ()),
        expires_on=TODAY + timedelta(days=draw.randint(-5, 90)),
    )


def invent_positions(count: int, seed: int) -> list[PositionFacts]:
    """Return positions, the same for the same seed."""
    draw = random.Random(f"positions {seed}")  # noqa: S311 - invented data
    return [_position(draw, number) for number in range(1, count + 1)]


def _position(draw: random.Random, number: int) -> PositionFacts:
    wish = _title(draw)
    wage = draw.choice((None, *range(100_000, 280_000, 5_000)))
    return PositionFacts(
        id=number,
        title=wish.title,
        occupation=wish.occupation,
        skills=_some(draw, _SKILLS, 2),
        certificates=_some(draw, _CERTIFICATES, 1) if number % 4 == 0 else frozenset(),
        education=draw.choice((None, 1, 2, 2, 3)),
        experience=draw.choice((None, None, 1, 2, 3)),
        wage_low=wage,
        wage_high=wage and wage + 60_000,
        workplace=draw.choice(_WORKPLACES),
        lodging=draw.choice((True, True, False, None)),
        night_shift=draw.random() < 0.3,
        height_work=draw.random() < 0.05,
        restricted=draw.random() < 0.1,
        starts_on=draw.choice((None, TODAY + timedelta(days=draw.randint(0, 40)))),
    )


def plain_score(
    seeker: SeekerFacts,
    position: PositionFacts,
    profile: Profile,
    mates: Sequence[SeekerFacts] = (),
) -> float:
    """Return the score of an eligible pair as one writes it first: plain Python and rapidfuzz."""
    parts: dict[str, float] = {}
    if seeker.wishes:
        title = normal_title(position.title)
        likeness = 0.0
        for order, wish in zip((1.0, 0.95, 0.9, 0.87, 0.85), seeker.wishes, strict=False):
            wanted = normal_title(wish.title)
            text = fuzz.ratio(title, wanted) / 100
            if JOINT in title:
                parts_of_title = (fuzz.ratio(one, wanted) for one in title.split(JOINT))
                text = max(text, ONE_OF_SEVERAL * max(parts_of_title) / 100)
            near = taxonomy_similarity(position.occupation, wish.occupation)
            near *= SAME_KIND + (1 - SAME_KIND) * text
            likeness = max(likeness, max(text * text, near) * order)
        parts["occupation"] = likeness
    if position.skills and seeker.skills:
        parts["skills"] = len(position.skills & seeker.skills) / len(position.skills)
    offered = position.wage_high or position.wage_low
    if offered and seeker.wage_min:
        parts["wage"] = min(max(1 - 2 * (1 - offered / seeker.wage_min), 0.0), 1.0)
    if position.experience and seeker.experience is not None:
        parts["experience"] = min(seeker.experience / position.experience, 1.0)
    if position.education and seeker.education is not None:
        parts["education"] = float(seeker.education >= position.education)
    if position.workplace and seeker.wanted_divisions:
        parts["place"] = _plain_place(seeker.wanted_divisions, position.workplace)
        parts["place"] *= 0.85 if position.lodging is False else 1.0
    if mates:
        parts["travel_group"] = sum(not reasons(m, position, TODAY) for m in mates) / len(mates)
    share = sum(profile.weight(name) for name in parts)
    return sum(profile.weight(n) * v for n, v in parts.items()) / share if share else 0.0


def _plain_place(wanted: Sequence[str], place: str) -> float:
    if any(place.startswith(w) or w.startswith(place) for w in wanted):
        return 1.0
    return 0.4 if any(place[:2] == w[:2] for w in wanted) else 0.0


@dataclass(frozen=True, slots=True)
class _Data:
    people: list[SeekerFacts]
    positions: list[PositionFacts]
    columns: SeekerColumns
    mates: dict[int, list[SeekerFacts]]

    @property
    def pairs(self) -> int:
        return len(self.people) * len(self.positions)


def mates_of(people: Sequence[SeekerFacts]) -> dict[int, list[SeekerFacts]]:
    """Return the rest of the travel group of everybody who has one, by seeker id."""
    groups: dict[str, list[SeekerFacts]] = defaultdict(list)
    for person in people:
        if person.travel_group:
            groups[person.travel_group].append(person)
    return {p.id: [m for m in group if m is not p] for group in groups.values() for p in group}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _loop_seconds(data: _Data, pairs: int) -> float:
    """Return the time of the plain loop over all pairs, from a sample of them."""
    draw = random.Random(7)  # noqa: S311 - a sample
    sample = [(draw.choice(data.people), draw.choice(data.positions)) for _ in range(pairs)]

    def loop() -> None:
        for seeker, position in sample:
            if not reasons(seeker, position, TODAY):
                plain_score(seeker, position, STANDARD, data.mates.get(seeker.id, ()))

    return _seconds(loop) / len(sample) * data.pairs


def _texts(data: _Data, wishes: int) -> tuple[list[str], list[str]]:
    """Return the texts of so many wishes of everybody, and the titles of positions."""
    wanted = [normal_title(w.title) for p in data.people for w in p.wishes[:wishes]]
    return wanted, [normal_title(p.title) for p in data.positions]


def _cdist_seconds(data: _Data, threads: int) -> float:
    """Return the time of rapidfuzz's own matrix over all texts, from a sample of titles."""
    wanted, titles = _texts(data, WISHES)
    some = titles[: min(20, len(titles))]
    took = _seconds(
        lambda: process.cdist(some, wanted, scorer=fuzz.ratio, dtype=np.uint8, workers=threads)
    )
    return took / len(some) * len(titles)


def _sparse(data: _Data, threads: int, wishes: int) -> Callable[[], object] | None:
    """Return the work of sparse_dot_topn on character pairs; None if it is not installed."""
    if find_spec("sparse_dot_topn") is None or find_spec("scipy") is None:
        return None
    sparse, topn = import_module("scipy.sparse"), import_module("sparse_dot_topn")
    wanted, titles = _texts(data, wishes)
    grams: dict[str, int] = {}
    sides = []
    for texts in (titles, wanted):
        pairs = [[t[i : i + 2] for i in range(len(t) - 1)] for t in texts]
        columns = [grams.setdefault(g, len(grams)) for line in pairs for g in line]
        ends = np.cumsum([0, *map(len, pairs)])
        sides.append((np.ones(len(columns), np.float32), columns, ends))
    left, right = (sparse.csr_matrix(side, shape=(len(side[2]) - 1, len(grams))) for side in sides)
    across = right.T.tocsr()
    return partial(topn.sp_matmul_topn, left, across, top_n=TOP, n_threads=threads)


def _floor_seconds(data: _Data, repeats: int = 20) -> float:
    """Return the time merely to read every column once for every position."""
    columns = [data.columns.column(name) for name in data.columns.data]
    once = _seconds(lambda: [c.sum() for _ in range(repeats) for c in columns]) / repeats
    return once * len(data.positions)


def _p95_ms(work: Iterable[Callable[[], object]]) -> float:
    return round(float(np.percentile([_seconds(each) for each in work], 95)) * 1000, 3)


def _updates(data: _Data, kernel: str, repeats: int = 50) -> dict[str, float]:
    """Return the 95th percentiles of changes, and of the ranking that sees a changed person."""
    people = data.people[:repeats]
    new = [replace(p, id=len(data.people) + p.id, wage_min=123_400) for p in people]
    edited = [replace(p, wishes=(Wish(f"新工种{p.id}"),)) for p in people]
    posts = [
        replace(p, title=f"{p.title}{p.id}", wage_high=199_900) for p in data.positions[:repeats]
    ]
    columns = SeekerColumns.of(data.people)
    scorer = Scorer(columns, STANDARD, TODAY, kernel)
    scorer.prepare()

    def seen_at_once(person: SeekerFacts) -> None:
        columns.put(person)
        candidates_of(scorer, data.positions[0], top=TOP)

    return {
        "add_ms": _p95_ms(partial(columns.put, p) for p in new),
        "update_ms": _p95_ms(partial(columns.put, p) for p in edited),
        "withdraw_ms": _p95_ms(partial(columns.remove, p.id) for p in new),
        "change_position_ms": _p95_ms(partial(scorer.ask, p) for p in posts),
        "edit_and_rank_ms": _p95_ms(partial(seen_at_once, p) for p in people),
    }


def _in_turns(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least time of each; in turns, so that what slows the machine slows them all."""
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(_BEST_OF):
        for name, work in works.items():
            times[name].append(_seconds(work))
    return {name: min(took) for name, took in times.items()}


def _one_position(data: _Data, kernel: str, repeats: int = 100) -> dict[str, float]:
    scorer = Scorer(data.columns, STANDARD, TODAY, kernel)
    times = [
        _seconds(partial(candidates_of, scorer, position, top=TOP))
        for position in data.positions[:repeats]
    ]
    return {
        f"one_position_p{part}_ms": round(float(np.percentile(times, part)) * 1000, 2)
        for part in (50, 95)
    }


def run_match_bench(
    *, seekers: int = 110_000, positions: int = 1_500, seed: int = 2010
) -> dict[str, Any]:
    """Return the measures of ``jobfair bench match``: of the kernel in use, and of each there is.

    Ratios are their time over ours; ``floor_ratio`` alone is our time over the time to read the
    columns. ``growth`` is our time over that for a tenth of the people. Milliseconds are 95th
    percentiles where nothing else is said. ``peak_mb`` is of people, columns and rankings.
    """
    threads = os.cpu_count() or 1
    people = invent_people(seekers, seed)
    data = _Data(
        people, invent_positions(positions, seed), SeekerColumns.of(people), mates_of(people)
    )
    few = SeekerColumns.of(people[: seekers // 10])
    settle()  # as a pool does when it has loaded
    kernels = [NUMPY, COMPILED] if installed() == COMPILED else [NUMPY]
    digests: set[str] = set()

    def rank(columns: SeekerColumns, kernel: str) -> None:
        posts = data.positions
        fair = rank_fair(columns, posts, profile=STANDARD, today=TODAY, top=TOP, kernel=kernel)
        if columns is data.columns:
            digests.add(fair.digest)

    whole = {kernel: partial(rank, data.columns, kernel) for kernel in kernels}
    for once in whole.values():
        once()
    peak = peak_mb()
    sparse = {"sparse_dot_topn": WISHES, "sparse_dot_topn_first_wish": 1}
    libraries = {name: _sparse(data, threads, wishes) for name, wishes in sparse.items()}
    took = _in_turns(whole | {name: work for name, work in libraries.items() if work})
    a_tenth = _in_turns({kernel: partial(rank, few, kernel) for kernel in kernels})
    ours: dict[str, dict[str, float]] = {
        kernel: {
            "fair_s": took[kernel],
            "growth": round(took[kernel] / a_tenth[kernel], 2),
            **_one_position(data, kernel),
        }
        for kernel in kernels
    }
    others = {
        "loop": _loop_seconds(data, 40_000),
        "cdist": _cdist_seconds(data, threads),
        **{name: took.get(name) for name in libraries},
    }
    floor = _floor_seconds(data)
    for found in ours.values():
        own = found["fair_s"]
        found |= {f"{n}_ratio": round(s / own, 2) for n, s in others.items() if s is not None}
        found |= {"fair_s": round(own, 3), "floor_ratio": round(own / floor, 2)}
    return {
        "seekers": seekers,
        "positions": positions,
        "threads": threads,
        "kernel": kernels[-1],
        "digest": digests.pop(),
        "same_digest": not digests,
        **{f"{name}_s": s and round(s, 3) for name, s in (others | {"floor": floor}).items()},
        "peak_mb": peak,
        **_updates(data, kernels[-1]),
        **ours[kernels[-1]],
        "kernels": ours,
    }
