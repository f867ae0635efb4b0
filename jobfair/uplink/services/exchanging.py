"""Packs sent and answered. The hall calls, the prefecture answers; either may fall at any moment.

A pack is numbered and kept by its sender until it is answered, and its receiver notes the number
with what it applies: sent again it is answered as before. A side that was set back, as by restoring
an older backup, is told from one that lost an answer, and then everything is sent anew, which
changes nothing where it is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobfair.fairs.services import set_run_by
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound
from jobfair.uplink.carried import carried
from jobfair.uplink.models import Uplink, UplinkRow
from jobfair.uplink.queries.book import Book, Known, side_of
from jobfair.uplink.queries.differences import Difference, as_row, list_differences
from jobfair.uplink.queries.states import count_aside
from jobfair.uplink.rules import MOST_ROWS, Pack, fill_pack, read_pack
from jobfair.uplink.services.linking import opened_pack, sealed_pack, stop_recording
from jobfair.uplink.services.receiving import forget, keep, note_pack, take_in


@dataclass(frozen=True, slots=True)
class Made:
    """A pack with what is agreed on once it is answered: table, name, local id, digests as hex."""

    pack: Pack
    agreed: tuple[tuple[str, str, str, str], ...]

    def written(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"pack": self.pack.written(), "agreed": [list(one) for one in self.agreed]}


def locked(session: Session, uplink_id: int) -> Uplink:
    """Return an uplink that nobody else changes before the commit.

    Raises:
        NotFound: there is none.
    """
    query = select(Uplink).where(Uplink.id == uplink_id).with_for_update()
    found = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def look(session: Session, uplink: Uplink) -> Made | None:
    """Return the next pack of what the other server lacks; None where it lacks nothing.

    Args:
        session: a reading session will do: looking takes longest, and blocks nobody.
        uplink: as it is now.
    """
    book = Book(session, side_of(session, uplink))
    found = list_differences(book, at_most=MOST_ROWS)
    if not found:
        return None
    rows = [as_row(book, one) for one in found]
    pack = fill_pack(uplink.sent + 1, rows)
    agreed = tuple(_agreed(one) for one in found[: len(pack.rows)])
    return Made(pack, agreed)


def _agreed(found: Difference) -> tuple[str, str, str, str]:
    local = "" if found.stored is None else carried()[found.table].local_of(found.stored)
    return found.table, found.name, local, found.agreed.hex()


def hold(session: Session, uplink: Uplink, made: Made | None) -> None:
    """Keep a pack that is about to be sent; one that waits already goes first."""
    if made is not None and uplink.pending is None and made.pack.number == uplink.sent + 1:
        uplink.sent = made.pack.number
        uplink.pending = sealed_pack(uplink.id, made.written())
        detail = {"pack": made.pack.number, "rows": len(made.pack.rows)}
        audit.record(session, "uplink.send", subject="uplink", subject_id=uplink.id, detail=detail)


def waiting_pack(uplink: Uplink) -> dict[str, Any] | None:
    """Return the pack that waits for an answer, as it travels."""
    if uplink.pending is None:
        return None
    found: dict[str, Any] = opened_pack(uplink)["pack"]
    return found


def answered(session: Session, uplink: Uplink, number: int) -> bool:
    """Take note of the last pack that the other server has of this one.

    Another number than can be means that one of both was set back: then all is sent anew.

    Returns:
        Whether that changed anything: there may be more to send.
    """
    if uplink.pending is not None and number == uplink.sent:
        book = Book(session, side_of(session, uplink))
        rows = [
            (table, name, Known(local, bytes.fromhex(agreed)))
            for table, name, local, agreed in opened_pack(uplink)["agreed"]
        ]
        keep(session, book, [one for one in rows if one[2].agreed])
        for table, name, known in rows:
            if not known.agreed:  # it is gone, now at both
                forget(session, book, table, name)
        uplink.pending = None
        return True
    if number == uplink.sent - (uplink.pending is not None):
        return False
    uplink.sent, uplink.pending = number, None
    _send_anew(session, uplink)
    return True


def _send_anew(session: Session, uplink: Uplink) -> None:
    """Take nothing for granted that the other server was said to have."""
    every = UplinkRow.uplink_id == uplink.id
    session.execute(update(UplinkRow).where(every).values(agreed=b""))
    audit.record(session, "uplink.again", subject="uplink", subject_id=uplink.id)


def receive(
    session: Session, uplink: Uplink, sent: Any, *, head: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Take in a pack once and return the answer to it; one that comes again gets the same.

    The answer to a pack that does not follow the last is the number of that last one.

    Raises:
        PackUnreadable: it is none.
    """
    pack = read_pack(sent)
    if pack.number == uplink.received and pack.digest == uplink.received_digest:
        return {"number": pack.number, "aside": count_aside(session, uplink.id)}
    if pack.number == uplink.received + 1:
        book = Book(session, side_of(session, uplink))
        applied = take_in(session, book, pack.rows)
        uplink.received, uplink.received_digest = pack.number, pack.digest
        note_pack(session, book, applied, number=pack.number, head=head)
    elif pack.number == uplink.received:
        uplink.received = max(0, uplink.received - 1)
    return {"number": uplink.received, "aside": count_aside(session, uplink.id)}


