"""Verbs of walk-ins: take in what desks registered, and complete what could not be read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import update
from sqlalchemy.orm import Session

from jobfair.cards.services import NotInUse, give_blank, issue_card
from jobfair.fairs.services import must_run_here
from jobfair.kit import audit, clock
from jobfair.kit.crypto import vault
from jobfair.kit.envelopes import NotAnEnvelope, open_envelope
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.seekers.rules import consent
from jobfair.seekers.rules.reading import Places, read_row
from jobfair.seekers.services import register_seeker
from jobfair.stations.queries import Device
from jobfair.walk_ins.models import WalkIn
from jobfair.walk_ins.queries import TABLE, open_said
from jobfair.walk_ins.rules import Result, WalkInFact, read_said

NOT_OPENED = N_("What the desk typed cannot be opened. Register the person again.")
NOT_AGREED = N_("The person must agree to the consent text before being registered.")


class StillWrong(Refusal):
    """What was typed can still not be registered; the parameter is the list of reasons."""

    status = 422
    code = "walk_in_still_wrong"
    message = N_("Correct what is marked.")

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a walk-in."""

    id: str
    result: Result


@dataclass(frozen=True, slots=True)
class _Registered:
    seeker_id: int
    created: bool


def take_in(
    session: Session, device: Device, facts: Sequence[WalkInFact], places: Places
) -> list[Done]:
    """Register the people a desk sends, each once, and give them the cards they hold already.

    What cannot be registered is kept for the office, with the reasons; nothing is refused.
    """
    return [_take_one(session, device, fact, places) for fact in facts]


def _take_one(session: Session, device: Device, fact: WalkInFact, places: Places) -> Done:
    known = session.get(WalkIn, fact.id)
    if known is not None:
        return Done(fact.id, Result.KNOWN if known.seeker_id else Result.TO_COMPLETE)
    said, faults = _opened(fact)
    made = faults or _register(session, said, places)
    row = WalkIn(
        id=fact.id,
        pairing_id=device.pairing_id,
        fair_id=device.fair_id,
        card=fact.card,
        at=fact.at,
        received_at=clock.now(),
    )
    if isinstance(made, _Registered):
        row.seeker_id = made.seeker_id
        _give_card(session, fact.card, made.seeker_id)
    else:
        row.said_sealed = _sealed(said, fact.id)
        row.faults = "\n".join(made)
    session.add(row)
    session.flush()
    detail = {"fair": device.fair_id, "station": device.station_id}
    subject = row.seeker_id
    audit.record(session, "walk_in.take", subject="seeker", subject_id=subject, detail=detail)
    if not isinstance(made, _Registered):
        return Done(fact.id, Result.TO_COMPLETE)
    return Done(fact.id, Result.REGISTERED if made.created else Result.KNOWN)


def _opened(fact: WalkInFact) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what was typed, and what is wrong with it before anybody reads it."""
    try:
        said = read_said(open_envelope(vault(), fact.envelope, place=fact.id))
    except NotAnEnvelope:
        return {}, (NOT_OPENED,)
    return (said, ()) if said is not None else ({}, (NOT_AGREED,))


def _register(
    session: Session, said: Mapping[str, str], places: Places
) -> _Registered | tuple[str, ...]:
    """Register a person from the six fields; return the reasons where that cannot be done."""
    read = read_row(said, places, today=clock.today())
    if read.draft is None:
        return read.faults
    draft = replace(read.draft, consent_version=consent.FORM.version)
    try:
        with session.begin_nested():
            made = register_seeker(session, draft, registered_by=None)
    except Refusal as refusal:
        return (refusal.message,)
    return _Registered(made.seeker_id, made.created)


def _give_card(session: Session, card: bytes, seeker_id: int) -> None:
    try:
        if not give_blank(session, card, seeker_id):
            issue_card(session, seeker_id)
    except NotInUse as fault:
        raise ValueError("somebody just registered is in use") from fault


def _sealed(said: Mapping[str, str], walk_in_id: str) -> bytes:
    text = json.dumps(dict(said), ensure_ascii=False)
    return vault().seal(text, table=TABLE, column="said_sealed", row=walk_in_id)


def reveal(session: Session, walk_in_id: str) -> dict[str, str]:
    """Return what a desk typed of somebody to be registered; that somebody looked is recorded.

    Raises:
        NotFound: there is no such walk-in, or the person is registered.
    """
    row = session.get(WalkIn, walk_in_id)
    if row is None or row.seeker_id is not None:
        raise NotFound
    detail = {"reason": "complete_walk_in", "walk_in": walk_in_id}
    audit.record(session, "seeker.unmask", subject="seeker", detail=detail)
    return open_said(row)


def complete(session: Session, walk_in_id: str, said: Mapping[str, str], places: Places) -> int:
    """Register somebody by what the office corrected; return the record.

    Raises:
        NotFound: there is no such walk-in.
        StillWrong: the record cannot be made; the reasons are with it.
    """
    row = session.get(WalkIn, walk_in_id, with_for_update=True)
    if row is None:
        raise NotFound
    must_run_here(session, row.fair_id)
    if row.seeker_id is not None:
        return row.seeker_id
    made = _register(session, said, places)
    if not isinstance(made, _Registered):
        raise StillWrong(made)
    _give_card(session, row.card, made.seeker_id)
    session.execute(
        update(WalkIn)
        .where(WalkIn.id == walk_in_id)
        .values(seeker_id=made.seeker_id, said_sealed=None, faults=None)
    )
    audit.record(session, "walk_in.complete", subject="seeker", subject_id=made.seeker_id)
    return made.seeker_id
