"""Reads of grants, of students' months and of statements."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.accounts.models import UserAccount
from jobfair.grants.models import GrantPayment, GrantReversal, StatementOpening, StudentMonth
from jobfair.kit.masking import mask_name
from jobfair.school.models import Student
from jobfair.school.queries.sealed import open_column


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What the list is narrowed to; None or empty is no limit.

    Attributes:
        organisation_id: the caller's own school.
        taken_back: only payments that were recorded wrongly, or only the others.
    """

    organisation_id: int | None = None
    kind: str = ""
    school_year: int | None = None
    student_id: int | None = None
    payment_id: int | None = None
    taken_back: bool | None = None


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment as shown; the name is masked."""

    id: int
    student_id: int
    organisation_id: int
    name: str
    student_number: str
    school_class: str
    kind: str
    school_year: int
    amount_fen: int
    paid_on: date
    own_card: bool | None
    card_last4: str
    reference: str
    recorder: str
    taken_back: str  # why; empty while it counts
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of a student as shown; the name is masked."""

    student_id: int
    name: str
    student_number: str
    school_class: str
    month: date
    days_due: int
    days_present: int
    room: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a student was paid and how the school reports the months."""

    payments: tuple[PaymentLine, ...]
    months: tuple[MonthLine, ...]
    opened_on: date | None

    @property
    def total_fen(self) -> int:
        """What was paid, in fen; without what was taken back."""
        return sum(one.amount_fen for one in self.payments if not one.taken_back)


def list_payments(
    session: Session, wanted: PaymentFilter, *, limit: int = 50, offset: int = 0
) -> list[PaymentLine]:
    """Return a page of payments, the latest first."""
    rows = session.execute(
        select(
            GrantPayment,
            Student,
            GrantReversal.reason,
            GrantReversal.reversed_at,
            UserAccount.display_name,
        )
        .join(Student, Student.id == GrantPayment.student_id)
        .outerjoin(GrantReversal, GrantReversal.payment_id == GrantPayment.id)
        .outerjoin(UserAccount, UserAccount.id == GrantPayment.recorded_by)
        .where(*_payments(wanted))
        .order_by(GrantPayment.paid_on.desc(), GrantPayment.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        PaymentLine(
            id=paid.id,
            student_id=student.id,
            organisation_id=student.organisation_id,
            name=mask_name(open_column(student, "name")),
            student_number=student.student_number or "",
            school_class=student.school_class,
            kind=paid.kind,
            school_year=paid.school_year,
            amount_fen=paid.amount_fen,
            paid_on=paid.paid_on,
            own_card=paid.own_card,
            card_last4=paid.card_last4,
            reference=paid.reference,
            recorder=recorder or "",
            taken_back=why or "",
            taken_back_at=taken_back_at,
        )
        for paid, student, why, taken_back_at, recorder in rows
    ]


def sum_payments(session: Session, wanted: PaymentFilter) -> tuple[int, int, int]:
    """Return how many payments a filter finds, of how many students, and their sum in fen."""
    query = (
        select(
            func.count(),
            func.count(GrantPayment.student_id.distinct()),
            func.coalesce(func.sum(GrantPayment.amount_fen), 0),
        )
        .select_from(GrantPayment)
        .join(Student, Student.id == GrantPayment.student_id)
        .outerjoin(GrantReversal, GrantReversal.payment_id == GrantPayment.id)
    )
    payments, students, fen = session.execute(query.where(*_payments(wanted))).one()
    return payments, students, int(fen)


def find_payment(session: Session, payment_id: int) -> PaymentLine | None:
    """Return one payment."""
    rows = list_payments(session, PaymentFilter(payment_id=payment_id), limit=1)
    return rows[0] if rows else None


def school_years(session: Session, organisation_id: int | None) -> list[int]:
    """Return the school years for which something was paid, the latest first."""
    query = (
        select(GrantPayment.school_year)
        .join(Student, Student.id == GrantPayment.student_id)
        .where(*_of(organisation_id))
        .distinct()
        .order_by(GrantPayment.school_year.desc())
    )
    return list(session.execute(query).scalars())


def list_months(
    session: Session,
    organisation_id: int | None,
    month: date,
    *,
    limit: int = 50,
    offset: int = 0,
    absent: bool = False,
) -> list[MonthLine]:
    """Return a page of a month's report by class, the least present first.

    Args:
        session: a reading session.
        organisation_id: only this school's; None for all.
        month: its first day.
        limit: length of the page.
        offset: where it begins.
        absent: only who was not there at all, or has no bed.
    """
    rows = session.execute(
        select(StudentMonth, Student)
        .join(Student, Student.id == StudentMonth.student_id)
        .where(*_months(organisation_id, month, absent=absent))
        .order_by(Student.school_class, StudentMonth.days_present, Student.id)
        .limit(limit)
        .offset(offset)
    )
    return [_month_line(one, student) for one, student in rows]


def count_months(
    session: Session, organisation_id: int | None, month: date, *, absent: bool = False
) -> int:
    """Return how many students a month's report names."""
    query = (
        select(func.count())
        .select_from(StudentMonth)
        .join(Student, Student.id == StudentMonth.student_id)
        .where(*_months(organisation_id, month, absent=absent))
    )
    return session.execute(query).scalar_one()


