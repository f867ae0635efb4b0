"""The verb of invitations: note what somebody invited says."""

from sqlalchemy.orm import Session

from jobfair.invitations.models import InvitationAnswer
from jobfair.invitations.queries import newest_answer, positions_of
from jobfair.invitations.rules import Answer, Reason, Way
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound


def note_answer(
    session: Session,
    fair_id: int,
    seeker_id: int,
    reason: Reason | None,
    *,
    way: Way,
    user_id: int | None = None,
) -> None:
    """Note that somebody invited comes, or does not for a reason; the same again is nothing new.

    Raises:
        NotFound: the person is not invited to the fair.
    """
    if not positions_of(session, fair_id, [seeker_id]):
        raise NotFound
    answer = Answer.NOT_COMING if reason else Answer.COMING
    if newest_answer(session, fair_id, seeker_id) == (answer, reason):
        return
    session.add(
        InvitationAnswer(
            fair_id=fair_id,
            seeker_id=seeker_id,
            answer=answer,
            reason=reason,
            way=way,
            answered_at=clock.now(),
            recorded_by=user_id,
        )
    )
    detail = {"fair": fair_id, "answer": answer.value, "way": way.value}
    audit.record(
        session, "invitation.answer", subject="seeker", subject_id=seeker_id, detail=detail
    )
