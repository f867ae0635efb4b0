"""What the engine and the rooms hand to each other: a row, its errors, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache

from jobfair.kit.values.reading import Unread, tidy
from jobfair.kit.values.wages import Wage, read_wage

# A file repeats most of its texts. Emptied by ``forget_texts`` when a file is done with.
_tidied = lru_cache(maxsize=32_768)(tidy)


def forget_texts() -> None:
    """Let go of the texts of a file: they may be personal."""
    _tidied.cache_clear()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet with its cells found by field.

    Attributes:
        number: the row's number in the sheet as people count, from 1.
        cells: every cell as text, in the file's order.
        columns: field name → index in ``cells``.
        extra: header → text of the filled cells that belong to no field.
    """

    sheet: str
    number: int
    cells: tuple[str, ...] = dataclass_field(repr=False)
    columns: Mapping[str, int]
    headers: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """Return the tidied text of a field, empty when absent."""
        index = self.columns.get(name)
        if index is None or index >= len(self.cells):
            return ""
        return _tidied(self.cells[index])

    def texts(self) -> dict[str, str]:
        """Return the tidied texts of the filled fields by field name."""
        cells, width = self.cells, len(self.cells)
        return {
            name: text
            for name, index in self.columns.items()
            if index < width and (text := _tidied(cells[index]))
        }

    def header(self, name: str) -> str:
        """Return the header of a field's column as the file has it, empty without one."""
        index = self.columns.get(name)
        return "" if index is None or index >= len(self.headers) else self.headers[index]

    def has(self, name: str) -> bool:
        """Tell whether a column of the file was taken for this field."""
        return name in self.columns

    @property
    def extra(self) -> dict[str, str]:
        """Filled cells that belong to no field, by header (or column number without one)."""
        taken = set(self.columns.values())
        return {
            (self.headers[i] if i < len(self.headers) else "") or str(i + 1): text
            for i, cell in enumerate(self.cells)
            if i not in taken and (text := tidy(cell))
        }


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row is refused.

    Attributes:
        field: the field at fault, None for the row as a whole.
        reason: msgid that says what to do; never repeats what was typed.
        params: fill the message's places; never personal data.
        asks: the question that lets the row in when it is answered with yes.
    """

    field: str | None
    reason: str
    params: Mapping[str, object] = dataclass_field(default_factory=dict)
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a draft.

    Attributes:
        kind: created, updated, unchanged, draft or refused.
        reason: why it was refused, or why it is a draft; a msgid or a ready text.
        notes: what else is to be told about the row: what was left out or written otherwise.
        asks: of a refused row, the question that lets it in when it is answered with yes.
    """

    kind: str
    reason: str | None = None
    notes: tuple[str, ...] = ()
    asks: str = ""


def row_wage(row: SheetRow) -> Wage | Unread | None:
    """Read the wage of a row from its ``wage`` text or ``wage_low``/``_high``/``_months`` cells."""
    return read_wage(
        row.text("wage"),
        low=row.text("wage_low"),
        high=row.text("wage_high"),
        months=row.text("wage_months"),
        unit=row.header("wage") or row.header("wage_low"),
    )
