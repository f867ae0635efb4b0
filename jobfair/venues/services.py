"""Verbs of venues: set up zones, lay out booths, move and give them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from jobfair.fairs import queries as fairs
from jobfair.fairs.services import lock_fair
from jobfair.kit import audit
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.venues import queries
from jobfair.venues.models import Booth, BoothCell, Zone
from jobfair.venues.rules import (
    BoothPlan,
    Clash,
    Place,
    check_letter,
    check_place,
    clashes,
    lay_out,
    next_numbers,
)


class LetterTaken(Refusal):
    """Another zone of the fair has the letter."""

    code = "zone_letter_taken"
    message = N_("There is already a zone %(letter)s. Choose another letter.")


class ZoneInUse(Refusal):
    """Booths stand in the zone."""

    code = "zone_in_use"
    message = N_("Zone %(letter)s has booths. Give them to another zone, or remove them, first.")


class Clashing(Refusal):
    """Two booths would share a number, a cell or an employer; ``found`` says which."""

    code = "booths_clash"
    message = N_("Two booths would share a number, a place or an employer. Nothing was changed.")

    def __init__(self, found: Sequence[Clash]) -> None:
        super().__init__()
        self.found = found


class ChangedMeanwhile(Refusal):
    """Somebody else changed the booth since the page was opened."""

    code = "booth_changed_meanwhile"
    message = N_(
        "Somebody else has changed this booth meanwhile. Compare it with the map and save again."
    )

    def __init__(self, booth_id: int) -> None:
        super().__init__()
        self.booth_id = booth_id


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """What is typed about a new zone."""

    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class BoothChange:
    """What a booth is to become, and how it was when that was decided."""

    before: BoothPlan
    after: BoothPlan


def name_zones(session: Session, fair_id: int, names: Mapping[int, str]) -> None:
    """Change the names of zones of a fair; their letters stay, as numbers of booths begin so.

    Raises:
        NotFound: no such fair, or a zone is not the fair's.
    """
    lock_fair(session, fair_id)
    there = {row.id: row.name for row in queries.list_zones(session, fair_id)}
    if not there.keys() >= names.keys():
        raise NotFound
    changed = {zone: name for zone, name in names.items() if there[zone] != name}
    for zone_id, name in changed.items():
        session.execute(update(Zone).where(Zone.id == zone_id).values(name=name))
        audit.record(session, "zone.name", subject="zone", subject_id=zone_id)


def add_zone(session: Session, fair_id: int, draft: ZoneDraft) -> int:
    """Add a zone to a fair; return its id.

    Raises:
        NotFound: there is no such fair.
        LetterUnusable: the letter is none.
        LetterTaken: another zone has it.
    """
    check_letter(draft.letter)
    lock_fair(session, fair_id)
    if draft.letter in {row.letter for row in queries.list_zones(session, fair_id)}:
        raise LetterTaken(letter=draft.letter)
    zone = Zone(fair_id=fair_id, letter=draft.letter, name=draft.name)
    session.add(zone)
    session.flush()
    audit.record(session, "zone.add", subject="zone", subject_id=zone.id)
    return zone.id


def remove_zones(session: Session, fair_id: int, zone_ids: Collection[int]) -> None:
    """Remove zones that have no booths.

    Raises:
        NotFound: no such fair, or a zone is not the fair's.
        ZoneInUse: a zone has booths.
    """
    lock_fair(session, fair_id)
    there = {row.id: row for row in queries.list_zones(session, fair_id)}
    for zone_id in zone_ids:
        if zone_id not in there:
            raise NotFound
        if there[zone_id].booths:
            raise ZoneInUse(letter=there[zone_id].letter)
        session.execute(delete(Zone).where(Zone.id == zone_id))
        audit.record(session, "zone.remove", subject="zone", subject_id=zone_id)


def lay_out_booths(
    session: Session, fair_id: int, counts: Mapping[int, int], *, in_a_row: int
) -> int:
    """Add booths in rows, zone by zone, below everything that stands; return how many.

    Args:
        session: the writing session.
        fair_id: the fair.
        counts: how many each zone gets, by its id.
        in_a_row: how many stand side by side, 1 to the columns of the map.

    Raises:
        NotFound: no such fair, or a zone is not the fair's.
        MapFull: the map has not so many rows; none is added.
    """
    lock_fair(session, fair_id)
    zones = queries.list_zones(session, fair_id)
    if not {row.id for row in zones} >= counts.keys():
        raise NotFound
    booths = queries.list_booths(session, fair_id)
    occupied = {cell for booth in booths for cell in booth.place.cells()}
    numbers = {booth.number for booth in booths}
    for zone in zones:
        count = counts.get(zone.id, 0)
        places = lay_out(occupied, count, in_a_row)
        for number, place in zip(next_numbers(zone.letter, numbers, count), places, strict=True):
            booth = Booth(fair_id=fair_id, zone_id=zone.id, number=number)
            session.add(booth)
            session.flush()
            _stand(session, fair_id, booth.id, place)
            numbers.add(number)
            occupied.update(place.cells())
    added = len(numbers) - len(booths)
    if added:
        detail = {"booths": added}
        audit.record(session, "fair.lay_out", subject="fair", subject_id=fair_id, detail=detail)
    return added


def _stand(session: Session, fair_id: int, booth_id: int, place: Place) -> None:
    cells = [
        {"fair_id": fair_id, "row": row, "column": column, "booth_id": booth_id}
        for row, column in place.cells()
    ]
    session.execute(insert(BoothCell), cells)


def change_booths(
    session: Session,
    fair_id: int,
    changes: Sequence[BoothChange],
    *,
    removed: Collection[int] = (),
) -> int:
    """Change and remove booths of a fair, all or none; return how many became different.

    Raises:
        NotFound: no such fair; or a booth, a zone or an employer is not of this fair.
        PlaceOutside: a booth would stand outside the map.
        ChangedMeanwhile: a booth is not as it was when its change was decided.
        Clashing: two booths would share a number, a cell or an employer.
    """
    lock_fair(session, fair_id)
    there = {row.id: row.plan for row in queries.list_booths(session, fair_id)}
    wanted = [one for one in changes if one.after != one.before and one.after.id not in removed]
    _check_known(session, fair_id, there, wanted, removed)
    for one in wanted:
        check_place(one.after.place)
        if there[one.after.id] != one.before:
            raise ChangedMeanwhile(one.after.id)
    standing = there | {one.after.id: one.after for one in wanted}
    plans = [plan for booth_id, plan in standing.items() if booth_id not in removed]
    changed = [one.after.id for one in wanted]
    found = clashes(plans, changed)
    if found:
        raise Clashing(found)
    # All taken away, then put back under the same ids: two may change places or numbers at once.
    gone = [*changed, *removed]
    if not gone:
        return 0
    session.execute(delete(BoothCell).where(BoothCell.booth_id.in_(gone)))
    session.execute(delete(Booth).where(Booth.id.in_(gone)))
    for one in wanted:
        plan = one.after
        row = {"zone_id": plan.zone_id, "number": plan.number, "employer_id": plan.employer_id}
        session.execute(insert(Booth).values(id=plan.id, fair_id=fair_id, **row))
        _stand(session, fair_id, plan.id, plan.place)
    detail = {"changed": sorted(changed), "removed": sorted(removed)}
    audit.record(session, "fair.change_booths", subject="fair", subject_id=fair_id, detail=detail)
    return len(gone)


def _check_known(
    session: Session,
    fair_id: int,
    there: Mapping[int, BoothPlan],
    wanted: Sequence[BoothChange],
    removed: Collection[int],
) -> None:
    """Check that what is named is this fair's; an employer that left it may keep its booth."""
    zones = {row.id for row in queries.list_zones(session, fair_id)}
    employers = {row.employer_id for row in fairs.list_fair_employers(session, fair_id)}
    kept = {plan.employer_id for plan in there.values()}
    known = there.keys() >= {*removed, *(one.after.id for one in wanted)}
    known = known and zones >= {one.after.zone_id for one in wanted}
    if not known or not employers | kept | {None} >= {one.after.employer_id for one in wanted}:
        raise NotFound


