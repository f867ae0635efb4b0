"""Grants paid for tests, recorded by the real verbs."""

from datetime import date

from sqlalchemy import select

from jobfair.grants.models import GrantPayment
from jobfair.grants.rules.entitlement import GrantKind
from jobfair.grants.rules.reading import MonthDraft, PaymentDraft
from jobfair.grants.services.months import MonthRow, keep_months
from jobfair.grants.services.payments import PaymentRow, keep_payments
from jobfair.grants.services.students import Who
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.school.queries import find_student

PAID_ON = date(2010, 11, 5)


def who_is(database: Database, student_id: int) -> Who:
    """Return how a list would name a student."""
    with database.reading() as session:
        student = find_student(session, student_id, unmasked=True)
    assert student is not None
    return Who("", student.id_number, "")


def pay(
    database: Database,
    student_id: int,
    fen: int = 75_000,
    *,
    kind: GrantKind = GrantKind.STATE,
    year: int = 2010,
    paid_on: date = PAID_ON,
    holder: str = "",
    card: str = "",
    reference: str = "",
) -> int:
    """Record a payment and return its id."""
    draft = PaymentDraft(kind, year, fen, paid_on, holder, card, reference)
    row = PaymentRow(who_is(database, student_id), draft)
    with database.writing() as session:
        [outcome] = keep_payments(session, None, [row], Recorder(), "test")
        assert outcome.kind == "created", outcome
        newest = select(GrantPayment.id).order_by(GrantPayment.id.desc()).limit(1)
        return session.execute(newest).scalar_one()


def report(
    database: Database, student_id: int, month: date, days: tuple[int, int], room: str = ""
) -> None:
    """Report a month of a student: days due and days present."""
    row = MonthRow(who_is(database, student_id), MonthDraft(month, *days, room))
    with database.writing() as session:
        keep_months(session, None, [row], Recorder())
