"""Tables of organised journeys. Names and telephones of drivers and escorts are sealed."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jobfair.departures.rules.roster import Company, Role
from jobfair.departures.rules.scans import Job, Kind
from jobfair.departures.rules.states import Mode, Payer, State
from jobfair.kit.db import Base, append_only, one_of
from jobfair.placements.rules.kinds import OffBatch


class DepartureBatch(Base):
    """输送批次: people who travel to work together, organised by an office."""

    __tablename__ = "departure_batch"
    __table_args__ = (
        CheckConstraint(one_of("state", State), name="state_known"),
        CheckConstraint(one_of("mode", Mode), name="mode_known"),
        CheckConstraint(one_of("payer", Payer), name="payer_known"),
        CheckConstraint("arrives_on >= departs_on", name="arrives_after_departing"),
        CheckConstraint("arrived_on >= departed_on", name="arrived_after_departing"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(String(12), index=True)  # whose people it carries
    office_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(12), index=True)
    mode: Mapped[str] = mapped_column(String(10))
    origin: Mapped[str] = mapped_column(String(100))
    destination: Mapped[str] = mapped_column(String(100))
    departs_on: Mapped[date] = mapped_column(index=True)  # as planned
    arrives_on: Mapped[date]
    departed_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
    carrier: Mapped[str] = mapped_column(String(100))
    carrier_licence: Mapped[str] = mapped_column(String(60))
    cost_fen: Mapped[int]  # of the whole journey
    payer: Mapped[str] = mapped_column(String(20))
    policy_number: Mapped[str] = mapped_column(String(60))
    pick_up: Mapped[str] = mapped_column(String(200))  # where the receiver waits
    note: Mapped[str] = mapped_column(String(300))  # why it was unlocked or cancelled
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class BatchVehicle(Base):
    """车辆: a coach, a carriage, or a car of a batch."""

    __tablename__ = "batch_vehicle"
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats_positive"),
        UniqueConstraint("batch_id", "plate"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("departure_batch.id"), index=True)
    plate: Mapped[str] = mapped_column(String(20))  # or train and carriage, or flight
    seats: Mapped[int]  # for travellers


class BatchStop(Base):
    """上车点: where people of a township board, and when."""

    __tablename__ = "batch_stop"
    __table_args__ = (UniqueConstraint("batch_id", "division"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("departure_batch.id"), index=True)
    division: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(100))
    leaves_at: Mapped[str] = mapped_column(String(5))  # HH:MM of the planned day, Beijing


class BatchContact(Base):
    """联系人: a driver, an escort, or who receives a batch."""

    __tablename__ = "batch_contact"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role_known"),
        CheckConstraint("role <> 'driver' OR vehicle_id IS NOT NULL", name="driver_has_vehicle"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("departure_batch.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("batch_vehicle.id"))
    role: Mapped[str] = mapped_column(String(10))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class BatchRider(Base):
    """乘员: a person on the roster of a batch; who is taken off stays to be seen."""

    __tablename__ = "batch_rider"
    __table_args__ = (
        CheckConstraint(one_of("company", Company), name="company_known"),
        CheckConstraint(one_of("left_reason", OffBatch), name="reason_known"),
        CheckConstraint(one_of("payer", Payer), name="payer_known"),
        CheckConstraint(
            "(company = 'placed') = (placement_id IS NOT NULL)", name="placed_by_a_placement"
        ),
        CheckConstraint("(vehicle_id IS NULL) = (seat IS NULL)", name="seat_in_a_vehicle"),
        CheckConstraint("left_reason IS NULL OR seat IS NULL", name="who_left_has_no_seat"),
        CheckConstraint("(left_reason IS NULL) = (left_at IS NULL)", name="left_for_a_reason"),
        UniqueConstraint("batch_id", "seeker_id"),
        UniqueConstraint("vehicle_id", "seat"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("departure_batch.id"), index=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seeker.id"), index=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"), index=True)
    company: Mapped[str] = mapped_column(String(12))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("batch_vehicle.id"))
    seat: Mapped[int | None]
    consent_on: Mapped[date | None]  # a guardian's, for who is under eighteen
    insured: Mapped[bool]  # on the list that the insurer was sent
    payer: Mapped[str | None] = mapped_column(String(20))  # where it is not the batch's
    added_at: Mapped[datetime]
    added_by: Mapped[int | None]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str | None] = mapped_column(String(10))
    # What the placement's line was told of this journey: kind → id of the event, None for one that
    # the line refused, and its day.
    told: Mapped[dict[str, tuple[int | None, str]]] = mapped_column(JSON)


class BatchStation(Base):
    """批次工作站: a phone paired to a batch for boarding or arrival, until it is revoked."""

    __tablename__ = "batch_station"
    __table_args__ = (CheckConstraint(one_of("job", Job), name="job_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("departure_batch.id"), index=True)
    job: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime | None]
    secret_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    added_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class BatchScan(Base):
    """上车与交接记录: what a station or the office recorded once of a rider; never changed."""

    __tablename__ = "batch_scan"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind_known"),
        CheckConstraint("(kind = 'undo') = (target IS NOT NULL)", name="undo_has_target"),
        CheckConstraint(
            "(kind IN ('undo', 'departs', 'reached')) = (rider_id IS NULL)",
            name="others_have_rider",
        ),
        CheckConstraint("(station_id IS NULL) = (sequence IS NULL)", name="device_counts"),
        UniqueConstraint("station_id", "sequence"),
        {"info": {"unaudited": "is itself the record of who saw whom, where and when"}},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("departure_batch.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("batch_station.id"))
    sequence: Mapped[int | None]
    rider_id: Mapped[int | None] = mapped_column(ForeignKey("batch_rider.id"), index=True)
    kind: Mapped[str] = mapped_column(String(11))
    target: Mapped[str | None] = mapped_column(String(32))  # may come after its undo
    at: Mapped[datetime]
    skew: Mapped[int]  # milliseconds taken from the device's clock
    received_at: Mapped[datetime]
    recorded_by: Mapped[int | None]  # the user, where the office recorded it


append_only(BatchScan)
