"""What the pages of evidence share, whatever the files prove: list, upload, open, take away."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from jobfair.evidence.queries import Of, list_files
from jobfair.evidence.rules import NoFile
from jobfair.evidence.services import Owner, keep_file, remove_file, reveal_file
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.kit.web import db, settings

Page = str | tuple[str, int] | AnyResponse


@dataclass(frozen=True, slots=True)
class Place:
    """Where files belong, and how their pages are called.

    Attributes:
        about: what the files prove, for reading, people masked.
        here: address of the page itself.
        back: address of where it was opened from.
        opens: from a file's id to its address; None where the reader may not.
        removes: from a file's id to the address that takes it away; None where they may not.
        may_add: whether the reader may add files.
    """

    owner: Owner
    about: str
    here: str
    back: str
    opens: Callable[[int], str] | None
    removes: Callable[[int], str] | None
    may_add: bool


def files_page(place: Place, recorder: Recorder) -> Page:
    """Show the files of an entry or claim; keep the one that was sent."""
    if request.method != "POST":
        return shown(place)
    try:
        most = settings().evidence_mb
        contents = _sent(most * 1024 * 1024 + 1)
        if not contents:
            raise NoFile
        with db().writing() as session:
            for content in contents:
                keep_file(session, place.owner, content, recorder, most_mb=most)
    except Refusal as refusal:
        return shown(place, translate(refusal.message, **refusal.params)), refusal.status
    flash(_("The file is kept, sealed."))
    return redirect(place.here, 303)


def _sent(at_most: int) -> list[bytes]:
    """Return what was sent, each no longer than so many bytes; fields left empty are none."""
    contents = []
    for file in request.files.getlist("file"):
        with closing(file):
            if file.filename:
                contents.append(file.stream.read(at_most))
    return contents


def shown(place: Place, fault: str = "", failed: int | None = None) -> str:
    """Return the page of the files.

    Args:
        place: where they belong.
        fault: why nothing was done, translated.
        failed: the file that was to be taken away; what was typed to it stays.
    """
    with db().reading() as session:
        rows = list_files(session, place.owner.of, place.owner.id)
    return render_template(
        "evidence/files.html",
        place=place,
        rows=rows,
        fault=fault,
        most_mb=settings().evidence_mb,
        beijing=beijing,
        failed=failed,
        why=request.form.get("why", ""),
    )


def content_page(of: Of, file_id: int) -> Response:
    """Give a file in clear and note it; a picture to be looked at, a document to be saved."""
    with db().writing() as session:
        opened = reveal_file(session, of, file_id)
    answer = make_response(opened.content)
    answer.content_type = opened.media_type
    way = "inline" if opened.media_type.startswith("image/") else "attachment"
    answer.headers["Content-Disposition"] = f'{way}; filename="{opened.name}"'
    return answer


def removal_page(place: Place, file_id: int, recorder: Recorder) -> Page:
    """Take a file away."""
    try:
        with db().writing() as session:
            why = request.form.get("why", "")[:300]
            remove_file(session, place.owner.of, file_id, why, recorder)
    except Refusal as refusal:
        fault = translate(refusal.message, **refusal.params)
        return shown(place, fault, file_id), refusal.status
    flash(_("The file is taken away; the reason stays on record."))
    return redirect(place.here, 303)
