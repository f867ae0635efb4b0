"""Seekers as pages show them: opened, masked, counted, searched by keyed index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from jobfair.kit import clock, masking
from jobfair.kit.bulk import in_slices
from jobfair.seekers.models import Seeker, SeekerWish
from jobfair.seekers.queries import sealed
from jobfair.seekers.rules.drafts import SeekerStatus, Wish
from jobfair.seekers.rules.identity import age_on, tidy_id_number
from jobfair.seekers.rules.searching import Find, Search

_CHAIN_AT_MOST = 20
# Whose a record is: its own, or the kept one's that it was merged into (C1).
PERSON: Any = func.coalesce(Seeker.merged_into_id, Seeker.id)
EXPIRING_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SeekerFilter:
    """What a list is narrowed to; None does not narrow.

    Attributes:
        scope: division code whose people the caller may see; None for all.
        state: active, employed, expiring, expired, withdrawn or merged.
        occupation: an occupation code or the beginning of one.
        sort: registered, birth, expires, each with a leading minus for descending.
    """

    scope: str | None = None
    search: Search | None = None
    division: str | None = None
    category: str | None = None
    education: str | None = None
    sex: str | None = None
    age_from: int | None = None
    age_to: int | None = None
    state: str | None = None
    occupation: str | None = None
    sort: str = "-registered"


@dataclass(frozen=True, slots=True)
class MaskedPerson:
    """Enough of a person to recognise, not enough to use."""

    id: int
    name: str
    id_number: str
    phone: str
    home_division: str
    birth_date: date
    sex: str
    household_category: str | None
    education: str | None


@dataclass(frozen=True, slots=True)
class SeekerRow:
    """A line of the list, masked."""

    id: int
    name: str
    id_number: str
    phone: str
    sex: str
    age: int
    education: str | None
    household_category: str | None
    home_division: str
    village: str | None
    state: str
    registered_at: datetime
    expires_on: date
    wishes: tuple[Wish, ...]
    household_no: str
    relation: str | None
    labour_capacity: str | None
    exit_state: str | None
    exit_since: str | None


@dataclass(frozen=True, slots=True)
class SeekerDetail:
    """A whole record, personal values masked."""

    row: SeekerRow
    address: str
    birth_date: date
    ethnic_group: str | None
    id_division: str
    hukou_kind: str | None
    household_category_since: date | None
    household_since: date | None
    labour_capacity_since: date | None
    experience_years: int | None
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    wage_min: int | None
    wanted_divisions: tuple[str, ...]
    available_from: date | None
    travel_group: str | None
    only_with_group: bool
    refusals: tuple[str, ...]
    current_job: str | None
    employed_since: date | None
    consent_version: str | None
    consent_at: datetime | None
    consent_withdrawn_at: datetime | None
    merged_into_id: int | None
    erased: bool
    source: str
    registered_by: int | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a record is in use, its person agrees to be recommended, and is on post."""

    active: bool
    consents: bool
    on_post: bool


def within(division: str) -> ColumnElement[bool]:
    """Return the condition that a home lies in a division; a range, so that the index serves."""
    following = str(int(division) + 1).zfill(len(division))
    return (Seeker.home_division >= division) & (Seeker.home_division < following)


def state_of(row: Any, today: date) -> str:
    """Return what a list says of a record: its status, or employed, or expired."""
    if row.status != SeekerStatus.ACTIVE:
        return str(row.status)
    if row.employed_since is not None:
        return "employed"
    return "expired" if row.expires_on < today else "active"


def _searched(session: Session, search: Search, scope: str | None) -> ColumnElement[bool]:
    match search.by:
        case Find.NAME:
            return Seeker.name_index == sealed.name_index(search.text)
        case Find.INITIALS:
            return Seeker.initials_index == sealed.initials_index(search.text)
        case Find.ID_NUMBER:
            return Seeker.id_index == sealed.id_index(tidy_id_number(search.text))
        case Find.PHONE:
            return Seeker.phone_index == sealed.phone_index(search.text)
        case Find.LAST4:
            counties = _counties(session, scope)
            indexes = [sealed.last4_index(search.text, county) for county in counties]
            return Seeker.id_last4_index.in_(indexes)


