"""Tables of employers' duties after a fair, and of differences between office and employer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.follow_ups.rules.outcomes import Way
from jobfair.fulfilment.rules.duties import DutyState, Said, Term, Why
from jobfair.fulfilment.rules.mismatches import Kind, Settling, TaskState
from jobfair.kit.db import Base, append_only, one_of


class EmployerDuty(Base):
    """反馈义务: what an employer must report some days after a fair."""

    __tablename__ = "employer_duty"
    __table_args__ = (
        UniqueConstraint("fair_id", "employer_id", "term"),
        CheckConstraint(one_of("term", Term), name="term_known"),
        CheckConstraint(one_of("state", DutyState), name="state_known"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on_a_day"),
        CheckConstraint("state <> 'excused' OR excuse <> ''", name="excused_in_words"),
        CheckConstraint("answered <= people", name="answered_of_people"),
        Index("ix_employer_duty_state", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), index=True)
    term: Mapped[str] = mapped_column(String(3))
    opens_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(8))
    people: Mapped[int]  # who accepted a post there, as last counted
    answered: Mapped[int]
    done_on: Mapped[date | None]
    excuse: Mapped[str] = mapped_column(String(300))
    excused_by: Mapped[int | None]
    excused_at: Mapped[datetime | None]


class DutyAnswer(Base):
    """What an employer said of one person at one term; the newest counts."""

    __tablename__ = "duty_answer"
    __table_args__ = (
        CheckConstraint(one_of("said", Said), name="said_known"),
        CheckConstraint(f"why = '' OR {one_of('why', Why)}", name="why_known"),
        CheckConstraint("paid_fen >= 0", name="paid_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("employer_duty.id"), index=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    said: Mapped[str] = mapped_column(String(8))
    day: Mapped[date | None]
    why: Mapped[str] = mapped_column(String(10))
    signed_on: Mapped[date | None]
    paid_fen: Mapped[int | None]
    answered_at: Mapped[datetime]
    answered_by: Mapped[int | None]


append_only(DutyAnswer)


class DutyReminder(Base):
    """催办: an employer was reminded of a duty, or somebody tried to."""

    __tablename__ = "duty_reminder"
    __table_args__ = (CheckConstraint(one_of("way", Way), name="way_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("employer_duty.id"), index=True)
    way: Mapped[str] = mapped_column(String(10))
    happened_on: Mapped[date]
    reached: Mapped[bool]
    note: Mapped[str] = mapped_column(String(300))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]


append_only(DutyReminder)


class WordMismatch(Base):
    """两方不一致: what office and employer say of somebody differs; an office settles it."""

    __tablename__ = "word_mismatch"
    __table_args__ = (
        UniqueConstraint("placement_id", "kind", "mark"),
        CheckConstraint(one_of("kind", Kind), name="kind_known"),
        CheckConstraint(one_of("state", TaskState), name="state_known"),
        CheckConstraint(one_of("how", Settling), name="how_known"),
        CheckConstraint(
            "state <> 'settled' OR (how IS NOT NULL AND note <> '')", name="settled_in_words"
        ),
        Index("ix_word_mismatch_work", "state", "home_division"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    home_division: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(15))
    mark: Mapped[str] = mapped_column(String(21))
    office_on: Mapped[date | None]
    employer_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(7))
    opened_on: Mapped[date]
    how: Mapped[str | None] = mapped_column(String(9))
    note: Mapped[str] = mapped_column(String(300))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]


class EmployerStanding(Base):
    """An employer's promises as weighed this day, for pages that many people open."""

    __tablename__ = "employer_standing"
    __table_args__ = (
        CheckConstraint("share >= 0 AND share <= 1", name="share_possible"),
        {"info": {"unaudited": True}},
    )

    employer_id: Mapped[int] = mapped_column(ForeignKey("employer.id"), primary_key=True)
    weighed_on: Mapped[date]
    people: Mapped[int]  # asked
    share: Mapped[float | None]  # of promises kept; None for too few answers


class FulfilmentMark(Base):
    """How far placements' events have been turned into duties and differences; one row."""

    __tablename__ = "fulfilment_mark"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"unaudited": True}})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    swept_on: Mapped[date | None]
