"""Files taken in through the browser: upload, preview, confirm, result; one flow for every room.

An upload is kept sealed, under a random name with owner-only rights, until it is confirmed or given
up, and at most a day; so is the workbook of refused rows. Only the browser session that sent a file
can see it again.
"""

import base64
import io
import json
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from jobfair.kit import crypto
from jobfair.kit.errors import Invalid, NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.importing import ImportResult, ImportSpec, run_import, write_errors
from jobfair.kit.sheets.reading import WEB_LIMITS
from jobfair.kit.web import db, settings

Page = str | tuple[str, int] | Response
MakeSpec = Callable[[str], ImportSpec[Any]]

_DAY = 86_400
_BATCH = 2_000
_ENDINGS = frozenset({".xlsx", ".xls", ".ods", ".csv", ".txt", ".tsv"})
_SHOWN = 8
_SHOWN_REFUSED = 50
_KEPT = 5


class NoFile(Invalid):
    """Nothing was chosen, or a file of another kind."""

    code = "no_file"
    message = N_("Choose a file of kind xlsx, xls, ods or csv.")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose beside the file.

    Attributes:
        name: of the field.
        label: translated.
        options: value and text of each.
        chosen: the value shown first.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class ImportWords:
    """What the pages of one import say, and where they live.

    Attributes:
        title: the heading, translated.
        intro: what the file should hold, translated.
        upload: endpoint of the first page.
        preview: endpoint of the preview; takes ``import_id``.
        result: endpoint of the result; takes ``import_id``.
        errors: endpoint of the workbook of refused rows; takes ``import_id``.
        done: endpoint of the list the rows went to.
        template: endpoint of the empty template, if there is one.
        choice: what else the first page asks.
    """

    title: str
    intro: str
    upload: str
    preview: str
    result: str
    errors: str
    done: str
    template: str = ""
    choice: Choice | None = None


def _folder() -> Path:
    folder = settings().home / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - _DAY:
            path.unlink(missing_ok=True)


def _mine(import_id: str) -> dict[str, Any]:
    for upload in session.get("imports", []):
        if upload["id"] == import_id:
            return dict(upload)
    raise NotFound


def _path(import_id: str, ending: str) -> Path:
    return _folder() / f"{import_id}{ending}"


