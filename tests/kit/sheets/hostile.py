"""Files made to hurt a reader. ``python -m tests.kit.sheets.hostile FOLDER`` opens them all.

It prints, for each, what the reader answered and the peak memory of the process so far: alone in a
process of its own, so that the figure is the reader's.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from xlsxwriter import Workbook

from jobfair.kit.sheets.apart import tables_of
from jobfair.kit.sheets.reading import WEB_LIMITS, UnreadableFile

_CONTENT = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}"/></Relationships>'
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" '
    'sheetId="1" r:id="r1"/></sheets></workbook>'
)
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "{rows}</sheetData></worksheet>"
)
_HEAD = ("姓名", "薪资", "地区")
_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def packed(sheet: str | bytes, *, more: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """Return a workbook with this text as its one sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT)
        book = _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml")
        archive.writestr("_rels/.rels", book)
        archive.writestr("xl/workbook.xml", _BOOK)
        part = _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")
        archive.writestr("xl/_rels/workbook.xml.rels", part)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more:
            archive.writestr(name, content)
    return out.getvalue()


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def _row(number: int, *cells: str) -> str:
    places = (_cell(f"{chr(65 + i)}{number}", text) for i, text in enumerate(cells))
    return f'<row r="{number}">{"".join(places)}</row>'


def _rows(*rows: str) -> str:
    return _SHEET.format(rows="".join(rows))


def _far(place: str, number: int) -> bytes:
    return packed(_rows(_row(1, *_HEAD), f'<row r="{number}">{_cell(place, "x")}</row>'))


def _lying_sizes() -> bytes:
    """Return a bomb whose directory says it is small."""
    sheet = _rows(_row(1, *_HEAD)).encode() + b" " * 40_000_000
    true = len(sheet).to_bytes(4, "little")
    return packed(sheet).replace(true, b"\x00\x10\x00\x00")


