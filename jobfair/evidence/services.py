"""Verbs of evidence: keep a file, open it, take it away, erase a person's."""

import base64
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from jobfair.evidence.models import EvidenceContent
from jobfair.evidence.queries import MODELS, OWNERS, Of
from jobfair.evidence.rules import (
    MEDIA_TYPES,
    AlreadyKept,
    FileKind,
    FileTooLarge,
    NoFile,
    WhyMissing,
    cleaned,
    digest_of,
)
from jobfair.kit import audit, clock
from jobfair.kit.clock import BEIJING
from jobfair.kit.crypto import vault
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.ids import new_key

_MB = 1024 * 1024
_TABLE, _COLUMN = EvidenceContent.__tablename__, "content_sealed"
_ERASED = "the person's data were erased"


@dataclass(frozen=True, slots=True)
class Owner:
    """The entry or claim a file belongs to, and whose it is."""

    of: Of
    id: int
    seeker_id: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A file in clear."""

    media_type: str
    name: str
    content: bytes


def keep_file(
    session: Session, owner: Owner, content: bytes, recorder: Recorder, *, most_mb: int
) -> int:
    """Keep a file with an entry or claim and return its id; of a photo only the picture.

    Raises:
        NoFile: nothing was sent.
        FileTooLarge: more than ``most_mb``.
        NotEvidence, FileDamaged: it is not what is kept, by its content.
        AlreadyKept: the same file stands here.
    """
    if not content:
        raise NoFile
    if len(content) > most_mb * _MB:
        raise FileTooLarge(mb=most_mb)
    kind, kept = cleaned(content)
    digest = digest_of(kept)
    model = MODELS[owner.of]
    there = session.execute(
        select(model.recorded_at).where(
            getattr(model, OWNERS[owner.of]) == owner.id,
            model.digest == digest,
            model.removed_at.is_(None),
        )
    ).scalar_one_or_none()
    if there is not None:
        raise AlreadyKept(at=f"{there.astimezone(BEIJING):%Y-%m-%d %H:%M}")
    key = new_key()
    text = base64.b64encode(kept).decode()
    row = model(
        key=key,
        seeker_id=owner.seeker_id,
        kind=kind,
        size=len(kept),
        digest=digest,
        recorded_at=clock.now(),
        recorded_by=recorder.user_id,
        office_id=recorder.office_id,
        removed_at=None,
        removed_by=None,
        removed_why="",
        **{OWNERS[owner.of]: owner.id},
    )
    sealed = vault().seal(text, table=_TABLE, column=_COLUMN, row=key)
    session.add_all((row, EvidenceContent(key=key, content_sealed=sealed)))
    session.flush()
    _note(session, "keep", owner.of, row.id, {"owner": owner.id, "digest": digest})
    file_id: int = row.id
    return file_id


def reveal_file(session: Session, of: Of, file_id: int) -> Opened:
    """Return a file in clear; that somebody looked is recorded.

    Raises:
        NotFound: no such file, or it was taken away.
    """
    model = MODELS[of]
    row = session.execute(
        select(model.key, model.kind, model.digest, EvidenceContent.content_sealed)
        .join(EvidenceContent, EvidenceContent.key == model.key)
        .where(model.id == file_id, model.removed_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound
    text = vault().open(row.content_sealed, table=_TABLE, column=_COLUMN, row=row.key)
    _note(session, "read", of, file_id, {})
    kind = FileKind(row.kind)
    return Opened(MEDIA_TYPES[kind], f"{row.digest[:12]}.{kind}", base64.b64decode(text))


def remove_file(session: Session, of: Of, file_id: int, why: str, recorder: Recorder) -> None:
    """Take a file away: its content is gone, the reason stays.

    Raises:
        NotFound: no such file, or it was taken away before.
        WhyMissing: no reason.
    """
    row = session.get(MODELS[of], file_id, with_for_update=True)
    if row is None or row.removed_at is not None:
        raise NotFound
    if not why.strip():
        raise WhyMissing
    row.removed_at, row.removed_by, row.removed_why = clock.now(), recorder.user_id, why.strip()
    session.execute(delete(EvidenceContent).where(EvidenceContent.key == row.key))
    session.flush()
    _note(session, "remove", of, file_id, {})


def erase_files(session: Session, seekers: Collection[int]) -> None:
    """Erase the files of people whose data are erased."""
    for of, model in MODELS.items():
        erased = session.execute(
            update(model)
            .where(model.seeker_id.in_(seekers), model.removed_at.is_(None))
            .values(removed_at=clock.now(), removed_why=_ERASED)
            .returning(model.id, model.key)
        ).all()
        keys = [row.key for row in erased]
        session.execute(delete(EvidenceContent).where(EvidenceContent.key.in_(keys)))
        for row in sorted(erased, key=lambda one: one.id):
            _note(session, "erase", of, row.id, {})


def _note(session: Session, verb: str, of: Of, file_id: int, detail: dict[str, object]) -> None:
    subject = MODELS[of].__tablename__
    audit.record(session, f"evidence.{verb}", subject=subject, subject_id=file_id, detail=detail)
