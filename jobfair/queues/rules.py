"""Who is next when a post comes free. Pure.

A unit that is given back, for whatever reason, is told of once, to one person: first to whom the
booth wished to offer that very position when none was left, by the time of the wish; then, if none
was left until now, to who waits in the booth's queue, in its order. While posts were left nobody
in the queue needs to be told. It is told, not held: the recruiter offers it as any other.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

# For so long nobody else is told of a post that came free in the place of who was told.
TURN_VALID = timedelta(minutes=15)


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
