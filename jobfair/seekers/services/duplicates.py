"""Finds records that may be one person, among those just written and what was there."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from jobfair.kit.bulk import in_slices, insert_rows
from jobfair.seekers.models import NearDuplicate, Seeker
from jobfair.seekers.queries import sealed
from jobfair.seekers.rules.drafts import SeekerStatus
from jobfair.seekers.rules.duplicates import Likeness, alike_pairs

_PAIRS: Table = NearDuplicate.__table__  # type: ignore[assignment]


def note_near_duplicates(session: Session, *, fresh: frozenset[int], blocks: Iterable[str]) -> int:
    """Put pairs with a fresh record on the review list.

    Names are opened only inside blocks of two or more people of one birth date and county.

    Returns:
        How many pairs are new on the list.
    """
    pairs = [
        pair
        for group in _groups(session, blocks)
        if any(person.id in fresh for person in group)
        for pair in alike_pairs(group, fresh=fresh)
    ]
    known = _known(session, pairs)
    rows = [
        {"a_id": a, "b_id": b, "score": score, "state": "open"}
        for a, b, score in dict.fromkeys(pairs)
        if (a, b) not in known
    ]
    insert_rows(session, _PAIRS, rows)
    return len(rows)


def _groups(session: Session, blocks: Iterable[str]) -> Iterable[list[Likeness]]:
    for some in in_slices(set(blocks)):
        rows = session.execute(
            select(
                Seeker.id,
                Seeker.key,
                Seeker.block,
                Seeker.name_sealed,
                Seeker.home_division,
                Seeker.village,
            ).where(Seeker.block.in_(some), Seeker.status == SeekerStatus.ACTIVE)
        )
        grouped: dict[str, list[Any]] = {}
        for row in rows:
            grouped.setdefault(row.block, []).append(row)
        for group in grouped.values():
            if len(group) > 1:
                yield [
                    Likeness(
                        row.id,
                        sealed.open_column(row, "name_sealed"),
                        row.home_division,
                        row.village or "",
                    )
                    for row in group
                ]


def _known(session: Session, pairs: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for some in in_slices({a for a, _b, _score in pairs}):
        rows = session.execute(
            select(NearDuplicate.a_id, NearDuplicate.b_id).where(NearDuplicate.a_id.in_(some))
        )
        found.update((a, b) for a, b in rows)
    return found
