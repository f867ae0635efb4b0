"""The people and positions a process holds in memory, kept fresh by the change counters.

Loading reads plain columns, never a name. Before each ranking only what changed since is read, so a
person registered a moment ago is in it, and the weights are those in use now, whoever chose them in
whatever process.
"""

import gc
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from jobfair.employers import queries as employers
from jobfair.employers.rules.drafts import PayType, PositionStatus
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.matching import queries
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.eligibility import OR
from jobfair.matching.core.facts import PositionFacts, SeekerFacts, Twin, Wish
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
from jobfair.matching.engines.opening import Engine
from jobfair.occupations.qualifications import qualifications
from jobfair.regions.queries import TwinningRow, list_twinnings
from jobfair.seekers.queries.facts import seeker_facts

# Above this many changes building anew is quicker than putting them in one by one.
_REBUILD = 2_000


# By whether there is consent and whether somebody is on post.
_UNLISTED = {
    (True, False): frozenset[str](),
    (True, True): frozenset({"placed"}),
    (False, False): frozenset({"consent"}),
    (False, True): frozenset({"consent", "placed"}),
}


def unlisted_of(row: Any) -> frozenset[str]:
    """Return what keeps a person out of rankings whatever the day: consent, placed."""
    consents = row.consent_at is not None and row.consent_withdrawn_at is None
    return _UNLISTED[consents, row.employed_since is not None]


class _Reader:
    """Makes people of stored rows; what many have in common is made once."""

    def __init__(self, twinnings: Sequence[TwinningRow]) -> None:
        self._wish = lru_cache(None)(Wish)
        self._set = lru_cache(None)(lambda text: frozenset(json.loads(text) or ()))
        self._held = lru_cache(None)(lambda text: qualifications().held(json.loads(text) or ()))
        self._skilled = lru_cache(None)(self._skills)
        self._list = lru_cache(None)(lambda text: tuple(json.loads(text) or ()))
        self._twins = lru_cache(None)(
            lambda home: tuple(
                Twin(pair.host_code, pair.valid_from, pair.valid_to)
                for pair in twinnings
                if home.startswith(pair.home_code)
            )
        )

    def _skills(self, skills: str, certificates: str) -> frozenset[str]:
        """Return what somebody can do; an advert may wish for a certificate as for a skill."""
        known: frozenset[str] = self._held(skills)
        return known | self._held(certificates) if known else known

    def person(self, row: Any, wishes: Iterable[tuple[str, str | None]]) -> SeekerFacts:
        """Return a stored seeker as matching sees them."""
        home: str = row.home_division
        # People of two counties who gave their group the same name did not mean each other.
        group = f"{home[:6]} {row.travel_group}" if row.travel_group else None
        return SeekerFacts(
            id=row.id,
            born=row.birth_date,
            home=home,
            wishes=tuple([self._wish(title, code) for title, code in wishes]),
            skills=self._skilled(row.skills or "null", row.certificates or "null"),
            certificates=self._held(row.certificates or "null"),
            education=row.education_rank,
            experience=row.experience_years,
            wage_min=row.wage_min,
            wanted_divisions=self._list(row.wanted_divisions or "null"),
            refusals=self._set(row.refusals or "null"),
            available_from=row.available_from,
            travel_group=group,
            only_with_group=bool(group and row.only_with_group),
            household_category=row.household_category,
            unlisted=unlisted_of(row),
            expires_on=row.expires_on,
            twins=self._twins(home),
        )


@lru_cache(65_536)
def _named(text: str) -> str:
    """Return a certificate or skill of an advert by the names people's are known by."""
    return OR.join(map(qualifications().name_of, text.split(OR)))


def post_of(row: employers.PositionRow) -> PositionFacts:
    """Return a stored position as matching sees it."""
    return PositionFacts(
        id=row.id,
        title=row.title,
        occupation=row.occupation_code,
        skills=frozenset(map(_named, row.skills)),
        certificates=frozenset(map(_named, row.certificates)),
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
        max_age=row.max_age,
        starts_on=row.starts_on,
        piece_rate=row.pay_type == PayType.PIECE,
        # A draft's last day counts from its publication: old files are full of past ones.
        valid_until=None if row.status == PositionStatus.DRAFT else row.valid_until,
        closed=row.status in {PositionStatus.CLOSED, PositionStatus.STOPPED},
    )


