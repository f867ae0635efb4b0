"""Reports as files: a workbook with a live chart, definitions and sources; or CSV."""

import io
from typing import Any

import xlsxwriter

from jobfair.kit import clock
from jobfair.kit.counting import COUNTING_RULES
from jobfair.kit.downloads import beijing
from jobfair.kit.i18n import translate
from jobfair.kit.sheets.writing import Column, write_csv
from jobfair.reports.queries import COUNTED, DIMENSION_NAMES, SOURCES, TITLES
from jobfair.reports.rules import UNIT_NAMES, Indicator, Report, pivot

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART_ROWS = 30
_WIDE = 60


def column_head(indicator: Indicator) -> str:
    """Return an indicator's name with its unit, in the current language."""
    return f"{translate(indicator.name)} ({translate(UNIT_NAMES[indicator.unit])})"


def conditions(report: Report) -> list[tuple[str, str]]:
    """Return under which conditions a report was made: what and how much, both translated."""
    known = beijing(report.known_at) if report.known_at else translate("now")
    found = [
        (translate("As of"), report.as_of.isoformat()),
        (translate("Known at"), known),
    ]
    for name, keys in report.only.items():
        scale = report.scale(name)
        values = ", ".join(scale.label(key) for key in keys)
        found.append((translate(DIMENSION_NAMES[name]), values))
    return found


def heads(report: Report) -> list[str]:
    """Return the column heads of the long form in the current language."""
    named = [translate(DIMENSION_NAMES[n]) for n in report.names]
    return [*named, translate("Indicator"), translate("Value"), translate("Unit")]


def rows(report: Report) -> list[list[str | int]]:
    """Return the figures as plain rows, one number each."""
    return [
        [*report.labels(f), translate(f.indicator.name), f.value, f.indicator.unit]
        for f in report.figures
    ]


def as_csv(report: Report) -> bytes:
    """Return UTF-8 with a byte-order mark, which Excel needs to read Chinese."""
    out = io.BytesIO()
    write_csv(out, [Column(head) for head in heads(report)], rows(report))
    return out.getvalue()


def as_xlsx(report: Report) -> bytes:
    """Return a workbook of three sheets: the table and its chart, definitions, sources."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        _write_table(book, report)
        _write_definitions(book, report)
        _write_sources(book, report)
    return out.getvalue()


def _write_table(book: Any, report: Report) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E6EEF0", "border": 1})
    number = book.add_format({"num_format": "#,##0"})
    last = book.add_format({"num_format": "#,##0", "bold": True, "top": 1})
    sheet = book.add_worksheet(translate("Report"))
    table, width = pivot(report), max(len(report.names), 1)
    named = [translate(DIMENSION_NAMES[n]) for n in report.names] or [""]
    sheet.write_row(0, 0, [*named, *map(column_head, table.indicators)], bold)
    for place, row in enumerate(table.rows, 1):
        sheet.write_row(place, 0, row.labels)
        sheet.write_row(place, width, row.values, number)
    end = len(table.rows) + 1
    sheet.write(end, 0, translate("Total"), last)
    sheet.write_row(end, width, table.totals, last)
    place = end + 2
    for indicator in report.indicators:
        if not indicator.broken_down:
            sheet.write(place, 0, column_head(indicator))
            sheet.write(place, width, report.total(indicator.code), number)
            place += 1
    sheet.set_column(0, width + len(table.indicators) - 1, 22)
    sheet.freeze_panes(1, width)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if table.rows:
        _insert_chart(book, sheet, report, width)


def _insert_chart(book: Any, sheet: Any, report: Report, width: int) -> None:
    table = pivot(report)
    last = min(len(table.rows), _CHART_ROWS)
    chart, name = book.add_chart({"type": "bar"}), sheet.get_name()
    for place, _indicator in enumerate(table.indicators, width):
        chart.add_series(
            {
                "name": [name, 0, place],
                "categories": [name, 1, 0, last, width - 1],
                "values": [name, 1, place, last, place],
            }
        )
    title = translate(TITLES[report.code])
    chart.set_title({"name": title})
    chart.set_legend({"position": "bottom"} if len(table.indicators) > 1 else {"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"min": 0, "num_format": "#,##0"})
    chart.set_size({"width": 760, "height": 140 + 24 * last * len(table.indicators)})
    place = width + len(table.indicators) + 1
    sheet.insert_chart(1, place, chart, {"description": title})


def _write_definitions(book: Any, report: Report) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(translate("Definitions"))
    sheet.set_column(0, 2, 16)
    sheet.set_column(3, 3, _WIDE, wrap)
    lines = [
        [i.code, translate(i.name), translate(UNIT_NAMES[i.unit]), translate(i.definition)]
        for i in report.indicators
    ]
    lines += [["", "", "", translate(note)] for note in report.notes]
    rules = [COUNTING_RULES[code] for code in COUNTED[report.code]]
    lines += [[r.code, translate(r.name), "", translate(r.text)] for r in rules]
    for place, line in enumerate(lines):
        sheet.write_row(place, 0, line)


def _write_sources(book: Any, report: Report) -> None:
    sheet = book.add_worksheet(translate("Sources"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, _WIDE)
    lines = [
        (translate("Report"), f"{translate(TITLES[report.code])} ({report.code})"),
        *conditions(report),
        (translate("Made at"), beijing(clock.now())),
        (translate("Data"), translate(SOURCES[report.code])),
        ("SHA-256", report.digest),
    ]
    for place, line in enumerate(lines):
        sheet.write_row(place, 0, line)
