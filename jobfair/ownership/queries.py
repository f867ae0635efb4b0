"""Who owns whom: a person's history, hand-overs as lists, labour stations and what they serve."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import Organisation, UserAccount
from jobfair.accounts.rules import OrganisationKind
from jobfair.employers.models import Employer
from jobfair.kit.bulk import in_slices
from jobfair.kit.changes import current_revision
from jobfair.ownership.models import (
    HandOverAnswer,
    HandOverOffer,
    Held,
    OwnershipMark,
    StationEmployer,
    StationPlace,
)
from jobfair.ownership.rules import (
    Answered,
    AnswerKind,
    HandOver,
    Owner,
    Serving,
    Standing,
    Tenure,
    Work,
    owner_on,
    tenures,
    work_of,
)
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.queries.lines import EVENTS
from jobfair.placements.rules.events import LINE
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON, within


@dataclass(frozen=True, slots=True)
class Placed:
    """One main placement of a person; ``work`` is None while nobody has set out for it."""

    id: int
    seeker_id: int
    employer_id: int | None
    workplace: str | None
    work: Work | None

    @property
    def lasts(self) -> bool:
        """Whether the person works there now, or is on the way."""
        return self.work is not None and self.work.end is None


@dataclass(frozen=True, slots=True)
class History:
    """All that decides about one person's owner."""

    placed: list[Placed] = field(default_factory=list)
    hand_overs: list[HandOver] = field(default_factory=list)

    def tenures(self, *, known_at: datetime | None = None) -> list[Tenure]:
        """Return the owners from the first to the present one."""
        works = [one.work for one in self.placed if one.work is not None]
        return tenures(works, self.hand_overs, known_at=known_at)


@dataclass(frozen=True, slots=True)
class HandOverFilter:
    """What a list of hand-overs is narrowed to; None or empty is no limit.

    Attributes:
        scope: only people whose home begins with it.
        station_id: only those offered to this station.
    """

    scope: str | None = None
    station_id: int | None = None
    standing: Standing | None = None
    county: str = ""
    employer: str = ""


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """One hand-over of a list; the name is masked.

    Attributes:
        home_division: the person's present one.
        from_station: the station that owned before; empty for the home.
        reason: of the last answer.
        answered_by: name of the user; empty for the system.
    """

    id: int
    seeker_id: int
    placement_id: int
    name: str
    home_division: str
    from_station: str
    station_id: int
    station: str
    employer_name: str
    title: str
    workplace_division: str | None
    workplace_text: str
    offered_at: datetime
    standing: Standing
    reason: str
    answered_at: datetime | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class StationRow:
    """A labour station with what it serves and how much it has."""

    id: int
    name: str
    division: str
    places: tuple[str, ...]
    employers: tuple[tuple[int, str], ...]
    held: int
    waiting: int


def serving(session: Session) -> Serving:
    """Return which open station serves which places and employers."""
    opened = Organisation.active
    places = session.execute(
        select(StationPlace.division, StationPlace.station_id)
        .join(Organisation, Organisation.id == StationPlace.station_id)
        .where(opened)
    )
    employers = session.execute(
        select(StationEmployer.employer_id, StationEmployer.station_id)
        .join(Organisation, Organisation.id == StationEmployer.station_id)
        .where(opened)
    )
    return Serving(
        {row[0]: row[1] for row in places},
        {row[0]: row[1] for row in employers},
    )


def histories(
    session: Session, people: Collection[int], *, known_at: datetime | None = None
) -> dict[int, History]:
    """Return what decides about the owners of people, records merged into theirs included.

    Args:
        session: a session.
        people: ids of records; one that was merged into another has no history of its own.
        known_at: placements as known then; hand-overs are all given.
    """
    found = {person: History() for person in people}
    for block in in_slices(sorted(found)):
        mine = or_(Seeker.id.in_(block), Seeker.merged_into_id.in_(block))
        rows = session.execute(
            select(
                Placement.id,
                Placement.seeker_id,
                Placement.employer_id,
                Placement.workplace_division,
                Placement.main,
                PERSON.label("person"),
            )
            .join(Seeker, Seeker.id == Placement.seeker_id)
            .where(mine, Placement.main)
        ).all()
        lines = EVENTS.lines(session, [row.id for row in rows]) if rows else {}
        for row in rows:
            state = LINE.state_at(lines.get(row.id, ()), known_at=known_at)
            work = work_of(row.id, state)
            placed = Placed(row.id, row.seeker_id, row.employer_id, row.workplace_division, work)
            if row.person in found:
                found[row.person].placed.append(placed)
        for person, hand_over in _hand_overs(session, mine):
            if person in found:
                found[person].hand_overs.append(hand_over)
    return found


