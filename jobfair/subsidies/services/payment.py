"""Payment files and what the bank answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.clock import BEIJING
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.kit.values.counts import read_money
from jobfair.kit.values.reading import Unread
from jobfair.notices.queries import Announced, announced
from jobfair.notices.rules import LineState, NoticeKind
from jobfair.subsidies.models import SubsidyClaim, SubsidyRun
from jobfair.subsidies.rules.claims import (
    ClaimState,
    NotAnnounced,
    NoticeHeld,
    NoticeOpen,
    Step,
    TakenOff,
)
from jobfair.subsidies.services.claims import (
    Answer,
    append_step,
    lock_claim,
    lock_claims,
    terms_of,
)

NUMBER = "业务编号"
RESULT = "发放结果"
AMOUNT = "补贴金额（元）"
WHY = "失败原因"
FIELDS = (
    FieldSpec("claim", N_("Number of the claim"), aliases=(NUMBER,), required=True),
    FieldSpec("amount", N_("Amount in yuan"), aliases=(AMOUNT, "发放金额", "金额"), required=True),
    FieldSpec(
        "result", N_("Result of the payment"), aliases=(RESULT, "结果", "状态"), required=True
    ),
    FieldSpec("why", N_("Why it came back"), aliases=(WHY, "原因", "备注")),
)
_NUMBER = re.compile(r"F(\d{1,9})-(\d{1,9})")
_PAID = frozenset({"成功", "已发放", "发放成功", "已发", "paid"})
_CAME_BACK = frozenset({"失败", "退回", "发放失败", "未成功", "退票", "returned"})
NO_CLAIM = N_("The number of the claim is missing or is none. Keep the column as it was sent.")
NO_AMOUNT = N_("The amount is missing or no amount in yuan.")
NO_RESULT = N_("The result is missing: write 成功 or 失败.")
NOT_SENT = N_("This claim was not sent for payment, or belongs to another office.")
OTHER_AMOUNT = N_("The amount is not the one that was sent. Ask the bank before you go on.")


class NothingToSend(Refusal):
    """No approved claim."""

    code = "nothing_to_send"
    message = N_("No approved claim waits for payment here.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A payment file that was made, and the approved claims that had to stay out."""

    run_id: int
    left_out: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class BankLine:
    """What the bank says of one claim, as it was sent in one file."""

    run_id: int
    claim_id: int
    amount_fen: int
    paid: bool
    why: str


def check_notice(notice: Announced) -> None:
    """Check that what a notice is about may be paid.

    Raises:
        NotAnnounced: there is none.
        NoticeOpen: it still stands; the message names the hour.
        NoticeHeld: an objection waits.
        TakenOff: an objection was upheld.
    """
    if notice.state is LineState.OPEN and notice.closes_at is not None:
        raise NoticeOpen(hour=f"{notice.closes_at.astimezone(BEIJING):%Y-%m-%d %H:%M}")
    refusals: dict[LineState, type[Refusal]] = {
        LineState.MISSING: NotAnnounced,
        LineState.HELD: NoticeHeld,
        LineState.REMOVED: TakenOff,
    }
    if notice.state in refusals:
        raise refusals[notice.state]


def send_for_payment(session: Session, rule_id: int, recorder: Recorder, *, division: str) -> Sent:
    """Put approved claims into one payment file; those whose notice is not over stay out.

    Args:
        session: the writing session.
        rule_id: the version of the terms.
        recorder: who makes it.
        division: of the people; the recorder's own at most.

    Raises:
        NotFound: no such terms.
        NothingToSend: no claim is approved.
        Refusal: none may be paid; what the first one waits for.
    """
    terms_of(session, rule_id)
    ids = session.execute(
        select(SubsidyClaim.id).where(
            SubsidyClaim.rule_id == rule_id,
            SubsidyClaim.state == ClaimState.APPROVED,
            SubsidyClaim.home_division.startswith(division, autoescape=True),
        )
    ).scalars()
    # Another clerk may have sent one of them while this one waited for the lock.
    claims = [
        claim for claim in lock_claims(session, ids.all()) if claim.state == ClaimState.APPROVED
    ]
    notices = announced(session, NoticeKind.SUBSIDY, [c.id for c in claims], clock.now())
    ready, left_out = [], []
    for claim in claims:
        try:
            check_notice(notices[claim.id])
        except Refusal as refusal:
            left_out.append(Answer(claim.id, refusal))
        else:
            ready.append(claim)
    if not ready:
        raise next((a.refusal for a in left_out if a.refusal), NothingToSend())
    run = SubsidyRun(
        rule_id=rule_id,
        division=division,
        claims=len(ready),
        total_fen=sum(claim.amount_fen for claim in ready),
        made_at=clock.now(),
        made_by=recorder.user_id,
    )
    session.add(run)
    session.flush()
    for claim in ready:
        claim.run_id = run.id
        append_step(session, claim, Step.SEND, recorder, f"#{run.id}")
    detail = {"claims": run.claims, "fen": run.total_fen}
    audit.record(
        session, "subsidy_run.make", subject="subsidy_run", subject_id=run.id, detail=detail
    )
    return Sent(run.id, tuple(left_out))


def result_spec(recorder: Recorder, *, scope: str | None) -> ImportSpec[BankLine]:
    """Return the import of a bank's answer: paid, or came back and why.

    Args:
        recorder: who brings it.
        scope: only claims of people whose home begins with this.
    """

    def apply(session: Session, lines: list[BankLine]) -> Sequence[Outcome]:
        return [_take_result(session, line, recorder, scope) for line in lines]

    return ImportSpec("subsidy_results", FIELDS, read_bank_line, apply)


def read_bank_line(row: SheetRow) -> BankLine | list[RowError]:
    """Return what a row of a bank's answer says, or everything that is wrong with it."""
    number = _NUMBER.fullmatch(row.text("claim"))
    said = row.text("result").lower()
    amount = read_money(row.text("amount")) if row.text("amount") else None
    checks = (
        ("claim", NO_CLAIM, number is not None),
        ("amount", NO_AMOUNT, amount is not None and not isinstance(amount, Unread)),
        ("result", NO_RESULT, said in _PAID | _CAME_BACK),
    )
    wrong = [RowError(name, fault) for name, fault, right in checks if not right]
    if wrong or number is None or amount is None or isinstance(amount, Unread):
        return wrong
    run_id, claim_id = map(int, number.groups())
    return BankLine(run_id, claim_id, amount, said in _PAID, row.text("why")[:200])


def business_number(run_id: int, claim_id: int) -> str:
    """Return what a claim is called in a payment file; nothing that Excel takes for a date."""
    return f"F{run_id}-{claim_id}"


def _take_result(
    session: Session, line: BankLine, recorder: Recorder, scope: str | None
) -> Outcome:
    try:
        claim = lock_claim(session, line.claim_id)
    except NotFound:
        return Outcome("refused", NOT_SENT)
    in_reach = scope is None or claim.home_division.startswith(scope)
    if not in_reach or claim.run_id != line.run_id:  # sent again meanwhile, in another file
        return Outcome("refused", NOT_SENT)
    if claim.amount_fen != line.amount_fen:
        return Outcome("refused", OTHER_AMOUNT)
    step, state = (Step.PAY, ClaimState.PAID) if line.paid else (Step.RETURN, ClaimState.RETURNED)
    if claim.state == state:
        return Outcome("unchanged")
    try:
        append_step(session, claim, step, recorder, line.why)
    except Refusal as refusal:
        return Outcome("refused", translate(refusal.message, **refusal.params))
    return Outcome("updated")
