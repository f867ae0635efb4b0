"""Subsidies of a simulated year on their way to the money, with books of their own.

Some never apply, some are refused; of what is sent the bank returns a part, and some of that is
sent again to another account. The bank is the simulator's: it answers the file that was sent.
"""

import csv
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.accounts.services import (
    OrganisationDraft,
    UserDraft,
    create_organisation,
    create_user,
    temporary_password,
)
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.kit.sheets.importing import run_import
from jobfair.subsidies.queries.claims import (
    ClaimFilter,
    claim_ids,
    count_claims,
    list_runs,
    payment_lines,
)
from jobfair.subsidies.rules.claims import Applicant, Application, ClaimState, Step
from jobfair.subsidies.services import payment
from jobfair.subsidies.services.claims import (
    announce,
    correct_account,
    take_application,
    take_steps,
)

_DIVISION = "52"
_AT_ONCE = 200  # claims in one transaction
_NOTICE = timedelta(days=31)  # longer than a public notice stands
_ACCOUNT = "621700{:010}"


@dataclass(slots=True)
class _Books:
    """How much was sent, what the simulator's bank paid, and of which claims it did not."""

    exported: int = 0
    paid: int = 0
    returned: set[int] = field(default_factory=set)


class Paydays:
    """An office of two who pay what was proposed, and a bank."""

    def __init__(self, database: Database, fen: int) -> None:
        """Open the office; each claim is of so many fen."""
        self._database = database
        self._fen = fen
        self._books = _Books()
        self.records = 0
        with database.writing() as session:
            draft = OrganisationDraft(OrganisationKind.LABOUR_OFFICE, "就业局", _DIVISION)
            office = create_organisation(session, draft)
            self._first, self._second = (
                Recorder(
                    create_user(
                        session,
                        UserDraft(f"sim-{place}", "经办", temporary_password()),
                        organisation_id=office,
                        role=Role.CLERK,
                    ),
                    office,
                )
                for place in (1, 2)
            )

    def pay(self, rule_id: int) -> None:
        """Bring the claims of some terms to their money, two notices' time ahead."""
        with self._database.reading() as session:
            ids = claim_ids(session, ClaimFilter(rule_id=rule_id))
        # Of ten the first does not apply, the second is refused, and payments to two come back.
        applying = [claim for place, claim in enumerate(ids) if place % 10 != 0]
        refused = {claim for place, claim in enumerate(ids) if place % 10 == 1}
        coming_back = {claim for place, claim in enumerate(ids) if place % 10 in {2, 3}}
        mended = {claim for place, claim in enumerate(ids) if place % 10 == 3}
        good = [claim for claim in applying if claim not in refused]
        if not good:
            return
        self._step(ids, Step.TELL, self._first)
        self._apply(applying)
        with self._database.writing() as session:
            announce(session, applying, "公示", self._first)
        self._step(refused, Step.REFUSE, self._first, "材料不实")
        self._step(good, Step.CHECK, self._first)
        self._step(good, Step.APPROVE, self._second)
        with clock.ahead(_NOTICE):
            self._send(rule_id, lambda claim: claim not in coming_back)
            with self._database.writing() as session:
                for claim in sorted(mended):
                    account = _ACCOUNT.format(10**9 + claim)
                    correct_account(session, claim, account, "信用社", self._first)
            if mended:
                self._send(rule_id, lambda _claim: True)

    def _apply(self, claims: Sequence[int]) -> None:
        for at in range(0, len(claims), _AT_ONCE):
            with self._database.writing() as session:
                for claim in claims[at : at + _AT_ONCE]:
                    papers = Application(Applicant.SELF, (), "", _ACCOUNT.format(claim), "信用社")
                    take_application(session, claim, papers, self._first)
        self.records += len(claims)

    def _step(
        self, claims: Collection[int], step: Step, recorder: Recorder, reason: str = ""
    ) -> None:
        with self._database.writing() as session:
            for answer in take_steps(session, claims, step, recorder, reason):
                if answer.refusal:
                    raise answer.refusal
        self.records += len(claims)

    def _send(self, rule_id: int, pays: Callable[[int], bool]) -> None:
        """Make a payment file, let the bank pay some of it, and take in its answer."""
        with self._database.writing() as session:
            sent = payment.send_for_payment(session, rule_id, self._second, division=_DIVISION)
        with self._database.reading() as session:
            lines = payment_lines(session, sent.run_id)
        answers = []
        for line in lines:
            self._books.exported += 1
            self._books.returned.discard(line.claim_id)
            if pays(line.claim_id):
                self._books.paid += 1
                said = ("成功", "")
            else:
                self._books.returned.add(line.claim_id)
                said = ("失败", "账号不存在")
            number = payment.business_number(sent.run_id, line.claim_id)
            answers.append((number, f"{line.amount_fen / 100:.2f}", *said))
        headers = (payment.NUMBER, payment.AMOUNT, payment.RESULT, payment.WHY)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "bank.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([headers, *answers])
            spec = payment.result_spec(self._second, scope=None)
            report = run_import(self._database, spec, path).report
        if report.refused:
            raise AssertionError(f"{report.refused} lines of the bank's answer were refused")
        self.records += 2 * len(lines)

    def told(self) -> dict[str, int]:
        """Return what the program says of its payment files and its claims."""
        with self._database.reading() as session:
            runs = list_runs(session, None)
            paid, returned = (
                count_claims(session, ClaimFilter(state=state))
                for state in (ClaimState.PAID, ClaimState.RETURNED)
            )
        return {
            "exported": sum(run.claims for run in runs),
            "exported_fen": sum(run.total_fen for run in runs),
            "paid": paid.claims,
            "paid_fen": paid.fen,
            "returned": returned.claims,
            "returned_fen": returned.fen,
        }

    def booked(self) -> dict[str, int]:
        """Return what the books say."""
        books = self._books
        counts = {
            "exported": books.exported,
            "paid": books.paid,
            "returned": len(books.returned),
        }
        return counts | {f"{name}_fen": count * self._fen for name, count in counts.items()}
