"""Verbs of fairs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.fairs.models import Fair, FairPosition, FairRanking, FairRankingPosition
from jobfair.fairs.rules import check_code, check_days, hindrances
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_


class CodeTaken(Refusal):
    """Another fair has this code."""

    code = "fair_code_taken"
    message = N_("There is already a fair with the code %(fair)s. Choose another code.")


class RunElsewhere(Refusal):
    """Another server runs the day of the fair."""

    code = "run_elsewhere"
    message = N_(
        "The day of this fair is run by %(name)s. Do this there; what is done there arrives here."
    )


class NoHeadcount(Refusal):
    """A position without a headcount cannot take part."""

    code = "no_headcount"
    message = N_("Position %(position)s has no headcount yet. Complete it, then add it.")


class NotBookable(Refusal):
    """A position is not complete and open, or its employer is not verified."""

    code = "not_bookable"
    message = N_(
        "Position %(position)s cannot take part yet: it must be complete and open, "
        "and its employer verified."
    )


class HasOffers(Refusal):
    """A post of the position is or was offered at the fair, and that stays on record."""

    code = "fair_position_has_offers"
    message = N_(
        "Posts of these positions were offered at this fair, so they cannot be taken off it."
    )


class HeadcountHeld(Refusal):
    """More posts of a position are promised than its headcount is to be."""

    code = "headcount_held"
    message = N_(
        "The headcount cannot be lowered to %(headcount)s: more posts are promised. "
        "Give some back first."
    )

    def __init__(self, position_id: int, *, headcount: int) -> None:
        super().__init__(headcount=headcount)
        self.position_id = position_id


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
    gates: tuple[str, ...] = ()
    synthetic: bool = False


def _columns(draft: FairDraft) -> dict[str, object]:
    return asdict(draft) | {"gates": list(draft.gates)}


def _fair(session: Session, fair_id: int) -> Fair:
    fair = session.get(Fair, fair_id)
    if fair is None:
        raise NotFound
    return fair


def _check(session: Session, draft: FairDraft, *, but: int | None) -> None:
    check_days(draft.starts_on, draft.ends_on)
    taken = session.execute(select(Fair.id).where(Fair.code == draft.code)).scalar_one_or_none()
    if taken not in {None, but}:
        raise CodeTaken(fair=draft.code)


def open_fair(session: Session, draft: FairDraft) -> Fair:
    """Set up a fair.

    Raises:
        CodeUnusable: the code cannot stand in an address.
        DaysReversed: the last day lies before the first.
        CodeTaken: the code is in use.
    """
    check_code(draft.code)
    _check(session, draft, but=None)
    fair = Fair(**_columns(draft), created_at=clock.now())
    session.add(fair)
    session.flush()
    audit.record(session, "fair.open", subject="fair", subject_id=fair.id)
    return fair


def change_fair(session: Session, fair_id: int, draft: FairDraft) -> None:
    """Change what is known of a fair; whether it is a demonstration stays.

    Raises:
        NotFound: there is no such fair.
        CodeUnusable: a new code cannot stand in an address.
        DaysReversed: the last day lies before the first.
        CodeTaken: another fair has the code.
    """
    fair = _fair(session, fair_id)
    if draft.code != fair.code:
        check_code(draft.code)
    _check(session, draft, but=fair_id)
    wanted = {name: value for name, value in _columns(draft).items() if name != "synthetic"}
    changed = sorted(name for name, value in wanted.items() if getattr(fair, name) != value)
    for name in changed:
        setattr(fair, name, wanted[name])
    if changed:
        detail = {"fields": changed}
        audit.record(session, "fair.change", subject="fair", subject_id=fair_id, detail=detail)


def lock_fair(session: Session, fair_id: int) -> None:
    """Let one change of a fair's arrangement follow another until the commit.

    Who only refers to the fair does not wait.

    Raises:
        NotFound: there is no such fair.
    """
    held = select(Fair.id).where(Fair.id == fair_id).with_for_update(key_share=True)
    if session.execute(held).scalar_one_or_none() is None:
        raise NotFound


def must_run_here(session: Session, fair_id: int) -> None:
    """Go on only where this server runs the fair's day.

    Raises:
        NotFound: there is no such fair.
        RunElsewhere: the day was handed to another server, or back.
    """
    found = session.execute(select(Fair.run_by).where(Fair.id == fair_id)).one_or_none()
    if found is None:
        raise NotFound
    if found.run_by is not None:
        raise RunElsewhere(name=found.run_by)


def set_run_by(session: Session, fair_id: int, name: str | None) -> None:
    """Say which other server runs a fair's day from this commit on; None for this one."""
    session.execute(update(Fair).where(Fair.id == fair_id).values(run_by=name))
    detail = {"by": name}
    audit.record(session, "fair.run_by", subject="fair", subject_id=fair_id, detail=detail)


