"""Doubtful records of students: grants beyond entitlement, rolls without anybody behind them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import Organisation
from jobfair.findings.rules import STATEMENT_DAYS, Code, Found, Subject
from jobfair.grants.models import GrantPayment, GrantReversal, StatementOpening, StudentMonth
from jobfair.grants.rules.entitlement import GRANT_NAMES, GrantKind, Paid, excesses
from jobfair.kit.clock import add_months
from jobfair.school.models import Student

_FEN = 100
_REPORTS = 6  # a grant is paid by the half-year: one of its months is reported
_ON_ROLL = (~Student.void, Student.enrolled_on.is_not(None), Student.left_on.is_(None))


def _found(code: Code, row: Any, mark: str = "", **told: object) -> Found:
    """Return a finding of a student, for the school; its division is the school's."""
    return Found(
        code,
        Subject.STUDENT,
        row.student_id,
        row.division or "",
        mark,
        told={name: str(value) for name, value in told.items()},
        organisation_id=row.organisation_id,
    )


def _of_students(*columns: Any) -> Any:
    return (
        select(
            Student.id.label("student_id"),
            Student.organisation_id,
            Organisation.division_code.label("division"),
            *columns,
        )
        .join(Organisation, Organisation.id == Student.organisation_id)
        .order_by(Student.id)
    )


def _paid(*columns: Any) -> Any:
    """Return the query of students and their payments, without those taken back."""
    return (
        _of_students(*columns)
        .join(GrantPayment, GrantPayment.student_id == Student.id)
        .outerjoin(GrantReversal, GrantReversal.payment_id == GrantPayment.id)
        .where(GrantReversal.payment_id.is_(None))
    )


def paid_beyond(session: Session) -> Iterator[Found]:
    """Give students who were paid more of a grant in a school year than they were entitled to."""
    rows = session.execute(
        _paid(
            Student.intake_year,
            GrantPayment.kind,
            GrantPayment.school_year,
            GrantPayment.amount_fen,
        )
    )
    of_student: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        of_student[row.student_id].append(row)
    for some in of_student.values():
        paid = [Paid(GrantKind(r.kind), r.school_year, r.amount_fen) for r in some]
        for one in excesses(paid, some[0].intake_year):
            yield _found(
                Code.GRANT_BEYOND,
                some[0],
                f"{one.kind}-{one.school_year}",
                grant=GRANT_NAMES[one.kind],
                year=f"{one.school_year}-{one.school_year + 1}",
                count=one.payments,
                paid=f"{one.paid_fen / _FEN:,.2f}".removesuffix(".00"),
                entitled=f"{one.entitled_fen / _FEN:,.0f}",
            )


def paid_to_others(session: Session) -> Iterator[Found]:
    """Give students whose grant went to somebody else's card, or to a card of several students."""
    shared = (
        select(GrantPayment.card_index)
        .where(GrantPayment.card_index.is_not(None))
        .group_by(GrantPayment.card_index)
        .having(func.count(GrantPayment.student_id.distinct()) > 1)
    )
    other = or_(GrantPayment.own_card.is_(False), GrantPayment.card_index.in_(shared))
    query = _paid(
        func.count(GrantPayment.id).label("payments"),
        func.max(GrantPayment.paid_on).label("last"),
    )
    rows = session.execute(
        query.where(other).group_by(Student.id, Student.organisation_id, Organisation.division_code)
    )
    for row in rows:
        yield _found(Code.GRANT_CARD, row, count=row.payments, day=row.last.isoformat())


def not_there(session: Session) -> Iterator[Found]:
    """Give students on the roll whom the school's last monthly report does not know, or as absent.

    A school that reports beds names one for each student; who has none is told apart.
    """
    for school, month in _last_reports(session).items():
        own = aliased(StudentMonth)
        rows = session.execute(
            _of_students(own.id.label("month_id"), own.days_due, own.days_present, own.room)
            .outerjoin(own, (own.student_id == Student.id) & (own.month == month))
            .where(*_ON_ROLL, Student.organisation_id == school, Student.enrolled_on < month)
        ).all()
        names_beds = any(row.room for row in rows)
        for row in rows:
            absent = row.month_id is None or (row.days_due > 0 and row.days_present == 0)
            if absent:
                yield _found(Code.NO_ATTENDANCE, row, month=f"{month:%Y-%m}")
            elif names_beds and not row.room:
                yield _found(Code.NO_DORMITORY, row, month=f"{month:%Y-%m}")


def unreported(session: Session) -> Iterator[Found]:
    """Give students who were paid while their school reported none of the months before."""
    months: dict[int, set[date]] = defaultdict(set)
    reported = session.execute(
        select(Student.organisation_id, StudentMonth.month)
        .join(StudentMonth, StudentMonth.student_id == Student.id)
        .distinct()
    )
    for school, month in reported:
        months[school].add(month)
    rows = session.execute(_paid(GrantPayment.paid_on).order_by(GrantPayment.paid_on))
    found: set[int] = set()
    for row in rows:
        paid_in = row.paid_on.replace(day=1)
        before = {add_months(paid_in, -back) for back in range(_REPORTS + 1)}
        if row.student_id not in found and not before & months[row.organisation_id]:
            found.add(row.student_id)
            yield _found(Code.NO_REPORT, row, month=f"{paid_in:%Y-%m}")


def _last_reports(session: Session) -> dict[int, date]:
    """Return the last month that each school reported."""
    rows = session.execute(
        select(Student.organisation_id, func.max(StudentMonth.month))
        .join(StudentMonth, StudentMonth.student_id == Student.id)
        .group_by(Student.organisation_id)
        .order_by(Student.organisation_id)
    )
    return {row[0]: row[1] for row in rows}


def never_opened(session: Session, today: date) -> Iterator[Found]:
    """Give students who were paid a while ago and whose statement nobody ever opened."""
    query = _paid(func.min(GrantPayment.paid_on).label("first"))
    rows = session.execute(
        query.outerjoin(StatementOpening, StatementOpening.student_id == Student.id)
        .where(
            *_ON_ROLL,
            StatementOpening.student_id.is_(None),
            GrantPayment.paid_on <= today - timedelta(days=STATEMENT_DAYS),
        )
        .group_by(Student.id, Student.organisation_id, Organisation.division_code)
    )
    for row in rows:
        yield _found(Code.NO_STATEMENT, row, since=row.first.isoformat())


def two_schools(session: Session) -> Iterator[Found]:
    """Give students who were on the roll of two schools on the same days; each school its own."""
    other, theirs = aliased(Student), aliased(Organisation)
    rows = session.execute(
        _of_students(other.id.label("other_id"), theirs.name.label("school"), other.enrolled_on)
        .join(other, (other.id_index == Student.id_index) & (other.id != Student.id))
        .join(theirs, theirs.id == other.organisation_id)
        .where(
            ~Student.void,
            ~other.void,
            Student.organisation_id != other.organisation_id,
            Student.enrolled_on.is_not(None),
            other.enrolled_on.is_not(None),
            or_(other.left_on.is_(None), other.left_on > Student.enrolled_on),
            or_(Student.left_on.is_(None), Student.left_on > other.enrolled_on),
        )
    )
    for row in rows:
        since = row.enrolled_on.isoformat()
        yield _found(Code.TWO_SCHOOLS, row, str(row.other_id), school=row.school, since=since)
