"""Smaller fairs before the demonstration's own, after which its employers still owe reports.

They ended so long ago that the reports of 7, 30 and 90 days are due about now; some are overdue.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from sqlalchemy.orm import Session

from jobfair.fairs.queries import FairFilter, list_fair_positions
from jobfair.fairs.services import FairDraft, add_positions, open_fair
from jobfair.kit import clock
from jobfair.kit.ids import new_key
from jobfair.offers.services import accept, offer

_FIRMS = 3
_TAKEN = 2  # people of each firm at each fair
# Days since each ended; what it was called.
_FAIRS = (
    (4, "demo-week", "（演示）乡镇专场招聘会", "(Demonstration) fair of the townships"),
    (32, "demo-month", "（演示）就业援助月招聘会", "(Demonstration) fair of the month of support"),
    (92, "demo-quarter", "（演示）秋季招聘会", "(Demonstration) fair of the season"),
)
PEOPLE = len(_FAIRS) * _FIRMS * _TAKEN


def live_earlier_fairs(session: Session, fair_id: int, seeker_ids: Sequence[int]) -> int:
    """Hold fairs at which some firms of the demonstration took people; return how many people.

    Args:
        session: the writing session.
        fair_id: the demonstration's own fair, whose exhibitors come.
        seeker_ids: people who are free; with fewer than `PEOPLE` some firms take nobody.
    """
    posts: dict[int, int] = {}
    for post in list_fair_positions(session, fair_id, FairFilter()):
        if post.headcount >= PEOPLE:
            posts.setdefault(post.employer_id, post.position_id)
    positions = list(islice(posts.values(), _FIRMS))
    people = iter(seeker_ids)
    return sum(
        _hold(session, ended, (code, name, name_en), positions, people)
        for ended, code, name, name_en in _FAIRS
    )


def _hold(
    session: Session,
    ended: int,
    called: tuple[str, str, str],
    positions: Sequence[int],
    people: Iterator[int],
) -> int:
    """Hold a fair that ended some days ago; return how many people accepted a post."""
    code, name, name_en = called
    day = clock.today() - timedelta(days=ended)
    draft = FairDraft(
        code=code,
        name=name,
        name_en=name_en,
        starts_on=day,
        ends_on=day,
        venue="毕节市七星关区",
        division_code="520502",
        synthetic=True,
    )
    fair = open_fair(session, draft)
    add_positions(session, fair.id, positions)
    taken = 0
    with clock.ahead(-timedelta(days=ended)):
        for position in positions:
            for seeker_id in islice(people, _TAKEN):
                accept(session, offer(session, fair.id, position, seeker_id, key=new_key()).key)
                taken += 1
    return taken
