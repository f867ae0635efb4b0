"""``jobfair match FAIR``."""

import time

import click

from jobfair.fairs import queries
from jobfair.fairs.ranking import rank_and_keep
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.terminal import Terminal, answer, pass_terminal, peak_mb
from jobfair.matching.pool import Pool


class NoSuchFair(NotFound):
    """No fair has this code."""

    message = N_("There is no fair with the code %(fair)s.")


@click.command("match")
@click.argument("fair")
@click.option("--top", default=200, show_default=True, help="People kept for each position.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def match(terminal: Terminal, *, fair: str, top: int, as_json: bool) -> None:
    """Rank everybody for every position of a fair."""
    with terminal.database.reading() as session:
        found = queries.find_fair(session, fair)
    if found is None:
        raise NoSuchFair(fair=fair)
    pool = Pool(terminal.database)
    pool.refresh()
    began = time.perf_counter()
    with terminal.progress(translate(N_("Ranking"))) as step:
        ranked = rank_and_keep(terminal.database, pool, found, top=top, step=step)
    payload = {
        "profile": ranked.profile,
        "pairs": ranked.people * len(ranked.positions),
        "eligible": ranked.eligible,
        "seconds": round(time.perf_counter() - began, 3),
        "peak_mb": peak_mb(),
        "digest": ranked.digest,
    }
    answer(payload, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in payload.items()))
