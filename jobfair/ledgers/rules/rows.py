"""One row of a transfer ledger: which columns there are, and what a row says."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from jobfair.kit.errors import Invalid
from jobfair.kit.events.rules import Precision
from jobfair.kit.i18n import N_
from jobfair.kit.sheets.headers import FieldSpec, plain_header
from jobfair.kit.sheets.rows import RowError, SheetRow
from jobfair.kit.values.kinds import Kind
from jobfair.kit.values.people import says_yes
from jobfair.kit.values.reading import Unread
from jobfair.ledgers.rules import reading
from jobfair.ledgers.rules.words import State
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.rules.events import FINDINGS
from jobfair.placements.rules.wages import OddWage, YearlyWage, check_wage
from jobfair.seekers.rules import reading as people
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.seekers.rules.household import Household, read_household
from jobfair.seekers.rules.identity import id_number_fault, tidy_id_number

# The questions that a preview asks; a confirmed one lets its rows in.
WAGES, CHANGES = "wages", "changes"
# Where nothing at all is known of wages, so much is asked about.
_ASK_FROM_FEN = 20_000_00
_MONTHS = 12
_IGNORED = "ignored"

# What a ledger tells about the person; with the headers of the register's own import.
_PERSON = (
    "county",
    "township",
    "village",
    "name",
    "id_number",
    "sex",
    "ethnic_group",
    "education",
    "phone",
    "hukou_kind",
    "household_category",
    "household_category_since",
    "division_code",
    "address",
    "residence",
    "source_ref",
    "wishes",
    "wage_min",
    "wanted_divisions",
    "household_no",
    "relation",
    "capacity",
    "exit_state",
    "exit_since",
    "id_kind",
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
    "wishes": N_("Occupations wanted"),
    "wage_min": N_("Wage wanted"),
    "wanted_divisions": N_("Places wanted"),
    "employer": N_("Employer"),
    "credit_code": N_("Unified Social Credit Code"),
    "workplace": N_("Workplace"),
    "province": N_("Province of work"),
    "area": N_("Area of work"),
    "state": N_("Employment status"),
    "transfer": N_("State of transfer (ACC987)"),
    "working": N_("Works already"),
    "way": N_("Way of transfer"),
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
    "hamlet": N_("Hamlet"),
    "household_no": N_("Number of the household"),
    "head_name": N_("Head of household"),
    "head_id": N_("ID number of the head"),
    "relation": N_("Relation to the head"),
    "exit_state": N_("Exit from poverty"),
    "exit_since": N_("Day of the exit"),
    "id_kind": N_("Kind of ID"),
    "health": N_("Health"),
    "resettled": N_("Resettled"),
    "moved_from": N_("Address before resettlement"),
    "moved_to": N_("Address after resettlement"),
    "landless": N_("Land taken"),
    "capacity": N_("Ability to work"),
    "resource": N_("Kind of population (AAC316)"),
    "contract": N_("Labour contract"),
    "insurance": N_("Social insurance"),
    "months": N_("Months away"),
    "idle_reason": N_("Why not employed"),
    "training_done": N_("Trained before"),
    "training_wish": N_("Training wanted"),
    "training_trade": N_("Trade of the training"),
    "training_from": N_("Training from"),
    "training_to": N_("Training to"),
    "guidance": N_("Times advised"),
    "offers": N_("Times posts were sent"),
    "trainings": N_("Times trained"),
    "benefit_training": N_("Training subsidy"),
    "benefit_insurance": N_("Insurance subsidy"),
    "benefit_post": N_("Post subsidy"),
    "benefit_other": N_("Other benefits"),
    "collector": N_("Collected by"),
    "collected_on": N_("Collected on"),
    "told_by": N_("Where it was learnt"),
    "remark": N_("Remark"),
    "grade": N_("Grade of evidence"),
    "evidence": N_("Papers of evidence"),
    "wage_right": N_("The wage is right"),
    "change": N_("Change of employer"),
}
_OURS = reading.WORK | reading.KEPT | reading.ANSWERS
_WORK = (*reading.WORK, *reading.ANSWERS)
# Headers that the ledger's own fields take from the register's: 工种 is both.
_TAKEN = {plain_header(word) for words in _OURS.values() for word in words}
FIELDS = tuple(
    FieldSpec(
        name,
        _TITLES[name],
        aliases=tuple(w for w in people.HEADERS[name] if plain_header(w) not in _TAKEN),
        kind=_KINDS.get(name),
    )
    for name in _PERSON
) + tuple(FieldSpec(name, _TITLES[name], aliases=words) for name, words in _OURS.items())

ASK_WAGE = N_(
    "%(wage)s yuan a month? Correct it, or confirm that it is right; a year's pay belongs into the "
    "column 年收入."
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row that was understood.

    Attributes:
        person: to register with, None when the row does not tell enough.
        placement: None for who does not work for others.
        kept: what only the ledger says, by field.
        planned_on: a first day that still lies ahead.
        change: the row itself says that the employer changed.
        notes: what is to be told about the row.
        cells: what it says of the work, as it was written.
        household: what it says of the household.
    """

    id_number: str = field(repr=False)
    person: SeekerDraft | None
    state: State
    placement: PlacementDraft | None
    kept: Mapping[str, str] = field(repr=False)
    planned_on: date | None = None
    change: bool = False
    notes: tuple[str, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict, repr=False)
    household: Household = field(default_factory=Household)


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked up for a row; given by the caller.

    Attributes:
        places: how places, ethnic groups and occupations are found.
        employer: credit code and name, to an employer on record.
        wages: a kind of work, to what is earned with it, fen a month.
        today: the Beijing day.
        confirmed: the questions answered with yes for the whole file.
    """

    places: people.Places
    employer: Callable[[str, str], int | None] = field(repr=False)
    wages: Callable[[str], Sequence[int]] = field(repr=False)
    today: date
    confirmed: Collection[str] = ()


def fields_with(words: Mapping[str, str]) -> tuple[FieldSpec, ...]:
    """Return the fields with the headers that an office taught.

    Args:
        words: plain header → field; an empty field is a column that is not used.
    """
    if not words:
        return FIELDS
    taught = tuple(
        replace(
            spec,
            aliases=tuple(w for w in spec.aliases if plain_header(w) not in words)
            + tuple(word for word, name in words.items() if name == spec.name),
        )
        for spec in FIELDS
    )
    unused = [word for word, name in words.items() if not name]
    return taught + tuple(
        FieldSpec(f"{_IGNORED}_{place}", N_("Not used"), aliases=(word,))
        for place, word in enumerate(unused)
    )


def read_ledger_row(row: SheetRow, known: Known) -> LedgerRow | list[RowError]:
    """Return what a row tells, or everything that is wrong with it."""
    cells = {spec.name: row.text(spec.name) for spec in FIELDS}
    cells["workplace"] = reading.read_workplace(cells["workplace"], cells["province"])
    number = tidy_id_number(cells["id_number"])
    started, ended = reading.read_when(cells["started"]), reading.read_when(cells["ended"])
    works = bool(cells["employer"] or cells["workplace"])
    state = _state(cells, worked=works and started is not None)
    away = state in {State.EMPLOYED, None}
    checks = (
        ("id_number", id_number_fault(cells["id_number"], today=known.today)),
        ("employer", None if not away or works else reading.NO_PLACE),
        ("started", _unread(started, reading.BAD_START) if away else None),
        ("ended", _unread(ended, reading.BAD_END) if away else None),
    )
    wrong = [RowError(name, fault) for name, fault in checks if fault]
    if wrong:
        return wrong
    said = {name: cells[name] for name in (*_PERSON, "collected_on")}
    read = people.read_row(said, known.places, today=known.today)
    if people.SEX_DIFFERS in read.faults:
        return [RowError("sex", people.SEX_DIFFERS)]
    household, told = read_household(said, known.places.relation)
    kept, notes = _kept(cells)
    notes = [*(read.notes if read.draft else told), *notes]
    if not away:
        assert state is not None  # noqa: S101 - it is one of the two others
        return LedgerRow(
            number, read.draft, state, None, kept, household=household, notes=tuple(notes)
        )
    wage, asked = _wage(cells, known)
    if asked:
        return [asked]
    if wage is None and (cells["monthly_income"] or cells["yearly_income"]):
        notes.append(reading.ODD_INCOME)
    notes += reading.months_notes(cells)
    start = started if isinstance(started, reading.When) else None
    end = ended if isinstance(ended, reading.When) else None
    planned = start.day if start and start.day > known.today else None
    if planned:
        start = end = None
        notes.append(reading.STILL_AHEAD)
    draft = replace(_placement(cells, known, start, end, notes), wage_fen=wage)
    if planned:
        draft = replace(draft, intended_on=known.today)
    return LedgerRow(
        number,
        read.draft,
        State.EMPLOYED,
        draft,
        kept,
        planned,
        says_yes(cells["change"]) is True,
        tuple(notes),
        {name: cells[name] for name in _WORK if cells[name]},
        household,
    )


def row_of(cells: Mapping[str, str]) -> SheetRow:
    """Return texts by field as a row to be read; for work that another office's ledger told."""
    return SheetRow("", 0, tuple(cells.values()), {name: n for n, name in enumerate(cells)})


