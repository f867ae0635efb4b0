"""Ranks a whole fair and keeps what it found."""

from collections.abc import Callable

from jobfair.fairs import queries, services
from jobfair.kit.db import Database
from jobfair.matching.core.rank import RankedFair
from jobfair.matching.engines.opening import Engine
from jobfair.matching.pool import Pool


def rank_and_keep(
    database: Database,
    pool: Pool,
    fair: queries.FairRow,
    *,
    top: int = 200,
    step: Callable[[int, int], None] | None = None,
    engine: Engine | None = None,
) -> RankedFair:
    """Rank everybody for every position of a fair, as of its first day, and keep the counts."""
    with database.reading() as session:
        ids = queries.position_ids(session, fair.id)
    ranked = pool.fair(ids, top=top, day=fair.starts_on, step=step, engine=engine)
    with database.writing() as session:
        services.keep_ranking(
            session,
            fair.id,
            profile=ranked.profile,
            ranked_on=fair.starts_on,
            seekers=ranked.people,
            eligible={p.position_id: p.eligible for p in ranked.positions},
            digest=ranked.digest,
        )
    return ranked
