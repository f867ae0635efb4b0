"""``jobfair bench``: our way beside the plain ways, measured in one run."""

from functools import partial

import click

from jobfair.kit.terminal import answer
from jobfair.matching.bench import run_match_bench
from jobfair.matching.bench_plans import run_plan_bench
from jobfair.matching.sizing import run_block_bench
from jobfair.occupations.bench import run_quality_bench

_SMALL = {"seekers": 5_000, "positions": 100}
_SIZES = {"small": _SMALL, "large": {"seekers": 1_100_000}}


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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_quality(*, as_json: bool) -> None:
    """Resolve labelled titles, five-fold, beside rapidfuzz and TF-IDF."""
    found = run_quality_bench()
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