def _seal(import_id: str, ending: str, content: bytes) -> None:
    """Write a file nobody can read without the key."""
    text = base64.b64encode(content).decode()
    sealed = crypto.vault().seal(text, table="upload", column=ending, row=import_id)
    handle = os.open(_path(import_id, ending), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(sealed)


def _open(import_id: str, ending: str) -> bytes:
    sealed = _path(import_id, ending).read_bytes()
    text = crypto.vault().open(sealed, table="upload", column=ending, row=import_id)
    return base64.b64decode(text)


@contextmanager
def _plain_file(import_id: str, ending: str) -> Iterator[Path]:
    """Give the upload as a plain file for as long as it is read; the folder is the owner's only."""
    with tempfile.TemporaryDirectory(prefix="jobfair-") as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(_open(import_id, ending))
        yield path


def _keep(file: FileStorage | None, more: dict[str, Any]) -> str:
    name = Path((file.filename if file else "") or "").name
    ending = Path(name).suffix.lower()
    if file is None or not name or ending not in _ENDINGS:
        raise NoFile
    _sweep(_folder())
    import_id = secrets.token_hex(16)
    _seal(import_id, ending, file.read())
    kept = [*session.get("imports", []), {"id": import_id, "name": name, "ending": ending} | more]
    for old in kept[:-_KEPT]:
        _drop(old)
    session["imports"] = kept[-_KEPT:]
    return import_id


def _drop(upload: dict[str, Any]) -> None:
    for ending in (upload["ending"], ".json", ".errors.xlsx"):
        _path(upload["id"], ending).unlink(missing_ok=True)


def upload_page(words: ImportWords, **more: str | int | None) -> Page:
    """Show the upload form, or keep what was sent and go on to the preview.

    Args:
        words: the texts and endpoints.
        more: facts to remember with the upload, given back by ``remembered``.
    """
    fault = ""
    if request.method == "POST":
        try:
            import_id = _keep(request.files.get("file"), {"result": words.result} | more)
        except Invalid as refusal:
            fault = translate(refusal.message, **refusal.params)
        else:
            return redirect(url_for(words.preview, import_id=import_id))
    page = render_template("kit/import_upload.html", words=words, fault=fault)
    return page, 422 if fault else 200


def remembered(import_id: str, name: str) -> Any:
    """Return a fact that was given to ``upload_page``.

    Raises:
        NotFound: not an upload of this browser session.
    """
    return _mine(import_id).get(name)


@dataclass(frozen=True, slots=True)
class Unmended:
    """A file of this browser session with refused rows nobody has mended yet."""

    name: str
    url: str


def unmended() -> list[Unmended]:
    """Return the files this browser session took in whose refused rows are still kept."""
    return [
        Unmended(upload["name"], url_for(upload["result"], import_id=upload["id"]))
        for upload in session.get("imports", [])
        if "result" in upload and _path(upload["id"], ".errors.xlsx").exists()
    ]


def preview_page(
    import_id: str, words: ImportWords, make_spec: MakeSpec, *, batch: int = _BATCH
) -> Page:
    """Show what a file would do; on POST do it, or throw it away.

    Args:
        import_id: of the upload.
        words: the texts and endpoints.
        make_spec: file name → the import.
        batch: rows of one transaction.

    Raises:
        NotFound: not an upload of this browser session, or done already.
    """
    upload = _mine(import_id)
    path = _path(import_id, upload["ending"])
    if not path.exists():
        if _path(import_id, ".json").exists():
            return redirect(url_for(words.result, import_id=import_id))
        raise NotFound
    if request.method == "POST" and "cancel" in request.form:
        _drop(upload)
        flash(_("The file was thrown away; nothing was taken in."))
        return redirect(url_for(words.upload))
    spec = make_spec(upload["name"])
    try:
        with _plain_file(import_id, upload["ending"]) as plain:
            result = run_import(
                db(), spec, plain, dry_run=request.method == "GET", limits=WEB_LIMITS
            )
    except Invalid as refusal:
        _drop(upload)
        flash(translate(refusal.message, **refusal.params), "warning")
        return redirect(url_for(words.upload))
    if request.method == "POST":
        _finish(import_id, result)
        path.unlink(missing_ok=True)
        return redirect(url_for(words.result, import_id=import_id))
    return render_template(
        "kit/import_preview.html",
        words=words,
        name=upload["name"],
        report=result.report,
        notes=_notes(result.report.notes),
        mapping=_mapping(result, spec),
        refused=_refused(result)[:_SHOWN],
    )


def _mapping(result: ImportResult, spec: ImportSpec[Any]) -> list[dict[str, Any]]:
    titles = {field.name: translate(field.title) for field in spec.fields}
    return [
        {
            "sheet": column.sheet,
            "header": column.header or _("column %(number)s", number=column.column + 1),
            "field": titles.get(column.field, column.field),
            "how": column.how,
        }
        for column in result.mapping
    ]


def _notes(notes: Iterable[Sequence[str]]) -> list[str]:
    return [f"{sheet}: {translate(note)}" for sheet, note in notes]


def _refused(result: ImportResult) -> list[dict[str, Any]]:
    return [
        {
            "sheet": refused.row.sheet,
            "number": refused.row.number,
            "reason": " ".join(translate(e.reason, **e.params) for e in refused.errors),
        }
        for refused in result.refused[:_SHOWN_REFUSED]
    ]


def _finish(import_id: str, result: ImportResult) -> None:
    content = json.dumps(
        {"report": asdict(result.report), "refused": _refused(result)},
        ensure_ascii=False,
        default=str,
    )
    _seal(import_id, ".json", content.encode())
    if result.refused:
        with tempfile.TemporaryDirectory(prefix="jobfair-") as folder:
            errors = Path(folder) / "errors.xlsx"
            write_errors(errors, result, translate)
            _seal(import_id, ".errors.xlsx", errors.read_bytes())


def result_page(import_id: str, words: ImportWords) -> Page:
    """Show what became of the rows.

    Raises:
        NotFound: not an upload of this browser session, or not done yet.
    """
    upload = _mine(import_id)
    path = _path(import_id, ".json")
    if not path.exists():
        raise NotFound
    kept = json.loads(_open(import_id, ".json"))
    return render_template(
        "kit/import_result.html",
        words=words,
        name=upload["name"],
        import_id=import_id,
        report=kept["report"],
        notes=_notes(kept["report"]["notes"]),
        refused=kept["refused"],
        has_errors=_path(import_id, ".errors.xlsx").exists(),
    )


def errors_file(import_id: str) -> Response:
    """Send the refused rows with their reasons, ready to mend and send again.

    Raises:
        NotFound: not an upload of this browser session, or nothing was refused.
    """
    upload = _mine(import_id)
    path = _path(import_id, ".errors.xlsx")
    if not path.exists():
        raise NotFound
    name = f"refused-{Path(upload['name']).stem}.xlsx"
    content = io.BytesIO(_open(import_id, ".errors.xlsx"))
    return send_file(content, as_attachment=True, download_name=name)