def _ods(rows: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:'
            '1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:'
            'oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return out.getvalue()


def _ods_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def _written(fill: Callable[[Workbook], None]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return out.getvalue()


def _formulas(book: Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, _HEAD)
    sheet.write_formula(1, 0, '=HYPERLINK("http://example.org","x")', None, "甲")
    sheet.write_string(1, 1, "=cmd|'/c calc'!A0")
    sheet.write_string(1, 2, "@SUM(1+1)")


def _long_numbers(book: Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, _HEAD)
    sheet.write_number(1, 0, 522401199001011234)
    sheet.write_string(1, 1, "5.22401E+17")


def _hidden(book: Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, _HEAD)
    sheet.write_row(1, 0, ("甲", "面议", "毕节"))
    sheet.set_row(1, None, None, {"hidden": True})
    book.add_worksheet("secret").hide()


def _merged(book: Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 2, "某县台账")
    sheet.write_row(1, 0, _HEAD)
    sheet.merge_range(2, 0, 3, 0, "甲")


def _plain(book: Workbook) -> None:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, _HEAD)
    sheet.write_row(1, 0, ("甲", "面议", "毕节"))


_CSV = "姓名,薪资,地区\n甲,面议,毕节\n"
_WIDE_ROW = '<row r="1">' + "<c><v>1</v></c>" * 100_000 + "</row>"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

FILES: dict[str, Callable[[], bytes]] = {
    "flat bomb.xlsx": lambda: packed(_rows(_row(1, *_HEAD)) + " " * 200_000_000),
    "lying sizes.xlsx": _lying_sizes,
    "many entries.xlsx": lambda: packed(
        _rows(_row(1, *_HEAD)), more=((f"x/{n}.xml", b"") for n in range(3_000))
    ),
    "huge dimensions.xlsx": lambda: _far("XFD1048576", 1_048_576),
    "big dimensions.xlsx": lambda: _far("SF190000", 190_000),
    "middling dimensions.xlsx": lambda: _far("CV150000", 150_000),
    "far row.xlsx": lambda: _far("A1048576", 1_048_576),
    "wide row.xlsx": lambda: packed(_SHEET.format(rows=_WIDE_ROW)),
    "million rows.xlsx": lambda: packed(
        _SHEET.format(rows=_row(1, *_HEAD) + "<row><c><v>1</v></c></row>" * 1_000_000)
    ),
    "million cells.xlsx": lambda: packed(
        _SHEET.format(rows=('<row r="1">' + "<c ><v>1</v></c>" * 400 + "</row>") * 9_000)
    ),
    "laughs.xlsx": lambda: packed(_LAUGHS + _rows(_row(1, "&j;", "b", "c"))),
    "outside entity.xlsx": lambda: packed(
        '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + _rows(_row(1, "&a;", "b", "c"))
    ),
    "deep.xlsx": lambda: packed("<a>" * 1_000_000),
    "truncated.xlsx": lambda: _written(_plain)[:-400],
    "half.xlsx": lambda: _written(_plain)[:2_000],
    "macro.xlsx": lambda: packed(
        _rows(_row(1, *_HEAD)), more=(("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),)
    ),
    "no workbook.xlsx": lambda: _zip_of("readme.txt", b"x"),
    "upwards.xlsx": lambda: packed(_rows(_row(1, *_HEAD)), more=(("../../x", b"x"),)),
    "password.xls": lambda: _OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") * 40,
    "broken.xls": lambda: _OLE + b"\xff" * 5_000,
    "page.xls": lambda: b"<html><table><tr><td>1</td></tr></table></html>",
    "page with mark.xls": lambda: b"\xef\xbb\xbf\n <!DOCTYPE html><html></html>",
    "paper.xlsx": lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"0" * 5_000,
    "picture.csv": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "empty.csv": lambda: b"",
    "blank.csv": lambda: b"\r\n \r\n,,\r\n",
    "zeros.csv": lambda: b"\0" * 100_000,
    "zeros inside.csv": lambda: _CSV.replace("甲", "甲\0").encode(),
    "gb18030.csv": lambda: _CSV.encode("gb18030"),
    "big5.csv": lambda: "姓名,薪資,地區\n王小明,面議,台北\n".encode("big5") * 50,
    "utf-16.csv": lambda: _CSV.encode("utf-16"),
    "mixed.csv": lambda: _CSV.encode() + "乙,面议,毕节\n".encode("gb18030"),
    "old line ends.csv": lambda: _CSV.replace("\n", "\r").encode(),
    "commas.csv": lambda: b"a,b\n" + b"," * 15_000_000,
    "open quote.csv": lambda: _CSV.encode() + b'"' + b"x" * 15_000_000,
    "rows.csv": lambda: b"a,b\n" + b"1,2\n" * 1_000_000,
    "formulas.csv": lambda: _CSV.replace("甲,面议", "=1+1,+2").encode(),
    "formulas.xlsx": lambda: _written(_formulas),
    "long numbers.xlsx": lambda: _written(_long_numbers),
    "hidden.xlsx": lambda: _written(_hidden),
    "merged.xlsx": lambda: _written(_merged),
    "repeated rows.ods": lambda: _ods(
        f'<table:table-row table:number-rows-repeated="1000000">{_ods_cell("x")}</table:table-row>'
    ),
    "repeated cells.ods": lambda: _ods(
        f'<table:table-row table:number-rows-repeated="100000">{_ods_cell("x", 16000)}'
        "</table:table-row>"
    ),
}


def _zip_of(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def peak_mb() -> int:
    """Return the peak resident memory of this process or any child so far.

    Its own is read from /proc: getrusage also counts the bigger program that started this one.
    """
    own = Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1].split()[0]
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(own), children) // 1024


def answer(path: Path, **changes: int) -> tuple[str, list[tuple[str, ...]]]:
    """Return ``rows`` and the first rows, or the refusal's code."""
    try:
        with tables_of(path, replace(WEB_LIMITS, **changes)) as tables:
            rows = [cells for table in tables for _number, cells in table.rows]
    except UnreadableFile as refusal:
        return refusal.code, []
    return "rows", rows[:5]


def main(folder: Path, changes: dict[str, int]) -> None:
    """Open every file of a folder, print what came of each."""
    found = {}
    for path in sorted(folder.iterdir()):
        kind, rows = answer(path, **changes)
        found[path.name] = {"answer": kind, "rows": rows, "peak_mb": peak_mb()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