def _counties(session: Session, scope: str | None) -> list[str]:
    if scope and len(scope) >= sealed.COUNTY:
        return [scope[: sealed.COUNTY]]
    county = func.substr(Seeker.home_division, 1, sealed.COUNTY)
    query = select(county).distinct()
    if scope:
        query = query.where(within(scope))
    return list(session.execute(query).scalars())


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    active = Seeker.status == SeekerStatus.ACTIVE
    match state:
        case "employed":
            return active & Seeker.employed_since.is_not(None)
        case "expired":
            return active & Seeker.employed_since.is_(None) & (Seeker.expires_on < today)
        case "expiring":
            return active & Seeker.expires_on.between(today, today + EXPIRING_SOON)
        case "active":
            return active & Seeker.employed_since.is_(None) & (Seeker.expires_on >= today)
        case _:
            return Seeker.status == state


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def conditions(session: Session, wanted: SeekerFilter) -> list[ColumnElement[bool]]:
    """Return what a filter asks of a seeker; other rooms' queries may join theirs to it."""
    today = clock.today()
    found = [within(code) for code in (wanted.scope, wanted.division) if code]
    if wanted.search:
        found.append(_searched(session, wanted.search, wanted.division or wanted.scope))
    for column, value in (
        (Seeker.household_category, wanted.category),
        (Seeker.education, wanted.education),
        (Seeker.sex, wanted.sex),
    ):
        if value:
            found.append(column == value)
    if wanted.age_from is not None:
        found.append(Seeker.birth_date <= _years_before(today, wanted.age_from))
    if wanted.age_to is not None:
        found.append(Seeker.birth_date > _years_before(today, wanted.age_to + 1))
    if wanted.state:
        found.append(_in_state(wanted.state, today))
    if wanted.occupation:
        wish = select(SeekerWish.seeker_id).where(
            SeekerWish.occupation_code.startswith(wanted.occupation, autoescape=True)
        )
        found.append(Seeker.id.in_(wish))
    return found


def _sorted(query: Select[Any], sort: str) -> Select[Any]:
    columns = {
        "registered": Seeker.registered_at,
        "birth": Seeker.birth_date,
        "expires": Seeker.expires_on,
    }
    column = columns.get(sort.lstrip("-"), Seeker.registered_at)
    if sort.startswith("-"):
        return query.order_by(column.desc(), Seeker.id.desc())
    return query.order_by(column, Seeker.id)


def _masked(row: Any, wishes: Sequence[Wish], today: date) -> SeekerRow:
    return SeekerRow(
        id=row.id,
        name=masking.mask_name(sealed.open_column(row, "name_sealed")),
        id_number=masking.mask_id_number(sealed.open_column(row, "id_number_sealed")),
        phone=masking.mask_phone(sealed.open_column(row, "phone_sealed")),
        sex=row.sex,
        age=age_on(row.birth_date, today),
        education=row.education,
        household_category=row.household_category,
        home_division=row.home_division,
        village=row.village,
        state=state_of(row, today),
        registered_at=row.registered_at,
        expires_on=row.expires_on,
        wishes=tuple(wishes),
        household_no=masking.mask_end(sealed.open_column(row, "household_no_sealed")),
        relation=row.relation,
        labour_capacity=row.labour_capacity,
        exit_state=row.exit_state,
        exit_since=row.exit_since,
    )


def list_seekers(
    session: Session, wanted: SeekerFilter, *, limit: int = 50, offset: int = 0
) -> list[SeekerRow]:
    """Return a page of masked seekers."""
    query = _sorted(select(Seeker).where(*conditions(session, wanted)), wanted.sort)
    rows = session.execute(query.limit(limit).offset(offset)).scalars().all()
    wishes = sealed.wishes_of(session, [row.id for row in rows])
    today = clock.today()
    return [_masked(row, wishes.get(row.id, ()), today) for row in rows]


def count_seekers(session: Session, wanted: SeekerFilter) -> int:
    """Return how many seekers a filter keeps."""
    query = select(func.count()).select_from(Seeker).where(*conditions(session, wanted))
    return session.execute(query).scalar_one()