def answer_to(session: Session, uplink: Uplink, sent: Mapping[str, Any]) -> dict[str, Any]:
    """At the prefecture: return the answer to what a hall sent, with or without a pack.

    Raises:
        PackUnreadable: the pack is none.
    """
    pack, head, last = sent.get("up"), sent.get("head"), sent.get("sent")
    if type(last) is int and last < uplink.received:  # the hall was set back, and lost rows
        _send_anew(session, uplink)
    if pack is None:
        return {"number": uplink.received, "aside": count_aside(session, uplink.id)}
    return receive(session, uplink, pack, head=head if isinstance(head, Mapping) else None)


def try_aside(session: Session, uplink: Uplink) -> int:
    """Apply once more what was set aside; return how many rows still wait."""
    book = Book(session, side_of(session, uplink))
    applied = take_in(session, book, [])
    if applied:
        note_pack(session, book, applied, number=uplink.received, head=None)
    return count_aside(session, uplink.id)


def heard(uplink: Uplink, aside: Any) -> None:
    """Take note that the line works, and how much waits for a person at the other server."""
    uplink.heard_at, uplink.down_since, uplink.fault = clock.now(), None, None
    uplink.aside_there = aside if type(aside) is int and aside >= 0 else 0


def told(session: Session, uplink: Uplink, answer: Mapping[str, Any]) -> bool:
    """At the hall: take in what the prefecture answered; return whether more may follow at once.

    Raises:
        PackUnreadable: the answer holds a pack that is none.
    """
    up, down = answer.get("up"), answer.get("down")
    moved = False
    if isinstance(up, Mapping) and type(up.get("number")) is int:
        moved = answered(session, uplink, up["number"])
        heard(uplink, up.get("aside"))
    if down is not None:
        receive(session, uplink, down, head=None)
        moved = True
    elif uplink.began_at is None:
        _begin(session, uplink)
        moved = True
    if answer.get("ended") is not None:
        stop_recording(session, uplink)
    return moved


def _begin(session: Session, uplink: Uplink) -> None:
    """At the hall: all of the fair is here, so its day is run from here."""
    fair_id = side_of(session, uplink).fair_id
    if fair_id is None:
        raise NotFound
    uplink.began_at = clock.now()
    set_run_by(session, fair_id, None)
    audit.record(session, "uplink.begin", subject="uplink", subject_id=uplink.id)


def audit_head(session: Session) -> dict[str, Any]:
    """Return number and digest of the newest entry of this server's audit chain."""
    number, digest = audit.head(session)
    return {"seq": number, "digest": digest}


def failed(uplink: Uplink, fault: str) -> None:
    """Take note that the line does not work, since when and why."""
    uplink.down_since = uplink.down_since or clock.now()
    uplink.fault = fault[:300]
