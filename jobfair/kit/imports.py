"""Files taken in through the browser: upload, preview, confirm, result; one flow for every room.

Both reading a file and taking it in are done in the background: a small file is done within the
request, a big one shows how far it is and can be stopped. What came of it is kept.

An upload is kept sealed, under a random name with owner-only rights, until it is confirmed or given
up, and at most a day; so is the workbook of refused rows. Only the browser session that sent a file
can see it again.
"""

import io
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import (
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from jobfair.kit import background, crypto
from jobfair.kit.errors import Invalid, NotFound
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sealed_files import SealedFiles
from jobfair.kit.sheets.importing import (
    BATCH,
    ImportResult,
    ImportSpec,
    run_import,
    told,
    write_errors,
)
from jobfair.kit.sheets.reading import WEB_LIMITS
from jobfair.kit.web import db

Page = str | tuple[str, int] | Response
MakeSpec = Callable[[str], ImportSpec[Any]]

_DAY = 86_400
_ENDINGS = frozenset({".xlsx", ".xls", ".ods", ".csv", ".txt", ".tsv"})
_FILES = SealedFiles("uploads", "upload")
_SHOWN = 50
_KEPT = 5
# What is kept beside an upload; the first two also name the work that makes them.
_PREVIEW, _RESULT, _FAULT, _ERRORS = ".preview.json", ".json", ".fault.json", ".errors.xlsx"
# Seconds a page waits for its work before it shows how far it is.
_PATIENCE = 2.0
_REFRESH = 2
_STOPS_WITHIN = 10.0
_THROWN_AWAY = N_("The file was thrown away; nothing was taken in.")
_BROKEN = N_("Something broke on our side while reading the file. Send it again.")


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
        errors: endpoint of the workbook of refused rows and notes; takes ``import_id``.
        done: endpoint of the list the rows went to.
        template: endpoint of the empty template, if there is one.
        choice: what else the first page asks.
        columns: endpoint of the page that says what each column is; takes ``import_id``.
        questions: what lets refused rows in when it is answered with yes, by name.
        before: that the same file was taken in before, translated; empty when it was not.
        after: endpoints of further ways on from the result, with their texts.
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
    columns: str = ""
    questions: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    after: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of an upload: its header, the field it was taken for, and how that was found."""

    header: str
    field: str
    how: str


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another request let go of it this moment
            if path.stat().st_mtime < time.time() - _DAY:
                path.unlink()


def _mine(import_id: str) -> dict[str, Any]:
    for upload in session.get("imports", []):
        if upload["id"] == import_id:
            return dict(upload)
    raise NotFound


@contextmanager
def _plain_file(import_id: str, ending: str) -> Iterator[Path]:
    """Give the upload as a plain file for as long as it is read; the folder is the owner's only."""
    with tempfile.TemporaryDirectory(prefix="jobfair-") as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(_FILES.open(import_id, ending))
        yield path


def _keep(file: FileStorage | None, more: dict[str, Any]) -> str:
    name = Path((file.filename if file else "") or "").name
    ending = Path(name).suffix.lower()
    if file is None or not name or ending not in _ENDINGS:
        raise NoFile
    _sweep(_FILES.folder)
    import_id = secrets.token_hex(16)
    content = file.read()
    _FILES.seal(import_id, ending, content)
    told = {"id": import_id, "name": name, "ending": ending}
    told["digest"] = crypto.content_digest(content)
    kept = [*session.get("imports", []), told | more]
    for old in kept[:-_KEPT]:
        _drop(old)
    session["imports"] = kept[-_KEPT:]
    return import_id


def _drop(upload: dict[str, Any]) -> None:
    _FILES.drop(upload["id"], upload["ending"], _PREVIEW, _RESULT, _FAULT, _ERRORS)


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


def columns_of(import_id: str) -> list[FileColumn]:
    """Return the columns of an upload that has a header, as the preview understood them.

    Raises:
        NotFound: not an upload of this browser session, or it was not looked through yet.
    """
    _mine(import_id)
    if not _kept(import_id, _PREVIEW):
        raise NotFound
    kept = json.loads(_FILES.open(import_id, _PREVIEW))
    known = {m["header"]: FileColumn(m["header"], m["field"], m["how"]) for m in kept["mapping"]}
    for header in kept["report"]["unmapped"]:
        known.setdefault(header, FileColumn(header, "", ""))
    return [column for header, column in known.items() if header]


def look_again(import_id: str) -> None:
    """Let go of an upload's preview, so that the next look at it reads the file anew.

    Raises:
        NotFound: not an upload of this browser session.
    """
    _mine(import_id)
    _FILES.path(import_id, _PREVIEW).unlink(missing_ok=True)


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
        if "result" in upload and _FILES.path(upload["id"], ".errors.xlsx").exists()
    ]


