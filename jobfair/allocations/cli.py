"""``jobfair allocate``."""

import time
from pathlib import Path

import click

from jobfair.allocations.making import Wanted, make_and_keep
from jobfair.fairs.cli import fair_of
from jobfair.kit.i18n import N_, translate
from jobfair.kit.terminal import Terminal, answer, pass_terminal, peak_mb
from jobfair.matching.core.allocate import OBJECTIVES
from jobfair.matching.core.score import MILLION
from jobfair.matching.core.stable import allocate_stable, blocking_pairs
from jobfair.matching.instances import read_applicants, read_posts
from jobfair.matching.plans import GroupRule
from jobfair.matching.pool import Pool

_PLACED = N_("%(placed)s of %(applicants)s applicants have a post; %(pairs)s blocking pairs.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("allocate")
@click.argument("fair", required=False)
@click.option(
    "--instance",
    nargs=2,
    type=_FILE,
    metavar="APPLICANTS.csv POSTS.csv",
    help="Instead of a fair two lists of preferences: applicant,preferences and "
    "post,capacity,preferences.",
)
@click.option("--objective", type=click.Choice(OBJECTIVES), default="stable", show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, help="Decides among equals.")
@click.option(
    "--share",
    type=click.IntRange(0, 100),
    default=0,
    show_default=True,
    help="Per cent of the posts for registered-poor households, at least.",
)
@click.option(
    "--groups",
    type=click.Choice([rule.value for rule in GroupRule]),
    default=GroupRule.TOGETHER.value,
    show_default=True,
    help="How travel groups are treated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_terminal
def allocate(
    terminal: Terminal,
    *,
    fair: str | None,
    instance: tuple[Path, Path] | None,
    objective: str,
    seed: int,
    share: int,
    groups: str,
    as_json: bool,
) -> None:
    """Plan who gets which post of a fair, or of a bare instance in two files."""
    if (fair is None) == (instance is None):
        raise click.UsageError("give either a fair or --instance")
    if instance is not None:
        if objective != "stable":
            raise click.UsageError("an instance has no scores: --objective stable")
        _bare(*instance, as_json=as_json)
        return
    wanted = Wanted(objective, seed, share, GroupRule(groups))
    _fair(terminal, fair or "", wanted, as_json=as_json)


def _fair(terminal: Terminal, code: str, wanted: Wanted, *, as_json: bool) -> None:
    found = fair_of(terminal, code)
    pool = Pool(terminal.database)
    pool.refresh()
    began = time.perf_counter()
    number, plan = make_and_keep(terminal.database, pool, found, wanted, user_id=None)
    payload = {
        "allocation": number,
        "objective": wanted.objective,
        "profile": plan.profile,
        "posts": plan.posts,
        "filled": plan.filled,
        "blocking_pairs": len(plan.rivals),
        "total_score": plan.score,
        "bound": plan.bound / MILLION,
        "gap": plan.gap,
        "groups_kept": plan.groups_kept,
        "groups_broken": plan.groups_apart,
        "groups_unplaced": plan.groups_left,
        "seconds": round(time.perf_counter() - began, 3),
        "peak_mb": peak_mb(),
        "digest": plan.digest,
    }
    answer(payload, as_json=as_json, text="\n".join(f"{k}: {v}" for k, v in payload.items()))


def _bare(applicants_file: Path, posts_file: Path, *, as_json: bool) -> None:
    """Give applicants posts so that nobody and no post would both rather have each other."""
    applicants, posts = read_applicants(applicants_file), read_posts(posts_file)
    got = allocate_stable(applicants, posts)
    blocking = sum(1 for _ in blocking_pairs(applicants, posts, got))
    payload = {
        "objective": "stable",
        "assignment": [{"applicant": one, "post": post} for one, post in got.items()],
        "blocking_pairs": blocking,
    }
    said = translate(_PLACED, placed=len(got), applicants=len(applicants), pairs=blocking)
    lines = [*(f"{one}\t{post}" for one, post in got.items()), said]
    answer(payload, as_json=as_json, text="\n".join(lines))
