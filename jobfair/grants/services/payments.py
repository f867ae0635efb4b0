"""Taking in lists of grants paid, one payment, and taking one back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from jobfair.grants.models import GrantPayment, GrantReversal
from jobfair.grants.rules.reading import (
    PAYMENT_HEADERS,
    WHO_HEADERS,
    PaymentDraft,
    read_payment,
)
from jobfair.grants.services.students import NOT_ON_ROLL, Known, Who, find_students, read_row
from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_rows
from jobfair.kit.crypto import vault
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow

_TITLES = {
    "student_number": N_("Student number"),
    "id_number": N_("ID number"),
    "name": N_("Name"),
    "kind": N_("Grant"),
    "school_year": N_("School year"),
    "amount": N_("Amount in yuan"),
    "paid_on": N_("Paid on"),
    "holder": N_("Card holder"),
    "card": N_("Card number"),
    "reference": N_("Bank's reference"),
}
FIELDS = tuple(
    FieldSpec(name, _TITLES[name], aliases=aliases)
    for name, aliases in {**WHO_HEADERS, **PAYMENT_HEADERS}.items()
)
_COLUMNS: tuple[Any, ...] = (
    GrantPayment.student_id,
    GrantPayment.kind,
    GrantPayment.school_year,
    GrantPayment.paid_on,
    GrantPayment.amount_fen,
    GrantPayment.reference,
    GrantPayment.turn,
)
_Key = tuple[int, str, int, Any, int, str, int]


class TakenBackAlready(Refusal):
    """A payment is taken back once."""

    code = "taken_back_already"
    message = N_("This payment was taken back already.")


class ReasonMissing(Invalid):
    """What is taken back says why."""

    code = "reason_missing"
    message = N_("Enter why the payment was recorded wrongly.")


class NotOnRoll(Invalid):
    """The student is not on the school's roll any more."""

    code = "not_on_roll"
    message = NOT_ON_ROLL


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A row that was understood: whom it means and what was paid."""

    who: Who
    draft: PaymentDraft


def payments_spec(
    organisation_id: int | None, recorder: Recorder, source: str
) -> ImportSpec[PaymentRow]:
    """Return the import of one list of payments.

    Args:
        organisation_id: only students of this school; None for all.
        recorder: who takes it in.
        source: name of the file.
    """

    def parse(row: SheetRow) -> PaymentRow | list[RowError]:
        read = read_row(row, PAYMENT_HEADERS, read_payment)
        return read if isinstance(read, list) else PaymentRow(*read)

    told: Counter[_Key] = Counter()

    def apply(session: Session, rows: list[PaymentRow]) -> list[Outcome]:
        return keep_payments(session, organisation_id, rows, recorder, source, told=told)

    return ImportSpec("grants", FIELDS, parse, apply)


def keep_payments(
    session: Session,
    organisation_id: int | None,
    rows: Sequence[PaymentRow],
    recorder: Recorder,
    source: str,
    *,
    told: Counter[_Key] | None = None,
) -> list[Outcome]:
    """Keep payments; those that are on record are left as they are.

    A list that names the same payment twice means two: it may be what an audit looks for. The list
    taken in again means the same two.

    Args:
        session: the writing session.
        organisation_id: only students of this school; None for all.
        rows: whom was paid what.
        recorder: who tells.
        source: name of the file.
        told: how often each payment was named before in the same list; it is counted on.
    """
    students = find_students(session, organisation_id, [row.who for row in rows])
    counted = Counter[_Key]() if told is None else told
    keys = [
        _key(student, row.draft, counted) if isinstance(student, Known) else None
        for student, row in zip(students, rows, strict=True)
    ]
    there = _there(session, [key for key in keys if key])
    outcomes: list[Outcome] = []
    new: dict[_Key, dict[str, Any]] = {}
    for student, row, key in zip(students, rows, keys, strict=True):
        if isinstance(student, str) or key is None:
            outcomes.append(Outcome("refused", cast(str, student)))
        elif key in there or key in new:
            outcomes.append(Outcome("unchanged"))
        else:
            new[key] = _row(student, row.draft, recorder, source) | {"turn": key[-1]}
            outcomes.append(Outcome("created"))
    insert_rows(session, cast(Table, GrantPayment.__table__), list(new.values()))
    if new:
        audit.record(
            session, "grant_payment.record", subject="grant_payment", detail={"new": len(new)}
        )
    return outcomes


def record_payment(
    session: Session, organisation_id: int | None, row: PaymentRow, recorder: Recorder
) -> bool:
    """Keep one payment; return whether it is new.

    One that was taken back may be told again; one that counts is told once.

    Raises:
        NotOnRoll: no such student of the school.
    """
    [student] = find_students(session, organisation_id, [row.who])
    if not isinstance(student, Known):
        raise NotOnRoll
    key = _key(student, row.draft, Counter())
    back = _alike(session, key)
    if not all(back):
        return False
    [outcome] = keep_payments(
        session, organisation_id, [row], recorder, "form", told=Counter({key: len(back)})
    )
    if outcome.reason:
        raise NotOnRoll
    return outcome.kind == "created"


def take_back(session: Session, payment_id: int, reason: str, recorder: Recorder) -> None:
    """Say that a payment was recorded wrongly; it stays to be seen and counts no more.

    Raises:
        ReasonMissing: no reason.
        TakenBackAlready: it was taken back before.
    """
    if not reason.strip():
        raise ReasonMissing
    session.get_one(GrantPayment, payment_id, with_for_update=True)
    if session.get(GrantReversal, payment_id) is not None:
        raise TakenBackAlready
    session.add(
        GrantReversal(
            payment_id=payment_id,
            reason=reason.strip()[:300],
            reversed_at=clock.now(),
            reversed_by=recorder.user_id,
        )
    )
    audit.record(session, "grant_payment.take_back", subject="grant_payment", subject_id=payment_id)


def _key(student: Known, draft: PaymentDraft, told: Counter[_Key]) -> _Key:
    """Return what tells a payment from others; its turn among those alike, which are counted."""
    alike: _Key = (
        student.id,
        str(draft.kind),
        draft.school_year,
        draft.paid_on,
        draft.amount_fen,
        draft.reference,
        0,
    )
    told[alike] += 1
    return *alike[:-1], told[alike] - 1


def _alike(session: Session, key: _Key) -> list[bool]:
    """Return of each payment like one whether it was taken back, in their turns."""
    rows = session.execute(
        select(GrantReversal.payment_id.is_not(None))
        .select_from(GrantPayment)
        .outerjoin(GrantReversal, GrantReversal.payment_id == GrantPayment.id)
        .where(tuple_(*_COLUMNS[:-1]) == key[:-1])
        .order_by(GrantPayment.turn)
    )
    return [bool(back) for back in rows.scalars()]


def _there(session: Session, keys: Sequence[_Key]) -> set[_Key]:
    """Return which payments are on record; those taken back are: told again, they stay so."""
    found: set[_Key] = set()
    for some in in_slices(keys):
        rows = session.execute(select(*_COLUMNS).where(tuple_(*_COLUMNS).in_(some)))
        found |= {cast(_Key, tuple(row)) for row in rows}
    return found


def _row(student: Known, draft: PaymentDraft, recorder: Recorder, source: str) -> dict[str, Any]:
    return {
        "key": new_key(),
        "student_id": student.id,
        "kind": draft.kind,
        "school_year": draft.school_year,
        "amount_fen": draft.amount_fen,
        "paid_on": draft.paid_on,
        "reference": draft.reference,
        "own_card": draft.holder == student.name if draft.holder else None,
        "card_index": vault().index(draft.card, field="grant.card") if draft.card else None,
        "card_last4": draft.card[-4:] if len(draft.card) > 4 else "",
        "source": source[:200],
        "recorded_at": clock.now(),
        "recorded_by": recorder.user_id,
    }
