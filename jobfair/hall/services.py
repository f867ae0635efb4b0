"""Verbs of the hall: announce, close a fair, note a signature."""

from dataclasses import asdict

from sqlalchemy import delete
from sqlalchemy.orm import Session

from jobfair.fairs.services import must_run_here
from jobfair.hall import queries
from jobfair.hall.models import Announcement, FairClosing, ResultSignature
from jobfair.hall.rules import LASTS, check_texts
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound


def announce(
    session: Session, fair_id: int, text_zh: str, text_en: str, *, user_id: int | None
) -> int:
    """Announce something on all screens and stations for half an hour; return its id.

    Raises:
        NothingSaid: there is no Chinese text.
    """
    must_run_here(session, fair_id)
    zh, en = check_texts(text_zh, text_en)
    now = clock.now()
    made = Announcement(
        fair_id=fair_id, text_zh=zh, text_en=en, made_at=now, made_by=user_id, until=now + LASTS
    )
    session.add(made)
    session.flush()
    audit.record(session, "hall.announce", subject="fair", subject_id=fair_id)
    return made.id


def end_announcement(session: Session, announcement_id: int) -> int:
    """Take an announcement off the screens; return the fair it was of.

    Raises:
        NotFound: there is no such announcement.
    """
    made = session.get(Announcement, announcement_id)
    if made is None:
        raise NotFound
    must_run_here(session, made.fair_id)
    now = clock.now()
    if now < made.until:
        made.until = now
        audit.record(session, "hall.end_announcement", subject="fair", subject_id=made.fair_id)
    return made.fair_id


def close_fair(session: Session, fair_id: int, *, user_id: int | None) -> None:
    """Freeze a fair's figures as they are now. A fair closed before keeps the figures it has.

    Records that stations deliver later are taken in like any other; the page shows beside the
    frozen figures what has come since.
    """
    must_run_here(session, fair_id)
    if session.get(FairClosing, fair_id) is not None:
        return
    now = clock.now()
    figures = asdict(queries.count_figures(session, fair_id, now))
    session.add(FairClosing(fair_id=fair_id, closed_at=now, closed_by=user_id, figures=figures))
    session.flush()
    audit.record(session, "hall.close", subject="fair", subject_id=fair_id, detail=figures)


def open_again(session: Session, fair_id: int) -> None:
    """Take the close of a fair back, as when it was closed too early."""
    must_run_here(session, fair_id)
    session.execute(delete(FairClosing).where(FairClosing.fair_id == fair_id))
    audit.record(session, "hall.reopen", subject="fair", subject_id=fair_id)


def note_signature(
    session: Session, fair_id: int, employer_id: int, *, signed: bool, user_id: int | None
) -> None:
    """Note that an employer signed its list of results, or take that back."""
    must_run_here(session, fair_id)
    session.execute(
        delete(ResultSignature).where(
            ResultSignature.fair_id == fair_id, ResultSignature.employer_id == employer_id
        )
    )
    if signed:
        session.add(
            ResultSignature(
                fair_id=fair_id, employer_id=employer_id, signed_at=clock.now(), noted_by=user_id
            )
        )
        session.flush()
    action = "hall.sign" if signed else "hall.unsign"
    detail = {"fair": fair_id}
    audit.record(session, action, subject="employer", subject_id=employer_id, detail=detail)
