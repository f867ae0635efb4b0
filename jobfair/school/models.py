"""Tables of students and their events."""

from datetime import date, datetime

from sqlalchemy import (
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
from jobfair.kit.events.models import EventColumns, event_constraints
from jobfair.school.rules.events import Level, StudentEventKind
from jobfair.seekers.rules.drafts import HouseholdCategory


class Student(Base):
    """学生: one person's place, applied for or taken, in one intake year of a school.

    ``enrolled_on`` and ``left_on`` repeat what the events say, so that the database itself can
    hold the rule that nobody has a place in two schools.
    """

    __tablename__ = "student"
    __table_args__ = (
        UniqueConstraint("organisation_id", "intake_year", "id_index"),
        UniqueConstraint("organisation_id", "student_number"),
        CheckConstraint(one_of("level", Level), name="level_known"),
        CheckConstraint(one_of("household_category", HouseholdCategory), name="category_known"),
        CheckConstraint("sex IN ('1', '2')", name="sex_known"),
        CheckConstraint("student_number <> ''", name="number_not_empty"),
        Index(
            "uq_student_place",
            "id_index",
            unique=True,
            sqlite_where=text("left_on IS NULL AND NOT void"),
            postgresql_where=text("left_on IS NULL AND NOT void"),
        ),
        Index("ix_student_organisation_year", "organisation_id", "intake_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    intake_year: Mapped[int]
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    name_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    initials_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    id_number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_index: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    # Short and within the home county, so that it does not give the last four away.
    id_last4_index: Mapped[bytes] = mapped_column(LargeBinary(8), index=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    birth_date: Mapped[date]
    sex: Mapped[str] = mapped_column(String(1))  # GB/T 2261.1
    home_division: Mapped[str] = mapped_column(String(12))  # at application
    household_category: Mapped[str | None] = mapped_column(String(20))  # on that day
    category_valid_until: Mapped[date | None]
    guardian_consent_on: Mapped[date | None]
    education: Mapped[str | None] = mapped_column(String(2))  # GB/T 4658
    major: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(20))
    school_class: Mapped[str] = mapped_column(String(60))
    student_number: Mapped[str | None] = mapped_column(String(40))
    applied_on: Mapped[date]
    enrolled_on: Mapped[date | None]
    left_on: Mapped[date | None]
    void: Mapped[bool]  # every event was reversed
    source: Mapped[str] = mapped_column(String(200))
    # Keyed digest of the last draft laid over this record: the same row again changes nothing.
    file_mark: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class StudentEventRecord(EventColumns, Base):
    """One thing that happened to a student."""

    __tablename__ = "student_event"
    __table_args__ = event_constraints(__tablename__, StudentEventKind)

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)


append_only(StudentEventRecord)
