"""Many positions at once, from a file or the demo: the same rows twice change nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from jobfair.employers.models import Position
from jobfair.employers.queries import employer_ids, employer_standing, stored_digests
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    PositionDraft,
    PositionStatus,
    employer_lacks,
)
from jobfair.employers.rules.identity import name_key
from jobfair.employers.rules.vacancy import MinimumWage, check_draft, no_minimum, stops
from jobfair.employers.services.employers import register_employer
from jobfair.employers.services.positions import values_of
from jobfair.kit import audit, changes, clock
from jobfair.kit.ids import new_key

CREATED = "created"
UPDATED = "updated"
UNCHANGED = "unchanged"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of a file; without an employer it belongs to the import's own."""

    number: int
    employer: EmployerDraft | None
    position: PositionDraft


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of the rows.

    Attributes:
        missing: row number → what the row lacks before it can be published.
        stopped: row number → codes of the rules that stop it.
    """

    created: int
    updated: int
    unchanged: int
    employers: int
    open: int
    drafts: int
    missing: dict[int, tuple[str, ...]]
    stopped: dict[int, tuple[str, ...]]


class _Employers:
    """Finds or registers the employer of each row; a bare name makes an unverified one."""

    def __init__(self, session: Session, own: int | None) -> None:
        self._session = session
        self._own = own
        self._by_code, self._by_name = employer_ids(session)
        self._lacks: dict[int, list[str]] = {}
        self.registered = 0

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
            found = register_employer(self._session, draft).id
            self.registered += 1
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


class _Batch:
    """Sorts rows into inserts, updates and nothing to do."""

    def __init__(self, session: Session, employers: _Employers, source: str) -> None:
        self._session = session
        self._employers = employers
        self._source = source
        self._stored: dict[int, dict[str, tuple[int, str | None]]] = {}
        self.rows: dict[tuple[int, str], ImportRow] = {}

    def add(self, row: ImportRow) -> None:
        """Take a row; a later row with the same number in the same file replaces it."""
        employer_id = self._employers.of(row.employer)
        self.rows[employer_id, row.position.fingerprint()] = row

    def outcome(self, employer_id: int, fingerprint: str, digest: str) -> tuple[str, int | None]:
        """Return what to do with a row and the id of the stored one."""
        if employer_id not in self._stored:
            self._stored[employer_id] = stored_digests(self._session, employer_id)
        stored = self._stored[employer_id].get(fingerprint)
        if stored is None:
            return CREATED, None
        return (UNCHANGED if stored[1] == digest else UPDATED), stored[0]


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
    rows: Iterable[ImportRow],
    *,
    source: str,
    employer_id: int | None = None,
    created_by: int | None = None,
    minimum: MinimumWage = no_minimum,
    step: Progress | None = None,
) -> BulkResult:
    """Take in rows: complete ones of verified employers open, the rest wait as drafts.

    A row that was changed here after the import is left alone as long as the file says the same.

    Args:
        session: the writing session.
        rows: the rows that could be read.
        source: the file's name or ``demo``, kept with each position.
        employer_id: the one employer all rows belong to, when it is known.
        created_by: the user, if any.
        minimum: the minimum wage of a division on a day.
        step: told (done, total).
    """
    employers = _Employers(session, employer_id)
    batch = _Batch(session, employers, source)
    taken = 0
    for row in rows:
        batch.add(row)
        taken += 1
    tally = {CREATED: 0, UPDATED: 0, UNCHANGED: taken - len(batch.rows)}
    missing: dict[int, tuple[str, ...]] = {}
    stopped: dict[int, tuple[str, ...]] = {}
    created: list[dict[str, Any]] = []
    updated: list[dict[str, Any]] = []
    opened = 0
    now, today = clock.now(), clock.today()
    for done, ((owner, fingerprint), row) in enumerate(batch.rows.items(), 1):
        draft = row.position
        lacks = [*draft.missing(), *employers.lacks(owner)]
        broken = check_draft(draft, on=today, minimum=minimum)
        status = _status(lacks, stop=stops(broken))
        opened += status == PositionStatus.OPEN
        if lacks:
            missing[row.number] = tuple(lacks)
        if status == PositionStatus.STOPPED:
            stopped[row.number] = tuple(sorted({f.code for f in broken if f.severity == "stop"}))
        digest = draft.content_digest()
        outcome, row_id = batch.outcome(owner, fingerprint, digest)
        tally[outcome] += 1
        if step and done % 200 == 0:
            step(done, len(batch.rows))
        if outcome == UNCHANGED:
            continue
        values = values_of(draft) | {
            "status": status,
            "missing": lacks,
            "content_digest": digest,
            "revision": changes.next_revision(session, "position"),
        }
        if row_id is not None:
            updated.append(values | {"row_id": row_id})
            continue
        created.append(
            values
            | {
                "key": new_key(),
                "employer_id": owner,
                "fingerprint": fingerprint,
                "source": source,
                "published_at": now if status == PositionStatus.OPEN else None,
                "created_at": now,
                "created_by": created_by,
            }
        )
    _write(session, created, updated)
    result = BulkResult(
        tally[CREATED],
        tally[UPDATED],
        tally[UNCHANGED],
        employers.registered,
        opened,
        len(batch.rows) - opened,
        missing,
        stopped,
    )
    audit.record(
        session,
        "position.import",
        subject="position",
        detail={**tally, "employers": employers.registered, "drafts": result.drafts},
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
    rows = (ImportRow(n, None, replace(draft)) for n, draft in enumerate(drafts, 1))
    return import_positions(
        session, rows, source=source, employer_id=employer_id, created_by=created_by
    )
