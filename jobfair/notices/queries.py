"""Reads of public notices."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session

from jobfair.accounts.queries import recorder_names
from jobfair.kit import crypto
from jobfair.notices.models import (
    Notice,
    NoticeApprover,
    NoticeLine,
    Objection,
    ObjectionDecision,
)
from jobfair.notices.rules import LineState, NoticeKind, line_state

_SLICE = 5_000  # SQLite takes 32,766 variables in a statement


class Period(StrEnum):
    """Which notices a list shows."""

    OPEN = "open"
    OVER = "over"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """What the list of notices is narrowed to.

    Attributes:
        scope: the caller's division: only notices about people within it.
    """

    scope: str | None = None
    period: Period | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice with its counts."""

    id: int
    key: str
    kind: str
    title: str
    place: str
    days: int
    published_at: datetime
    last_day: date
    closes_at: datetime
    digest: str
    lines: int
    removed: int
    objections: int
    undecided: int


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it is shown; removed lines show nothing."""

    id: int
    number: int
    subject_id: int
    cells: dict[str, str]
    state: LineState


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """An objection with its answer, if there is one."""

    id: int
    line_number: int
    way: str
    reason: str
    contact: str
    made_at: datetime
    approvers: frozenset[int]
    upheld: bool | None = None
    answer: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """Where the notice of one subject stands.

    Attributes:
        closes_at: when it is over; None without a notice.
        number: of the line in its notice.
    """

    state: LineState
    closes_at: datetime | None = None
    notice_id: int | None = None
    number: int | None = None


def _undecided() -> ColumnElement[bool]:
    """Return the condition that a line is held by an objection."""
    decided = exists().where(ObjectionDecision.objection_id == Objection.id)
    return exists().where(Objection.line_id == NoticeLine.id, ~decided)


def _rows() -> Select[*tuple[Any, ...]]:
    of_notice = NoticeLine.notice_id == Notice.id
    objections = (
        select(func.count(Objection.id))
        .join(NoticeLine, NoticeLine.id == Objection.line_id)
        .where(of_notice)
    )
    decided = exists().where(ObjectionDecision.objection_id == Objection.id)
    lines = select(func.count(NoticeLine.id)).where(of_notice)
    return select(
        Notice,
        lines.scalar_subquery(),
        lines.where(NoticeLine.removed_at.is_not(None)).scalar_subquery(),
        objections.scalar_subquery(),
        objections.where(~decided).scalar_subquery(),
    )


def _row(notice: Notice, lines: int, removed: int, objections: int, undecided: int) -> NoticeRow:
    return NoticeRow(
        id=notice.id,
        key=notice.key,
        kind=notice.kind,
        title=notice.title,
        place=notice.place,
        days=notice.days,
        published_at=notice.published_at,
        last_day=notice.last_day,
        closes_at=notice.closes_at,
        digest=notice.digest,
        lines=lines,
        removed=removed,
        objections=objections,
        undecided=undecided,
    )


def _conditions(wanted: NoticeFilter, at: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.scope:
        found.append(Notice.place.startswith(wanted.scope, autoescape=True))
    if wanted.period is Period.OPEN:
        found.append(Notice.closes_at > at)
    elif wanted.period is Period.OVER:
        found.append(Notice.closes_at <= at)
    elif wanted.period is Period.OBJECTED:
        found.append(exists().where(NoticeLine.notice_id == Notice.id, _undecided()))
    if wanted.text:
        found.append(Notice.title.icontains(wanted.text, autoescape=True))
    return found


def list_notices(
    session: Session, wanted: NoticeFilter, at: datetime, *, limit: int = 50, offset: int = 0
) -> list[NoticeRow]:
    """Return a page of notices, the newest first."""
    found = session.execute(
        _rows()
        .where(*_conditions(wanted, at))
        .order_by(Notice.published_at.desc(), Notice.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_row(*row) for row in found]


def count_notices(session: Session, wanted: NoticeFilter, at: datetime) -> int:
    """Return how many notices a filter finds."""
    found = select(func.count(Notice.id)).where(*_conditions(wanted, at))
    return session.execute(found).scalar_one()


def find_notice(session: Session, notice_id: int) -> NoticeRow | None:
    """Return one notice."""
    found = session.execute(_rows().where(Notice.id == notice_id)).one_or_none()
    return _row(*found) if found else None


def find_public(session: Session, key: str) -> NoticeRow | None:
    """Return the notice of a public address, open or over."""
    found = session.execute(_rows().where(Notice.key == key)).one_or_none()
    return _row(*found) if found else None


def list_lines(
    session: Session, notice: NoticeRow, at: datetime, *, limit: int, offset: int = 0
) -> list[LineRow]:
    """Return a page of a notice's lines by number."""
    found = session.execute(
        select(NoticeLine, case((_undecided(), 1), else_=0))
        .where(NoticeLine.notice_id == notice.id)
        .order_by(NoticeLine.number)
        .limit(limit)
        .offset(offset)
    )
    return [
        LineRow(
            id=line.id,
            number=line.number,
            subject_id=line.subject_id,
            cells={} if line.removed_at else dict(line.cells),
            state=line_state(
                closes_at=notice.closes_at,
                removed=line.removed_at is not None,
                held=bool(held),
                at=at,
            ),
        )
        for line, held in found
    ]


