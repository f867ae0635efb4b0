"""Tables of employers and positions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jobfair.employers.rules.drafts import (
    EmployerKind,
    EmployerStatus,
    PayType,
    PositionStatus,
    Shift,
)
from jobfair.kit.db import Base, one_of


class Employer(Base):
    """用人单位: an enterprise, by its credit code or, until that is known, by its name."""

    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint(one_of("status", EmployerStatus), name="status_known"),
        CheckConstraint(one_of("kind", EmployerKind), name="kind_known"),
        CheckConstraint("length(credit_code) = 18", name="credit_code_length"),
        CheckConstraint(
            "status <> 'verified' OR credit_code IS NOT NULL", name="verified_has_credit_code"
        ),
        CheckConstraint("length(name) > 0", name="name_given"),
        Index(
            "uq_employer_name_key",
            "name_key",
            unique=True,
            sqlite_where=text("credit_code IS NULL"),
            postgresql_where=text("credit_code IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    industry_code: Mapped[str | None] = mapped_column(String(10))
    division_code: Mapped[str | None] = mapped_column(String(12), index=True)
    address: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    contact_name: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    contact_phone: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    status: Mapped[str] = mapped_column(String(20), index=True)
    verified_by: Mapped[int | None]
    verified_at: Mapped[datetime | None]
    refused_reason: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(index=True)


class Position(Base):
    """岗位: one kind of job at one workplace, for ``headcount`` people."""

    __tablename__ = "position"
    __table_args__ = (
        UniqueConstraint("employer_id", "fingerprint"),
        CheckConstraint("headcount > 0", name="headcount_positive"),
        CheckConstraint("wage_low > 0", name="wage_positive"),
        CheckConstraint("wage_high >= wage_low", name="wage_is_a_range"),
        CheckConstraint("(wage_low IS NULL) = (wage_high IS NULL)", name="wage_has_both_ends"),
        CheckConstraint("hours_per_day > 0 AND hours_per_day <= 24", name="hours_possible"),
        CheckConstraint("days_per_week > 0 AND days_per_week <= 7", name="days_possible"),
        CheckConstraint("max_age >= min_age", name="ages_are_a_range"),
        CheckConstraint("min_experience_years >= 0", name="experience_not_negative"),
        CheckConstraint(one_of("status", PositionStatus), name="status_known"),
        CheckConstraint(one_of("pay_type", PayType), name="pay_type_known"),
        CheckConstraint(one_of("shift", Shift), name="shift_known"),
        CheckConstraint("status <> 'open' OR headcount IS NOT NULL", name="open_has_headcount"),
        Index("ix_position_status_revision", "status", "revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    source_ref: Mapped[str | None] = mapped_column(String(300), index=True)
    source: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    content_digest: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    occupation_code: Mapped[str | None] = mapped_column(String(20), index=True)
    headcount: Mapped[int | None]
    wage_low: Mapped[int | None]  # fen per month
    wage_high: Mapped[int | None]  # fen per month
    wage_text: Mapped[str] = mapped_column(String(200))
    pay_type: Mapped[str | None] = mapped_column(String(20))
    pay_months: Mapped[int | None]
    hours_per_day: Mapped[float | None]
    days_per_week: Mapped[float | None]
    shift: Mapped[str | None] = mapped_column(String(20))
    night_shift: Mapped[bool | None]
    height_work: Mapped[bool]
    restricted_for_minors: Mapped[bool]
    lodging: Mapped[bool | None]
    meals: Mapped[bool | None]
    insurance: Mapped[bool | None]
    min_education: Mapped[str | None] = mapped_column(String(10))
    education_rank: Mapped[int | None]
    min_experience_years: Mapped[int | None]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    certificates: Mapped[list[str]] = mapped_column(JSON)
    skills: Mapped[list[str]] = mapped_column(JSON)
    readings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    requirements: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    workplace_division: Mapped[str | None] = mapped_column(String(12), index=True)
    workplace_text: Mapped[str] = mapped_column(String(300))
    starts_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    dispatch: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20), index=True)
    missing: Mapped[list[str]] = mapped_column(JSON)
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    revision: Mapped[int] = mapped_column(index=True)
    employer: Mapped[Employer] = relationship(lazy="raise")
