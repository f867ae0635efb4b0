"""The resolver that knows the accepted aliases, and reads of aliases."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, and_, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.kit.changes import current_revision
from jobfair.occupations import classification
from jobfair.occupations.core.library import Labelled
from jobfair.occupations.core.resolver import Occupations
from jobfair.occupations.models import OccupationAlias
from jobfair.occupations.rules import AliasStatus

ALIASES_CHANGED = "occupation_alias"
_ACCEPTED = AliasStatus.ACCEPTED.value

_building = Lock()
_read: WeakKeyDictionary[Engine, tuple[int, Occupations]] = WeakKeyDictionary()


def occupations(session: Session) -> Occupations:
    """Return the classification with the aliases that are accepted now.

    It is made once for each state of the aliases: that takes longer than most pages. Every process
    asks for the state anew, so that an alias counts everywhere from the next request on.
    """
    engine, revision = session.get_bind().engine, current_revision(session, ALIASES_CHANGED)
    if revision == 0:  # nobody has corrected anything yet
        return classification.occupations()
    with _building:
        kept = _read.get(engine)
        if kept is None or kept[0] != revision:
            kept = _read[engine] = (revision, _knowing(_accepted(session)))
    return kept[1]


@lru_cache(maxsize=2)
def _knowing(learnt: tuple[Labelled, ...]) -> Occupations:
    return classification.with_learnt(learnt) if learnt else classification.occupations()


def _accepted(session: Session) -> tuple[Labelled, ...]:
    found = (
        select(OccupationAlias.title, OccupationAlias.code)
        .where(OccupationAlias.status == _ACCEPTED)
        .order_by(OccupationAlias.key)
    )
    return tuple(Labelled(row.title, row.code, by_hand=True) for row in session.execute(found))


@dataclass(frozen=True, slots=True)
class AliasRow:
    """A title and the occupation it is said to mean.

    Attributes:
        title: as first typed.
        from_code: what was corrected last; None when the title had no occupation.
        times: how many corrections say so.
        proposed_by: user ids, each once, the latest last.
        standing_id: the other alias of this title that is accepted, and its occupation.
    """

    id: int
    title: str
    from_code: str | None
    code: str
    status: str
    times: int
    proposed_by: tuple[int, ...]
    proposed_at: datetime
    reviewed_by: int | None
    reviewed_at: datetime | None
    standing_id: int | None
    standing_code: str | None


def list_aliases(
    session: Session, status: AliasStatus, *, offset: int = 0, limit: int = 50
) -> list[AliasRow]:
    """Return the aliases of a status, those proposed most often or decided last first."""
    other = aliased(OccupationAlias)
    is_other = and_(
        other.key == OccupationAlias.key,
        other.status == _ACCEPTED,
        other.id != OccupationAlias.id,
    )
    order = (
        (OccupationAlias.times.desc(), OccupationAlias.id.desc())
        if status is AliasStatus.PROPOSED
        else (OccupationAlias.reviewed_at.desc(), OccupationAlias.id.desc())
    )
    found = session.execute(
        select(OccupationAlias, other.id, other.code)
        .outerjoin(other, is_other)
        .where(OccupationAlias.status == status.value)
        .order_by(*order)
        .offset(offset)
        .limit(limit)
    )
    return [_row(alias, other_id, other_code) for alias, other_id, other_code in found]


def _row(alias: OccupationAlias, other_id: int | None, other_code: str | None) -> AliasRow:
    return AliasRow(
        id=alias.id,
        title=alias.title,
        from_code=alias.from_code,
        code=alias.code,
        status=alias.status,
        times=alias.times,
        proposed_by=tuple(alias.proposed_by),
        proposed_at=alias.proposed_at,
        reviewed_by=alias.reviewed_by,
        reviewed_at=alias.reviewed_at,
        standing_id=other_id,
        standing_code=other_code,
    )


def count_aliases(session: Session) -> dict[AliasStatus, int]:
    """Return how many aliases there are of every status."""
    found = session.execute(
        select(OccupationAlias.status, func.count()).group_by(OccupationAlias.status)
    )
    return dict.fromkeys(AliasStatus, 0) | {AliasStatus(status): n for status, n in found}


def users_of(rows: Collection[AliasRow]) -> set[int]:
    """Return the ids of everybody who proposed or reviewed."""
    proposers = {user for row in rows for user in row.proposed_by}
    return proposers | {row.reviewed_by for row in rows if row.reviewed_by is not None}
