"""Reads of claims: the list with its totals, one claim with its steps, payment files."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from jobfair.accounts.queries import recorder_names
from jobfair.agents.models import Agent
from jobfair.employers.models import Employer
from jobfair.kit import clock, crypto
from jobfair.notices.queries import Announced, announced
from jobfair.notices.rules import NoticeKind
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.queries.sealed import open_column
from jobfair.subsidies.models import SubsidyClaim, SubsidyRule, SubsidyRun, SubsidyStep
from jobfair.subsidies.rules.claims import ClaimState
from jobfair.subsidies.rules.terms import Terms, read_stored


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What a list of claims is narrowed to.

    Attributes:
        scope: the caller's division: only people whose home begins with it.
        place: home county or township.
        seekers: only these people.
    """

    scope: str | None = None
    rule_id: int | None = None
    state: ClaimState | None = None
    place: str = ""
    run_id: int | None = None
    seekers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list; the person is masked."""

    id: int
    rule_id: int
    code: str
    title: str
    year: int
    seeker_id: int
    name: str
    id_number: str
    phone: str
    home_division: str
    state: str
    since: date
    amount_fen: int
    applied_on: date | None
    run_id: int | None
    notice: Announced
    payee_id: int | None  # of the employer or agent who gets the money
    payee: str  # its name; empty where the person gets it


@dataclass(frozen=True, slots=True)
class Totals:
    """How many claims, of how many persons, for how much."""

    claims: int
    persons: int
    fen: int


_OF = Seeker.id == SubsidyClaim.seeker_id
_TOTALS = (
    func.count(SubsidyClaim.id),
    func.count(PERSON.distinct()),
    func.coalesce(func.sum(SubsidyClaim.amount_fen), 0),
)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as shown."""

    step: str
    at: datetime
    user: str
    office: str
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """A claim with its terms and steps; the account is masked."""

    row: ClaimRow
    terms: Terms
    version: int
    applicant: str | None
    documents: tuple[str, ...]
    evidence: str
    account: str
    bank: str
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A payment file; ``paid`` and ``returned`` are what the bank said so far."""

    id: int
    rule_id: int
    title: str
    year: int
    division: str
    claims: int
    total_fen: int
    made_at: datetime
    made_by: str
    paid: int
    returned: int


def list_claims(
    session: Session, wanted: ClaimFilter, *, limit: int = 50, offset: int = 0
) -> list[ClaimRow]:
    """Return a page of claims by home and person."""
    found = session.execute(
        select(SubsidyClaim, SubsidyRule)
        .join(SubsidyRule, SubsidyRule.id == SubsidyClaim.rule_id)
        .where(*_conditions(wanted))
        .order_by(SubsidyClaim.home_division, SubsidyClaim.id)
        .limit(limit)
        .offset(offset)
    ).all()
    people = seekers.names_of(session, {claim.seeker_id for claim, _rule in found})
    ids = [claim.id for claim, _rule in found]
    notices = announced(session, NoticeKind.SUBSIDY, ids, clock.now())
    payees = _payees(session, [claim for claim, _rule in found])
    return [
        _row(
            claim,
            rule,
            people[claim.seeker_id],
            notices[claim.id],
            payees.get(claim.id, ""),
        )
        for claim, rule in found
    ]


def _payees(session: Session, claims: Collection[SubsidyClaim]) -> dict[int, str]:
    """Return the names of the employers and agents who get the money, by claim."""
    firms = {one.employer_id for one in claims if one.employer_id}
    agents = {one.agent_id for one in claims if one.agent_id}
    of_firms = session.execute(select(Employer.id, Employer.name).where(Employer.id.in_(firms)))
    of_agents = session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(agents)))
    firm, agent = ({row.id: row.name for row in rows} for rows in (of_firms, of_agents))
    return {
        one.id: firm.get(one.employer_id or 0) or agent.get(one.agent_id or 0, "")
        for one in claims
        if one.employer_id or one.agent_id
    }


def count_claims(session: Session, wanted: ClaimFilter) -> Totals:
    """Return how many claims, persons and fen a filter finds."""
    found = session.execute(select(*_TOTALS).join(Seeker, _OF).where(*_conditions(wanted))).one()
    return Totals(found[0], found[1], int(found[2]))


def count_states(session: Session, wanted: ClaimFilter) -> dict[str, int]:
    """Return how many claims stand in each state."""
    found = session.execute(
        select(SubsidyClaim.state, func.count())
        .where(*_conditions(wanted))
        .group_by(SubsidyClaim.state)
    )
    return {row[0]: row[1] for row in found}


def count_by_rule(session: Session, wanted: ClaimFilter) -> dict[int, Totals]:
    """Return how many claims, persons and fen a filter finds, by version of terms."""
    found = session.execute(
        select(SubsidyClaim.rule_id, *_TOTALS)
        .join(Seeker, _OF)
        .where(*_conditions(wanted))
        .group_by(SubsidyClaim.rule_id)
    )
    return {row[0]: Totals(row[1], row[2], int(row[3])) for row in found}


def claim_ids(session: Session, wanted: ClaimFilter) -> list[int]:
    """Return the ids of all claims a filter finds."""
    found = select(SubsidyClaim.id).where(*_conditions(wanted)).order_by(SubsidyClaim.id)
    return list(session.execute(found).scalars())


def places(session: Session, scope: str | None) -> list[str]:
    """Return the home counties that have claims."""
    county = func.substr(SubsidyClaim.home_division, 1, 6)
    statement = select(county).where(*_conditions(ClaimFilter(scope=scope))).distinct()
    return sorted(session.execute(statement).scalars())


def home_of_claim(session: Session, claim_id: int) -> str | None:
    """Return the home of a claim's person; None without such a claim."""
    found = select(SubsidyClaim.home_division).where(SubsidyClaim.id == claim_id)
    return session.execute(found).scalar_one_or_none()


