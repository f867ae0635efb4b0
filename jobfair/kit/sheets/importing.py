"""The import engine, once for every kind of file.

A file is read in batches, each one writing transaction. ``ImportSpec.apply`` must be idempotent by
the record's natural key: what a batch wrote is found again as unchanged. So an import killed
half-way and run again ends as if it had run once, and a second run changes nothing.
"""

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.sheets.apart import tables_of
from jobfair.kit.sheets.headers import FieldSpec, Headers, Mapped
from jobfair.kit.sheets.reading import Limits
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow, forget_texts, row_wage
from jobfair.kit.sheets.sources import Source, rows_of, sources_of
from jobfair.kit.sheets.writing import Cell, Column, write_csv, write_sheets
from jobfair.kit.values.wages import Wage

D = TypeVar("D")
Progress = Callable[[int, int], None]
_WAGE_FIELDS = frozenset({"wage", "wage_low", "wage_high"})
# Rows of one transaction: enough that a commit costs little, few enough that others wait seconds.
BATCH = 5_000
_STEP = 500
# So many notes are kept with their rows; all are counted.
_NOTES_AT_MOST = 20_000
_NOTE_KINDS = 50


class NoKnownColumn(Invalid):
    """No sheet has columns this import knows."""

    code = "no_known_column"
    message = N_("No column of the file was recognised. Download the template and use its headers.")


class Writable(Protocol):
    """What the engine needs of a database."""

    def writing(self) -> AbstractContextManager[Session]:
        """Give a session that commits once at the end."""


@dataclass(frozen=True, slots=True)
class ImportSpec(Generic[D]):
    """What to do with one kind of file.

    Attributes:
        parse: pure; a draft, or the errors of the row.
        apply: writes a batch of drafts, one outcome each in order; idempotent by natural key.
    """

    name: str
    fields: tuple[FieldSpec, ...]
    parse: Callable[[SheetRow], D | list[RowError]]
    apply: Callable[[Session, list[D]], Sequence[Outcome]]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that did not go in and why; reasons are msgids or ready texts."""

    row: SheetRow
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is to be told about a row that went in; texts are msgids or ready."""

    sheet: str
    number: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The figures of an import; ``drafts`` are also counted as created, updated or unchanged.

    Attributes:
        wage_rows: rows with a wage text; wage_parsed of them were read to a wage or negotiable.
        mapping: header → field (several joined by ``+``).
        unmapped: headers that belong to no field.
        notes: (sheet, msgid) of sheets that were left out.
        noted: rows that went in and have something to be told about.
        note_counts: note → how many rows have it, the fifty most frequent.
        asked: question → rows refused that a yes to it lets in.
        stopped: the rest of the file was not looked at, because somebody said stop.
        peak_mb: peak resident memory of the process.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    drafts: int
    wage_rows: int
    wage_parsed: int
    mapping: dict[str, str]
    unmapped: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    noted: int
    note_counts: dict[str, int]
    asked: dict[str, int]
    stopped: bool
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class ImportResult:
    """A report with what stands behind it."""

    report: ImportReport
    refused: tuple[RefusedRow, ...] = field(repr=False)
    row_notes: tuple[RowNote, ...] = field(repr=False)
    mapping: tuple[Mapped, ...]


class _PreviewOnly(Exception):
    """Rolls a preview back."""


