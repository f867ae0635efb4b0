"""The people and positions a process holds in memory, kept fresh by the change counters.

Loading reads plain columns, never a name. Before each ranking only what changed since is read, so a
person registered a moment ago is in it.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jobfair.employers import queries as employers
from jobfair.employers.rules.drafts import PayType, PositionStatus
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts, Wish
from jobfair.matching.core.rank import (
    Candidate,
    RankedFair,
    candidates_of,
    rank_fair,
    rank_positions,
    score_positions,
)
from jobfair.matching.core.score import Scorer
from jobfair.matching.core.weights import STANDARD, Profile
from jobfair.seekers.queries.facts import seeker_facts

# Above this many changes building anew is quicker than putting them in one by one.
_REBUILD = 2_000


def unlisted_of(row: Any, today: date) -> frozenset[str]:
    """Return what keeps a person out of rankings: consent, expired, placed."""
    found = set()
    if row.consent_at is None or row.consent_withdrawn_at is not None:
        found.add("consent")
    if row.expires_on is not None and row.expires_on < today:
        found.add("expired")
    if row.employed_since is not None:
        found.add("placed")
    return frozenset(found)


def person_of(row: Any, wishes: Iterable[tuple[str, str | None]], today: date) -> SeekerFacts:
    """Return a stored seeker as matching sees them."""
    return SeekerFacts(
        id=row.id,
        born=row.birth_date,
        home=row.home_division,
        wishes=tuple(Wish(title, code) for title, code in wishes),
        skills=frozenset(row.skills or ()),
        certificates=frozenset(row.certificates or ()),
        education=row.education_rank,
        experience=row.experience_years,
        wage_min=row.wage_min,
        wanted_divisions=tuple(row.wanted_divisions or ()),
        refusals=frozenset(row.refusals or ()),
        available_from=row.available_from,
        travel_group=row.travel_group,
        household_category=row.household_category,
        unlisted=unlisted_of(row, today),
    )


def post_of(row: employers.PositionRow) -> PositionFacts:
    """Return a stored position as matching sees it."""
    return PositionFacts(
        id=row.id,
        title=row.title,
        occupation=row.occupation_code,
        skills=frozenset(row.skills),
        certificates=frozenset(row.certificates),
        education=row.education_rank,
        experience=row.min_experience_years,
        wage_low=row.wage_low,
        wage_high=row.wage_high,
        workplace=row.workplace_division,
        lodging=row.lodging,
        night_shift=bool(row.night_shift),
        height_work=row.height_work,
        dispatch=row.dispatch,
        restricted=row.restricted_for_minors,
        min_age=row.min_age,
        starts_on=row.starts_on,
        piece_rate=row.pay_type == PayType.PIECE,
        closed=row.status in {PositionStatus.CLOSED, PositionStatus.STOPPED},
    )


@dataclass(slots=True)
class _Loaded:
    day: date
    seeker_revision: int = 0
    position_revision: int = 0
    people: dict[int, SeekerFacts] = field(default_factory=dict)
    columns: SeekerColumns = field(default_factory=SeekerColumns)
    posts: dict[int, employers.PositionRow] = field(default_factory=dict)


class Pool:
    """One process's copy of what rankings need; every ranking begins by refreshing it.

    A ranking holds the lock to its end: a refresh changes the columns in place.
    """

    def __init__(self, database: Database, profile: Profile = STANDARD) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._loaded: _Loaded | None = None
        self._scorer: Scorer | None = None
        self.profile = profile

    def refresh(self) -> None:
        """Read what changed since the last time; all of it on a new day, for dates run out."""
        with self._lock:
            today = clock.today()
            if self._loaded is None or self._loaded.day != today:
                self._loaded = _Loaded(today)
            self._read(self._loaded)

    def _read(self, state: _Loaded) -> None:
        with self._database.reading() as session:
            found = seeker_facts(session, state.seeker_revision)
            posts = employers.position_facts(session, after_revision=state.position_revision)
        for post in posts:
            state.posts[post.id] = post
            state.position_revision = max(state.position_revision, post.revision)
        if not found.rows and self._scorer is not None:
            return
        fresh, gone = [], []
        for row in found.rows:
            if row.status == "active":
                fresh.append(person_of(row, found.wishes.get(row.id, ()), state.day))
            else:
                gone.append(row.id)
        state.seeker_revision = found.revision
        self._take_in(state, fresh, gone)
        self._scorer = Scorer(state.columns, self.profile, state.day)

    def _take_in(self, state: _Loaded, fresh: list[SeekerFacts], gone: list[int]) -> None:
        state.people.update({p.id: p for p in fresh})
        for seeker_id in gone:
            state.people.pop(seeker_id, None)
        if not state.columns.size or len(fresh) + len(gone) > _REBUILD:
            state.columns = SeekerColumns.of(state.people.values())
            return
        for person in fresh:
            state.columns.put(person)
        for seeker_id in gone:
            state.columns.remove(seeker_id)

    @contextmanager
    def _ready(self) -> Iterator[tuple[_Loaded, Scorer]]:
        """Hold the refreshed pool; nobody changes it until the block ends."""
        with self._lock:
            self.refresh()
            if self._loaded is None or self._scorer is None:
                raise RuntimeError("the pool did not load")
            yield self._loaded, self._scorer

    @property
    def size(self) -> int:
        """Return how many people are in the pool."""
        with self._ready() as (state, _scorer):
            return state.columns.size

    @property
    def day(self) -> date:
        """Return the day eligibility is judged for."""
        with self._ready() as (state, _scorer):
            return state.day

    def person(self, seeker_id: int) -> SeekerFacts | None:
        """Return one person's facts, None when they are not in the pool."""
        with self._ready() as (state, _scorer):
            return state.people.get(seeker_id)

    def post(self, position_id: int) -> employers.PositionRow | None:
        """Return one position."""
        with self._ready() as (state, _scorer):
            return state.posts.get(position_id)

    def people(self, seeker_ids: Iterable[int]) -> dict[int, SeekerFacts]:
        """Return many people's facts by id, at once; those not in the pool are left out."""
        with self._ready() as (state, _scorer):
            return {i: state.people[i] for i in seeker_ids if i in state.people}

    def posts(self) -> dict[int, employers.PositionRow]:
        """Return every position by id."""
        with self._ready() as (state, _scorer):
            return dict(state.posts)

    def candidates(
        self, position_id: int, *, top: int, within: str | None = None
    ) -> tuple[int, list[Candidate]]:
        """Return how many people are eligible for a position, and the best of them.

        Args:
            position_id: the position.
            top: how many to return.
            within: a division code; only people whose home lies in it.
        """
        with self._ready() as (state, scorer):
            return candidates_of(scorer, post_of(state.posts[position_id]), top=top, within=within)

    def positions(
        self, seeker_id: int, *, top: int, drafts: bool = True, only: Sequence[int] | None = None
    ) -> list[Candidate]:
        """Return the best positions for a person.

        Args:
            seeker_id: the person.
            top: how many.
            drafts: also positions whose facts are not complete.
            only: only these positions.
        """
        wanted = {"open", "draft"} if drafts else {"open"}
        with self._ready() as (state, _scorer):
            chosen = state.posts.values() if only is None else map(state.posts.__getitem__, only)
            posts = [post_of(p) for p in chosen if p.status in wanted]
            person = state.people[seeker_id]
            return rank_positions(person, posts, profile=self.profile, today=state.day, top=top)

    def refused_near(self, seeker_id: int, *, top: int) -> list[employers.PositionRow]:
        """Return positions like what a person asks for that they are not eligible for."""
        with self._ready() as (state, _scorer):
            posts = [post_of(p) for p in state.posts.values() if p.status in {"open", "draft"}]
            scored = score_positions(
                state.people[seeker_id], posts, profile=self.profile, today=state.day
            )
            near = sorted(
                (-(one.components["occupation"] or 0.0), one.id)
                for eligible, one in scored
                if not eligible
            )
            return [state.posts[i] for _likeness, i in near[:top]]

    def fair(
        self,
        position_ids: Iterable[int],
        *,
        top: int = 200,
        day: date | None = None,
        step: Any = None,
    ) -> RankedFair:
        """Rank everybody for many positions."""
        with self._ready() as (state, _scorer):
            posts = [post_of(state.posts[i]) for i in position_ids if i in state.posts]
            return rank_fair(
                state.columns,
                posts,
                profile=self.profile,
                today=day or state.day,
                top=top,
                step=step,
            )
