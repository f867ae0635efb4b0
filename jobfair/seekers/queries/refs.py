"""Finds a seeker by a number people write down."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jobfair.seekers.models import Seeker


def find_by_ref(session: Session, ref: str) -> int | None:
    """Return a seeker's id by the number of their own file or, written as digits, by our id."""
    digits = ref.isascii() and ref.isdigit() and len(ref) < 10
    wanted = or_(Seeker.source_ref == ref, Seeker.id == (int(ref) if digits else 0))
    found = select(Seeker.id).where(wanted).order_by(Seeker.source_ref != ref, Seeker.id).limit(1)
    return session.execute(found).scalar_one_or_none()