def move_booth(session: Session, booth_id: int, *, column: int, row: int) -> queries.BoothRow:
    """Put a booth somewhere else on the map, its size as it is; return how it stands now.

    Raises:
        NotFound: there is no such booth.
        PlaceOutside: it would stand outside the map.
        Clashing: another booth stands there.
    """
    booth = queries.find_booth(session, booth_id)
    if booth is None:
        raise NotFound
    place = replace(booth.place, column=column, row=row)
    change = BoothChange(booth.plan, replace(booth.plan, place=place))
    change_booths(session, booth.fair_id, [change])
    return replace(booth, place=place)


def fill_booths(session: Session, fair_id: int) -> int:
    """Give free booths, in their order, to employers that have none, by name; return how many.

    Raises:
        NotFound: there is no such fair.
    """
    lock_fair(session, fair_id)
    booths = queries.list_booths(session, fair_id)
    having = {booth.employer_id for booth in booths}
    lacking = [
        row.employer_id
        for row in fairs.list_fair_employers(session, fair_id)
        if row.employer_id not in having
    ]
    free = [booth.plan for booth in booths if booth.employer_id is None]
    pairs = zip(free, lacking, strict=False)
    changes = [BoothChange(plan, replace(plan, employer_id=employer)) for plan, employer in pairs]
    return change_booths(session, fair_id, changes)
