"""Verbs of fairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Position
from jobfair.fairs.models import Fair, FairPosition, FairRanking, FairRankingPosition
from jobfair.kit import audit, clock
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_


class CodeTaken(Refusal):
    """Another fair has this code."""

    code = "fair_code_taken"
    message = N_("There is already a fair with the code %(fair)s. Choose another code.")


class NoHeadcount(Refusal):
    """A position without a headcount cannot take part."""

    code = "no_headcount"
    message = N_("Position %(position)s has no headcount yet. Complete it, then add it.")


@dataclass(frozen=True, slots=True)
class FairDraft:
    """What is typed about a fair."""

    code: str
    name: str
    name_en: str
    starts_on: date
    ends_on: date
    venue: str
    division_code: str
    synthetic: bool = False


def open_fair(session: Session, draft: FairDraft) -> Fair:
    """Set up a fair.

    Raises:
        CodeTaken: the code is in use.
    """
    if session.execute(select(Fair.id).where(Fair.code == draft.code)).first():
        raise CodeTaken(fair=draft.code)
    fair = Fair(
        code=draft.code,
        name=draft.name,
        name_en=draft.name_en,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        venue=draft.venue,
        division_code=draft.division_code,
        synthetic=draft.synthetic,
        created_at=clock.now(),
    )
    session.add(fair)
    session.flush()
    audit.record(session, "fair.open", subject="fair", subject_id=fair.id)
    return fair


def add_positions(session: Session, fair_id: int, position_ids: list[int]) -> int:
    """Let positions take part with their present headcount; return how many were new.

    Raises:
        NoHeadcount: one of them is a draft without a headcount.
    """
    there = set(
        session.execute(
            select(FairPosition.position_id).where(FairPosition.fair_id == fair_id)
        ).scalars()
    )
    rows = []
    for position_id, headcount in session.execute(
        select(Position.id, Position.headcount).where(Position.id.in_(position_ids))
    ):
        if headcount is None:
            raise NoHeadcount(position=position_id)
        if position_id not in there:
            rows.append({"fair_id": fair_id, "position_id": position_id, "headcount": headcount})
    if rows:
        session.execute(insert(FairPosition), rows)
        detail = {"positions": len(rows)}
        audit.record(
            session, "fair.add_positions", subject="fair", subject_id=fair_id, detail=detail
        )
    return len(rows)


def keep_ranking(
    session: Session,
    fair_id: int,
    *,
    profile: str,
    ranked_on: date,
    seekers: int,
    eligible: Mapping[int, int],
    digest: str,
) -> FairRanking:
    """Keep what a ranking of the whole fair found.

    Args:
        session: the writing session.
        fair_id: the fair.
        profile: name and version of the weights.
        ranked_on: the day eligibility was judged for.
        seekers: how many people were in the pool.
        eligible: position id → how many of them were eligible.
        digest: of the whole result; the same digest means the same result.
    """
    ranking = FairRanking(
        fair_id=fair_id,
        profile=profile,
        ranked_on=ranked_on,
        ranked_at=clock.now(),
        seekers=seekers,
        pairs=seekers * len(eligible),
        eligible=sum(eligible.values()),
        digest=digest,
    )
    session.add(ranking)
    session.flush()
    rows = [
        {"ranking_id": ranking.id, "position_id": position, "eligible": count}
        for position, count in eligible.items()
    ]
    if rows:
        session.execute(insert(FairRankingPosition), rows)
    detail = {"positions": len(rows), "digest": digest, "profile": profile}
    audit.record(session, "fair.rank", subject="fair", subject_id=fair_id, detail=detail)
    return ranking
