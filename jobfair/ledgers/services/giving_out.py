"""Giving a ledger out in its own columns, so that it reads back without a change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer
from jobfair.kit import audit
from jobfair.kit.bulk import in_slices
from jobfair.kit.events.queries import counting
from jobfair.kit.events.rules import Precision
from jobfair.ledgers.models import LedgerLine
from jobfair.ledgers.queries import LedgerFilter, WorkRow, count_work, list_idle, list_work
from jobfair.ledgers.queries.lines import told_lines
from jobfair.ledgers.queries.sealed import open_told
from jobfair.ledgers.rules.reading import write_when
from jobfair.ledgers.rules.rows import FIELDS
from jobfair.ledgers.rules.words import STATE_WORDS, State
from jobfair.ledgers.services.forgetting import forget_erased
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.counting import Channel, Destination
from jobfair.placements.rules.events import ENDS
from jobfair.placements.rules.kinds import EndReason, EventKind
from jobfair.regions import codes
from jobfair.regions import queries as regions
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import households_of
from jobfair.seekers.queries.sealed import open_column
from jobfair.seekers.rules.drafts import HouseholdCategory, HukouKind
from jobfair.seekers.rules.household import CAPACITY_WORDS, EXIT_WORDS, Household

# What a file holds that is given out; the rest of the columns is only understood.
_LEFT_OUT = frozenset(
    {
        "division_code",
        "address",
        "residence",
        "source_ref",
        "wage_min",
        "wanted_divisions",
        "household_category_since",
        "transfer",
        "working",
        "way",
        "province",
        "yearly_income",
        "sector",
        "change",
        "id_kind",
    }
)
COLUMNS = tuple((spec.name, spec.aliases[0]) for spec in FIELDS if spec.name not in _LEFT_OUT)
# Words of the form that our own reading understands as the same.
_CHANNELS: Mapping[str, tuple[str, str]] = {
    Channel.ORGANISED: ("是", "政府组织"),
    Channel.ASSISTED: ("否", "公共就业服务机构推荐"),
    Channel.SELF_ARRANGED: ("否", "自发"),
}
_AREAS: Mapping[str, str] = {
    Destination.IN_COUNTY: "县内",
    Destination.IN_PREFECTURE: "市内县外",
    Destination.IN_PROVINCE: "省内市外",
    Destination.OUT_OF_PROVINCE: "省外",
    Destination.ABROAD: "境外",
}
_REASONS: Mapping[str, str] = {
    EndReason.SEASONAL: "季节性返乡",
    EndReason.FINAL: "不再外出",
    EndReason.ILLNESS: "生病",
    EndReason.FAMILY: "家庭原因",
    EndReason.LAYOFF: "裁员",
}
_CATEGORIES: Mapping[str, str] = {
    HouseholdCategory.REGISTERED_POOR: "建档立卡户",
    HouseholdCategory.LIFTED_OUT: "已脱贫户",
    HouseholdCategory.AT_RISK: "监测对象",
    HouseholdCategory.GENERAL: "一般户",
}
_HUKOU: Mapping[str, str] = {HukouKind.RURAL: "农业", HukouKind.URBAN: "非农业"}
_SEXES: Mapping[str, str] = {"1": "男", "2": "女"}
_YES = "是"


def note_given_out(session: Session, wanted: LedgerFilter, *, reason: str) -> int:
    """Record that a ledger is given out with people in clear; return how many lines it has.

    Args:
        session: the writing session.
        wanted: which people.
        reason: a code of the page's list, never free text.
    """
    forget_erased(session)
    work, idle = count_work(session, wanted)
    audit.record(
        session,
        "ledger.give_out",
        subject="ledger_line",
        detail={"reason": reason, "rows": work + idle, "scope": wanted.scope or ""},
    )
    return work + idle


def note_taken(session: Session) -> None:
    """Record that a ledger that was made before is downloaded."""
    audit.record(session, "ledger.take_file", subject="ledger_line")


def ledger_cells(session: Session, wanted: LedgerFilter) -> Iterator[list[str]]:
    """Give the rows of a ledger under `COLUMNS`, people in clear.

    Args:
        session: a reading session; that they are given out was recorded before.
        wanted: which people.
    """
    work, idle = count_work(session, wanted)
    rows = list_work(session, wanted, limit=work) if work else []
    rows += list_idle(session, wanted, limit=idle) if idle else []
    return _written(session, rows)


def _written(session: Session, rows: list[WorkRow]) -> Iterator[list[str]]:
    for some in in_slices(rows):
        people = _people(session, {row.seeker_id for row in some})
        households = households_of(session, people)
        placements = [row.placement_id for row in some if row.placement_id]
        days = _days(session, placements)
        more = _more(session, placements)
        told = told_lines(session, placements)
        idle = _idle_told(session, {row.seeker_id for row in some if not row.placement_id})
        names = regions.names_of(
            session, {p.home_division[:length] for p in people.values() for length in (6, 9)}
        )
        for row in some:
            person = people.get(row.seeker_id)
            if person is None:
                continue
            sealed = told.get(row.placement_id or 0) or idle.get(row.seeker_id)
            cells = open_told(*sealed) if sealed else {}
            cells |= _person(person, names) | _household(households[person.id])
            cells["state"] = STATE_WORDS[row.state]
            if row.placement_id:
                cells |= _work(row, days.get(row.placement_id, {}))
                cells |= more.get(row.placement_id, {})
            yield [cells.get(name, "") for name, _title in COLUMNS]


def _people(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    columns = (
        Seeker.id,
        Seeker.key,
        Seeker.name_sealed,
        Seeker.id_number_sealed,
        Seeker.phone_sealed,
        Seeker.home_division,
        Seeker.village,
        Seeker.sex,
        Seeker.ethnic_group,
        Seeker.education,
        Seeker.hukou_kind,
        Seeker.household_category,
    )
    living = (Seeker.id.in_(list(ids)), Seeker.erased_at.is_(None))
    return {row.id: row for row in session.execute(select(*columns).where(*living))}


def _person(row: Any, names: Mapping[str, str]) -> dict[str, str]:
    education = codes.code_list("education").get(row.education or "")
    group = codes.code_list("ethnic_groups").get(row.ethnic_group or "")
    home = row.home_division
    return {
        "county": names.get(home[:6], ""),
        "township": names.get(home[:9], "") if len(home) >= len("520502001") else "",
        "village": row.village or "",
        "name": open_column(row, "name_sealed"),
        "id_number": open_column(row, "id_number_sealed"),
        "phone": open_column(row, "phone_sealed"),
        "sex": _SEXES.get(row.sex, ""),
        "ethnic_group": group.zh if group else "",
        "education": education.zh if education else "",
        "hukou_kind": _HUKOU.get(row.hukou_kind or "", ""),
        "household_category": _CATEGORIES.get(row.household_category or "", ""),
    }


def _household(said: Household) -> dict[str, str]:
    """Return what is on record of a household; what a line of earlier times said stays."""
    relation = codes.code_list("relations").get(said.relation or "")
    cells = {
        "household_no": said.household_no,
        "relation": relation.zh if relation else None,
        "capacity": CAPACITY_WORDS.get(said.labour_capacity or ""),
        "exit_state": EXIT_WORDS.get(said.exit_state or ""),
        "exit_since": said.exit_since,
    }
    return {name: text for name, text in cells.items() if text}


def _work(row: WorkRow, days: Mapping[bool, Any]) -> dict[str, str]:
    organised, channel = _CHANNELS[row.channel]
    start, end = days.get(False), days.get(True)
    return {
        "organised": organised,
        "channel": channel,
        "area": _AREAS.get(row.destination, ""),
        "workplace": row.workplace_text,
        "employer": row.employer_name,
        "title": row.title,
        "monthly_income": f"{row.wage_fen / 100:g}" if row.wage_fen else "",
        "wage_right": _YES if row.wage_fen else "",
        "started": _day(start) or (row.planned_on.isoformat() if row.planned_on else ""),
        "ended": _day(end),
        "return_reason": _REASONS.get(end.reason, "") if end else "",
        "grade": start.evidence_grade if start else "",
        "evidence": start.evidence_ref if start else "",
    }


def _day(event: Any) -> str:
    if event is None:
        return ""
    return write_when(event.occurred_on, Precision(event.date_precision))


def _days(session: Session, placements: Iterable[int]) -> dict[int, dict[bool, Any]]:
    """Return the first day and the end of placements: whether it is the end → the event."""
    found: dict[int, dict[bool, Any]] = {}
    kinds = sorted({EventKind.ON_POST, *ENDS})
    for some in in_slices(placements):
        rows = session.execute(
            select(
                PlacementEvent.placement_id,
                PlacementEvent.kind,
                PlacementEvent.occurred_on,
                PlacementEvent.date_precision,
                PlacementEvent.reason,
                PlacementEvent.evidence_grade,
                PlacementEvent.evidence_ref,
            ).where(
                PlacementEvent.placement_id.in_(some),
                PlacementEvent.kind.in_(kinds),
                *counting(PlacementEvent),
            )
        )
        for row in rows:
            found.setdefault(row.placement_id, {})[row.kind != EventKind.ON_POST] = row
    return found


def _more(session: Session, placements: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return what else is on record of placements, as cells."""
    found: dict[int, dict[str, str]] = {}
    for some in in_slices(placements):
        rows = session.execute(
            select(
                Placement.id,
                Placement.household_category,
                Placement.industry,
                Employer.credit_code,
            )
            .outerjoin(Employer, Employer.id == Placement.employer_id)
            .where(Placement.id.in_(some))
        )
        for row in rows:
            found[row.id] = {
                "household_category": _CATEGORIES.get(row.household_category or "", ""),
                "industry": row.industry,
                "credit_code": row.credit_code or "",
            }
    return found


def _idle_told(session: Session, people: Iterable[int]) -> dict[int, tuple[bytes | None, str]]:
    rows = session.execute(
        select(LedgerLine.seeker_id, LedgerLine.told_sealed, LedgerLine.key)
        .where(
            LedgerLine.seeker_id.in_(list(people)),
            LedgerLine.current,
            LedgerLine.state != State.EMPLOYED,
            ~LedgerLine.overlap,
        )
        .order_by(LedgerLine.id)
    )
    return {row.seeker_id: (row.told_sealed, row.key) for row in rows}
