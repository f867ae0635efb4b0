"""Tables of follow-ups."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.follow_ups.rules.cases import CASE_DAYS, CaseOutcome
from jobfair.follow_ups.rules.checkpoints import Checkpoint, DueState
from jobfair.follow_ups.rules.outcomes import Outcome, Way
from jobfair.kit.db import Base, append_only, one_of
from jobfair.kit.events.rules import Grade

_OPEN = text("state = 'open'")
_NOT_CLOSED = text("closed_on IS NULL")


class FollowUpDue(Base):
    """应回访: one checkpoint of one placement.

    Home, window and attempts are repeated here so that a county's work list reads one index.
    """

    __tablename__ = "follow_up_due"
    __table_args__ = (
        CheckConstraint(one_of("checkpoint", Checkpoint), name="checkpoint_known"),
        CheckConstraint(one_of("state", DueState), name="state_known"),
        CheckConstraint("state <> 'done' OR follow_up_id IS NOT NULL", name="done_by_follow_up"),
        Index("uq_follow_up_due_placement", "placement_id", "checkpoint", unique=True),
        Index(
            "ix_follow_up_due_work",
            "county",
            "opens_on",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_follow_up_due_caller",
            "caller_id",
            "opens_on",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"))
    county: Mapped[str] = mapped_column(String(6))  # of the person's home, as it is now
    home_division: Mapped[str] = mapped_column(String(12))
    checkpoint: Mapped[str] = mapped_column(String(3))
    first_on: Mapped[date]  # the first day at work that the window hangs on
    due_on: Mapped[date]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8))
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    attempts: Mapped[int]  # that reached nobody
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_up.id"))


class FollowUp(Base):
    """跟踪回访: somebody was asked, or tried to be; what was found and on what evidence."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint(one_of("outcome", Outcome), name="outcome_known"),
        CheckConstraint(one_of("way", Way), name="way_known"),
        CheckConstraint(one_of("grade", Grade), name="grade_known"),
        CheckConstraint(one_of("checkpoint", Checkpoint), name="checkpoint_known"),
        CheckConstraint("wage_fen > 0", name="wage_positive"),
        CheckConstraint("seconds >= 0", name="seconds_positive"),
        CheckConstraint("way <> 'relative' OR relative_sealed IS NOT NULL", name="relative_named"),
        Index("ix_follow_up_recorder", "recorded_by", "recorded_at"),
        Index("ix_follow_up_day", "happened_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    checkpoint: Mapped[str | None] = mapped_column(String(3))  # None for a contact beside one
    outcome: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(10))
    grade: Mapped[str] = mapped_column(String(1))
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]  # user id; None for the person's own link and for files
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    dialled: Mapped[str] = mapped_column(String(20))  # masked
    seconds: Mapped[int | None]  # length of the call
    relative_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    wage_fen: Mapped[int | None]  # per month, as paid
    wage_confirmed: Mapped[bool]  # odd, and said to be right
    problems: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(300))
    events: Mapped[list[int]] = mapped_column(JSON)  # what it wrote on the placement's line
    next_placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))


append_only(FollowUp)


class FollowUpTerms(Base):
    """实际条件: what somebody found at the post beside the pay, as told at a follow-up."""

    __tablename__ = "follow_up_terms"
    __table_args__ = (
        CheckConstraint("hours_per_day > 0 AND hours_per_day <= 24", name="hours_possible"),
        CheckConstraint("days_per_week > 0 AND days_per_week <= 7", name="days_possible"),
        CheckConstraint(
            "fee_fen >= 0 AND travel_fen >= 0 AND medical_fen >= 0 AND documents_fen >= 0",
            name="costs_not_negative",
        ),
    )

    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), primary_key=True)
    hours_per_day: Mapped[float | None]
    days_per_week: Mapped[float | None]
    lodging: Mapped[bool | None]
    fee_fen: Mapped[int | None]  # what the person paid to get the job, with the three below
    travel_fen: Mapped[int | None]
    medical_fen: Mapped[int | None]
    documents_fen: Mapped[int | None]
    as_promised: Mapped[bool | None]  # the work itself
    contract: Mapped[bool | None]  # in writing
    insured: Mapped[bool | None]
    wants_change: Mapped[bool | None]
    stays_next_year: Mapped[bool | None]


append_only(FollowUpTerms)


class FollowUpReversal(Base):
    """A follow-up taken back, with the reason."""

    __tablename__ = "follow_up_reversal"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    reversed_at: Mapped[datetime]
    reversed_by: Mapped[int | None]


append_only(FollowUpReversal)


class FollowUpMark(Base):
    """How far the placements' events have been turned into due follow-ups; one row."""

    __tablename__ = "follow_up_mark"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"unaudited": True}})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    seeker_revision: Mapped[int] = mapped_column(server_default="0")
    swept_on: Mapped[date | None]  # the day on which all placements were last compared


class RightsCase(Base):
    """维权: unpaid wages, an injury or a dispute, until it closes."""

    __tablename__ = "rights_case"
    __table_args__ = (
        CheckConstraint(one_of("kind", CASE_DAYS), name="kind_known"),
        CheckConstraint(one_of("outcome", CaseOutcome), name="outcome_known"),
        CheckConstraint("(closed_on IS NULL) = (outcome IS NULL)", name="closed_with_outcome"),
        CheckConstraint("recovered_fen >= 0", name="recovered_positive"),
        CheckConstraint("claimed_fen > 0", name="claimed_positive"),
        Index(
            "uq_rights_case_open",
            "placement_id",
            "kind",
            unique=True,
            sqlite_where=_NOT_CLOSED,
            postgresql_where=_NOT_CLOSED,
        ),
        Index("ix_rights_case_home", "home_division", "closed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"))
    home_division: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(12))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_on: Mapped[date]
    deadline: Mapped[date]
    claimed_fen: Mapped[int | None]
    recovered_fen: Mapped[int]
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(10))


class RightsCaseStep(Base):
    """What was done about a case."""

    __tablename__ = "rights_case_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("rights_case.id"), index=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500))
    recovered_fen: Mapped[int]  # by this step; negative where an amount was wrong


append_only(RightsCaseStep)


class RecallSample(Base):
    """抽查: the follow-ups of one county and month that another office calls again."""

    __tablename__ = "recall_sample"
    __table_args__ = (Index("uq_recall_sample_month", "month", "county", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]  # its first day
    county: Mapped[str] = mapped_column(String(6))
    seed: Mapped[str] = mapped_column(String(32))
    drawn_from: Mapped[int]  # how many follow-ups there were
    office_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None]


class Recall(Base):
    """One follow-up of a sample, and what the second call found."""

    __tablename__ = "recall"
    __table_args__ = (
        CheckConstraint(one_of("outcome", Outcome), name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered_with_outcome"),
        Index("uq_recall_follow_up", "sample_id", "follow_up_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("recall_sample.id"))
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