def months_reported(session: Session, organisation_id: int | None) -> list[date]:
    """Return the months of which a school reported, the latest first."""
    query = (
        select(StudentMonth.month)
        .join(Student, Student.id == StudentMonth.student_id)
        .where(*_of(organisation_id))
        .distinct()
        .order_by(StudentMonth.month.desc())
    )
    return list(session.execute(query).scalars())


def statement_of(session: Session, student_id: int) -> Statement:
    """Return what one student was paid, the months, and when the statement was opened first."""
    months = session.execute(
        select(StudentMonth, Student)
        .join(Student, Student.id == StudentMonth.student_id)
        .where(StudentMonth.student_id == student_id)
        .order_by(StudentMonth.month.desc())
    )
    opened = session.get(StatementOpening, student_id)
    return Statement(
        tuple(list_payments(session, PaymentFilter(student_id=student_id), limit=1_000)),
        tuple(_month_line(one, student) for one, student in months),
        opened.opened_on if opened else None,
    )


def is_student(session: Session, student_id: int) -> bool:
    """Return whether there is such a student, whose entries were not all taken back."""
    student = session.get(Student, student_id)
    return student is not None and not student.void


def _month_line(one: StudentMonth, student: Student) -> MonthLine:
    return MonthLine(
        student.id,
        mask_name(open_column(student, "name")),
        student.student_number or "",
        student.school_class,
        one.month,
        one.days_due,
        one.days_present,
        one.room,
    )


def _of(organisation_id: int | None) -> list[ColumnElement[bool]]:
    return [] if organisation_id is None else [Student.organisation_id == organisation_id]


def _months(organisation_id: int | None, month: date, *, absent: bool) -> list[ColumnElement[bool]]:
    found = [*_of(organisation_id), StudentMonth.month == month]
    if absent:
        found.append((StudentMonth.days_present == 0) | (StudentMonth.room == ""))
    return found


def _payments(wanted: PaymentFilter) -> list[ColumnElement[bool]]:
    found = _of(wanted.organisation_id)
    if wanted.kind:
        found.append(GrantPayment.kind == wanted.kind)
    if wanted.school_year is not None:
        found.append(GrantPayment.school_year == wanted.school_year)
    if wanted.student_id is not None:
        found.append(GrantPayment.student_id == wanted.student_id)
    if wanted.payment_id is not None:
        found.append(GrantPayment.id == wanted.payment_id)
    if wanted.taken_back is not None:
        back = GrantReversal.payment_id
        found.append(back.is_not(None) if wanted.taken_back else back.is_(None))
    return found