def preview_page(
    import_id: str, words: ImportWords, make_spec: MakeSpec, *, batch: int = BATCH
) -> Page:
    """Show what a file would do; on POST do it, stop doing it, or throw the file away.

    Args:
        import_id: of the upload.
        words: the texts and endpoints.
        make_spec: file name → the import.
        batch: rows of one transaction.

    Raises:
        NotFound: not an upload of this browser session, or done already.
    """
    upload = _mine(import_id)
    if request.method == "POST" and "cancel" in request.form:
        return _cancel(upload, words)
    wanted = _RESULT if request.method == "POST" else _PREVIEW
    work = background.find(import_id)
    if work is None and not _kept(import_id, _RESULT, _FAULT, wanted):
        if not _FILES.path(import_id, upload["ending"]).exists():
            raise NotFound
        spec = make_spec(upload["name"])
        work = background.start(
            import_id, wanted, lambda work: _work_through(work, upload, spec, batch)
        )
    if work and not work.wait(current_app.config.get("IMPORT_PATIENCE", _PATIENCE)):
        return _progress_page(work, upload, words)
    return _answer(upload, words)


def _kept(import_id: str, *endings: str) -> bool:
    return any(_FILES.path(import_id, ending).exists() for ending in endings)


def _cancel(upload: dict[str, Any], words: ImportWords) -> Page:
    """Stop what is under way and show what came of it; else throw the file away."""
    work = background.find(upload["id"])
    if work:
        work.stopping = True
        work.wait(_STOPS_WITHIN)
        return redirect(url_for(words.preview, import_id=upload["id"]))
    if not _kept(upload["id"], _RESULT):
        _drop(upload)
        flash(translate(_THROWN_AWAY))
    return redirect(url_for(words.upload))


def _work_through(
    work: background.Work, upload: dict[str, Any], spec: ImportSpec[Any], batch: int
) -> None:
    """Read the file and keep what came of it: the preview, the result, or why it cannot be read."""
    import_id, dry_run = upload["id"], work.name == _PREVIEW
    try:
        with _plain_file(import_id, upload["ending"]) as plain:
            result = run_import(
                db(),
                spec,
                plain,
                dry_run=dry_run,
                batch=batch,
                progress=work.step,
                stop=lambda: work.stopping,
                limits=WEB_LIMITS,
            )
    except Invalid as refusal:
        _keep_content(import_id, _FAULT, [refusal.message, refusal.params])
        return
    except Exception:
        _keep_content(import_id, _FAULT, [_BROKEN, {}])
        raise
    if dry_run and result.report.stopped:
        _keep_content(import_id, _FAULT, [_THROWN_AWAY, {}])
        return
    _keep_content(import_id, work.name, _content(result, spec))
    if not dry_run:
        _keep_errors(import_id, result)
        for ending in (upload["ending"], _PREVIEW):
            _FILES.path(import_id, ending).unlink(missing_ok=True)


def _keep_content(import_id: str, ending: str, content: Any) -> None:
    _FILES.seal(import_id, ending, json.dumps(content, ensure_ascii=False, default=str).encode())