def find_claim(session: Session, claim_id: int) -> ClaimDetail | None:
    """Return one claim with its steps, the first one first."""
    claim = session.get(SubsidyClaim, claim_id)
    rule = session.get(SubsidyRule, claim.rule_id) if claim else None
    if claim is None or rule is None:
        return None
    person = seekers.names_of(session, (claim.seeker_id,))[claim.seeker_id]
    notice = announced(session, NoticeKind.SUBSIDY, (claim.id,), clock.now())[claim.id]
    payee = _payees(session, [claim]).get(claim.id, "")
    return ClaimDetail(
        row=_row(claim, rule, person, notice, payee),
        terms=read_stored(rule.terms),
        version=rule.version,
        applicant=claim.applicant,
        documents=tuple(claim.documents),
        evidence=claim.evidence,
        account=f"**** {account_of(claim)[-4:]}" if claim.account_sealed else "",
        bank=claim.bank,
        steps=_steps(session, claim_id),
    )


def account_of(claim: SubsidyClaim) -> str:
    """Return the number of a claim's account in clear; empty without one."""
    if claim.account_sealed is None:
        return ""
    return crypto.vault().open(
        claim.account_sealed, table="subsidy_claim", column="account_sealed", row=claim.key
    )


def list_runs(
    session: Session, scope: str | None, *, limit: int = 50, offset: int = 0
) -> list[RunRow]:
    """Return a page of payment files, the newest first."""
    query = _runs(scope).order_by(SubsidyRun.id.desc()).limit(limit).offset(offset)
    return _run_rows(session, query)


def count_runs(session: Session, scope: str | None) -> int:
    """Return how many payment files there are."""
    found = select(func.count()).select_from(_runs(scope).subquery())
    return session.execute(found).scalar_one()


