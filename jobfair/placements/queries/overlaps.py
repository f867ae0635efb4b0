"""People whom two offices say they placed in one period, as of D, known at K."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import Organisation
from jobfair.kit.bulk import in_slices
from jobfair.kit.events.queries import counting
from jobfair.kit.events.rules import Grade
from jobfair.placements.models import Placement, PlacementClaim, PlacementEvent
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.rules.offices import OfficeClaim, by_evidence, offices_of
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON


@dataclass(frozen=True, slots=True)
class OverlapFilter:
    """What the list is narrowed to; None is no limit.

    Attributes:
        since: first of the first days at work looked at.
        until: last of them, and as of which day.
        known_at: what had been recorded by then; None for now.
        scope: the caller's division, by the home at the start.
        office_id: only people whom this office claims; people of other homes then too.
    """

    since: date
    until: date
    known_at: datetime | None = None
    scope: str | None = None
    office_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One office's word.

    Attributes:
        listed: id of the word where it stands on another office's placement; None for one's own.
    """

    claim: OfficeClaim
    office: str
    employer: str
    grade: str
    listed: int | None


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """One person, masked, with the best word of each office, the one that counts first."""

    seeker_id: int
    name: str
    id_number: str
    home_division: str
    claims: tuple[ClaimLine, ...]


def list_overlaps(session: Session, wanted: OverlapFilter) -> list[OverlapRow]:
    """Return the people of two or more offices, by home and person."""
    lines = _lines(session, _candidates(session, wanted.office_id), wanted)
    chosen = {
        person: own
        for person, own in lines.items()
        if len(offices_of(line.claim for line, _home in own)) > 1
        and (wanted.office_id is None or wanted.office_id in {o.claim.office_id for o, _ in own})
    }
    people = seekers.names_of(session, set(chosen))
    rows = []
    for person, own in chosen.items():
        order = {claim: place for place, claim in enumerate(by_evidence(o.claim for o, _ in own))}
        ranked = sorted(own, key=lambda pair: order[pair[0].claim])
        home = ranked[0][1]
        if wanted.scope and wanted.office_id is None and not home.startswith(wanted.scope):
            continue
        masked, best = people[person], _best([line for line, _home in ranked])
        rows.append(OverlapRow(person, masked.name, masked.id_number, home, best))
    return sorted(rows, key=lambda row: (row.home_division, row.seeker_id))


def _best(ranked: Iterable[ClaimLine]) -> tuple[ClaimLine, ...]:
    """Return the first line of each office."""
    found: dict[int, ClaimLine] = {}
    for line in ranked:
        found.setdefault(line.claim.office_id, line)
    return tuple(found.values())


def count_overlaps(session: Session, wanted: OverlapFilter) -> int:
    """Return how many people the list names."""
    return len(list_overlaps(session, wanted))


def listed_claims(
    session: Session, *, as_of: date, known_at: datetime | None = None, since: date | None = None
) -> dict[int, list[OfficeClaim]]:
    """Return what other offices' lists say of placements, by placement."""
    statement = select(PlacementClaim).where(
        PlacementClaim.started_on <= as_of, *_standing(known_at)
    )
    if since is not None:
        statement = statement.where(PlacementClaim.started_on >= since)
    found: dict[int, list[OfficeClaim]] = defaultdict(list)
    for row in session.execute(statement).scalars():
        found[row.placement_id].append(_listed(row))
    return dict(found)


def shared_work(
    session: Session, placement_ids: Collection[int]
) -> dict[int, tuple[ClaimLine, ...]]:
    """Return the offices' words about work that several say they found, the one that counts first.

    Returns:
        Placement → the best word of each office; placements of one office are left out.
    """
    found: dict[int, list[ClaimLine]] = {}
    for block in in_slices(sorted(placement_ids)):
        told = _words_told(session, block)
        for placement, line in told:
            found.setdefault(placement, []).append(line)
        for placement, line in _words_of_owners(session, found.keys() & set(block)):
            found[placement].append(line)
    answers = {}
    for placement, lines in found.items():
        order = {claim: at for at, claim in enumerate(by_evidence(one.claim for one in lines))}
        best = _best(sorted(lines, key=lambda line: order[line.claim]))
        if len(best) > 1:
            answers[placement] = best
    return answers


def _words_told(session: Session, block: Collection[int]) -> list[tuple[int, ClaimLine]]:
    """Return the words that other offices left about some placements."""
    rows = session.execute(
        select(PlacementClaim, Organisation.name)
        .join(Organisation, Organisation.id == PlacementClaim.office_id)
        .where(PlacementClaim.placement_id.in_(block), *_standing(None))
    )
    return [
        (
            said.placement_id,
            ClaimLine(_listed(said), office, said.employer_name, said.grade, said.id),
        )
        for said, office in rows
    ]


def _words_of_owners(session: Session, block: Collection[int]) -> list[tuple[int, ClaimLine]]:
    """Return the words of the offices that recorded some placements: their first day at work."""
    start = aliased(PlacementEvent)
    rows = session.execute(
        select(
            Placement.id,
            *_word_columns(start),
        )
        .join(Organisation, Organisation.id == Placement.office_id)
        .join(start, start.placement_id == Placement.id)
        .where(Placement.id.in_(block), start.kind == EventKind.ON_POST, *counting(start))
    )
    return [(row.id, _own(row)) for row in rows]


