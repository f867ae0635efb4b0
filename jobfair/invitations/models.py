"""Tables of invitations' answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.invitations.rules import Answer, Reason, Way
from jobfair.kit.db import Base, append_only, one_of


class InvitationAnswer(Base):
    """邀请答复: what somebody invited to a fair said once; the newest counts."""

    __tablename__ = "invitation_answer"
    __table_args__ = (
        CheckConstraint(one_of("answer", Answer), name="answer_known"),
        CheckConstraint(one_of("reason", Reason), name="reason_known"),
        CheckConstraint(one_of("way", Way), name="way_known"),
        CheckConstraint("(answer = 'not_coming') = (reason IS NOT NULL)", name="no_has_reason"),
        Index("ix_invitation_answer_person", "fair_id", "seeker_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fair_id: Mapped[int] = mapped_column(ForeignKey("fair.id"))
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"))
    answer: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(9))
    answered_at: Mapped[datetime]
    recorded_by: Mapped[int | None]  # the user who telephoned


append_only(InvitationAnswer)