def find_run(session: Session, run_id: int) -> RunRow | None:
    """Return one payment file."""
    return next(iter(_run_rows(session, _runs(None).where(SubsidyRun.id == run_id))), None)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One line of a payment file, in clear."""

    claim_id: int
    name: str
    id_number: str
    phone: str
    home_division: str
    village: str
    account: str
    bank: str
    amount_fen: int
    payee: str
    payee_number: str  # of the ID card, or the employer's credit code or agent's licence


def payment_lines(session: Session, run_id: int) -> list[PaymentLine]:
    """Return the lines of a payment file in clear; whoever asks records that it was read."""
    found = session.execute(
        select(
            SubsidyClaim,
            Seeker,
            func.coalesce(Employer.name, Agent.name),
            func.coalesce(Employer.credit_code, Agent.licence),
        )
        .join(Seeker, Seeker.id == SubsidyClaim.seeker_id)
        .outerjoin(Employer, Employer.id == SubsidyClaim.employer_id)
        .outerjoin(Agent, Agent.id == SubsidyClaim.agent_id)
        .where(SubsidyClaim.run_id == run_id)
        .order_by(SubsidyClaim.home_division, SubsidyClaim.id)
    )
    return [
        PaymentLine(
            claim_id=claim.id,
            name=open_column(person, "name_sealed"),
            id_number=open_column(person, "id_number_sealed"),
            phone=open_column(person, "phone_sealed"),
            home_division=claim.home_division,
            village=person.village or "",
            account=account_of(claim),
            bank=claim.bank,
            amount_fen=claim.amount_fen,
            payee=firm or open_column(person, "name_sealed"),
            payee_number=(code or "") if firm else open_column(person, "id_number_sealed"),
        )
        for claim, person, firm, code in found
    ]


def _conditions(wanted: ClaimFilter) -> list[ColumnElement[bool]]:
    equal = (
        (SubsidyClaim.rule_id, wanted.rule_id),
        (SubsidyClaim.state, wanted.state),
        (SubsidyClaim.run_id, wanted.run_id),
    )
    found: list[ColumnElement[bool]] = [
        column == value for column, value in equal if value is not None
    ]
    home = SubsidyClaim.home_division
    found += [home.startswith(p, autoescape=True) for p in (wanted.scope, wanted.place) if p]
    if wanted.seekers is not None:
        found.append(SubsidyClaim.seeker_id.in_(wanted.seekers))
    return found


def _row(
    claim: SubsidyClaim,
    rule: SubsidyRule,
    person: seekers.MaskedPerson,
    notice: Announced,
    payee: str,
) -> ClaimRow:
    return ClaimRow(
        id=claim.id,
        rule_id=claim.rule_id,
        code=rule.code,
        title=rule.title,
        year=rule.year,
        seeker_id=claim.seeker_id,
        name=person.name,
        id_number=person.id_number,
        phone=person.phone,
        home_division=claim.home_division,
        state=claim.state,
        since=claim.since,
        amount_fen=claim.amount_fen,
        applied_on=claim.applied_on,
        run_id=claim.run_id,
        notice=notice,
        payee_id=claim.employer_id or claim.agent_id,
        payee=payee,
    )


def _steps(session: Session, claim_id: int) -> tuple[StepRow, ...]:
    query = select(SubsidyStep).where(SubsidyStep.claim_id == claim_id).order_by(SubsidyStep.id)
    kept = session.execute(query).scalars().all()
    users, offices = recorder_names(
        session,
        {step.user_id for step in kept if step.user_id},
        {step.office_id for step in kept if step.office_id},
    )
    return tuple(
        StepRow(
            step=step.step,
            at=step.at,
            user=users.get(step.user_id or 0, ""),
            office=offices.get(step.office_id or 0, ""),
            amount_fen=step.amount_fen,
            reason=step.reason,
        )
        for step in kept
    )


def _runs(scope: str | None) -> Select[*tuple[Any, ...]]:
    def in_state(state: ClaimState) -> Any:
        return (
            select(func.count(SubsidyClaim.id))
            .where(SubsidyClaim.run_id == SubsidyRun.id, SubsidyClaim.state == state)
            .scalar_subquery()
        )

    query: Select[*tuple[Any, ...]] = select(
        SubsidyRun,
        SubsidyRule.title,
        SubsidyRule.year,
        in_state(ClaimState.PAID).label("paid"),
        in_state(ClaimState.RETURNED).label("returned"),
    ).join(SubsidyRule, SubsidyRule.id == SubsidyRun.rule_id)
    if scope:
        query = query.where(SubsidyRun.division.startswith(scope, autoescape=True))
    return query


def _run_rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[RunRow]:
    rows = session.execute(query).all()
    names, _ = recorder_names(session, {row[0].made_by for row in rows if row[0].made_by}, ())
    return [
        RunRow(
            id=run.id,
            rule_id=run.rule_id,
            title=title,
            year=year,
            division=run.division,
            claims=run.claims,
            total_fen=run.total_fen,
            made_at=run.made_at,
            made_by=names.get(run.made_by or 0, ""),
            paid=paid,
            returned=returned,
        )
        for run, title, year, paid, returned in rows
    ]
