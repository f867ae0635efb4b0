"""Verbs of aliases: propose one by a correction, accept, reject, take back, reconsider."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.changes import next_revision
from jobfair.kit.errors import NotFound
from jobfair.occupations.models import OccupationAlias
from jobfair.occupations.queries import ALIASES_CHANGED, occupations
from jobfair.occupations.rules import (
    AliasStatus,
    AnotherAccepted,
    Proposal,
    ReviewedMeanwhile,
    alias_key,
    may_become,
)
from jobfair.regions import codes


def propose_alias(
    session: Session, title: str, code: str, *, before: str | None, user_id: int | None
) -> Proposal:
    """Propose that a title means an occupation, because somebody corrected a record so.

    Args:
        session: the writing session.
        title: as the record has it.
        code: the occupation that was chosen.
        before: the one the record had.
        user_id: who corrected.
    """
    key = alias_key(title)
    if not key or occupations(session).code_of(title) == code:
        return Proposal.KNOWN
    next_revision(session, ALIASES_CHANGED)  # who proposes the same at once waits here
    alias = session.execute(
        select(OccupationAlias).where(OccupationAlias.key == key, OccupationAlias.code == code)
    ).scalar_one_or_none()
    if alias is None:
        alias = OccupationAlias(
            title=title, key=key, code=code, status=AliasStatus.PROPOSED, times=0, proposed_by=[]
        )
        session.add(alias)
    elif alias.status == AliasStatus.WITHDRAWN:
        alias.status = AliasStatus.PROPOSED
    alias.times += 1
    alias.from_code, alias.proposed_at = before, clock.now()
    if user_id is not None:
        alias.proposed_by = [*(one for one in alias.proposed_by if one != user_id), user_id]
    session.flush()
    audit.record(
        session,
        "alias.propose",
        subject="occupation_alias",
        subject_id=alias.id,
        detail={"from": before, "to": code, "times": alias.times},
    )
    return Proposal.REJECTED if alias.status == AliasStatus.REJECTED else Proposal.WAITS


def accept_alias(
    session: Session, alias_id: int, *, instead_of: int | None = None, user_id: int | None
) -> None:
    """Let a title mean the proposed occupation from now on, for everybody.

    Args:
        session: the writing session.
        alias_id: the proposal.
        instead_of: the accepted alias of the same title that is taken back for it, if there is one.
        user_id: who decides.

    Raises:
        NotFound: no such alias.
        ReviewedMeanwhile: it is no proposal any more.
        AnotherAccepted: the title means something else by an accepted alias.
    """
    alias = _to_review(session, alias_id, AliasStatus.ACCEPTED)
    standing = session.execute(
        select(OccupationAlias).where(
            OccupationAlias.key == alias.key, OccupationAlias.status == AliasStatus.ACCEPTED.value
        )
    ).scalar_one_or_none()
    if standing is not None:
        if standing.id != instead_of:
            raise AnotherAccepted(title=alias.title, name=codes.occupation_name(standing.code))
        _decide(session, standing, AliasStatus.WITHDRAWN, "alias.withdraw", user_id)
    _decide(session, alias, AliasStatus.ACCEPTED, "alias.accept", user_id)


def reject_alias(session: Session, alias_id: int, *, user_id: int | None) -> None:
    """Set a proposal aside; it can be reconsidered.

    Raises:
        NotFound: no such alias.
        ReviewedMeanwhile: it is no proposal any more.
    """
    alias = _to_review(session, alias_id, AliasStatus.REJECTED)
    _decide(session, alias, AliasStatus.REJECTED, "alias.reject", user_id)


def withdraw_alias(session: Session, alias_id: int, *, user_id: int | None) -> None:
    """Take an accepted alias back: the title is resolved as if it had never been learnt.

    Raises:
        NotFound: no such alias.
        ReviewedMeanwhile: it is not accepted any more.
    """
    alias = _to_review(session, alias_id, AliasStatus.WITHDRAWN)
    _decide(session, alias, AliasStatus.WITHDRAWN, "alias.withdraw", user_id)


def reconsider_alias(session: Session, alias_id: int, *, user_id: int | None) -> None:
    """Put a rejected or taken back alias among the proposals again.

    Raises:
        NotFound: no such alias.
        ReviewedMeanwhile: it is a proposal already, or accepted.
    """
    alias = _to_review(session, alias_id, AliasStatus.PROPOSED)
    _decide(session, alias, AliasStatus.PROPOSED, "alias.reconsider", user_id)


def _to_review(session: Session, alias_id: int, then: AliasStatus) -> OccupationAlias:
    """Return an alias that may get a status; whoever else decides waits."""
    next_revision(session, ALIASES_CHANGED)
    alias = session.get(OccupationAlias, alias_id)
    if alias is None:
        raise NotFound
    if not may_become(AliasStatus(alias.status), then):
        raise ReviewedMeanwhile(title=alias.title)
    return alias


def _decide(
    session: Session,
    alias: OccupationAlias,
    status: AliasStatus,
    action: str,
    user_id: int | None,
) -> None:
    alias.status, alias.reviewed_at, alias.reviewed_by = status, clock.now(), user_id
    # One at a time: the database lets a title have one accepted alias at every moment.
    session.flush()
    audit.record(
        session,
        action,
        subject="occupation_alias",
        subject_id=alias.id,
        detail={"code": alias.code},
    )
