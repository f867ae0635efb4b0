"""Who is next when a post comes free, and who is better served at another booth. Pure.

A unit that is given back, for whatever reason, is told of once, to one person: first to whom the
booth wished to offer that very position when none was left, by the time of the wish; then, if none
was left until now, to who waits in the booth's queue, in its order. While posts were left nobody
in the queue needs to be told. It is told, not held: the recruiter offers it as any other.

Whoever waits longer than three quarters of an hour is proposed the booth that suits them best of
those where they wait a quarter of an hour less, everybody counted who was proposed to go there.
So nobody is sent to a longer queue, also when all go; and a booth is proposed to a person once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from jobfair.interviews.rules import wait_of

# For so long nobody else is told of a post that came free in the place of who was told.
TURN_VALID = timedelta(minutes=15)
# A talk of five minutes and twenty people waiting make 100 minutes: nobody should stand for half.
LONGEST_WAIT = timedelta(minutes=45)
SHORTER_BY = timedelta(minutes=15)  # less is not worth the way through the hall
PROPOSAL_VALID = timedelta(minutes=30)


def who_is_next(
    wishes: Iterable[int],
    waiting: Iterable[int],
    *,
    was_full: bool,
    told: Collection[int],
    may: Callable[[int], bool],
) -> int | None:
    """Return who is told of a post that came free; None when there is nobody.

    Args:
        wishes: whom it could not be offered, the earliest first.
        waiting: the booth's queue, in order.
        was_full: whether no post was left before it came free.
        told: who was told of another one and may still come.
        may: whether somebody could be offered it now.
    """
    line = [*wishes, *(waiting if was_full else ())]
    return next((one for one in line if one not in told and may(one)), None)


@dataclass(frozen=True, slots=True)
class Load:
    """How many wait at a booth, or were proposed to go there, and how long it takes for one."""

    waiting: int
    pace: timedelta

    @property
    def wait(self) -> timedelta:
        """How long somebody who joins now waits."""
        return wait_of(self.waiting, self.pace)


def too_long(waiting: int, pace: timedelta) -> dict[int, timedelta]:
    """Return who of a queue waits too long, by place in it from 0, and how long."""
    waits = {place: wait_of(place, pace) for place in range(waiting)}
    return {place: wait for place, wait in waits.items() if wait > LONGEST_WAIT}


def next_best(
    wait: timedelta, fitting: Iterable[int], loads: Mapping[int, Load], barred: Collection[int]
) -> int | None:
    """Return the booth that somebody is proposed; None when none is worth the way.

    Args:
        wait: how long the person waits where they are.
        fitting: booths that suit the person, the best first.
        loads: of every booth where somebody waits or was proposed to go.
        barred: where the person was, waits, or was proposed to go before.
    """
    nobody = Load(0, timedelta())
    return next(
        (
            booth
            for booth in fitting
            if booth not in barred and loads.get(booth, nobody).wait + SHORTER_BY <= wait
        ),
        None,
    )