class _Run(Generic[D]):
    """The counters of one import."""

    def __init__(self, database: Writable, spec: ImportSpec[D], *, dry_run: bool) -> None:
        self._database = database
        self._spec = spec
        self._dry_run = dry_run
        self._batch: list[tuple[SheetRow, D]] = []
        self.counts = {"rows": 0, "wage_rows": 0, "wage_parsed": 0}
        self.kinds = {"created": 0, "updated": 0, "unchanged": 0, "draft": 0, "refused": 0}
        self.refused: list[RefusedRow] = []
        self.noted = 0
        self.notes: list[RowNote] = []
        self.note_counts: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.stopped = False

    @property
    def waiting(self) -> int:
        """How many drafts wait to be written."""
        return len(self._batch)

    def take(self, row: SheetRow) -> None:
        """Parse a row."""
        self.counts["rows"] += 1
        self._count_wage(row)
        try:
            parsed = self._spec.parse(row)
        except Refusal as refusal:
            parsed = [RowError(None, refusal.message, refusal.params)]
        if isinstance(parsed, list):
            self._refuse(row, parsed)
        else:
            self._batch.append((row, parsed))

    def stop(self) -> None:
        """Give up the rows that wait; they count as not looked at."""
        self.stopped = True
        self.counts["rows"] -= len(self._batch)
        self._batch.clear()

    def _keep_or_roll_back(self) -> None:
        if self._dry_run:
            raise _PreviewOnly

    def _count_wage(self, row: SheetRow) -> None:
        if not _WAGE_FIELDS & row.columns.keys():
            return
        wage = row_wage(row)
        if wage is not None:
            self.counts["wage_rows"] += 1
            self.counts["wage_parsed"] += isinstance(wage, Wage)

    def _refuse(self, row: SheetRow, errors: Iterable[RowError]) -> None:
        self.kinds["refused"] += 1
        told = tuple(errors)
        self.refused.append(RefusedRow(row, told))
        self.asked.update({error.asks for error in told if error.asks})

    def write(self) -> None:
        """Write the waiting drafts in one transaction, or roll it back in a preview."""
        if not self._batch:
            return
        drafts = [draft for _, draft in self._batch]
        outcomes: Sequence[Outcome] = ()
        try:
            with self._database.writing() as session:
                outcomes = self._spec.apply(session, drafts)
                self._keep_or_roll_back()
        except _PreviewOnly:
            pass
        for (row, _), outcome in zip(self._batch, outcomes, strict=True):
            if outcome.kind == "refused":
                reason = outcome.reason or N_("The row was refused.")
                self._refuse(row, [RowError(None, reason, asks=outcome.asks)])
            else:
                self.kinds[outcome.kind] += 1
                self._note(row, outcome)
        self._batch.clear()

    def _note(self, row: SheetRow, outcome: Outcome) -> None:
        texts = (outcome.reason, *outcome.notes) if outcome.reason else outcome.notes
        if not texts:
            return
        self.noted += 1
        self.note_counts.update(texts)
        if len(self.notes) < _NOTES_AT_MOST:
            self.notes.append(RowNote(row.sheet, row.number, texts))


def run_import(
    database: Writable,
    spec: ImportSpec[D],
    path: Path,
    *,
    dry_run: bool = False,
    batch: int = BATCH,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    limits: Limits | None = None,
) -> ImportResult:
    """Take in a file; in a dry run nothing is kept (each batch is rolled back).

    Args:
        database: where to.
        spec: what to do with a row.
        path: the file; it is opened in a process of its own.
        dry_run: write nothing.
        batch: rows of one transaction.
        progress: told (rows done, rows in all) every few hundred rows.
        stop: asked every few hundred rows; what is not written by then is left out.
        limits: what the file may hold.

    Raises:
        UnreadableFile: the file is no table or beyond the limits.
        NoKnownColumn: no sheet has columns this import knows.
    """
    started = time.perf_counter()
    headers = Headers(spec.fields)
    run = _Run(database, spec, dry_run=dry_run)
    layouts: list[Mapped] = []
    try:
        with tables_of(path, limits) as tables:
            sources, notes = sources_of(tables, headers)
            if not sources:
                raise NoKnownColumn
            total = sum(source.table.row_count for source in sources)
            for taken, (done, row) in enumerate(_numbered(sources, headers, layouts), start=1):
                run.take(row)
                if run.waiting >= batch:
                    run.write()
                if taken % _STEP == 0:
                    if progress:
                        progress(done, total)
                    if stop():
                        run.stop()
                        break
        run.write()
    finally:
        forget_texts()
    if progress and not run.stopped:
        progress(total, total)
    return ImportResult(
        report=_report(run, layouts, sources, notes, time.perf_counter() - started),
        refused=tuple(run.refused),
        row_notes=tuple(run.notes),
        mapping=tuple(layouts),
    )


def _numbered(
    sources: Sequence[Source], headers: Headers, mapping: list[Mapped]
) -> Iterator[tuple[int, SheetRow]]:
    before = 0
    for source in sources:
        for row in rows_of(source, headers, mapping):
            yield before + row.number, row
        before += source.table.row_count