def publish_fair(session: Session, fair_id: int) -> None:
    """Let anybody see the fair's positions; nothing happens a second time.

    Raises:
        NotFound: there is no such fair.
    """
    fair = _fair(session, fair_id)
    if fair.published_at is None:
        fair.published_at = clock.now()
        audit.record(session, "fair.publish", subject="fair", subject_id=fair_id)


def unpublish_fair(session: Session, fair_id: int) -> None:
    """Show the fair's positions to nobody outside any more; nothing happens a second time.

    Raises:
        NotFound: there is no such fair.
    """
    fair = _fair(session, fair_id)
    if fair.published_at is not None:
        fair.published_at = None
        audit.record(session, "fair.unpublish", subject="fair", subject_id=fair_id)


def add_positions(session: Session, fair_id: int, position_ids: Sequence[int]) -> int:
    """Let positions take part with their present headcount; return how many were new.

    Raises:
        NoHeadcount: one of them is a draft without a headcount.
        NotBookable: one of them is not open, or its employer is not verified.
    """
    there = set(
        session.execute(
            select(FairPosition.position_id).where(FairPosition.fair_id == fair_id)
        ).scalars()
    )
    rows = []
    for row in session.execute(
        select(Position.id, Position.headcount, Position.status, Position.missing, Employer.status)
        .join(Employer, Employer.id == Position.employer_id)
        .where(Position.id.in_(position_ids))
    ):
        position_id, headcount, status, missing, employer_status = row
        if position_id in there:
            continue
        if headcount is None:
            raise NoHeadcount(position=position_id)
        if hindrances(status, employer_status, missing):
            raise NotBookable(position=position_id)
        rows.append({"fair_id": fair_id, "position_id": position_id, "headcount": headcount})
    if rows:
        session.execute(insert(FairPosition), rows)
        detail = {"positions": len(rows)}
        audit.record(
            session, "fair.add_positions", subject="fair", subject_id=fair_id, detail=detail
        )
    return len(rows)


def take_off_positions(session: Session, fair_id: int, position_ids: Sequence[int]) -> int:
    """Take positions off a fair; return how many took part until now.

    What earlier rankings counted for them stays with those rankings.

    Raises:
        HasOffers: a post of one of them is or was offered to somebody.
    """
    chosen = (FairPosition.fair_id == fair_id) & FairPosition.position_id.in_(position_ids)
    gone = list(session.execute(select(FairPosition.position_id).where(chosen)).scalars())
    if gone:
        try:
            session.execute(delete(FairPosition).where(chosen))
        except IntegrityError as fault:
            raise HasOffers from fault
        audit.record(
            session,
            "fair.take_off_positions",
            subject="fair",
            subject_id=fair_id,
            detail={"positions": len(gone)},
        )
    return len(gone)


def confirm_positions(
    session: Session, fair_id: int, headcounts: Mapping[int, int], *, user_id: int | None
) -> None:
    """Note that an employer brings positions to a fair, with how many people it hires there.

    Args:
        session: the writing session.
        fair_id: the fair.
        headcounts: the headcount of each position, above 0, by its id.
        user_id: who says so.

    Raises:
        NotFound: a position takes no part in the fair.
        HeadcountHeld: more of its posts are promised than the headcount is to be.
    """
    for position_id, headcount in sorted(headcounts.items()):
        before = lock_headcount(session, fair_id, position_id)
        confirmed = update(FairPosition).where(
            FairPosition.fair_id == fair_id, FairPosition.position_id == position_id
        )
        values = {"headcount": headcount, "confirmed_at": clock.now(), "confirmed_by": user_id}
        try:
            session.execute(confirmed.values(values))
        except IntegrityError as fault:  # what is held knows the headcount, too
            raise HeadcountHeld(position_id, headcount=headcount) from fault
        audit.record(
            session,
            "fair.confirm_position",
            subject="position",
            subject_id=position_id,
            detail={"fair": fair_id, "headcount": [before, headcount]},
        )


def lock_headcount(session: Session, fair_id: int, position_id: int) -> int:
    """Return how many people a position takes; nobody else gets past here until the commit.

    Raises:
        NotFound: the position takes no part in the fair.
    """
    headcount = session.execute(
        select(FairPosition.headcount)
        .where(FairPosition.fair_id == fair_id, FairPosition.position_id == position_id)
        .with_for_update()  # SQLite has one writer anyway
    ).scalar_one_or_none()
    if headcount is None:
        raise NotFound
    return headcount


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
