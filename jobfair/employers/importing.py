"""The import of positions: which columns a vacancy file may have, and what becomes of its rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from jobfair.employers import places, services
from jobfair.employers.columns import FIELDS
from jobfair.employers.rules import rows
from jobfair.employers.rules.drafts import MISSING_LABELS
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.importing import ImportSpec, told
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow, row_wage
from jobfair.kit.values.reading import Unread
from jobfair.kit.values.wages import Wage
from jobfair.occupations.core.resolver import Occupations
from jobfair.occupations.qualifications import qualifications
from jobfair.occupations.queries import occupations

# A whole file in one transaction: rows that repeat a number are settled among themselves.
BATCH = 200_000

_TAGS = re.compile(r"标签|关键词|tag|label|keyword", re.IGNORECASE)

SET_ASIDE_NOTICE = N_(
    "The columns for sex, registration, height, marriage or ethnic group were read and set aside: "
    "a vacancy may not ask for them."
)


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A row ready to be taken in, with where it stood and what must be told about it."""

    row: services.ImportRow
    sheet: str
    number: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is to be told about a row that went in: what it lacks, what could not be read."""

    sheet: str
    number: int
    text: str


@dataclass(slots=True)
class PositionsImport:
    """An import of positions and what it tells row by row.

    Attributes:
        spec: for the engine.
        missing: how many rows lack each thing.
        notes: of each row that lacks something or was read only in part.
        marks: employer and fingerprint of each row taken in, also of unchanged ones.
    """

    spec: ImportSpec[PositionRow]
    missing: Counter[str] = field(default_factory=Counter)
    notes: list[RowNote] = field(default_factory=list)
    marks: set[tuple[int, str]] = field(default_factory=set)


def _parse(row: SheetRow, context: rows.Context) -> PositionRow | list[RowError]:
    cells = {name: row.text(name) for name in row.columns}
    if "skills" not in cells:
        # Boards without headers put the tags into one cell: Java|民营|20-99人.
        cells["tags"] = next((text for text in row.extra.values() if "|" in text), "")
    elif _TAGS.search(row.header("skills")):
        cells["tags"] = cells.pop("skills")
    wage = row_wage(row)
    known = wage if isinstance(wage, Wage) else None
    reading = rows.read_row(cells, known, context)
    if reading.position is None:
        return [RowError(name, reason) for name, reason in reading.faults]
    notes = reading.notes
    if isinstance(wage, Unread):
        notes = (*notes, wage.reason)
    taken = services.ImportRow(reading.employer, reading.position)
    return PositionRow(taken, row.sheet, row.number, notes)


def _text(outcome: services.RowOutcome, notes: tuple[str, ...]) -> str:
    """Return what is to be told about a row, in the reader's language."""
    parts = [translate(note) for note in notes]
    if outcome.missing:
        lacks = ", ".join(translate(MISSING_LABELS[code]) for code in outcome.missing)
        parts.append(translate(N_("Still missing: %(what)s."), what=lacks))
    if outcome.stopped_by:
        why = told(translate(found.message, **found.params) for found in outcome.stopped_by)
        parts.append(translate(N_("Stopped by the vacancy rules: %(why)s"), why=why))
    return " ".join(parts)


def positions_import(
    session: Session,
    *,
    source: str,
    employer_id: int | None = None,
    created_by: int | None = None,
) -> PositionsImport:
    """Return the import of positions.

    Args:
        session: a reading session; the index of places is read from it once.
        source: the file's name, kept with each position.
        employer_id: whose positions all rows are, when that is known.
        created_by: the user who imports.
    """
    known = occupations(session)
    context = rows.Context(
        find_place=places.gazetteer(session).find,
        vocabulary=qualifications(),
        has_employer=employer_id is not None,
        source=source,
    )

    def parse(row: SheetRow) -> PositionRow | list[RowError]:
        return _parse(row, context)

    def apply(writing: Session, drafts: Sequence[PositionRow]) -> list[Outcome]:
        result = services.import_positions(
            writing,
            _numbered(_with_occupations([draft.row for draft in drafts], known)),
            source=source,
            employer_id=employer_id,
            created_by=created_by,
            minimum=places.minimum_wage,
        )
        made.marks.update(result.marks)
        return [_told(made, *pair) for pair in zip(result.outcomes, drafts, strict=True)]

    made = PositionsImport(ImportSpec("positions", FIELDS, parse, apply))
    return made


def _with_occupations(
    taken: Sequence[services.ImportRow], known: Occupations
) -> list[services.ImportRow]:
    """Return rows with the occupations their titles mean."""
    codes = known.codes_of([row.position.title for row in taken])
    return [
        replace(row, position=replace(row.position, occupation_code=code))
        for row, code in zip(taken, codes, strict=True)
    ]


def _numbered(taken: Sequence[services.ImportRow]) -> list[services.ImportRow]:
    """Return rows without the numbers that are not a position's own.

    A number that an employer's rows of different titles share is the employer's or the form's, and
    would make one position of them all.
    """
    titles: dict[tuple[str, str], set[str]] = {}

    def mark(row: services.ImportRow) -> tuple[str, str]:
        return row.employer.name if row.employer else "", row.position.source_ref or ""

    for row in taken:
        titles.setdefault(mark(row), set()).add(row.position.title)
    return [
        row
        if not row.position.source_ref or len(titles[mark(row)]) == 1
        else replace(row, position=replace(row.position, source_ref=None))
        for row in taken
    ]


def _told(made: PositionsImport, outcome: services.RowOutcome, draft: PositionRow) -> Outcome:
    made.missing.update(outcome.missing)
    text = _text(outcome, draft.notes)
    if text:
        made.notes.append(RowNote(draft.sheet, draft.number, text))
    is_draft = outcome.kind == "created" and outcome.status != "open"
    return Outcome("draft" if is_draft else outcome.kind, text or None)