def _hand_overs(session: Session, mine: ColumnElement[bool]) -> Iterable[tuple[int, HandOver]]:
    offers = session.execute(
        select(
            HandOverOffer.id,
            HandOverOffer.placement_id,
            HandOverOffer.station_id,
            HandOverOffer.offered_at,
            PERSON.label("person"),
        )
        .join(Seeker, Seeker.id == HandOverOffer.seeker_id)
        .where(mine)
        .order_by(HandOverOffer.id)
    ).all()
    answers = answers_of(session, [row.id for row in offers])
    for row in offers:
        given = tuple(
            Answered(AnswerKind(one.kind), one.at)
            for one in sorted(answers.get(row.id, ()), key=lambda a: a.id)
        )
        yield row.person, HandOver(row.id, row.placement_id, row.station_id, row.offered_at, given)


def answers_of(session: Session, hand_over_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return the answers to some offers, in order."""
    found: dict[int, list[Any]] = {}
    for block in in_slices(hand_over_ids):
        rows = session.execute(
            select(
                HandOverAnswer.id,
                HandOverAnswer.hand_over_id,
                HandOverAnswer.kind,
                HandOverAnswer.reason,
                HandOverAnswer.at,
                HandOverAnswer.by,
            )
            .where(HandOverAnswer.hand_over_id.in_(block))
            .order_by(HandOverAnswer.id)
        )
        for row in rows:
            found.setdefault(row.hand_over_id, []).append(row)
    return found


def owner_now(session: Session, seeker_id: int, today: date) -> Owner:
    """Return whose a person's record is today, from the facts themselves."""
    person = seekers.kept_record(session, seeker_id)
    return owner_on(histories(session, [person])[person].tenures(), today)


def is_behind(session: Session, today: date) -> bool:
    """Return whether placements or people may have changed since hand-overs were last settled.

    Where no station serves anything there is nothing to settle.
    """
    if not any(
        session.execute(select(column).limit(1)).first()
        for column in (StationPlace.station_id, StationEmployer.station_id, HandOverOffer.id)
    ):
        return False
    mark = session.get(OwnershipMark, 1)
    if mark is None or mark.swept_on != today:
        return True
    newest = session.execute(select(func.max(PlacementEvent.id))).scalar_one() or 0
    return newest > mark.event_id or current_revision(session, "seeker") > mark.seeker_revision


def is_held(person: Any, station_id: int | None = None) -> ColumnElement[bool]:
    """Return the condition that a station, or a certain one, owns the person of a record.

    Args:
        person: the column that holds the record's id; one merged into another counts as that.
        station_id: None for any.
    """
    held = select(Held.seeker_id)
    merged = select(Seeker.id).join(Held, Held.seeker_id == Seeker.merged_into_id)
    if station_id is not None:
        held, merged = (one.where(Held.station_id == station_id) for one in (held, merged))
    found: ColumnElement[bool] = person.in_(union_all(held, merged))
    return found


def open_stations(session: Session) -> dict[int, str]:
    """Return the names of the labour stations that may be offered people, by id."""
    opened = select(Organisation.id).where(Organisation.active)
    ids = set(session.execute(opened).scalars())
    return {one: name for one, name in station_names(session).items() if one in ids}


def station_names(session: Session) -> dict[int, str]:
    """Return the names of all labour stations by id, closed ones included."""
    stations = Organisation.kind == OrganisationKind.LABOUR_STATION
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(stations).order_by(Organisation.id)
    )
    return {row[0]: row[1] for row in rows}


def list_stations(session: Session) -> list[StationRow]:
    """Return the labour stations with what they serve, hold and have waiting."""
    places: dict[int, list[str]] = {}
    for division, station in session.execute(
        select(StationPlace.division, StationPlace.station_id).order_by(StationPlace.division)
    ):
        places.setdefault(station, []).append(division)
    employers: dict[int, list[tuple[int, str]]] = {}
    for employer, name, station in session.execute(
        select(Employer.id, Employer.name, StationEmployer.station_id)
        .join(StationEmployer, StationEmployer.employer_id == Employer.id)
        .order_by(Employer.name)
    ):
        employers.setdefault(station, []).append((employer, name))
    held = _counted(session, select(Held.station_id, func.count()).group_by(Held.station_id))
    waiting = _counted(
        session,
        select(HandOverOffer.station_id, func.count())
        .where(_stands(Standing.OFFERED))
        .group_by(HandOverOffer.station_id),
    )
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.division_code)
        .where(Organisation.kind == OrganisationKind.LABOUR_STATION)
        .order_by(Organisation.division_code, Organisation.id)
    )
    return [
        StationRow(
            row.id,
            row.name,
            row.division_code or "",
            tuple(places.get(row.id, ())),
            tuple(employers.get(row.id, ())),
            held.get(row.id, 0),
            waiting.get(row.id, 0),
        )
        for row in rows
    ]


def _counted(session: Session, statement: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(statement)}


def find_station(session: Session, station_id: int) -> StationRow | None:
    """Return one labour station."""
    return next((one for one in list_stations(session) if one.id == station_id), None)


