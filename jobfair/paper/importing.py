"""The import of filled sheets: arrivals of check-in sheets, outcomes of booth sheets."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from jobfair.cards.rules import digest_of, is_token, plain_token, read_code
from jobfair.fairs.queries import FairRow
from jobfair.kit.clock import BEIJING
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import RowError, SheetRow
from jobfair.kit.sheets.writing import Column
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.reading import Unread
from jobfair.paper.rules import (
    HOW_CHOICES,
    MOST_ROWS,
    OUTCOME_CHOICES,
    Outcome,
    position_of,
    read_how,
    read_outcome,
    read_reason,
    read_sheet,
    read_time,
)
from jobfair.paper.services import FilledRow, take_in_rows

_LONGEST_PLACE = 60

FIELDS = (
    FieldSpec(
        "sheet",
        N_("Sheet no."),
        ("表号", "签到表号", "sheet no.", "sheet no", "sheet"),
        required=True,
    ),
    FieldSpec("row", N_("Row"), ("行号", "序号", "row", "no"), required=True),
    FieldSpec(
        "card",
        N_("Card"),
        ("求职卡", "卡号", "求职卡号", "短码", "二维码", "card", "card code", "qr"),
        required=True,
    ),
    FieldSpec(
        "place", N_("Desk or gate"), ("地点", "入口", "展位", "desk or gate", "gate", "booth")
    ),
    FieldSpec("day", N_("Day"), ("日期", "签到日期", "day", "date")),
    FieldSpec(
        "time", N_("Time"), ("时间", "签到时间", "到场时间", "time", "check-in time"), required=True
    ),
    FieldSpec("how", N_("How recognised"), ("识别方式", "方式", "how recognised", "how")),
    FieldSpec("outcome", N_("Outcome"), ("结果", "面谈结果", "outcome")),
    FieldSpec("reason", N_("Reason no."), ("原因号", "原因", "reason no.", "reason no", "reason")),
)

_NO_SHEET = N_("Enter the number of the sheet that stands at its head.")
_NO_ROW = N_("Enter the number of the row, 1 to 9999.")
_NO_CARD = N_("Enter the code of the card, like K7Q2-9MXD-4, or the text of its QR code.")
_WHICH_DAY = N_("The fair has several days: enter which one.")
_OTHER_DAY = N_("The fair is not on that day.")
_LONG_PLACE = N_("The desk or gate is too long: at most 60 characters.")
_OUTCOME_STAYS = N_("A check-in sheet has no outcome: only the arrival is taken in.")
_NO_OUTCOME = N_("Enter the outcome that was ticked: 面谈, 复试, 录用, 接受 or 不合适.")
_NO_REASON = N_("Enter the number of the reason that stands on the sheet, 1 to 9.")


def sheets_import(fair: FairRow, import_id: str, *, user_id: int | None) -> ImportSpec[FilledRow]:
    """Return the import of filled sheets of a fair; the same file twice enters once."""
    return ImportSpec(
        "sheets",
        FIELDS,
        lambda row: read_row(row, fair),
        lambda session, rows: take_in_rows(
            session, fair.id, rows, import_id=import_id, user_id=user_id
        ),
    )


def read_row(row: SheetRow, fair: FairRow) -> FilledRow | list[RowError]:
    """Read a row of a filled sheet, or say all that is wrong with it."""
    sheet, number, place = read_sheet(row.text("sheet")), row.text("row"), row.text("place")
    errors: list[RowError] = []

    def wrong(field: str, reason: str, params: Any = None) -> None:
        errors.append(RowError(field, reason, params or {}))

    if not sheet:
        wrong("sheet", _NO_SHEET)
    row_number = int(number) if number.isdecimal() and len(number) <= len(str(MOST_ROWS)) else 0
    if not row_number:
        wrong("row", _NO_ROW)
    if len(place) > _LONGEST_PLACE:
        wrong("place", _LONG_PLACE)
    at = _read_at(row, fair)
    if isinstance(at, RowError):
        errors.append(at)
    text = row.text("card")
    code, digest = "", None
    try:
        if is_token(text):
            digest = digest_of(plain_token(text))
        elif text:
            code = read_code(text)
        else:
            wrong("card", _NO_CARD)
    except Refusal as refusal:
        wrong("card", refusal.message, refusal.params)
    if errors or isinstance(at, RowError):
        return errors
    how = read_how(row.text("how"), scanned=digest is not None)
    return _with_outcome(FilledRow(sheet, row_number, code, digest, place, at, how), row)


def _with_outcome(filled: FilledRow, row: SheetRow) -> FilledRow | list[RowError]:
    position_id = position_of(filled.sheet)
    if position_id is None:
        return replace(filled, notes=(_OUTCOME_STAYS,)) if row.text("outcome") else filled
    outcome = read_outcome(row.text("outcome"))
    if outcome is None:
        return [RowError("outcome", _NO_OUTCOME)]
    reason = read_reason(row.text("reason")) if outcome is Outcome.UNSUITED else None
    if outcome is Outcome.UNSUITED and reason is None:
        return [RowError("reason", _NO_REASON)]
    return replace(filled, position_id=position_id, outcome=outcome, reason=reason)


def _read_at(row: SheetRow, fair: FairRow) -> datetime | RowError:
    moment = read_time(row.text("time"))
    if isinstance(moment, Unread):
        return RowError("time", moment.reason)
    day = read_day(row.text("day"), fair.starts_on.year)
    if isinstance(day, Unread):
        return RowError("day", day.reason)
    if day is None and fair.starts_on != fair.ends_on:
        return RowError("day", _WHICH_DAY)
    on = day.value if isinstance(day, Day) else fair.starts_on
    if not fair.starts_on <= on <= fair.ends_on:
        return RowError("day", _OTHER_DAY)
    return datetime.combine(on, moment, BEIJING)


def template_columns() -> list[Column]:
    """Return the columns of the template, in the order of the printed sheet."""
    names = {field.name: translate(field.title) for field in FIELDS}
    columns = [Column(names[name], text=True) for name in ("sheet", "row", "card", "place")]
    columns += [Column(names[name], text=True) for name in ("day", "time")]
    columns += [
        Column(names["how"], choices=HOW_CHOICES),
        Column(names["outcome"], choices=OUTCOME_CHOICES),
    ]
    return [*columns, Column(names["reason"], text=True)]


def template_notes() -> list[str]:
    """Return how to fill the template in."""
    return [
        translate(N_("One line for each ticked row of a check-in sheet or a booth sheet.")),
        translate(_NO_SHEET),
        translate(_NO_CARD),
        translate(
            N_("Time and day as on the sheet; the day may be left out at a fair of one day.")
        ),
        translate(N_("Outcome and number of the reason stand on booth sheets only.")),
        translate(N_("The same sheet and row is taken in once, however often the file is sent.")),
    ]