def _report(
    run: _Run[Any],
    mapping: Sequence[Mapped],
    sources: Sequence[Source],
    notes: Sequence[tuple[str, str]],
    seconds: float,
) -> ImportReport:
    named: dict[str, list[str]] = {}
    for entry in mapping:
        fields = named.setdefault(entry.header or str(entry.column + 1), [])
        if entry.field not in fields:
            fields.append(entry.field)
    headers = dict.fromkeys(name for source in sources for name in source.layout.headers if name)
    return ImportReport(
        **run.counts,
        created=run.kinds["created"] + run.kinds["draft"],
        updated=run.kinds["updated"],
        unchanged=run.kinds["unchanged"],
        refused=run.kinds["refused"],
        drafts=run.kinds["draft"],
        mapping={header: "+".join(fields) for header, fields in named.items()},
        unmapped=tuple(name for name in headers if name not in named),
        notes=tuple(notes),
        noted=run.noted,
        note_counts=dict(run.note_counts.most_common(_NOTE_KINDS)),
        asked=dict(run.asked),
        stopped=run.stopped,
        seconds=round(seconds, 3),
        peak_mb=_peak_mb(),
    )


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def write_errors(path: Path, result: ImportResult, translate: Callable[..., str]) -> None:
    """Write the refused rows with their reasons, as .csv or .xlsx by the path's ending.

    The columns are the file's own, all as text, so that the mended file can be imported as it is.
    In a workbook the notes on the rows that went in stand on a sheet of their own.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[RefusedRow]] = {}
    for refused in result.refused:
        groups.setdefault((refused.row.sheet, refused.row.headers), []).append(refused)
    sheets: list[tuple[str, list[Column], list[list[Cell]]]] = []
    for (sheet, _), rows in groups.items():
        kept, columns = _error_columns(rows, translate)
        cells = [_error_cells(refused, kept, translate) for refused in rows]
        sheets.append((sheet, columns, cells))
    if not sheets:
        sheets = [("", [Column(translate(_REASON))], [])]
    if path.suffix.lower() == ".csv":
        write_csv(path, sheets[0][1], [row for _, _, rows in sheets for row in rows])
        return
    if result.row_notes:
        sheets.append(_notes_sheet(result.row_notes, translate))
    write_sheets(path, sheets)


_REASON = N_("Why it was refused")


def _error_columns(
    rows: Sequence[RefusedRow], translate: Callable[..., str]
) -> tuple[list[int], list[Column]]:
    """Return which columns of the file are written, and all columns with the reason's."""
    headers = rows[0].row.headers
    width = max(len(headers), *(len(refused.row.cells) for refused in rows))
    # A file without headers gets its columns numbered; such headers are read as none.
    names = [headers[i] if i < len(headers) else "" for i in range(width)]
    # A mended file comes with the reasons of last time.
    ours = {_REASON, translate(_REASON)}
    kept = [i for i, name in enumerate(names) if name not in ours]
    if not any(names):
        names = [str(i) for i in range(width)]
    columns = [Column(names[i], text=True) for i in kept]
    return kept, [*columns, Column(translate(_REASON), width=60)]


def _error_cells(
    refused: RefusedRow, kept: Sequence[int], translate: Callable[..., str]
) -> list[Cell]:
    found = refused.row.cells
    reasons = [translate(error.reason, **error.params) for error in refused.errors]
    return [*(found[i] if i < len(found) else "" for i in kept), told(reasons)]


def told(texts: Iterable[str]) -> str:
    """Return reasons or notes as one text, each once."""
    return " ".join(dict.fromkeys(texts))


def _notes_sheet(
    notes: Sequence[RowNote], translate: Callable[..., str]
) -> tuple[str, list[Column], list[list[Cell]]]:
    titles = (translate(_NOTES_SHEET), translate(_SHEET), translate(_ROW))
    columns = [Column(titles[0], width=80), Column(titles[1], width=20), Column(titles[2], width=8)]
    cells: list[list[Cell]] = [
        [told(translate(text) for text in note.texts), note.sheet, note.number] for note in notes
    ]
    return titles[0], columns, cells


_NOTES_SHEET = N_("Notes on rows taken in")
_SHEET = N_("Sheet")
_ROW = N_("Row")
