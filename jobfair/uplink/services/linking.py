"""Who runs a fair's day: hand it to a hall's server, pair that, take the day back."""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobfair.fairs.services import RunElsewhere, set_run_by
from jobfair.kit import audit, clock
from jobfair.kit.crypto import vault
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.stations.rules import CODE_DIGITS, PAIRING_VALID, digest_of, read_code
from jobfair.uplink.models import Uplink, UplinkAside
from jobfair.uplink.queries.book import Book, side_of
from jobfair.uplink.queries.differences import count_day, list_differences
from jobfair.uplink.queries.states import list_aside
from jobfair.uplink.rules import LONGEST_NAME, LONGEST_REASON, Ending

_SECRET_BYTES = 32


class CodeWrong(Invalid):
    """The code is unknown, used, or too old."""

    code = "uplink_code_wrong"
    message = N_("This code is wrong, used or too old. Let the fair's page show a new one.")


class NothingToTake(Refusal):
    """No hall's server runs the day."""

    code = "not_handed_over"
    message = N_("No hall's server runs the day of this fair.")


class ReasonMissing(Invalid):
    """Why the day is taken from a hall must be said."""

    code = "take_back_reason_missing"
    message = N_("Write why the day is taken back without the laptop.")


class NotAlike(Refusal):
    """Both servers do not have the same rows; the day stays where it is."""

    code = "counts_differ"
    message = N_(
        "The day is not handed back: what both servers have differs in %(tables)s. Sync once more."
    )


@dataclass(frozen=True, slots=True)
class Joined:
    """What a hall's server is told once, when it is paired."""

    fair_code: str
    secret: str


def _new(session: Session, fair_code: str, name: str, address: str) -> Uplink:
    made = Uplink(
        fair_code=fair_code,
        name=name,
        address=address,
        made_at=clock.now(),
        handing_back=False,
        sent=0,
        received=0,
        aside_there=0,
    )
    session.add(made)
    return made


def find_open(session: Session, fair_code: str) -> Uplink | None:
    """Return the uplink of a fair that has not ended, locked until the commit."""
    query = select(Uplink).where(Uplink.fair_code == fair_code, Uplink.ended_at.is_(None))
    return session.execute(query.with_for_update()).scalar_one_or_none()


def hand_over(session: Session, fair_code: str, name: str, *, user_id: int | None) -> str:
    """Return a one-time code by which a hall's server takes over a fair's day; older ones are void.

    The day stays here until the code is used.

    Args:
        session: a writing session.
        fair_code: the fair.
        name: what people call the laptop.
        user_id: who hands over.

    Raises:
        RunElsewhere: a server has it already.
    """
    uplink = find_open(session, fair_code)
    if uplink is not None and uplink.began_at is not None:
        raise RunElsewhere(name=uplink.name)
    uplink = uplink or _new(session, fair_code, name, "")
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    uplink.name, uplink.made_by = name.strip()[:LONGEST_NAME], user_id
    uplink.code_digest, uplink.code_until = digest_of(code), clock.now() + PAIRING_VALID
    session.flush()
    audit.record(session, "uplink.hand_over", subject="uplink", subject_id=uplink.id)
    return code


def pair(session: Session, typed: str) -> Joined:
    """Give the day of a fair to the server that knows the code; the code is used up.

    Raises:
        CodeWrong: no fair waits for this code.
    """
    code = read_code(typed)
    waiting = select(Uplink).where(
        Uplink.code_digest == digest_of(code), Uplink.code_until > clock.now()
    )
    uplink = session.execute(waiting.with_for_update()).scalar_one_or_none() if code else None
    fair_id = side_of(session, uplink).fair_id if uplink is not None else None
    if uplink is None or fair_id is None:
        raise CodeWrong
    secret, now = secrets.token_urlsafe(_SECRET_BYTES), clock.now()
    uplink.secret_digest, uplink.began_at, uplink.heard_at = digest_of(secret), now, now
    uplink.code_digest = uplink.code_until = None
    set_run_by(session, fair_id, uplink.name)
    audit.record(session, "uplink.pair", subject="uplink", subject_id=uplink.id)
    return Joined(uplink.fair_code, secret)


def join(session: Session, joined: Joined, *, address: str) -> int:
    """Note at a hall whose day this server runs, and where the prefecture's server is.

    What was known of an earlier time is over: this laptop may have been another's meanwhile.

    Returns:
        The uplink.
    """
    before = find_open(session, joined.fair_code)
    if before is not None:
        before.ended_at, before.ending = clock.now(), Ending.TAKEN_BACK
        session.flush()
    made = _new(session, joined.fair_code, address.split("://", 1)[1][:LONGEST_NAME], address)
    session.flush()
    made.secret_sealed = vault().seal(
        joined.secret, table="uplink", column="secret_sealed", row=str(made.id)
    )
    session.flush()
    audit.record(session, "uplink.join", subject="uplink", subject_id=made.id)
    return made.id


def secret_of(uplink: Uplink) -> str:
    """Return the secret that a hall's server shows the prefecture's.

    Raises:
        NotFound: this is not the hall's side.
    """
    if uplink.secret_sealed is None:
        raise NotFound
    return vault().open(
        uplink.secret_sealed, table="uplink", column="secret_sealed", row=str(uplink.id)
    )


def _end(session: Session, uplink: Uplink, ending: Ending, *, run_by: str | None) -> None:
    uplink.ended_at, uplink.ending = clock.now(), ending
    uplink.handing_back = False
    fair_id = side_of(session, uplink).fair_id
    if fair_id is not None:
        set_run_by(session, fair_id, run_by)
    audit.record(session, f"uplink.{ending}", subject="uplink", subject_id=uplink.id)


