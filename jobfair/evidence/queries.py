"""Reads of files of evidence; the contents are opened only by `services.reveal`."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.accounts.queries import recorder_names
from jobfair.evidence.models import ClaimEvidence, EvidenceColumns, PlacementEvidence


class Of(StrEnum):
    """What a file is evidence of."""

    EVENT = "event"  # an entry of a placement's line
    CLAIM = "claim"


MODELS: Mapping[Of, type[Any]] = {Of.EVENT: PlacementEvidence, Of.CLAIM: ClaimEvidence}
OWNERS: Mapping[Of, str] = {Of.EVENT: "event_id", Of.CLAIM: "claim_id"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file as shown.

    Attributes:
        owner_id: the entry or claim.
        elsewhere: how many other entries and claims have the very same file.
    """

    id: int
    owner_id: int
    kind: str
    size: int
    digest: str
    recorded_at: datetime
    recorder: str
    office: str
    removed_at: datetime | None
    removed_why: str
    elsewhere: int


def list_files(session: Session, of: Of, owner_id: int) -> list[FileRow]:
    """Return the files of an entry or claim in order, those taken away included."""
    model = MODELS[of]
    rows = session.execute(
        select(model).where(getattr(model, OWNERS[of]) == owner_id).order_by(model.id)
    ).scalars()
    found = list(rows)
    users, offices = recorder_names(
        session,
        {row.recorded_by for row in found if row.recorded_by is not None},
        {row.office_id for row in found if row.office_id is not None},
    )
    same = _same(session, {row.digest for row in found})
    return [
        FileRow(
            row.id,
            owner_id,
            row.kind,
            row.size,
            row.digest,
            row.recorded_at,
            users.get(row.recorded_by or 0, ""),
            offices.get(row.office_id or 0, ""),
            row.removed_at,
            row.removed_why,
            0 if row.removed_at else same[row.digest] - 1,
        )
        for row in found
    ]


def find_file(session: Session, of: Of, file_id: int) -> FileRow | None:
    """Return one file."""
    model = MODELS[of]
    owner = session.execute(
        select(getattr(model, OWNERS[of])).where(model.id == file_id)
    ).scalar_one_or_none()
    rows = [] if owner is None else list_files(session, of, owner)
    return next((row for row in rows if row.id == file_id), None)


def count_files(session: Session, of: Of, owners: Collection[int]) -> dict[int, int]:
    """Return how many files stand at each of some entries or claims; none are left out."""
    model = MODELS[of]
    owner = getattr(model, OWNERS[of])
    rows = session.execute(
        select(owner, func.count())
        .where(owner.in_(owners), model.removed_at.is_(None))
        .group_by(owner)
    )
    return {row[0]: row[1] for row in rows}


def _same(session: Session, digests: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for model in MODELS.values():
        table: type[EvidenceColumns] = model
        rows = session.execute(
            select(table.digest, func.count())
            .where(table.digest.in_(digests), table.removed_at.is_(None))
            .group_by(table.digest)
        )
        for digest, count in rows:
            found[digest] += count
    return found