def _state(cells: Mapping[str, str], *, worked: bool) -> State | None:
    state = reading.read_state(
        state=cells["state"], transfer=cells["transfer"], working=cells["working"]
    )
    if state is State.IDLE and worked and cells["ended"]:
        return State.EMPLOYED  # 返乡: the work is over, and the row says from when to when
    if state is None and not worked and cells["idle_reason"]:
        return State.IDLE
    return state


def _unread(found: object, fault: str) -> str | None:
    return None if found is None or isinstance(found, reading.When) else fault


def _kept(cells: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return what only the ledger says; values of a health check are left out."""
    said = {name: cells[name] for name in (*reading.KEPT, "direct", "wishes") if cells[name]}
    kept = {name: text for name, text in said.items() if not FINDINGS.search(text)}
    notes = [reading.HEALTH_LEFT_OUT] if len(kept) < len(said) else []
    if isinstance(reading.read_months(cells["months"]), Unread):
        kept.pop("months", None)
    return kept, notes


def _wage(cells: Mapping[str, str], known: Known) -> tuple[int | None, RowError | None]:
    """Return the wage, and the question when it is far from what is usual."""
    wage = reading.read_income(cells["monthly_income"], cells["yearly_income"])
    if wage is None or WAGES in known.confirmed or says_yes(cells["wage_right"]):
        return wage, None
    others = known.wages(cells["title"])
    try:
        check_wage(wage, others)
    except (OddWage, YearlyWage) as odd:
        return wage, _question(odd)
    if not others and wage >= _ASK_FROM_FEN:
        told = {"wage": f"{wage / 100:,.0f}"}
        return wage, RowError("monthly_income", ASK_WAGE, told, asks=WAGES)
    return wage, None


def _question(odd: Invalid) -> RowError:
    return RowError("monthly_income", odd.message, odd.params, asks=WAGES)


def _placement(
    cells: Mapping[str, str],
    known: Known,
    start: reading.When | None,
    end: reading.When | None,
    notes: list[str],
) -> PlacementDraft:
    grade, told = reading.read_grade(cells["grade"], cells["evidence"], cells["told_by"])
    channel = reading.read_channel(
        organised=cells["organised"],
        direct=cells["direct"],
        channel=cells["channel"],
        way=cells["way"],
    )
    place = known.places.division(cells["workplace"], "") if cells["workplace"] else None
    notes += filter(
        None,
        (
            told,
            None if channel else reading.ASSUMED,
            reading.NO_DIRECT
            if channel is Channel.ORGANISED and says_yes(cells["direct"]) is None
            else None,
            reading.VAGUE_PLACE if place and len(place) == len("44") else None,
        ),
    )
    draft = PlacementDraft(
        employer_name=cells["employer"][:200],
        employer_id=known.employer(cells["credit_code"], cells["employer"]),
        channel=channel or Channel.SELF_ARRANGED,
        title=cells["title"][:200],
        industry=(cells["industry"] or cells["sector"])[:100],
        workplace_text=cells["workplace"][:300],
        workplace_division=place,
        destination=reading.read_area(cells["area"]),
        household_category=people.read_category_of(cells),
        grade=grade,
        evidence=cells["evidence"][:200],
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
    same_year = end.year == start.year and told.precision is Precision.YEAR
    same_month = (end.year, end.month) == (start.year, start.month)
    vague = told.precision in {Precision.MONTH, Precision.TEN_DAYS}
    return max(end, start) if same_year or (same_month and vague) else end