def _by(scorer: Scorer, profile: Profile | None) -> Scorer:
    """Return a scorer of the same people by other weights; the same one where they are its own."""
    if profile is None or profile == scorer.profile:
        return scorer
    return Scorer(scorer.columns, profile, scorer.today)


def settle() -> None:
    """Spare the collector the people: none refers to another, and looking takes long."""
    gc.collect()
    gc.freeze()


@dataclass(slots=True)
class _Loaded:
    day: date
    seeker_revision: int = 0
    position_revision: int = 0
    weights_revision: int = 0
    profile: Profile = STANDARD
    people: dict[int, SeekerFacts] = field(default_factory=dict)
    groups: dict[str, set[int]] = field(default_factory=dict)
    columns: SeekerColumns = field(default_factory=SeekerColumns)
    posts: dict[int, employers.PositionRow] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """What a pool lends: not to be changed, nor kept.

    Attributes:
        people: facts by seeker id.
        groups: the seeker ids of each travel group by its name.
        posts: positions by id.
    """

    columns: SeekerColumns
    people: Mapping[int, SeekerFacts]
    groups: Mapping[str, set[int]]
    posts: Mapping[int, employers.PositionRow]
    profile: Profile


class Pool:
    """One process's copy of what rankings need; every ranking begins by refreshing it.

    A ranking holds the lock to its end: a refresh changes the columns in place. It uses the weights
    it is given, else those in use; whoever names them beside it asks for ``profile`` first.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.RLock()
        self._loaded: _Loaded | None = None
        self._scorer: Scorer | None = None

    def refresh(self) -> None:
        """Read what changed since the last time."""
        with self._lock:
            today = clock.today()
            if self._loaded is None:
                self._loaded = _Loaded(today)
            if self._loaded.day != today:
                self._loaded.day, self._scorer = today, None
            self._read(self._loaded)

    def _read(self, state: _Loaded) -> None:
        with self._database.reading() as session:
            weights = queries.weights_revision(session)
            if weights != state.weights_revision:
                state.profile = queries.profile_in_use(session)
                state.weights_revision = weights
            found = seeker_facts(session, state.seeker_revision)
            posts = employers.position_facts(session, after_revision=state.position_revision)
            reader = _Reader(list_twinnings(session) if found.rows else ())
        for post in posts:
            state.posts[post.id] = post
            state.position_revision = max(state.position_revision, post.revision)
        if found.rows:
            fresh, gone = [], []
            for row in found.rows:
                if row.status == "active":
                    fresh.append(reader.person(row, found.wishes.get(row.id, ())))
                else:
                    gone.append(row.id)
            state.seeker_revision = found.revision
            self._take_in(state, fresh, gone)
        scorer = self._scorer
        if scorer is None or scorer.columns is not state.columns or scorer.profile != state.profile:
            self._scorer = Scorer(state.columns, state.profile, state.day)

    def _take_in(self, state: _Loaded, fresh: list[SeekerFacts], gone: list[int]) -> None:
        for seeker_id in (*gone, *(p.id for p in fresh)):
            before = state.people.pop(seeker_id, None)
            if before is not None and before.travel_group:
                state.groups[before.travel_group].discard(seeker_id)
        for person in fresh:
            state.people[person.id] = person
            if person.travel_group:
                state.groups.setdefault(person.travel_group, set()).add(person.id)
        if not state.columns.size or len(fresh) + len(gone) > _REBUILD:
            state.columns = SeekerColumns.of(state.people.values())
            settle()
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

    @contextmanager
    def held(self) -> "Iterator[Held]":
        """Lend people, positions and weights as they are now; nobody changes them meanwhile."""
        with self._ready() as (state, _scorer):
            yield Held(state.columns, state.people, state.groups, state.posts, state.profile)

    @property
    def size(self) -> int:
        """Return how many people are in the pool."""
        with self._ready() as (state, _scorer):
            return state.columns.size

    @property
    def profile(self) -> Profile:
        """Return the weights in use."""
        with self._ready() as (state, _scorer):
            return state.profile

    @property
    def day(self) -> date:
        """Return the day eligibility is judged for."""
        with self._ready() as (state, _scorer):
            return state.day

    def person(self, seeker_id: int) -> SeekerFacts | None:
        """Return one person's facts, None when they are not in the pool."""
        with self._ready() as (state, _scorer):
            return state.people.get(seeker_id)

    def mates(self, seeker_id: int) -> list[SeekerFacts]:
        """Return the other people of somebody's travel group."""
        with self._ready() as (state, _scorer):
            group = state.people[seeker_id].travel_group
            ids = state.groups.get(group, set()) - {seeker_id} if group else set()
            return [state.people[i] for i in sorted(ids)]

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
        self,
        position_id: int,
        *,
        top: int,
        within: str | None = None,
        profile: Profile | None = None,
    ) -> tuple[int, list[Candidate]]:
        """Return how many people are eligible for a position, and the best of them.

        Args:
            position_id: the position.
            top: how many to return.
            within: a division code; only people whose home lies in it.
            profile: the weights; those in use without.
        """
        with self._ready() as (state, scorer):
            post = post_of(state.posts[position_id])
            return candidates_of(_by(scorer, profile), post, top=top, within=within)

    def candidates_by(
        self, position_id: int, profiles: Sequence[Profile], *, top: int, within: str | None = None
    ) -> list[tuple[int, list[Candidate]]]:
        """Return ``candidates`` by each of some weights, all at one moment."""
        with self._ready():
            return [
                self.candidates(position_id, top=top, within=within, profile=profile)
                for profile in profiles
            ]

    def most_eligible(self) -> int | None:
        """Return the open position most people are eligible for; None without any."""
        with self._ready() as (state, scorer):
            counts = [
                (scorer.count_for(post_of(post)), -post.id)
                for post in state.posts.values()
                if post.status == PositionStatus.OPEN
            ]
            return -max(counts)[1] if counts else None

    def positions(
        self,
        seeker_id: int,
        *,
        top: int,
        drafts: bool = True,
        only: Sequence[int] | None = None,
        profile: Profile | None = None,
    ) -> list[Candidate]:
        """Return the best positions for a person.

        Args:
            seeker_id: the person.
            top: how many.
            drafts: also positions whose facts are not complete.
            only: only these positions.
            profile: the weights; those in use without.
        """
        wanted = {"open", "draft"} if drafts else {"open"}
        with self._ready() as (state, _scorer):
            chosen = state.posts.values() if only is None else map(state.posts.__getitem__, only)
            posts = [post_of(p) for p in chosen if p.status in wanted]
            return rank_positions(
                state.people[seeker_id],
                posts,
                profile=profile or state.profile,
                today=state.day,
                top=top,
                mates=self.mates(seeker_id),
            )

    def refused_near(self, seeker_id: int, *, top: int) -> list[employers.PositionRow]:
        """Return positions like what a person asks for that they are not eligible for."""
        with self._ready() as (state, _scorer):
            posts = [post_of(p) for p in state.posts.values() if p.status in {"open", "draft"}]
            scored = score_positions(
                state.people[seeker_id],
                posts,
                profile=state.profile,
                today=state.day,
                mates=self.mates(seeker_id),
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
        engine: Engine | None = None,
    ) -> RankedFair:
        """Rank everybody for many positions, on other machines where an engine is given."""
        with self._ready() as (state, _scorer):
            posts = [post_of(state.posts[i]) for i in position_ids if i in state.posts]
            if engine is not None:
                return engine.rank_fair(
                    state.people.values(),
                    posts,
                    profile=state.profile,
                    today=day or state.day,
                    top=top,
                    step=step,
                )
            return rank_fair(
                state.columns,
                posts,
                profile=state.profile,
                today=day or state.day,
                top=top,
                step=step,
            )