def _given(kind: AnswerKind) -> ColumnElement[bool]:
    return exists().where(
        HandOverAnswer.hand_over_id == HandOverOffer.id, HandOverAnswer.kind == kind
    )


def _stands(standing: Standing) -> ColumnElement[bool]:
    back = _given(AnswerKind.TAKEN_BACK)
    match standing:
        case Standing.TAKEN_BACK:
            return back
        case Standing.OFFERED:
            return ~exists().where(HandOverAnswer.hand_over_id == HandOverOffer.id)
        case _:
            return and_(~back, _given(AnswerKind(standing)))


def _conditions(wanted: HandOverFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.station_id is not None:
        found.append(HandOverOffer.station_id == wanted.station_id)
    if wanted.standing is not None:
        found.append(_stands(wanted.standing))
    found += [within(place) for place in (wanted.scope, wanted.county) if place]
    if wanted.employer:
        told = Placement.employer_name + " " + Placement.workplace_text
        found.append(told.icontains(wanted.employer, autoescape=True))
    return found


def _offers(wanted: HandOverFilter, *columns: Any) -> Select[*tuple[Any, ...]]:
    record = aliased(Seeker)
    return (
        select(*columns)
        .select_from(HandOverOffer)
        .join(Placement, Placement.id == HandOverOffer.placement_id)
        .join(record, record.id == HandOverOffer.seeker_id)
        .join(Seeker, Seeker.id == func.coalesce(record.merged_into_id, record.id))
        .where(*_conditions(wanted))
    )


def count_hand_overs(session: Session, wanted: HandOverFilter) -> int:
    """Return how many hand-overs a filter finds."""
    return int(session.execute(_offers(wanted, func.count())).scalar_one())


def list_hand_overs(
    session: Session, wanted: HandOverFilter, *, limit: int = 50, offset: int = 0
) -> list[HandOverRow]:
    """Return a page of hand-overs, the latest offer first."""
    statement = _offers(wanted, HandOverOffer, Placement, Seeker.id)
    found = session.execute(
        statement.order_by(HandOverOffer.id.desc()).limit(limit).offset(offset)
    ).all()
    return _rows(session, found)


def offer_ids(session: Session, wanted: HandOverFilter) -> list[int]:
    """Return the ids of all hand-overs that a filter finds."""
    return list(session.execute(_offers(wanted, HandOverOffer.id)).scalars())


def of_station(
    session: Session, hand_over_ids: Collection[int], station_id: int | None
) -> list[int]:
    """Return those of some hand-overs that were offered to a station; None for any."""
    found: list[int] = []
    for block in in_slices(hand_over_ids):
        mine = select(HandOverOffer.id).where(HandOverOffer.id.in_(block))
        if station_id is not None:
            mine = mine.where(HandOverOffer.station_id == station_id)
        found += session.execute(mine).scalars()
    return found


def find_hand_over(session: Session, hand_over_id: int) -> HandOverRow | None:
    """Return one hand-over."""
    one = _offers(HandOverFilter(), HandOverOffer, Placement, Seeker.id)
    found = session.execute(one.where(HandOverOffer.id == hand_over_id)).all()
    return next(iter(_rows(session, found)), None)


def person_hand_overs(session: Session, seeker_id: int) -> list[HandOverRow]:
    """Return a person's hand-overs, the latest first."""
    one = _offers(HandOverFilter(), HandOverOffer, Placement, Seeker.id)
    mine = one.where(Seeker.id == seeker_id).order_by(HandOverOffer.id.desc())
    return _rows(session, session.execute(mine).all())


def _rows(session: Session, found: Iterable[Any]) -> list[HandOverRow]:
    every = list(found)
    people = seekers.names_of(session, {person for _offer, _placement, person in every})
    answers = answers_of(session, [offer.id for offer, *_ in every])
    users = {one.by for given in answers.values() for one in given if one.by is not None}
    names = {
        row[0]: row[1]
        for row in session.execute(
            select(UserAccount.id, UserAccount.display_name).where(UserAccount.id.in_(users))
        )
    }
    stations = station_names(session)
    rows = []
    for offer, placement, person in every:
        last = answers[offer.id][-1] if offer.id in answers else None
        rows.append(
            HandOverRow(
                id=offer.id,
                seeker_id=person,
                placement_id=placement.id,
                name=people[person].name,
                home_division=people[person].home_division,
                from_station=stations.get(offer.from_station_id or 0, ""),
                station_id=offer.station_id,
                station=stations.get(offer.station_id, ""),
                employer_name=placement.employer_name,
                title=placement.title,
                workplace_division=placement.workplace_division,
                workplace_text=placement.workplace_text,
                offered_at=offer.offered_at,
                standing=Standing(last.kind) if last else Standing.OFFERED,
                reason=last.reason if last else "",
                answered_at=last.at if last else None,
                answered_by=names.get(last.by or 0, "") if last else "",
            )
        )
    return rows
