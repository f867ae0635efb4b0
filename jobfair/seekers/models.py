"""Tables of seekers. Names, ID numbers, phones and addresses are sealed; indexes are keyed."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, append_only, one_of
from jobfair.seekers.rules.drafts import HouseholdCategory, HukouKind, SeekerStatus
from jobfair.seekers.rules.household import RELATIONS, ExitState, LabourCapacity

_INDEX = LargeBinary(32)


def _household_known() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint(one_of("relation", RELATIONS), name="relation_known"),
        CheckConstraint(one_of("labour_capacity", LabourCapacity), name="capacity_known"),
        CheckConstraint(one_of("exit_state", ExitState), name="exit_known"),
    )


class Seeker(Base):
    """求职者: one person, by ID number."""

    __tablename__ = "seeker"
    __table_args__ = (
        CheckConstraint(one_of("status", SeekerStatus), name="status_known"),
        CheckConstraint(one_of("household_category", HouseholdCategory), name="category_known"),
        CheckConstraint(one_of("hukou_kind", HukouKind), name="hukou_kind_known"),
        *_household_known(),
        CheckConstraint("sex IN ('1', '2')", name="sex_known"),
        CheckConstraint("wage_min > 0", name="wage_positive"),
        CheckConstraint("experience_years >= 0", name="experience_not_negative"),
        CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_somebody"
        ),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        Index("ix_seeker_home_status", "home_division", "status"),
        # Holds all that the first page counts, so that it need not read the records themselves.
        Index("ix_seeker_standing", "expires_on", "status", "home_division", "consent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    source_ref: Mapped[str | None] = mapped_column(String(100))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    name_index: Mapped[bytes] = mapped_column(_INDEX, index=True)
    initials_index: Mapped[bytes] = mapped_column(_INDEX, index=True)
    id_number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_index: Mapped[bytes] = mapped_column(_INDEX, unique=True)
    id_last4_index: Mapped[bytes] = mapped_column(LargeBinary(8), index=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(_INDEX, index=True)
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    birth_date: Mapped[date]
    sex: Mapped[str] = mapped_column(String(1))  # GB/T 2261.1
    ethnic_group: Mapped[str | None] = mapped_column(String(2))  # GB/T 3304
    education: Mapped[str | None] = mapped_column(String(2))  # GB/T 4658
    education_rank: Mapped[int | None]  # 1 primary … 6 postgraduate
    home_division: Mapped[str] = mapped_column(String(12))  # today's code
    id_division: Mapped[str] = mapped_column(String(6))  # as in the ID number
    village: Mapped[str | None] = mapped_column(String(100))
    block: Mapped[str] = mapped_column(String(20), index=True)  # birth date and county
    hukou_kind: Mapped[str | None] = mapped_column(String(20))
    household_category: Mapped[str | None] = mapped_column(String(20), index=True)
    household_category_since: Mapped[date | None]
    household_no_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    household_index: Mapped[bytes | None] = mapped_column(_INDEX, index=True)  # in its county
    relation: Mapped[str | None] = mapped_column(String(2))  # to the head, GB/T 4761
    household_since: Mapped[date | None]
    labour_capacity: Mapped[str | None] = mapped_column(String(20))  # a verdict, never a reason
    labour_capacity_since: Mapped[date | None]
    exit_state: Mapped[str | None] = mapped_column(String(20))
    exit_since: Mapped[str | None] = mapped_column(String(10))  # 2019, 2019-12 or 2019-12-05
    experience_years: Mapped[int | None]
    skills: Mapped[list[str]] = mapped_column(JSON)
    certificates: Mapped[list[str]] = mapped_column(JSON)
    wage_min: Mapped[int | None]  # fen per month
    wanted_divisions: Mapped[list[str]] = mapped_column(JSON)
    available_from: Mapped[date | None]
    travel_group: Mapped[str | None] = mapped_column(String(60))
    only_with_group: Mapped[bool] = mapped_column(server_default=false())
    refusals: Mapped[list[str]] = mapped_column(JSON)
    current_job: Mapped[str | None] = mapped_column(String(100))
    employed_since: Mapped[date | None] = mapped_column(index=True)
    consent_version: Mapped[str | None] = mapped_column(String(20))
    consent_at: Mapped[datetime | None]
    consent_withdrawn_at: Mapped[datetime | None]
    registered_at: Mapped[datetime] = mapped_column(index=True)
    expires_on: Mapped[date]
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("seeker.id"), index=True)
    erased_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(20))
    # Keyed digest of the last file row laid over this record: the same row again changes nothing.
    file_mark: Mapped[bytes | None] = mapped_column(_INDEX)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(index=True)


class SeekerWish(Base):
    """A kind of work a seeker wants, in order."""

    __tablename__ = "seeker_wish"

    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(100))
    occupation_code: Mapped[str | None] = mapped_column(String(20), index=True)


class HouseholdRecord(Base):
    """家庭情况: what was on record of a person's household from an instant on.

    Each change is a row more, so that what was known when can be said; they go with the person's
    data.
    """

    __tablename__ = "household_record"
    __table_args__ = _household_known()

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    household_no_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    relation: Mapped[str | None] = mapped_column(String(2))  # to the head, GB/T 4761
    household_since: Mapped[date | None]
    labour_capacity: Mapped[str | None] = mapped_column(String(20))  # a verdict, never a reason
    labour_capacity_since: Mapped[date | None]
    exit_state: Mapped[str | None] = mapped_column(String(20))
    exit_since: Mapped[str | None] = mapped_column(String(10))  # 2019, 2019-12 or 2019-12-05
    source: Mapped[str] = mapped_column(String(20))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    recorded_at: Mapped[datetime]


class SeekerMove(Base):
    """搬迁: another home on record from a day on; the present one stands on the record itself."""

    __tablename__ = "seeker_move"
    __table_args__ = (CheckConstraint("from_division <> to_division", name="elsewhere"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    since: Mapped[date] = mapped_column(index=True)
    from_division: Mapped[str] = mapped_column(String(12))
    to_division: Mapped[str] = mapped_column(String(12))
    recorded_at: Mapped[datetime]


append_only(SeekerMove)


class NearDuplicate(Base):
    """Two records that may be one person."""

    __tablename__ = "near_duplicate"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id"),
        CheckConstraint("a_id < b_id", name="pair_in_order"),
        CheckConstraint("state IN ('open', 'kept_apart', 'merged')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    a_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"))
    b_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    score: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]


class SeekerMerge(Base):
    """One record merged into another, with what that changed, sealed, so that it can be undone."""

    __tablename__ = "seeker_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    snapshot: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    by: Mapped[int | None]
    undone_at: Mapped[datetime | None]
