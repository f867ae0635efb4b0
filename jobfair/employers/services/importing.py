"""Many positions at once, from a file or the demo: the same rows twice change nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from jobfair.employers.models import Position
from jobfair.employers.queries import employer_ids, employer_standings, stored_rows
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    EmployerStatus,
    PositionDraft,
    PositionStatus,
    employer_lacks,
    kept_occupation,
)
from jobfair.employers.rules.identity import name_key
from jobfair.employers.rules.phrases import STOP
from jobfair.employers.rules.readings import read_position, removed_keys, stored_readings
from jobfair.employers.rules.vacancy import Finding, MinimumWage, check_draft, no_minimum, stops
from jobfair.employers.services.employers import register_employers
from jobfair.employers.services.positions import values_of
from jobfair.kit import audit, changes, clock
from jobfair.kit.bulk import insert_rows
from jobfair.kit.ids import new_key
from jobfair.occupations.qualifications import qualifications

_POSITIONS = cast(Table, Position.__table__)
CREATED = "created"
UPDATED = "updated"
UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of a file; without an employer it belongs to the import's own."""

    employer: EmployerDraft | None
    position: PositionDraft


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row.

    Attributes:
        kind: created, updated or unchanged.
        status: of the position.
        missing: what it lacks before it can be published.
        stopped_by: the rules that stop it.
    """

    kind: str
    status: str
    missing: tuple[str, ...] = ()
    stopped_by: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of the rows, in their order, and how many employers were new.

    Attributes:
        marks: employer and fingerprint of each row; together they name its position.
    """

    outcomes: tuple[RowOutcome, ...]
    employers: int
    marks: tuple[tuple[int, str], ...]

    def count(self, kind: str) -> int:
        """Return how many rows were created, updated or unchanged."""
        return sum(outcome.kind == kind for outcome in self.outcomes)

    @property
    def created(self) -> int:
        """New positions."""
        return self.count(CREATED)

    @property
    def updated(self) -> int:
        """Changed positions."""
        return self.count(UPDATED)

    @property
    def unchanged(self) -> int:
        """Rows that said nothing new."""
        return self.count(UNCHANGED)

    @property
    def drafts(self) -> int:
        """Rows whose position is not open."""
        return sum(outcome.status != PositionStatus.OPEN for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class _Owners:
    """The employer of each row, those that are new, and what each lacks."""

    ids: list[int]
    new: set[int]
    lacks: dict[int, list[str]]


def _owners(session: Session, drafts: Sequence[EmployerDraft | None], own: int | None) -> _Owners:
    """Find or register the employer of each row; a bare name makes an unverified one."""
    by_code, by_name = employer_ids(session)
    unknown: list[EmployerDraft] = []

    def place(draft: EmployerDraft | None) -> int:
        """Return an employer's id; below zero its place among the unknown ones, from the end."""
        if own is not None:
            return own
        if draft is None:
            raise ValueError("a row without an employer in an import without one")
        code, name = draft.credit_code, name_key(draft.name)
        found = by_code.get(code) if code else by_name.get(name)
        if found is None:
            unknown.append(draft)
            found = -len(unknown)
            by_name[name] = found
            if code:
                by_code[code] = found
        return found

    places = [place(draft) for draft in drafts]
    made = register_employers(session, unknown)
    ids = [made[-1 - at] if at < 0 else at for at in places]
    standings = employer_standings(session, set(ids) - set(made))
    standings |= {
        employer_id: (EmployerStatus.UNVERIFIED, bool(draft.credit_code))
        for employer_id, draft in zip(made, unknown, strict=True)
    }
    lacks = {employer_id: employer_lacks(*standing) for employer_id, standing in standings.items()}
    return _Owners(ids, set(made), lacks)


def _write(session: Session, created: list[dict[str, Any]], updated: list[dict[str, Any]]) -> None:
    if created:
        insert_rows(session, _POSITIONS, created)
    if updated:
        names = [name for name in updated[0] if name != "row_id"]
        session.connection().execute(
            update(_POSITIONS)
            .where(_POSITIONS.c.id == bindparam("row_id"))
            .values({name: bindparam(f"new_{name}") for name in names}),
            [
                {
                    ("row_id" if name == "row_id" else f"new_{name}"): value
                    for name, value in u.items()
                }
                for u in updated
            ],
        )


def import_positions(
    session: Session,
    rows: Sequence[ImportRow],
    *,
    source: str,
    employer_id: int | None = None,
    created_by: int | None = None,
    minimum: MinimumWage = no_minimum,
) -> BulkResult:
    """Take in rows: complete ones of verified employers open, the rest wait as drafts.

    What a row's text demands holds where its columns say nothing.

    Of rows with the same number in the file the last one counts. A position that was changed here
    after the import is left alone as long as the file says the same.

    Args:
        session: the writing session.
        rows: the rows that could be read.
        source: the file's name or ``demo``, kept with each position.
        employer_id: the one employer all rows belong to, when it is known.
        created_by: the user, if any.
        minimum: the minimum wage of a division on a day.
    """
    employers = _owners(session, [row.employer for row in rows], employer_id)
    owners = employers.ids
    marks = [row.position.fingerprint() for row in rows]
    last = {mark: index for index, mark in enumerate(zip(owners, marks, strict=True))}
    revision = changes.next_revision(session, "position")
    stored, today = stored_rows(session, set(owners) - employers.new), clock.today()
    common = {"source": source, "created_at": clock.now(), "created_by": created_by}
    created: list[dict[str, Any]] = []
    updated: list[dict[str, Any]] = []
    outcomes: list[RowOutcome] = []
    for index, row in enumerate(rows):
        owner, digest = owners[index], row.position.content_digest()
        kind, before = UNCHANGED, None
        if last[owner, marks[index]] == index:
            before = stored.get((owner, marks[index]))
            if before is None:
                kind = CREATED
            elif before.digest != digest:
                kind = UPDATED
        removed = removed_keys(stored_readings(before.readings)) if before else frozenset[str]()
        draft, readings = read_position(row.position, qualifications(), removed=removed)
        lacks = [*draft.missing(), *employers.lacks[owner]]
        broken = check_draft(draft, on=today, minimum=minimum)
        status = _status(lacks, stop=stops(broken))
        stopped = tuple(finding for finding in broken if finding.severity == STOP)
        outcomes.append(RowOutcome(kind, status, tuple(lacks), stopped))
        if kind == UNCHANGED:
            continue
        values = values_of(draft, readings) | {
            "status": status,
            "missing": lacks,
            "content_digest": digest,
            "revision": revision,
        }
        if before is not None:
            kept = kept_occupation(
                draft, title=before.title, occupation_code=before.occupation_code
            )
            values["occupation_code"] = kept or draft.occupation_code
            updated.append(values | {"row_id": before.id})
            continue
        created.append(
            values
            | common
            | {
                "key": new_key(),
                "employer_id": owner,
                "fingerprint": marks[index],
                "published_at": common["created_at"] if status == PositionStatus.OPEN else None,
            }
        )
    _write(session, created, updated)
    named = tuple(zip(owners, marks, strict=True))
    result = BulkResult(tuple(outcomes), len(employers.new), named)
    detail = {kind: result.count(kind) for kind in (CREATED, UPDATED, UNCHANGED)}
    audit.record(
        session, "position.import", subject="position", detail=detail | {"drafts": result.drafts}
    )
    return result


def _status(lacks: Sequence[str], *, stop: bool) -> str:
    if stop:
        return PositionStatus.STOPPED
    return PositionStatus.DRAFT if lacks else PositionStatus.OPEN


def post_positions(
    session: Session,
    employer_id: int,
    drafts: Sequence[PositionDraft],
    *,
    source: str,
    created_by: int | None = None,
) -> BulkResult:
    """Post many positions of one employer; the same drafts twice change nothing."""
    rows = [ImportRow(None, draft) for draft in drafts]
    return import_positions(
        session, rows, source=source, employer_id=employer_id, created_by=created_by
    )
