"""Many positions at once, from a file or the demo: the same rows twice change nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from jobfair.employers.models import Position
from jobfair.employers.queries import StoredRow, employer_ids, employer_standing, stored_rows
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    PositionDraft,
    PositionStatus,
    employer_lacks,
    kept_occupation,
)
from jobfair.employers.rules.identity import name_key
from jobfair.employers.rules.phrases import STOP
from jobfair.employers.rules.readings import read_position, removed_keys, stored_readings
from jobfair.employers.rules.vacancy import Finding, MinimumWage, check_draft, no_minimum, stops
from jobfair.employers.services.employers import register_employer
from jobfair.employers.services.positions import values_of
from jobfair.kit import audit, changes, clock
from jobfair.kit.ids import new_key
from jobfair.occupations.qualifications import qualifications

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


class _Employers:
    """Finds or registers the employer of each row; a bare name makes an unverified one."""

    def __init__(self, session: Session, own: int | None) -> None:
        self._session = session
        self._own = own
        self._by_code, self._by_name = employer_ids(session)
        self._lacks: dict[int, list[str]] = {}
        self.new: set[int] = set()

    def of(self, draft: EmployerDraft | None) -> int:
        """Return the employer's id."""
        if self._own is not None or draft is None:
            if self._own is None:
                raise ValueError("a row without an employer in an import without one")
            return self._own
        found = (
            self._by_code.get(draft.credit_code)
            if draft.credit_code
            else self._by_name.get(name_key(draft.name))
        )
        if found is None:
            made = register_employer(self._session, draft)
            found = made.id
            self.new.add(found)
            self._lacks[found] = employer_lacks(made.status, made.credit_code is not None)
            if draft.credit_code:
                self._by_code[draft.credit_code] = found
            self._by_name[name_key(draft.name)] = found
        return found

    def lacks(self, employer_id: int) -> list[str]:
        """Return what the employer lacks before its positions may be published."""
        if employer_id not in self._lacks:
            self._lacks[employer_id] = employer_lacks(
                *employer_standing(self._session, employer_id)
            )
        return self._lacks[employer_id]


class _Stored:
    """What is stored of each employer, read once."""

    def __init__(self, session: Session, new: Iterable[int]) -> None:
        self._session = session
        self._known: dict[int, dict[str, StoredRow]] = {n: {} for n in new}

    def outcome(
        self, employer_id: int, fingerprint: str, digest: str
    ) -> tuple[str, StoredRow | None]:
        """Return what to do with a row, and the stored one."""
        if employer_id not in self._known:
            self._known[employer_id] = stored_rows(self._session, employer_id)
        stored = self._known[employer_id].get(fingerprint)
        if stored is None:
            return CREATED, None
        return (UNCHANGED if stored.digest == digest else UPDATED), stored


def _write(session: Session, created: list[dict[str, Any]], updated: list[dict[str, Any]]) -> None:
    if created:
        session.execute(insert(Position), created)
    if updated:
        table = Position.__table__
        names = [name for name in updated[0] if name != "row_id"]
        session.connection().execute(
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("row_id"))
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
    employers = _Employers(session, employer_id)
    owners = [employers.of(row.employer) for row in rows]
    marks = [row.position.fingerprint() for row in rows]
    last = {mark: index for index, mark in enumerate(zip(owners, marks, strict=True))}
    revision = changes.next_revision(session, "position")
    stored, today = _Stored(session, employers.new), clock.today()
    common = {"source": source, "created_at": clock.now(), "created_by": created_by}
    created: list[dict[str, Any]] = []
    updated: list[dict[str, Any]] = []
    outcomes: list[RowOutcome] = []
    for index, row in enumerate(rows):
        owner, digest = owners[index], row.position.content_digest()
        kind, before = UNCHANGED, None
        if last[owner, marks[index]] == index:
            kind, before = stored.outcome(owner, marks[index], digest)
        removed = removed_keys(stored_readings(before.readings)) if before else frozenset[str]()
        draft, readings = read_position(row.position, qualifications(), removed=removed)
        lacks = [*draft.missing(), *employers.lacks(owner)]
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
