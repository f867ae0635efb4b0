"""Tables of agents and of whom each placed. Names and telephones of contacts are sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.agents.rules import AgentKind
from jobfair.kit.db import Base, one_of


class Agent(Base):
    """劳务经纪: who finds work for people beside the labour offices."""

    __tablename__ = "agent"
    __table_args__ = (
        UniqueConstraint("division", "name"),
        CheckConstraint(one_of("kind", AgentKind), name="kind_known"),
        CheckConstraint(
            "kind <> 'agency' OR (licence <> '' AND licence_until IS NOT NULL)",
            name="agency_has_licence",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    division: Mapped[str] = mapped_column(String(12), index=True)  # whose office keeps it
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(12))
    licence: Mapped[str] = mapped_column(String(60))
    licence_until: Mapped[date | None]
    contact_name: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    contact_phone: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    ended_on: Mapped[date | None]
    added_at: Mapped[datetime]
    added_by: Mapped[int | None]


class ArrangedPlacement(Base):
    """经纪介绍: which agent arranged a placement; one at most."""

    __tablename__ = "arranged_placement"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    evidence: Mapped[str] = mapped_column(String(200))  # file or note that says so
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None]
