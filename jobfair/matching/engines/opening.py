"""What an engine is, how one is opened, and why it may not be."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.rank import RankedFair
from jobfair.matching.core.weights import Profile


class Engine(Protocol):
    """Ranks a whole fair somewhere else, with the result of ``rank_fair`` to the bit."""

    def rank_fair(
        self,
        people: Iterable[SeekerFacts],
        positions: Sequence[PositionFacts],
        *,
        profile: Profile,
        today: date,
        top: int = 200,
        step: Callable[[int, int], None] | None = None,
    ) -> RankedFair:
        """Rank everybody for every position."""


class NotInstalled(Refusal):
    """The libraries for many machines are an extra."""

    code = "dask_not_installed"
    message = N_("The engine dask is not installed. Install it with: pip install 'jobfair[dask]'")


class NoScheduler(Refusal):
    """Nobody answers at the address."""

    code = "no_scheduler"
    message = N_(
        "No Dask scheduler answers at %(address)s. Check the address, for example "
        "tcp://192.0.2.5:8786, and that the scheduler runs the same version of Dask."
    )


class NoWorkers(Refusal):
    """A scheduler has nobody to work."""

    code = "no_workers"
    message = N_(
        "The scheduler at %(address)s has no workers. Start some with: dask worker %(address)s"
    )


class OtherVersion(Refusal):
    """A worker's program is not this one, so its result might differ."""

    code = "workers_differ"
    message = N_(
        "The worker %(worker)s runs another version of jobfair, numpy or rapidfuzz, or none. "
        "Install the same versions everywhere: the result would not be the same to the bit."
    )


class WorkersLost(Refusal):
    """The work was lost again and again, or the scheduler is gone."""

    code = "workers_lost"
    message = N_(
        "The workers or their scheduler were lost and the ranking could not be finished. Nothing "
        "was kept. Look at their logs, often for too little memory, and start again."
    )


def open_engine(scheduler: str | None = None) -> AbstractContextManager[Engine]:
    """Connect to the workers of a scheduler, or start some on this machine, until the block ends.

    Args:
        scheduler: its address; without one, a worker process for each processor is started.

    Raises:
        NotInstalled: the extra is missing.
        NoScheduler: nobody answers at the address.
        NoWorkers: there is nobody to work.
        OtherVersion: a worker runs another program than this.
    """
    if find_spec("distributed") is None:
        raise NotInstalled
    # Only now: it takes a second to load and is not there without the extra.
    cluster = import_module("jobfair.matching.engines.cluster")
    found: AbstractContextManager[Engine] = cluster.opened(scheduler)
    return found


def in_the_open(scheduler: str) -> bool:
    """Tell whether what is sent to a scheduler can be read on the way to another machine."""
    parts = urlsplit(scheduler if "://" in scheduler else f"tcp://{scheduler}")
    if parts.scheme == "tls" or parts.hostname in {None, "localhost"}:
        return False
    try:
        return not ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return True
