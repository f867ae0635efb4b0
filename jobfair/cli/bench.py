"""``jobfair bench``: our way beside the plain ways, measured in one run."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from jobfair import config
from jobfair.attendance.bench import STATIONS, run_checkin_bench
from jobfair.attendance.bench_flush import run_flush_bench
from jobfair.cli.bench_tracking import run_tracking_bench
from jobfair.cli.serve import THREADS
from jobfair.demo.gates import free_ports, open_gates
from jobfair.kit import audit
from jobfair.kit.db import Database
from jobfair.kit.errors import Refusal
from jobfair.kit.home import open_home
from jobfair.kit.i18n import N_
from jobfair.kit.terminal import answer
from jobfair.matching.bench import run_match_bench
from jobfair.matching.bench_plans import run_plan_bench
from jobfair.matching.bench_rankings import SetDiffers, run_ranking_bench
from jobfair.matching.sizing import run_block_bench
from jobfair.migrations import schema
from jobfair.occupations.bench import run_quality_bench
from jobfair.regions import services as regions

_SMALL = {"seekers": 5_000, "positions": 100}
_CHECKOUT = Path(__file__).resolve().parents[2]
_SIZES = {"small": _SMALL, "large": {"seekers": 1_100_000}}


class DatabaseInUse(Refusal):
    """The database of a bench has tables already."""

    code = "bench_database_in_use"
    message = N_("This database is in use. Give the bench an empty one; it fills it with records.")


@click.group("bench")
def bench() -> None:
    """Measure speed and quality beside the plain ways."""


@bench.command("match")
@click.option("--small", "size", flag_value="small", help="5,000 × 100, not 110,000 × 1,500.")
@click.option("--large", "size", flag_value="large", help="1,100,000 × 1,500; takes minutes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_match(*, size: str | None, as_json: bool) -> None:
    """Rank a whole fair by each kernel, beside a loop over pairs and two libraries."""
    found = run_match_bench(**_SIZES.get(size or "", {}))
    kernels: dict[str, dict[str, float]] = found["kernels"]
    lines = [f"{k}: {v}" for k, v in found.items() if k != "kernels"]
    lines += [f"{name} {k}: {v}" for name, one in kernels.items() for k, v in one.items()]
    answer(found, as_json=as_json, text="\n".join(lines))


@bench.command("allocate")
@click.option("--small", is_flag=True, help="5,000 × 100 instead of 110,000 × 1,500.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_allocate(*, small: bool, as_json: bool) -> None:
    """Plan a whole fair by both objectives, with travel groups and a share and without."""
    found = run_plan_bench(**(_SMALL | {"posts": 1_000} if small else {}))
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))


@bench.command("quality")
@click.option(
    "--graded",
    type=click.Path(path_type=Path),
    default=_CHECKOUT / "tests" / "rankings",
    help="Folder of people and grades; the checkout's own without it.",
)
@click.option(
    "--vacancies",
    type=click.Path(path_type=Path),
    default=_CHECKOUT.parent / "shared" / "data" / "vacancies",
    help="Folder of the job boards' files the grades speak of.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_quality(graded: Path, vacancies: Path, *, as_json: bool) -> None:
    """Resolve labelled titles and rank graded vacancies, beside plain ways."""
    found = run_quality_bench() | {"rankings": _rankings(graded, vacancies)}
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))


def _rankings(graded: Path, vacancies: Path) -> dict[str, object]:
    """Return the measures of whole rankings, or what is missing to take them."""
    try:
        with empty_home() as (database, _environment):
            return run_ranking_bench(database, graded, vacancies)
    except (FileNotFoundError, SetDiffers) as lacking:
        return {"not_measured": str(lacking)}


@contextmanager
def empty_home(url: str | None = None) -> Iterator[tuple[Database, dict[str, str]]]:
    """Give the database of a home that lasts as long as the block, and the home's settings."""
    with TemporaryDirectory() as folder:
        environment = {"JOBFAIR_HOME": folder} | ({"JOBFAIR_DATABASE_URL": url} if url else {})
        database = open_home(config.load(environment))
        audit.act_as(None, "cli")
        if schema.current(database) is not None:
            raise DatabaseInUse
        schema.create(database)
        with database.writing() as session:
            regions.load_seed(session)
        try:
            yield database, environment
        finally:
            database.close()


@bench.command("checkin")
@click.option("--database", "url", help="An empty PostgreSQL database; a SQLite file without it.")
@click.option("--small", is_flag=True, help="A tenth of the requests.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_checkin(*, url: str | None, small: bool, as_json: bool) -> None:
    """Check people in over HTTP as thirty stations, beside a bare route in the same run."""
    with empty_home(url) as (database, environment):
        secrets, cards = open_gates(database, STATIONS, 600 if small else 6_000)
        found = run_checkin_bench(
            database,
            environment=environment,
            ports=free_ports(2 if database.path else 3),
            secrets=secrets,
            cards=cards,
            threads=THREADS,
            **({"singles": 20, "batches": 2} if small else {}),
        )
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))


@bench.command("flush")
@click.option("--database", "url", help="An empty PostgreSQL database; a SQLite file without it.")
@click.option("--small", is_flag=True, help="A twentieth of the records.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_flush(*, url: str | None, small: bool, as_json: bool) -> None:
    """Let thirty stations deliver what a day without a network left, while others work on."""
    with empty_home(url) as (database, environment):
        secrets, cards = open_gates(database, STATIONS + 6, 600 if small else 6_000)
        found = run_flush_bench(
            database,
            environment=environment,
            port=free_ports(1)[0],
            secrets=secrets,
            cards=cards,
            each=180 if small else 3_667,
        )
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))


@bench.command("blocks")
@click.option("--small", is_flag=True, help="Two small blocks instead of four up to 100,000.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_blocks(*, small: bool, as_json: bool) -> None:
    """Measure blocks of people, and reckon ten million by a million with them."""
    few = partial(run_block_bench, sizes=(500, 1_000), positions=600, tasks=2)
    found = few() if small else run_block_bench()
    blocks = ("\t".join(f"{k}: {v}" for k, v in block.items()) for block in found["blocks"])
    plan = (f"{k}: {v}" for k, v in found["plan"].items())
    answer(found, as_json=as_json, text="\n".join([*blocks, *plan]))


@bench.command("tracking")
@click.option("--small", is_flag=True, help="8,000 events instead of 1,000,000.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_tracking(*, small: bool, as_json: bool) -> None:
    """Time a county's work list and a placement's page among a million events on SQLite."""
    with empty_home() as (database, environment):
        found = run_tracking_bench(
            database,
            config.load(environment | {"JOBFAIR_LOG_LEVEL": "WARNING"}),
            **({"people": 500, "placements": 2} if small else {"people": 12_500, "placements": 10}),
        )
    answer(found, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in found.items()))