def _word_columns(start: Any) -> tuple[Any, ...]:
    """Return what `_own` reads of a placement and its first day at work."""
    return (
        Placement.employer_name,
        Placement.office_id,
        Organisation.name.label("office"),
        start.occurred_on,
        start.recorded_at,
        start.evidence_grade,
    )


def _own(row: Any) -> ClaimLine:
    proved = row.evidence_grade != Grade.E
    claim = OfficeClaim(row.office_id, row.id, row.occurred_on, row.recorded_at, proved)
    return ClaimLine(claim, row.office, row.employer_name, row.evidence_grade, None)


def _standing(known_at: datetime | None) -> list[ColumnElement[bool]]:
    """Return the conditions under which an office's word stands."""
    if known_at is None:
        return [PlacementClaim.withdrawn_at.is_(None)]
    withdrawn = PlacementClaim.withdrawn_at
    return [PlacementClaim.recorded_at <= known_at, withdrawn.is_(None) | (withdrawn > known_at)]


def placed_by_another(session: Session, person: int, office_id: int | None) -> bool:
    """Return whether another office has work of a person on record."""
    query = (
        select(Placement.id)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(person == PERSON, Placement.main, ~Placement.void, Placement.office_id != office_id)
    )
    return session.execute(query.limit(1)).first() is not None


def find_claim(session: Session, claim_id: int) -> tuple[str, int] | None:
    """Return the home and the office of a word that stands."""
    row = session.execute(
        select(Placement.home_division, PlacementClaim.office_id)
        .join(Placement, Placement.id == PlacementClaim.placement_id)
        .where(PlacementClaim.id == claim_id, PlacementClaim.withdrawn_at.is_(None))
    ).one_or_none()
    return None if row is None else (row.home_division, row.office_id)


def _listed(row: PlacementClaim) -> OfficeClaim:
    proved = row.grade != Grade.E
    return OfficeClaim(row.office_id, row.placement_id, row.started_on, row.recorded_at, proved)


def _candidates(session: Session, office_id: int | None) -> set[int]:
    """Return everybody with placements of two offices at all, and some with those of one."""
    one, other = aliased(Placement), aliased(Placement)
    twice = (
        select(one.seeker_id)
        .join(other, other.seeker_id == one.seeker_id)
        .where(one.office_id != other.office_id)
    )
    listed = select(PlacementClaim.seeker_id)
    merged = (
        select(Seeker.merged_into_id)
        .join(Placement, Placement.seeker_id == Seeker.id)
        .where(Seeker.merged_into_id.is_not(None))
    )
    if office_id is not None:
        twice = twice.where(one.office_id == office_id)
    direct = session.execute(twice.union(listed)).scalars().all()
    people = set(session.execute(merged.distinct()).scalars())
    for block in in_slices(sorted(set(direct))):
        people.update(session.execute(select(PERSON).where(Seeker.id.in_(block))).scalars())
    return {person for person in people if person is not None}


def _lines(
    session: Session, people: Collection[int], wanted: OverlapFilter
) -> dict[int, list[tuple[ClaimLine, str]]]:
    """Return each person's claims with the home at the start."""
    found: dict[int, list[tuple[ClaimLine, str]]] = defaultdict(list)
    for block in in_slices(sorted(people)):
        for person, line, home in (
            *_placed(session, block, wanted),
            *_told(session, block, wanted),
        ):
            found[person].append((line, home))
    return found


def _placed(
    session: Session, people: Collection[int], wanted: OverlapFilter
) -> Iterable[tuple[int, ClaimLine, str]]:
    start = aliased(PlacementEvent)
    rows = session.execute(
        _of_people(
            people,
            Placement.id,
            Placement.home_division,
            *_word_columns(start),
        )
        .join(Organisation, Organisation.id == Placement.office_id)
        .join(start, start.placement_id == Placement.id)
        .where(*_begun(start, wanted))
    )
    for row in rows:
        yield row.person, _own(row), row.home_division


def _begun(start: Any, wanted: OverlapFilter) -> list[ColumnElement[bool]]:
    return [
        Placement.main,
        start.kind == EventKind.ON_POST,
        start.occurred_on >= wanted.since,
        *counting(start, as_of=wanted.until, known_at=wanted.known_at),
    ]


def _told(
    session: Session, people: Collection[int], wanted: OverlapFilter
) -> Iterable[tuple[int, ClaimLine, str]]:
    start = aliased(PlacementEvent)
    conditions = [
        PlacementClaim.started_on >= wanted.since,
        PlacementClaim.started_on <= wanted.until,
        *_standing(wanted.known_at),
    ]
    rows = session.execute(
        _of_people(
            people, Placement.home_division, PlacementClaim, Organisation.name.label("office")
        )
        .join(PlacementClaim, PlacementClaim.placement_id == Placement.id)
        .join(Organisation, Organisation.id == PlacementClaim.office_id)
        .join(start, start.placement_id == Placement.id)
        .where(*conditions, *_begun(start, wanted))
    )
    for row in rows:
        said = row.PlacementClaim
        line = ClaimLine(_listed(said), row.office, said.employer_name, said.grade, said.id)
        yield row.person, line, row.home_division


def _of_people(people: Collection[int], *columns: Any) -> Any:
    return (
        select(PERSON.label("person"), *columns)
        .select_from(Placement)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(PERSON.in_(people))
    )
