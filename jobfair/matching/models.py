"""Tables of the weights: versions, and which of them was in use since when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.kit.db import Base, append_only
from jobfair.matching.core.weights import COMPONENTS, WEIGHTS
from jobfair.matching.rules import LONGEST_NOTE, most_points


class WeightProfile(Base):
    """权重方案: one version of the weights, in points; an edit makes the next version.

    The built-in version has no row: it is the program's.
    """

    __tablename__ = "weight_profile"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        CheckConstraint(
            " AND ".join(f"{name} BETWEEN 0 AND {most_points(name)}" for name in WEIGHTS),
            name="points_in_range",
        ),
        CheckConstraint(f"{' + '.join(COMPONENTS)} > 0", name="something_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    occupation: Mapped[int]
    skills: Mapped[int]
    wage: Mapped[int]
    experience: Mapped[int]
    education: Mapped[int]
    place: Mapped[int]
    travel_group: Mapped[int]
    priority: Mapped[int]
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))  # why it was changed
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class WeightUse(Base):
    """From when on rankings use a version; the newest row holds, going back is a row too."""

    __tablename__ = "weight_use"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    since: Mapped[datetime]
    chosen_by: Mapped[int | None]


append_only(WeightProfile)
append_only(WeightUse)
