"""Verbs of public notices: publish, ask, object, decide, take off."""

import hashlib
import json
import unicodedata

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock, crypto
from jobfair.kit.errors import NotFound
from jobfair.kit.ids import new_key
from jobfair.notices.holidays import holidays
from jobfair.notices.models import (
    Notice,
    NoticeApprover,
    NoticeCall,
    NoticeLine,
    Objection,
    ObjectionDecision,
)
from jobfair.notices.rules import (
    OBJECTIONS,
    QUESTIONS,
    WINDOW,
    AnnouncedAlready,
    DecidedBefore,
    DecidedIt,
    NoSuchLine,
    NoticeDraft,
    NoticeKind,
    NotYours,
    NumberWritten,
    ObjectionOver,
    TooOften,
    Way,
    check_lines,
    check_reason,
    end_of,
    last_day,
    shows_number,
)


def _person_index(name: str, last4: str) -> bytes:
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    plain = plain.replace("•", "·").replace("・", "·")
    return crypto.vault().index(f"{plain}:{last4.strip().upper()}", field="notice.person")


def publish(session: Session, draft: NoticeDraft, *, user_id: int) -> int:
    """Publish a list from now on and return its id; the whole list or nothing.

    Raises:
        Invalid: it shows what it may not; the message names line and column.
        AnnouncedAlready: a line stands on another list.
    """
    check_lines(draft)
    subjects = [line.subject_id for line in draft.lines]
    standing = select(func.count(NoticeLine.id)).where(
        NoticeLine.kind == draft.kind,
        NoticeLine.subject_id.in_(subjects),
        NoticeLine.removed_at.is_(None),
    )
    if session.execute(standing).scalar_one():
        raise AnnouncedAlready
    last = last_day(clock.today(), draft.days, {one.day for one in holidays()})
    shown = [dict(line.cells) for line in draft.lines]
    told = json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()
    notice = Notice(
        key=new_key(),
        kind=draft.kind,
        title=draft.title.strip(),
        place=draft.place,
        days=draft.days,
        published_at=clock.now(),
        published_by=user_id,
        last_day=last,
        closes_at=end_of(last),
        digest=hashlib.sha256(told).hexdigest(),
    )
    session.add(notice)
    session.flush()
    lines = [
        NoticeLine(
            notice_id=notice.id,
            number=number,
            kind=draft.kind,
            subject_id=line.subject_id,
            cells=cells,
            person_index=_person_index(*line.person),
        )
        for number, (line, cells) in enumerate(zip(draft.lines, shown, strict=True), 1)
    ]
    session.add_all(lines)
    session.flush()
    session.add_all(
        NoticeApprover(line_id=line.id, user_id=one)
        for line, drafted in zip(lines, draft.lines, strict=True)
        for one in {*drafted.approvers, user_id}
    )
    detail = {"lines": len(lines), "digest": notice.digest, "until": last.isoformat()}
    audit.record(session, "notice.publish", subject="notice", subject_id=notice.id, detail=detail)
    return notice.id


