"""``jobfair match FAIR``."""

import time
from contextlib import nullcontext

import click

from jobfair.fairs import queries
from jobfair.fairs.ranking import rank_and_keep
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.terminal import Terminal, answer, pass_terminal, peak_mb
from jobfair.matching.engines.opening import in_the_open, open_engine
from jobfair.matching.pool import Pool


class NoSuchFair(NotFound):
    """No fair has this code."""

    message = N_("There is no fair with the code %(fair)s.")


def fair_of(terminal: Terminal, code: str) -> queries.FairRow:
    """Return a fair by its code.

    Raises:
        NoSuchFair: none has it.
    """
    with terminal.database.reading() as session:
        found = queries.find_fair(session, code)
    if found is None:
        raise NoSuchFair(fair=code)
    return found


_IN_THE_OPEN = N_(
    "What is sent to %(address)s is not encrypted and anybody on the way may read or change it. "
    "Use an address that begins with tls://."
)


@click.command("match")
@click.argument("fair")
@click.option("--top", default=200, show_default=True, help="People kept for each position.")
@click.option(
    "--engine",
    type=click.Choice(["threads", "dask"]),
    default="threads",
    show_default=True,
    help="This process, or workers by Dask; the result is the same.",
)
@click.option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler; own workers else.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def match(
    terminal: Terminal, *, fair: str, top: int, engine: str, scheduler: str | None, as_json: bool
) -> None:
    """Rank everybody for every position of a fair."""
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler goes with --engine dask")
    found = fair_of(terminal, fair)
    if scheduler and in_the_open(scheduler):
        click.echo(translate(_IN_THE_OPEN, address=scheduler), err=True)
    pool = Pool(terminal.database)
    pool.refresh()
    began = time.perf_counter()
    with (
        open_engine(scheduler) if engine == "dask" else nullcontext() as where,
        terminal.progress(translate(N_("Ranking"))) as step,
    ):
        ranked = rank_and_keep(terminal.database, pool, found, top=top, step=step, engine=where)
    payload = {
        "profile": ranked.profile,
        "pairs": ranked.people * len(ranked.positions),
        "eligible": ranked.eligible,
        "seconds": round(time.perf_counter() - began, 3),
        "peak_mb": peak_mb(),
        "digest": ranked.digest,
    }
    answer(payload, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in payload.items()))
