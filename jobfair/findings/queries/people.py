"""Doubtful records of people themselves."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.findings.rules import SHARED_PHONE, Code, Found, Subject, stale
from jobfair.kit.bulk import in_slices
from jobfair.kit.crypto import vault
from jobfair.school.models import Student
from jobfair.school.queries.exports import seeker_indexes
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.sealed import open_column
from jobfair.seekers.rules.drafts import HouseholdCategory, SeekerStatus

_ACTIVE = Seeker.status == SeekerStatus.ACTIVE


def twins(session: Session) -> Iterator[Found]:
    """Give everybody who shares name, birth date and village with another ID number."""
    village: Any = func.coalesce(Seeker.village, "")
    same = (Seeker.name_index, Seeker.birth_date, Seeker.home_division, village.label("village"))
    groups = select(*same).where(_ACTIVE).group_by(*same).having(func.count() > 1).subquery()
    rows = session.execute(
        select(Seeker.id, Seeker.home_division)
        .join(
            groups,
            (groups.c.name_index == Seeker.name_index)
            & (groups.c.birth_date == Seeker.birth_date)
            & (groups.c.home_division == Seeker.home_division)
            & (groups.c.village == village),
        )
        .where(_ACTIVE)
        .order_by(Seeker.id)
    )
    for row in rows:
        yield Found(Code.TWIN, Subject.SEEKER, row.id, row.home_division, seeker_id=row.id)


def two_names(session: Session) -> Iterator[Found]:
    """Give everybody whose ID number is that of a student of another name.

    Within the register and within a roll no number stands twice: the databases refuse it.
    """
    students = session.execute(
        select(Student.id, Student.key, Student.id_number_sealed, Student.name_sealed)
        .add_columns(Student.intake_year)
        .where(~Student.void)
    ).all()
    indexes = seeker_indexes({row.id: (row.key, row.id_number_sealed) for row in students})
    roll = {indexes[row.id]: row for row in students}
    columns = (Seeker.id, Seeker.key, Seeker.id_index, Seeker.home_division, Seeker.name_sealed)
    for some in in_slices(sorted(roll)):
        for row in session.execute(select(*columns).where(_ACTIVE, Seeker.id_index.in_(some))):
            student = roll[bytes(row.id_index)]
            name = vault().open(
                student.name_sealed, table="student", column="name", row=student.key
            )
            if name != open_column(row, "name_sealed"):
                yield Found(
                    Code.TWO_NAMES,
                    Subject.SEEKER,
                    row.id,
                    row.home_division,
                    seeker_id=row.id,
                    told={"year": str(student.intake_year)},
                )


def shared_phones(session: Session) -> Iterator[Found]:
    """Give everybody whose phone is that of more than three people."""
    groups = (
        select(Seeker.phone_index, func.count().label("people"))
        .where(_ACTIVE, Seeker.phone_index.is_not(None))
        .group_by(Seeker.phone_index)
        .having(func.count() > SHARED_PHONE)
        .subquery()
    )
    rows = session.execute(
        select(Seeker.id, Seeker.home_division, groups.c.people)
        .join(groups, groups.c.phone_index == Seeker.phone_index)
        .where(_ACTIVE)
        .order_by(Seeker.id)
    )
    for row in rows:
        yield Found(
            Code.PHONE,
            Subject.SEEKER,
            row.id,
            row.home_division,
            seeker_id=row.id,
            told={"count": str(row.people)},
        )


def stale_categories(session: Session, today: date) -> Iterator[Found]:
    """Give everybody of a special household whose category was not confirmed for a year.

    The record was last laid over or edited on the day it was seen last.
    """
    rows = session.execute(
        select(Seeker.id, Seeker.home_division, Seeker.household_category_since, Seeker.updated_at)
        .where(
            _ACTIVE,
            Seeker.household_category.is_not(None),
            Seeker.household_category != HouseholdCategory.GENERAL,
            Seeker.household_category_since.is_not(None),
        )
        .order_by(Seeker.id)
    )
    for row in rows:
        seen = row.updated_at.date()
        if stale(row.household_category_since, today) and stale(seen, today):
            yield Found(
                Code.STALE_CATEGORY,
                Subject.SEEKER,
                row.id,
                row.home_division,
                seeker_id=row.id,
                told={
                    "since": row.household_category_since.isoformat(),
                    "seen": seen.isoformat(),
                },
            )
