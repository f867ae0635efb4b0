"""Tables of subsidies: terms by version, claims with their steps, payment files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, append_only, one_of
from jobfair.subsidies.rules.claims import DEAD, ClaimState, Step
from jobfair.subsidies.rules.terms import Family, Payee

_LIVE = text(f"state NOT IN ({', '.join(repr(str(one)) for one in sorted(DEAD))})")


class SubsidyRule(Base):
    """One version of an office's terms for one year; never changed, a new version follows."""

    __tablename__ = "subsidy_rule"
    __table_args__ = (
        CheckConstraint(one_of("family", Family), name="family_known"),
        UniqueConstraint("code", "year", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    version: Mapped[int]
    jurisdiction: Mapped[str] = mapped_column(String(12))
    family: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(100))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(500))
    added_at: Mapped[datetime]
    added_by: Mapped[int | None]


class SubsidyClaim(Base):
    """One person's claim; ``state`` repeats what its steps say.

    The database itself holds the rule that nobody has two live claims for one thing and period,
    whichever county's terms they are by; nor is there one for two employers.
    """

    __tablename__ = "subsidy_claim"
    __table_args__ = (
        CheckConstraint(one_of("family", Family), name="family_known"),
        CheckConstraint(one_of("state", ClaimState), name="state_known"),
        CheckConstraint(one_of("payee", Payee), name="payee_known"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        Index(
            "uq_subsidy_claim_live",
            "seeker_id",
            "family",
            "period",
            "payee",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_subsidy_claim_home_state", "home_division", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("subsidy_rule.id"), index=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    payee: Mapped[str] = mapped_column(String(10), server_default=Payee.PERSON)
    employer_id: Mapped[int | None] = mapped_column(  # who gets the money, where it is an employer
        ForeignKey("employer.id"), index=True
    )
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"), index=True)
    home_division: Mapped[str] = mapped_column(String(12))
    family: Mapped[str] = mapped_column(String(20))
    period: Mapped[int]  # the year; 0 for once in a life
    state: Mapped[str] = mapped_column(String(10), index=True)
    since: Mapped[date]  # first day of entitlement
    amount_fen: Mapped[int]
    applied_on: Mapped[date | None]
    applicant: Mapped[str | None] = mapped_column(String(20))
    documents: Mapped[list[str]] = mapped_column(JSON)
    evidence: Mapped[str] = mapped_column(String(200))
    account_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    bank: Mapped[str] = mapped_column(String(100))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("subsidy_run.id"), index=True)


class SubsidyStep(Base):
    """One step of a claim."""

    __tablename__ = "subsidy_step"
    __table_args__ = (CheckConstraint(one_of("step", Step), name="step_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("subsidy_claim.id"), index=True)
    step: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    user_id: Mapped[int | None]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    amount_fen: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))


class SubsidyRun(Base):
    """发放批次: one payment file."""

    __tablename__ = "subsidy_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("subsidy_rule.id"), index=True)
    division: Mapped[str] = mapped_column(String(12))
    claims: Mapped[int]
    total_fen: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]


append_only(SubsidyRule)
append_only(SubsidyStep)
append_only(SubsidyRun)
