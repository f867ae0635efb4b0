"""``jobfair simulate``: lives something through the real server and compares with its own books."""

import time
from dataclasses import asdict

import click

from jobfair.attendance.bench import STATIONS, running_server
from jobfair.cli.bench import empty_home
from jobfair.demo.day import reckon, run_day
from jobfair.demo.gates import free_ports, open_day
from jobfair.demo.year import live
from jobfair.hall.queries import count_figures
from jobfair.kit import clock
from jobfair.kit.terminal import answer, peak_mb

_OPENS = 1_268_010_000_000  # 8 March 2010, nine in the morning in Beijing


@click.group("simulate")
def simulate() -> None:
    """Live a day and compare what is reported with books of its own."""


@simulate.command("fair-day")
@click.option("--seekers", default=110_000, show_default=True, help="How many people come.")
@click.option("--seed", default=1, show_default=True, help="The same again gives the same day.")
@click.option("--compress", is_flag=True, help="Do not wait between the minutes of the day.")
@click.option("--database", "url", help="An empty PostgreSQL database; a SQLite file without it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fair_day(*, seekers: int, seed: int, compress: bool, url: str | None, as_json: bool) -> None:
    """Let people come, queue, be interviewed and hired; exit 1 unless all figures are equal."""
    with empty_home(url) as (database, environment):
        fair = open_day(database, STATIONS, seekers)
        (port,) = free_ports(1)
        began = time.perf_counter()
        with running_server(port, "jobfair", "serve", **environment):
            books = run_day(
                port,
                fair.gates,
                fair.booths,
                fair.cards,
                seed=seed,
                start=_OPENS,
                compress=compress,
            )
        seconds = time.perf_counter() - began
        with database.reading() as session:
            told = asdict(count_figures(session, fair.fair_id, clock.now()))
    reckoned = reckon(books, fair.booths)
    ours = {name: told[name] for name in reckoned}
    found = {
        "ours": ours,
        "simulator": reckoned,
        "equal": ours == reckoned,
        "records": books.records,
        "seconds": round(seconds, 1),
        "peak_mb": peak_mb(),
    }
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))
    if not found["equal"]:
        raise SystemExit(1)


@simulate.command("year")
@click.option("--seekers", default=15_000, show_default=True, help="How many people are exported.")
@click.option("--seed", default=1, show_default=True, help="The same again gives the same year.")
@click.option("--database", "url", help="An empty PostgreSQL database; a SQLite file without it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def year(*, seekers: int, seed: int, url: str | None, as_json: bool) -> None:
    """Follow exported labourers for a year; exit 1 unless all figures equal the books."""
    with empty_home(url) as (database, _environment):
        began = time.perf_counter()
        found = live(database, seekers=seekers, seed=seed)
        found |= {"seconds": round(time.perf_counter() - began, 1), "peak_mb": peak_mb()}
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))
    if not found["equal"]:
        raise SystemExit(1)
