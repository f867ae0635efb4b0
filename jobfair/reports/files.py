"""Reports as files: a workbook with a live chart and the definitions, or CSV."""

import io

import xlsxwriter

from jobfair.kit.i18n import translate
from jobfair.kit.sheets.writing import Column, write_csv
from jobfair.reports.queries import DIMENSION_NAMES, TITLES
from jobfair.reports.rules import Report

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHART_ROWS = 30


def heads(report: Report) -> list[str]:
    """Return the column heads in the current language."""
    named = [translate(DIMENSION_NAMES[n]) for n in report.names]
    return [*named, translate("Indicator"), translate("Value"), translate("Unit")]


def rows(report: Report) -> list[list[str | int]]:
    """Return the figures as plain rows."""
    return [
        [*f.dimensions, translate(f.indicator.name), f.value, f.indicator.unit]
        for f in report.figures
    ]


def as_csv(report: Report) -> bytes:
    """Return UTF-8 with a byte-order mark, which Excel needs to read Chinese."""
    out = io.BytesIO()
    write_csv(out, [Column(head) for head in heads(report)], rows(report))
    return out.getvalue()


def as_xlsx(report: Report) -> bytes:
    """Return a workbook: the figures with a chart, and what each number means."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E6EEF0", "border": 1})
        number = book.add_format({"num_format": "#,##0"})
        sheet = book.add_worksheet(translate("Report"))
        table = rows(report)
        sheet.write_row(0, 0, heads(report), bold)
        for place, row in enumerate(table, 1):
            for column, value in enumerate(row):
                sheet.write(place, column, value, number if isinstance(value, int) else None)
        width = len(report.names)
        sheet.set_column(0, width, 22)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table), 1), width + 2)
        if table:
            last = min(len(table), _CHART_ROWS)
            chart = book.add_chart({"type": "bar"})
            name = sheet.get_name()
            chart.add_series(
                {
                    "categories": [name, 1, 0, last, max(width, 0)],
                    "values": [name, 1, width + 1, last, width + 1],
                }
            )
            chart.set_title({"name": translate(TITLES[report.code])})
            chart.set_legend({"none": True})
            chart.set_size({"width": 760, "height": 120 + 22 * last})
            sheet.insert_chart(1, width + 4, chart, {"description": translate(TITLES[report.code])})
        notes = book.add_worksheet(translate("Definitions"))
        notes.set_column(0, 3, 30)
        indicators = {f.indicator.code: f.indicator for f in report.figures}
        for place, item in enumerate(indicators.values()):
            notes.write_row(
                place, 0, [item.code, translate(item.name), item.unit, translate(item.definition)]
            )
        notes.write_row(len(indicators) + 1, 0, [translate("As of"), report.as_of.isoformat()])
        notes.write_row(len(indicators) + 2, 0, ["SHA-256", report.digest])
    return out.getvalue()