def _content(result: ImportResult, spec: ImportSpec[Any]) -> dict[str, Any]:
    """Return what the pages show, as messages still to be translated: the language may change."""
    titles = {one.name: one.title for one in spec.fields}
    return {
        "report": asdict(result.report),
        "mapping": [asdict(m) | {"title": titles.get(m.field, m.field)} for m in result.mapping],
        "refused": [
            {
                "sheet": refused.row.sheet,
                "number": refused.row.number,
                "reasons": [(error.reason, dict(error.params)) for error in refused.errors],
            }
            for refused in result.refused[:_SHOWN]
        ],
        "row_notes": [asdict(note) for note in result.row_notes[:_SHOWN]],
    }


def _keep_errors(import_id: str, result: ImportResult) -> None:
    if not result.refused and not result.row_notes:
        return
    with tempfile.TemporaryDirectory(prefix="jobfair-") as folder:
        errors = Path(folder) / "errors.xlsx"
        write_errors(errors, result, translate)
        _FILES.seal(import_id, _ERRORS, errors.read_bytes())


def _progress_page(work: background.Work, upload: dict[str, Any], words: ImportWords) -> Page:
    page = render_template(
        "kit/import_progress.html",
        words=words,
        name=upload["name"],
        work=work,
        taking_in=work.name == _RESULT,
    )
    response = make_response(page)
    # Works without scripts; the address is the page itself, so a sent form is not sent again.
    address = url_for(words.preview, import_id=upload["id"])
    response.headers["Refresh"] = f"{_REFRESH}; url={address}"
    return response


def _answer(upload: dict[str, Any], words: ImportWords) -> Page:
    """Show what the work has left: a fault, the result, or the preview."""
    import_id = upload["id"]
    if _kept(import_id, _FAULT):
        message, params = json.loads(_FILES.open(import_id, _FAULT))
        _drop(upload)
        flash(translate(message, **params), "warning")
        return redirect(url_for(words.upload))
    if _kept(import_id, _RESULT):
        return redirect(url_for(words.result, import_id=import_id))
    return _page("kit/import_preview.html", upload, words, _PREVIEW)


def _page(template: str, upload: dict[str, Any], words: ImportWords, ending: str) -> str:
    kept = json.loads(_FILES.open(upload["id"], ending))
    return render_template(
        template,
        words=words,
        name=upload["name"],
        import_id=upload["id"],
        report=kept["report"],
        notes=_notes(kept["report"]["notes"]),
        note_counts=[(translate(n), c) for n, c in kept["report"]["note_counts"].items()],
        asked=[
            (question, translate(text), kept["report"].get("asked", {})[question])
            for question, text in words.questions.items()
            if kept["report"].get("asked", {}).get(question)
        ],
        row_notes=[n | {"text": told(map(translate, n["texts"]))} for n in kept["row_notes"]],
        mapping=kept["mapping"],
        refused=[r | {"reason": _reason(r["reasons"])} for r in kept["refused"]],
        has_errors=_kept(upload["id"], _ERRORS),
    )


def _notes(notes: Iterable[Sequence[str]]) -> list[str]:
    return [f"{sheet}: {translate(note)}" if sheet else translate(note) for sheet, note in notes]


def _reason(reasons: Iterable[tuple[str, dict[str, Any]]]) -> str:
    return told(translate(message, **params) for message, params in reasons)


def result_page(import_id: str, words: ImportWords) -> Page:
    """Show what became of the rows.

    Raises:
        NotFound: not an upload of this browser session, or not done yet.
    """
    upload = _mine(import_id)
    if not _kept(import_id, _RESULT):
        raise NotFound
    return _page("kit/import_result.html", upload, words, _RESULT)


def errors_file(import_id: str) -> Response:
    """Send the refused rows with their reasons, ready to mend and send again.

    Raises:
        NotFound: not an upload of this browser session, or nothing is to be told.
    """
    upload = _mine(import_id)
    if not _kept(import_id, _ERRORS):
        raise NotFound
    name = f"refused-{Path(upload['name']).stem}.xlsx"
    content = io.BytesIO(_FILES.open(import_id, _ERRORS))
    return send_file(content, as_attachment=True, download_name=name)
