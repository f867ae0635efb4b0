"""Lets the demonstration's labour stations own some of the exported labourers, and see them today.

Everything goes in by the verbs that pages use. Some offers are left waiting, so that they can be
accepted; a dozen people of other counties have lately changed their employer and are to be asked.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from jobfair.kit import clock
from jobfair.kit.events.rules import Grade, Recorder
from jobfair.ownership.queries import HandOverFilter, HandOverRow, list_hand_overs
from jobfair.ownership.rules import Standing
from jobfair.ownership.services import accept, catch_up, serve_place
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.services import change_employer

_EVERY = 20_000
_ACCEPTED = 400
_OF_CLERK = 40  # accepted of the county whose clerk signs in
_ASKED = 12
_FEN = 100


def open_stations(session: Session, serves: Mapping[int, Sequence[str]]) -> None:
    """Say what each station serves.

    Args:
        session: the writing session.
        serves: divisions by station.
    """
    for station_id, places in serves.items():
        for place in places:
            serve_place(session, station_id, place)


def offer_everybody(session: Session) -> bool:
    """Offer a transaction's worth of labourers; tell whether more are left."""
    return catch_up(session)


def let_stations_work(session: Session, station_id: int, *, county: str) -> None:
    """Let a station accept some of its people, who are to be asked today.

    Args:
        session: the writing session.
        station_id: the station whose liaison signs in.
        county: the clerk's; of its people those are accepted who have been away longest.
    """
    waiting = HandOverFilter(station_id=station_id, standing=Standing.OFFERED)
    rows = sorted(list_hand_overs(session, waiting, limit=_EVERY), key=lambda row: row.id)
    away = [row for row in rows if not row.home_division.startswith(county)]
    near = [row for row in rows if row.home_division.startswith(county)]
    chosen = [*away[:_ACCEPTED], *near[:_OF_CLERK]]
    recorder = Recorder(office_id=station_id)
    accept(session, [row.id for row in chosen], recorder)
    for number, row in enumerate(away[:_ASKED]):
        _change(session, row, number, recorder)


def _change(session: Session, row: HandOverRow, number: int, recorder: Recorder) -> None:
    """Let somebody have a new employer near the station for a week or a month."""
    days = (7, 30)[number % 2]
    draft = PlacementDraft(
        employer_name=f"（演示）宝安第{number + 1}电子厂",
        channel=Channel.SELF_ARRANGED,
        started_on=clock.today() - timedelta(days=days),
        title=row.title,
        workplace_division="440306",
        wage_fen=5_200 * _FEN,
        grade=Grade.C,
        source="demo",
    )
    change_employer(session, row.placement_id, draft, recorder)
