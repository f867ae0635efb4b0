"""Taking in a county's transfer ledger: people not yet registered, then their placements."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from jobfair.kit import clock, crypto
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Grade, Recorder
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.kit.values.kinds import Kind
from jobfair.placements.rules import reading
from jobfair.placements.rules.drafts import AlreadyPlaced, PlacementDraft, Recorded, Result
from jobfair.placements.services.claiming import Joined, join_claims
from jobfair.placements.services.recording import record_placements
from jobfair.seekers import queries as seekers
from jobfair.seekers import services as seeker_services
from jobfair.seekers.rules import reading as people
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.seekers.rules.identity import id_number_fault, tidy_id_number

# What a ledger tells about the person; the rest of a seeker's columns is about wishes.
_PERSON = (
    "name",
    "id_number",
    "phone",
    "division_code",
    "county",
    "township",
    "village",
    "address",
    "residence",
    "sex",
    "ethnic_group",
    "education",
    "hukou_kind",
    "household_category",
    "household_category_since",
    "source_ref",
)
_KINDS = {"id_number": Kind.ID_NUMBER, "phone": Kind.PHONE, "name": Kind.NAME}
_TITLES = {
    "name": N_("Name"),
    "id_number": N_("ID number"),
    "phone": N_("Phone"),
    "division_code": N_("Division code"),
    "county": N_("Home county"),
    "township": N_("Home township"),
    "village": N_("Village"),
    "address": N_("Home address"),
    "residence": N_("Present address"),
    "sex": N_("Sex"),
    "ethnic_group": N_("Ethnic group"),
    "education": N_("Education"),
    "hukou_kind": N_("Household register"),
    "household_category": N_("Household category"),
    "household_category_since": N_("Category holds since"),
    "source_ref": N_("Number in the source"),
    "employer": N_("Employer"),
    "workplace": N_("Workplace"),
    "province": N_("Province of work"),
    "area": N_("Area of work"),
    "status": N_("Employment status"),
    "working": N_("Works already"),
    "organised": N_("Organised export"),
    "direct": N_("Point-to-point transport"),
    "channel": N_("How the work was found"),
    "started": N_("First day"),
    "ended": N_("Day of return"),
    "return_reason": N_("Reason of return"),
    "title": N_("Post or kind of work"),
    "industry": N_("Industry"),
    "sector": N_("Sector of the economy"),
    "monthly_income": N_("Monthly wage in yuan"),
    "yearly_income": N_("Yearly income"),
}
FIELDS = tuple(
    FieldSpec(name, _TITLES[name], aliases=people.HEADERS[name], kind=_KINDS.get(name))
    for name in _PERSON
) + tuple(
    FieldSpec(name, _TITLES[name], aliases=headers) for name, headers in reading.HEADERS.items()
)

UNREGISTERED = N_(
    "This person is not registered and the row has no name or no home county to register by."
)
JOINED = N_(
    "%(office)s has this person on record since %(day)s. Your office's word is kept beside it; the "
    "person counts once, for the earlier evidence (C15)."
)
INCOMPLETE = N_("The first day at work is missing: kept to be completed, counted nowhere.")


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row that was understood.

    Attributes:
        person: to register with, None when the row does not tell enough.
        notes: what is to be told about the row.
    """

    id_number: str = field(repr=False)
    person: SeekerDraft | None
    placement: PlacementDraft
    notes: tuple[str, ...] = ()


def ledger_spec(
    places: people.Places, recorder: Recorder, *, scope_division: str | None = None
) -> ImportSpec[LedgerRow]:
    """Return the import of transfer ledgers for one office.

    Args:
        places: how places and ethnic groups are found.
        recorder: who tells.
        scope_division: only people whose home begins with this.
    """

    def parse(row: SheetRow) -> LedgerRow | list[RowError]:
        return read_ledger_row(row, places)

    def apply(session: Session, rows: list[LedgerRow]) -> list[Outcome]:
        return apply_rows(session, rows, recorder, scope_division=scope_division)

    return ImportSpec("placements", FIELDS, parse, apply)


def read_ledger_row(row: SheetRow, places: people.Places) -> LedgerRow | list[RowError]:
    """Return what a row tells, or everything that is wrong with it."""
    cells = {spec.name: row.text(spec.name) for spec in FIELDS}
    cells["workplace"] = reading.read_workplace(cells["workplace"], cells["province"])
    today = clock.today()
    number = tidy_id_number(cells["id_number"])
    started, ended = reading.read_when(cells["started"]), reading.read_when(cells["ended"])
    away = reading.works_away(status=cells["status"], working=cells["working"])
    checks = (
        ("id_number", id_number_fault(cells["id_number"], today=today)),
        ("status", None if away else reading.NO_PLACEMENT),
        (
            "employer",
            None if not away or cells["employer"] or cells["workplace"] else reading.NO_PLACE,
        ),
        ("started", _unread(started, reading.BAD_START)),
        ("ended", _unread(ended, reading.BAD_END)),
    )
    wrong = [RowError(name, fault) for name, fault in checks if fault]
    if wrong:
        return wrong
    read = people.read_row({name: cells[name] for name in _PERSON}, places, today=today)
    if people.SEX_DIFFERS in read.faults:
        return [RowError("sex", people.SEX_DIFFERS)]
    placement = _placement(cells, places, started, ended)
    mark = "\x1f".join(
        (number, placement.employer_name, placement.workplace_text, str(placement.started_on))
    )
    fingerprint = crypto.vault().index(mark, field="placement.fingerprint").hex()
    notes = read.notes
    if placement.wage_fen is None and (cells["monthly_income"] or cells["yearly_income"]):
        notes = (*notes, reading.ODD_INCOME)
    return LedgerRow(number, read.draft, replace(placement, fingerprint=fingerprint), notes)


