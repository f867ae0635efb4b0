"""Which rows of each table belong to a fair's day."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, cast, or_, select, union

from jobfair.kit.db import Base
from jobfair.uplink.models import UplinkRow
from jobfair.uplink.queries.book import Side

_OFFICES = ("labour_office", "organiser")
_STAFF = ("manager", "staff", "clerk")


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _shared(table: Table, side: Side) -> Select[int]:
    """Return the ids of the rows of a table that both servers have."""
    return select(cast(UplinkRow.local, Integer)).where(
        UplinkRow.uplink_id == side.uplink_id, UplinkRow.table_name == table.name
    )


def _seekers(side: Side) -> Select[int]:
    """Return the ids of the people of a fair."""
    seeker, card, fair = _table("seeker"), _table("card"), side.fair_id
    shared = _shared(seeker, side)
    parts = [shared]
    for name in ("walk_in", "hold"):
        here = _table(name)
        parts.append(select(here.c.seeker_id).where(here.c.fair_id == fair))
    if side.master:  # whoever has a card may come
        parts.append(select(card.c.seeker_id))
        kept = select(seeker.c.merged_into_id).join(card, card.c.seeker_id == seeker.c.id)
        parts.append(kept)
    else:
        for name in ("gate_record", "booth_record"):
            here = _table(name)
            seen = select(here.c.card).where(here.c.fair_id == fair)
            parts.append(select(card.c.seeker_id).where(card.c.digest.in_(seen)))
    every = union(*parts).subquery()
    return select(every.c[0]).where(every.c[0].is_not(None))


def _placements(side: Side) -> Select[int]:
    here = _table("placement")
    found = select(here.c.id).where(here.c.seeker_id.in_(_seekers(side)))
    if not side.master:
        return found
    shared = _shared(here, side)
    is_open = here.c.ended_on.is_(None) & ~here.c.void
    return found.where(is_open | here.c.id.in_(shared))


def _positions(side: Side) -> Select[int]:
    at_fair, placement, position = _table("fair_position"), _table("placement"), _table("position")
    taking_part = select(at_fair.c.position_id).where(at_fair.c.fair_id == side.fair_id)
    held = select(placement.c.position_id).where(placement.c.id.in_(_placements(side)))
    return select(position.c.id).where(or_(position.c.id.in_(taking_part), position.c.id.in_(held)))


def _employers(side: Side) -> Select[int]:
    employer, position = _table("employer"), _table("position")
    booth, placement = _table("booth"), _table("placement")
    sources = (
        select(position.c.employer_id).where(position.c.id.in_(_positions(side))),
        select(booth.c.employer_id).where(booth.c.fair_id == side.fair_id),
        select(placement.c.employer_id).where(placement.c.id.in_(_placements(side))),
    )
    return select(employer.c.id).where(or_(*(employer.c.id.in_(one) for one in sources)))


def _exhibitors(side: Side) -> Select[int]:
    """Return the organisations of the employers at the fair: their recruiters may sign in."""
    employer, position, at_fair = _table("employer"), _table("position"), _table("fair_position")
    there = (
        select(position.c.employer_id)
        .join(at_fair, at_fair.c.position_id == position.c.id)
        .where(at_fair.c.fair_id == side.fair_id)
    )
    return select(employer.c.organisation_id).where(employer.c.id.in_(there))


def _organisation(here: Table, side: Side) -> ColumnElement[bool]:
    employer = _table("employer")
    theirs = select(employer.c.organisation_id).where(employer.c.id.in_(_employers(side)))
    return here.c.kind.in_(_OFFICES) | here.c.id.in_(theirs)


def _account(here: Table, side: Side) -> ColumnElement[bool]:
    return here.c.role.in_(_STAFF) | here.c.organisation_id.in_(_exhibitors(side))


def _pairing(here: Table, side: Side) -> ColumnElement[bool]:
    station = _table("station")
    of_fair = select(station.c.id).where(station.c.fair_id == side.fair_id)
    return here.c.station_id.in_(of_fair)


def _events(side: Side) -> Select[int]:
    event = _table("placement_event")
    return select(event.c.id).where(event.c.placement_id.in_(_placements(side)))


def _files(side: Side) -> Select[str]:
    file = _table("placement_evidence")
    return select(file.c.key).where(file.c.event_id.in_(_events(side)))


def _of_fair(here: Table, side: Side) -> ColumnElement[bool]:
    return here.c.fair_id == side.fair_id


_WHICH: Mapping[str, Callable[[Table, Side], ColumnElement[bool]]] = {
    "organisation": _organisation,
    "user_account": _account,
    "employer": lambda here, side: here.c.id.in_(_employers(side)),
    "position": lambda here, side: here.c.id.in_(_positions(side)),
    "fair": lambda here, side: here.c.id == side.fair_id,
    "seeker": lambda here, side: here.c.id.in_(_seekers(side)),
    "seeker_wish": lambda here, side: here.c.seeker_id.in_(_seekers(side)),
    "household_record": lambda here, side: here.c.seeker_id.in_(_seekers(side)),
    "seeker_move": lambda here, side: here.c.seeker_id.in_(_seekers(side)),
    "card": lambda here, side: here.c.seeker_id.in_(_seekers(side)),
    "placement": lambda here, side: here.c.id.in_(_placements(side)),
    "placement_event": lambda here, side: here.c.placement_id.in_(_placements(side)),
    "placement_evidence": lambda here, side: here.c.event_id.in_(_events(side)),
    "evidence_content": lambda here, side: here.c.key.in_(_files(side)),
    "pairing": _pairing,
}


@lru_cache(maxsize=256)
def rows_of(table: str, side: Side) -> Select[Any]:
    """Return the rows of a table that belong to a fair, in the order they were written.

    A hall asks for all of them every few seconds: what it asks by is made once.
    """
    here = _table(table)
    which = _WHICH.get(table, _of_fair)
    return select(here).where(which(here, side)).order_by(*here.primary_key.columns)