def take_back(session: Session, fair_code: str, reason: str, *, user_id: int | None) -> None:
    """Run a fair's day here again without its hall's server, as when the laptop is lost.

    What it offered since the last sync is not known here. Should it call again, what it brings is
    taken in like any other late record, and what collides is set aside.

    Raises:
        NothingToTake: no hall's server has it.
        ReasonMissing: no reason.
    """
    uplink = find_open(session, fair_code)
    if uplink is None or uplink.address:
        raise NothingToTake
    if not reason.strip():
        raise ReasonMissing
    uplink.reason, uplink.made_by = reason.strip()[:LONGEST_REASON], user_id
    uplink.code_digest = uplink.code_until = None
    _end(session, uplink, Ending.TAKEN_BACK, run_by=None)


def begin_return(session: Session, fair_code: str) -> None:
    """At the hall: write nothing more of the day, so that all of it can be sent and counted.

    Raises:
        NothingToTake: this server does not run it.
    """
    uplink = find_open(session, fair_code)
    if uplink is None or not uplink.address or uplink.began_at is None:
        raise NothingToTake
    stop_recording(session, uplink)


def stop_recording(session: Session, uplink: Uplink) -> None:
    """At the hall: record nothing more of the day; what is here is still sent."""
    fair_id = side_of(session, uplink).fair_id
    if fair_id is not None and not uplink.handing_back:
        uplink.handing_back = True
        set_run_by(session, fair_id, uplink.name)
        audit.record(session, "uplink.return", subject="uplink", subject_id=uplink.id)


def give_up_return(session: Session, uplink: Uplink, fault: str) -> None:
    """At the hall: go on with the day, as the prefecture could not take it back."""
    uplink.handing_back, uplink.fault = False, fault[:300]
    fair_id = side_of(session, uplink).fair_id
    if fair_id is not None:
        set_run_by(session, fair_id, None)


def all_sent(session: Session, uplink: Uplink) -> bool:
    """Return whether the other server has everything."""
    if uplink.pending is not None:
        return False
    return not list_differences(Book(session, side_of(session, uplink)), at_most=1)


def counts(session: Session, uplink: Uplink) -> dict[str, Any]:
    """Return the day's rows counted, for the other server to compare."""
    book = Book(session, side_of(session, uplink))
    besides: dict[str, list[str]] = {}
    for one in list_aside(session, uplink.id):
        if not one.changed_at_both:
            besides.setdefault(one.table, []).append(one.name)
    return {name: asdict(one) for name, one in count_day(book, besides=besides).items()}


def accept_return(session: Session, uplink: Uplink, theirs: Any) -> Ending:
    """At the prefecture: run the day here again once both have the same rows; twice is once.

    Returns:
        How the hall's day ended: one that was taken back before stays so.

    Raises:
        NotAlike: they differ; the tables are named.
    """
    if uplink.ending is not None:
        return Ending(uplink.ending)
    mine = counts(session, uplink)
    told = theirs if isinstance(theirs, dict) else {}
    aside = {one.table for one in list_aside(session, uplink.id)}
    apart = [table for table in mine if not _alike(mine[table], told.get(table), table in aside)]
    if apart:
        raise NotAlike(tables=", ".join(apart))
    detail = {table: one["rows"] for table, one in mine.items()}
    _end(session, uplink, Ending.HANDED_BACK, run_by=None)
    audit.record(session, "uplink.counted", subject="uplink", subject_id=uplink.id, detail=detail)
    return Ending.HANDED_BACK


def _alike(mine: dict[str, Any], theirs: Any, some_aside: bool) -> bool:
    if not isinstance(theirs, dict):
        return False
    compared = ("rows", "names") if some_aside else ("rows", "names", "content")
    return all(mine[part] == theirs.get(part) for part in compared)


def note_end(session: Session, uplink: Uplink, ending: Ending) -> None:
    """At the hall: the day is the prefecture's again."""
    if uplink.ended_at is None:
        _end(session, uplink, ending, run_by=uplink.name)


def settle_aside(session: Session, fair_code: str, *, user_id: int | None) -> int:
    """Note that somebody has dealt with what was changed at both servers; return how many."""
    uplinks = select(Uplink.id).where(Uplink.fair_code == fair_code)
    settled = session.execute(
        update(UplinkAside)
        .where(
            UplinkAside.uplink_id.in_(uplinks),
            UplinkAside.changed_at_both,
            UplinkAside.settled_at.is_(None),
        )
        .values(settled_at=clock.now(), settled_by=user_id)
        .returning(UplinkAside.name)
    )
    count = len(settled.all())
    detail = {"count": count}
    audit.record(session, "uplink.settle", subject="uplink", detail=detail)
    return count


def read_joined(told: Any) -> Joined:
    """Return what the prefecture's server answered to a pairing.

    Raises:
        CodeWrong: it is no such answer.
    """
    match told:
        case {"fair": str(fair), "secret": str(secret)} if fair and secret:
            return Joined(fair, secret)
        case _:
            raise CodeWrong


def sealed_pack(uplink_id: int, content: dict[str, Any]) -> bytes:
    """Return a pack as it is kept until it is answered."""
    text = json.dumps(content, ensure_ascii=False)
    return vault().seal(text, table="uplink", column="pending", row=str(uplink_id))


def opened_pack(uplink: Uplink) -> dict[str, Any]:
    """Return the pack that waits for an answer.

    Raises:
        NotFound: none does.
    """
    if uplink.pending is None:
        raise NotFound
    text = vault().open(uplink.pending, table="uplink", column="pending", row=str(uplink.id))
    found: dict[str, Any] = json.loads(text)
    return found