def find_seeker(session: Session, seeker_id: int) -> SeekerDetail | None:
    """Return one record, masked; None when there is none."""
    row = session.get(Seeker, seeker_id)
    if row is None:
        return None
    wishes = sealed.wishes_of(session, [row.id]).get(row.id, [])
    return SeekerDetail(
        row=_masked(row, wishes, clock.today()),
        address=masking.mask_address(sealed.open_column(row, "address_sealed")),
        birth_date=row.birth_date,
        ethnic_group=row.ethnic_group,
        id_division=row.id_division,
        hukou_kind=row.hukou_kind,
        household_category_since=row.household_category_since,
        household_since=row.household_since,
        labour_capacity_since=row.labour_capacity_since,
        experience_years=row.experience_years,
        skills=tuple(row.skills),
        certificates=tuple(row.certificates),
        wage_min=row.wage_min,
        wanted_divisions=tuple(row.wanted_divisions),
        available_from=row.available_from,
        travel_group=row.travel_group,
        only_with_group=row.only_with_group,
        refusals=tuple(row.refusals),
        current_job=row.current_job,
        employed_since=row.employed_since,
        consent_version=row.consent_version,
        consent_at=row.consent_at,
        consent_withdrawn_at=row.consent_withdrawn_at,
        merged_into_id=row.merged_into_id,
        erased=row.erased_at is not None,
        source=row.source,
        registered_by=row.registered_by,
        updated_at=row.updated_at,
    )


def find_standing(session: Session, seeker_id: int) -> Standing | None:
    """Return what decides whether somebody may be offered a post; None without such a record."""
    row = session.execute(
        select(
            Seeker.status, Seeker.employed_since, Seeker.consent_at, Seeker.consent_withdrawn_at
        ).where(Seeker.id == seeker_id)
    ).one_or_none()
    if row is None:
        return None
    consents = row.consent_at is not None and row.consent_withdrawn_at is None
    return Standing(row.status == SeekerStatus.ACTIVE, consents, row.employed_since is not None)


def names_of(session: Session, ids: Iterable[int]) -> dict[int, MaskedPerson]:
    """Return some people masked, by id; for the lists of other rooms."""
    found: dict[int, MaskedPerson] = {}
    for some in in_slices(set(ids)):
        rows = session.execute(
            select(
                Seeker.id,
                Seeker.key,
                Seeker.name_sealed,
                Seeker.id_number_sealed,
                Seeker.phone_sealed,
                Seeker.home_division,
                Seeker.birth_date,
                Seeker.sex,
                Seeker.household_category,
                Seeker.education,
            ).where(Seeker.id.in_(some))
        )
        for row in rows:
            found[row.id] = MaskedPerson(
                id=row.id,
                name=masking.mask_name(sealed.open_column(row, "name_sealed")),
                id_number=masking.mask_id_number(sealed.open_column(row, "id_number_sealed")),
                phone=masking.mask_phone(sealed.open_column(row, "phone_sealed")),
                home_division=row.home_division,
                birth_date=row.birth_date,
                sex=row.sex,
                household_category=row.household_category,
                education=row.education,
            )
    return found


def find_by_id_numbers(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    """Return seeker ids by tidy ID number; a merged record gives the one that was kept."""
    by_index = {sealed.id_index(number): number for number in numbers}
    found: dict[str, int] = {}
    merged: dict[str, int] = {}
    for some in in_slices(by_index):
        rows = session.execute(
            select(Seeker.id, Seeker.id_index, Seeker.merged_into_id).where(
                Seeker.id_index.in_(some)
            )
        )
        for seeker_id, index, into in rows:
            number = by_index[bytes(index)]
            found[number] = seeker_id
            if into is not None:
                merged[number] = into
    for number, into in merged.items():
        found[number] = kept_record(session, into)
    return found


def kept_record(session: Session, seeker_id: int) -> int:
    """Return the record that stands for one: itself, or the end of its chain of merges."""
    for _step in range(_CHAIN_AT_MOST):
        into = session.execute(
            select(Seeker.merged_into_id).where(Seeker.id == seeker_id)
        ).scalar_one_or_none()
        if into is None:
            return seeker_id
        seeker_id = into
    return seeker_id