def _count_call(session: Session, address: str, *, question: bool) -> None:
    """Count a call from an address.

    Raises:
        TooOften: there were too many of them lately.
    """
    at = clock.now()
    index = crypto.vault().index(address, field="notice.address")
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
        key = int.from_bytes(index[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))
    session.execute(delete(NoticeCall).where(NoticeCall.at < at - WINDOW))
    before = select(func.count(NoticeCall.id)).where(
        NoticeCall.address_index == index, NoticeCall.question == question
    )
    if session.execute(before).scalar_one() >= (QUESTIONS if question else OBJECTIONS):
        raise TooOften(minutes=int(WINDOW.total_seconds() // 60))
    session.add(NoticeCall(address_index=index, question=question, at=at))
    session.flush()


def is_listed(session: Session, notice_id: int, *, name: str, last4: str, address: str) -> bool:
    """Return whether somebody stands on a list, by their own name and the last four of the ID.

    Raises:
        TooOften: too many questions from this address lately.
    """
    _count_call(session, address, question=True)
    found = select(NoticeLine.id).where(
        NoticeLine.notice_id == notice_id,
        NoticeLine.person_index == _person_index(name, last4),
        NoticeLine.removed_at.is_(None),
    )
    return session.execute(found.limit(1)).first() is not None


def make_objection(
    session: Session,
    notice_id: int,
    number: int,
    reason: str,
    *,
    contact: str = "",
    way: Way = Way.PAGE,
    address: str = "",
    user_id: int | None = None,
) -> int:
    """Note an objection to a line, which is held from now on; return its id.

    Args:
        session: the writing session.
        notice_id: the list.
        number: of the line.
        reason: what is said against it.
        contact: how to answer; nobody has to tell.
        way: how it came.
        address: network address of who uses the public page.
        user_id: the clerk who writes down what was said or sent.

    Raises:
        NotFound: no such notice.
        ObjectionOver: the notice is over.
        NoSuchLine: no such line, or it was taken off.
        Invalid: no reason.
        TooOften: too many objections from this address lately.
    """
    told = check_reason(reason)
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise NotFound
    if clock.now() >= notice.closes_at:
        raise ObjectionOver(day=notice.last_day.isoformat())
    line_id = session.execute(
        select(NoticeLine.id)
        .where(
            NoticeLine.notice_id == notice_id,
            NoticeLine.number == number,
            NoticeLine.removed_at.is_(None),
        )
        .with_for_update()
    ).scalar_one_or_none()
    if line_id is None:
        raise NoSuchLine
    if way is Way.PAGE:
        _count_call(session, address, question=False)
    key, vault = new_key(), crypto.vault()
    made = Objection(
        key=key,
        line_id=line_id,
        way=way,
        reason_sealed=vault.seal(told, table="objection", column="reason_sealed", row=key),
        contact_sealed=vault.seal(
            contact.strip(), table="objection", column="contact_sealed", row=key
        )
        if contact.strip()
        else None,
        made_at=clock.now(),
        recorded_by=user_id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "objection.make",
        subject="notice",
        subject_id=notice_id,
        detail={"objection": made.id, "line": number, "way": way.value},
    )
    return made.id


def decide_objection(
    session: Session, objection_id: int, *, upheld: bool, answer: str, user_id: int
) -> None:
    """Decide an objection: upheld takes its line off the list, else the line goes on.

    Raises:
        NotFound: no such objection.
        DecidedBefore: somebody decided it meanwhile.
        NotYours: the user put the line forward or approved it.
        Invalid: no answer, or one that holds a number of a person.
    """
    told = check_reason(answer)
    if shows_number(told):
        raise NumberWritten
    line = session.execute(
        select(NoticeLine)
        .join(Objection, Objection.line_id == NoticeLine.id)
        .where(Objection.id == objection_id)
        .with_for_update(of=NoticeLine)
    ).scalar_one_or_none()
    if line is None:
        raise NotFound
    if session.get(ObjectionDecision, objection_id) is not None:
        raise DecidedBefore
    if session.get(NoticeApprover, (line.id, user_id)) is not None:
        raise NotYours
    session.add(
        ObjectionDecision(
            objection_id=objection_id,
            upheld=upheld,
            answer=told,
            decided_at=clock.now(),
            decided_by=user_id,
        )
    )
    if upheld and line.removed_at is None:
        line.removed_at = clock.now()
    audit.record(
        session,
        "objection.decide",
        subject="notice",
        subject_id=line.notice_id,
        detail={"objection": objection_id, "line": line.number, "upheld": upheld},
    )


def _standing_line(session: Session, kind: NoticeKind, subject_id: int) -> NoticeLine | None:
    return session.execute(
        select(NoticeLine)
        .where(
            NoticeLine.kind == kind,
            NoticeLine.subject_id == subject_id,
            NoticeLine.removed_at.is_(None),
        )
        .with_for_update()
    ).scalar_one_or_none()


def note_approver(session: Session, kind: NoticeKind, subject_id: int, user_id: int) -> None:
    """Note that somebody approved what a line is about.

    Raises:
        NotFound: it stands on no list.
        DecidedIt: the user decided an objection to the line.
    """
    line = _standing_line(session, kind, subject_id)
    if line is None:
        raise NotFound
    decided = (
        select(ObjectionDecision.objection_id)
        .join(Objection, Objection.id == ObjectionDecision.objection_id)
        .where(Objection.line_id == line.id, ObjectionDecision.decided_by == user_id)
    )
    if session.execute(decided.limit(1)).first() is not None:
        raise DecidedIt
    if session.get(NoticeApprover, (line.id, user_id)) is None:
        session.add(NoticeApprover(line_id=line.id, user_id=user_id))
        session.flush()


def take_off(session: Session, kind: NoticeKind, subject_id: int) -> None:
    """Take a line off its list because what it is about was sent back or refused."""
    line = _standing_line(session, kind, subject_id)
    if line is not None:
        line.removed_at = clock.now()
        audit.record(
            session,
            "notice.take_off",
            subject="notice",
            subject_id=line.notice_id,
            detail={"line": line.number},
        )