def list_objections(session: Session, notice_id: int) -> list[ObjectionRow]:
    """Return the objections to a notice's lines, the undecided first, then by time."""
    found = session.execute(
        select(Objection, NoticeLine.number)
        .join(NoticeLine, NoticeLine.id == Objection.line_id)
        .where(NoticeLine.notice_id == notice_id)
        .order_by(Objection.id)
    ).all()
    decisions = _decisions(session, {objection.id for objection, _number in found})
    names, _ = recorder_names(session, {one.decided_by for one in decisions.values()}, ())
    approvers = _approvers(session, {objection.line_id for objection, _number in found})
    rows = []
    for objection, number in found:
        decision = decisions.get(objection.id)
        row = ObjectionRow(
            id=objection.id,
            line_number=number,
            way=objection.way,
            reason=_opened(objection, "reason_sealed"),
            contact=_opened(objection, "contact_sealed"),
            made_at=objection.made_at,
            approvers=approvers.get(objection.line_id, frozenset()),
        )
        if decision is not None:
            row = replace(
                row,
                upheld=decision.upheld,
                answer=decision.answer,
                decided_at=decision.decided_at,
                decided_by=names.get(decision.decided_by, ""),
            )
        rows.append(row)
    return sorted(rows, key=lambda row: row.upheld is not None)


def _decisions(session: Session, objections: Collection[int]) -> dict[int, ObjectionDecision]:
    query = select(ObjectionDecision).where(ObjectionDecision.objection_id.in_(objections))
    return {one.objection_id: one for one in session.execute(query).scalars()}


def notice_of_objection(session: Session, objection_id: int) -> NoticeRow | None:
    """Return the notice to one of whose lines an objection was made."""
    notice_id = session.execute(
        select(NoticeLine.notice_id)
        .join(Objection, Objection.line_id == NoticeLine.id)
        .where(Objection.id == objection_id)
    ).scalar_one_or_none()
    return None if notice_id is None else find_notice(session, notice_id)


def announced(
    session: Session, kind: NoticeKind, subjects: Collection[int], at: datetime
) -> dict[int, Announced]:
    """Return where the notices of some subjects stand; of several the newest line counts."""
    found = {subject: Announced(LineState.MISSING) for subject in subjects}
    every = sorted(subjects)
    for start in range(0, len(every), _SLICE):
        rows = session.execute(
            select(NoticeLine, Notice.closes_at, case((_undecided(), 1), else_=0))
            .join(Notice, Notice.id == NoticeLine.notice_id)
            .where(
                NoticeLine.kind == kind, NoticeLine.subject_id.in_(every[start : start + _SLICE])
            )
            .order_by(NoticeLine.id)
        )
        for line, closes_at, held in rows:
            removed = line.removed_at is not None
            state = line_state(closes_at=closes_at, removed=removed, held=bool(held), at=at)
            found[line.subject_id] = Announced(state, closes_at, line.notice_id, line.number)
    return found


def _opened(objection: Objection, column: str) -> str:
    sealed: bytes | None = getattr(objection, column)
    if sealed is None:
        return ""
    return crypto.vault().open(sealed, table="objection", column=column, row=objection.key)


def _approvers(session: Session, lines: Collection[int]) -> dict[int, frozenset[int]]:
    found: dict[int, frozenset[int]] = {}
    rows = session.execute(select(NoticeApprover).where(NoticeApprover.line_id.in_(lines)))
    for row in rows.scalars():
        found[row.line_id] = found.get(row.line_id, frozenset()) | {row.user_id}
    return found