def _unread(found: object, fault: str) -> str | None:
    return None if found is None or isinstance(found, reading.When) else fault


def _placement(
    cells: Mapping[str, str], places: people.Places, started: object, ended: object
) -> PlacementDraft:
    start = started if isinstance(started, reading.When) else None
    end = ended if isinstance(ended, reading.When) else None
    draft = PlacementDraft(
        employer_name=cells["employer"][:200],
        channel=reading.read_channel(
            organised=cells["organised"], direct=cells["direct"], channel=cells["channel"]
        ),
        title=cells["title"][:200],
        industry=(cells["industry"] or cells["sector"])[:100],
        workplace_text=cells["workplace"][:300],
        workplace_division=places.division(cells["workplace"], "") if cells["workplace"] else None,
        destination=reading.read_area(cells["area"]),
        household_category=people.read_category(cells["household_category"]),
        wage_fen=reading.read_income(cells["monthly_income"], cells["yearly_income"]),
        grade=Grade.D,  # a village's list
        source="ledger",
    )
    if start is None:
        return draft
    draft = replace(draft, started_on=start.day, precision=start.precision)
    if end is None:
        return draft
    return replace(
        draft,
        ended_on=_not_before(end.day, start.day, end),
        end_precision=end.precision,
        end_reason=reading.read_reason(cells["return_reason"]),
    )


def _not_before(end: date, start: date, told: reading.When) -> date:
    """Return the end; within the month or year of the start, the start itself when need be."""
    same_year = end.year == start.year and told.precision == "year"
    same_month = (end.year, end.month) == (start.year, start.month) and told.precision == "month"
    return max(end, start) if same_year or same_month else end


def apply_rows(
    session: Session,
    rows: list[LedgerRow],
    recorder: Recorder,
    *,
    scope_division: str | None = None,
) -> list[Outcome]:
    """Register who is new, record the placements, and answer each row in order."""
    known = seekers.find_by_id_numbers(session, {row.id_number for row in rows})
    new = {r.id_number: r.person for r in rows if r.person and r.id_number not in known}
    reasons: dict[str, str | None] = {}
    outcomes = seeker_services.bulk_upsert(
        session,
        list(new.values()),
        registered_by=recorder.office_id,
        source="ledger",
        scope_division=scope_division,
    )
    for number, outcome in zip(new, outcomes, strict=True):
        reasons[number] = outcome.reason
        if outcome.seeker_id is not None:
            known[number] = outcome.seeker_id
    ready = [row for row in rows if row.id_number in known]
    told = [(known[row.id_number], row.placement) for row in ready]
    answers = record_placements(session, told, recorder, scope_division=scope_division)
    met = [place for place, answer in enumerate(answers) if _may_be_anothers(answer)]
    joined = join_claims(session, [told[place] for place in met], recorder)
    others = dict(zip(met, joined, strict=True))
    recorded = iter([(a, others.get(place)) for place, a in enumerate(answers)])
    return [
        _answer(row, *next(recorded))
        if row.id_number in known
        else Outcome("refused", reasons.get(row.id_number) or UNREGISTERED)
        for row in rows
    ]


def _may_be_anothers(recorded: Recorded) -> bool:
    """Return whether a row told of work that is on record, so that another office may have it."""
    if isinstance(recorded.refusal, AlreadyPlaced):
        return True
    return recorded.result in {Result.UNCHANGED, Result.UPDATED}


def _answer(row: LedgerRow, recorded: Recorded, joined: Joined | None) -> Outcome:
    if joined is not None:
        note = translate(JOINED, office=joined.office, day=joined.since.isoformat())
        kind = Result.UNCHANGED if recorded.refusal else recorded.result
        return Outcome(str(kind), notes=(*row.notes, note))
    if recorded.refusal is not None:
        return Outcome("refused", _said(recorded.refusal))
    if recorded.result is Result.CREATED and row.placement.started_on is None:
        return Outcome("draft", INCOMPLETE, row.notes)
    return Outcome(str(recorded.result), notes=row.notes)


def _said(refusal: Refusal) -> str:
    return translate(refusal.message, **refusal.params)
