"""Moving a batch from state to state; people on its way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.cards.services import issue_cards
from jobfair.departures.models import BatchRider, DepartureBatch
from jobfair.departures.queries.batches import (
    find_batch,
    people_elsewhere,
    plan_of,
    vehicles_of,
)
from jobfair.departures.queries.roster import heads_of, list_riders
from jobfair.departures.rules import states
from jobfair.departures.rules.locking import CHECK_TEXTS, Failed, failed_checks
from jobfair.departures.rules.roster import OPEN_AT_CLOSING
from jobfair.departures.rules.states import Mode, Mover, State
from jobfair.departures.services.planning import lock_batch, note
from jobfair.departures.services.telling import tell_lines
from jobfair.kit import clock
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_, translate
from jobfair.seekers.queries import names_of

_NAMED_AT_MOST = 12


class RosterNotSound(Refusal):
    """A check before the locking failed; the people are named, masked."""

    code = "batch_roster_not_sound"
    message = N_("The roster cannot be locked. %(why)s")


class GapsOpen(Refusal):
    """Somebody fell out of the numbers without a reason."""

    code = "batch_gaps_open"
    message = N_("Not settled yet: %(names)s. Say of each what became of them.")


class ReasonNeeded(Invalid):
    """Unlocking and cancelling are explained."""

    code = "batch_reason_needed"
    message = N_("Enter the reason, so that others know why.")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a batch.

    Attributes:
        day: on which it departed or arrived; None for today.
        reason: why it is unlocked or cancelled.
    """

    to: State
    day: date | None = None
    reason: str = ""


def move(
    session: Session, batch_id: int, step: Step, recorder: Recorder, *, mover: Mover = Mover.OFFICE
) -> None:
    """Move a batch to its next state, and tell the lines of those who are on it.

    With the roster locked everybody on it has a card to board with.

    Two at once wait for each other; the second is told that it is no longer where the page said.

    Raises:
        NotFound: there is none.
        NoSuchMove: not from its state, or not by this hand.
        NotComplete: the plan lacks something.
        RosterNotSound: a check failed; it names the people.
        StillToCome: departure or arrival lie in the future.
        BeforeDeparture: it arrived before it departed.
        GapsOpen: somebody's journey has no end and no reason.
        ReasonNeeded: why is it unlocked or cancelled?
    """
    batch = lock_batch(session, batch_id)
    before, day = State(batch.state), step.day or clock.today()
    states.check_move(before, step.to, mover)
    missing = states.lacking(plan_of(session, batch), step.to)
    if missing:
        raise states.NotComplete(missing=translate(N_("; ")).join(map(translate, missing)))
    _check(session, batch, step, day)
    if step.to is State.DEPARTED:
        batch.departed_on = day
    if step.to is State.ARRIVED:
        batch.arrived_on = day
    if step.reason:
        batch.note = step.reason
    batch.state = step.to
    session.flush()
    riders = riders_of(session, batch_id)
    if step.to is State.LOCKED:
        # Whoever boards shows a card; who had none gets one.
        issue_cards(session, [one.seeker_id for one in riders if one.left_reason is None])
    tell_lines(session, batch, riders, recorder)
    note(session, f"to_{step.to}", batch_id, before=before.value)


def _check(session: Session, batch: DepartureBatch, step: Step, day: date) -> None:
    """Check what only this step asks for."""
    if step.to is State.LOCKED:
        failed = failed_of(session, batch)
        if failed:
            raise RosterNotSound(why=_in_words(session, batch.id, failed))
    if step.to is State.DEPARTED:
        states.check_departure(day, clock.today())
    if step.to is State.ARRIVED and batch.departed_on is not None:
        states.check_arrival(day, batch.departed_on, clock.today())
    if step.to is State.CLOSED:
        _check_settled(session, batch.id)
    backwards = step.to is State.OPEN and State(batch.state) is State.LOCKED
    if (step.to is State.CANCELLED or backwards) and not step.reason:
        raise ReasonNeeded


def failed_of(session: Session, batch: DepartureBatch) -> list[Failed]:
    """Return why a roster cannot be locked, empty when it can."""
    heads = heads_of(session, batch.id)
    return failed_checks(
        heads,
        vehicles={one.id: one.seats for one in vehicles_of(session, batch.id)},
        seated=Mode(batch.mode) is not Mode.SELF_DRIVE,
        departs_on=batch.departs_on,
        elsewhere=people_elsewhere(session, {head.person for head in heads}, batch),
    )


def _in_words(session: Session, batch_id: int, failed: Sequence[Failed]) -> str:
    """Return what failed in sentences, with the people masked."""
    query = select(BatchRider.id, BatchRider.seeker_id).where(BatchRider.batch_id == batch_id)
    seekers = {row.id: row.seeker_id for row in session.execute(query)}
    parts = []
    for one in failed:
        text = translate(CHECK_TEXTS[one.check], n=one.count)
        names = _named(session, [seekers[rider] for rider in one.riders])
        parts.append(
            translate(N_("%(text)s: %(names)s."), text=text, names=names) if names else text
        )
    return " ".join(parts)


def _named(session: Session, seeker_ids: Sequence[int]) -> str:
    """Return some people, masked, with the last of their ID numbers; not endlessly many."""
    people = names_of(session, seeker_ids[:_NAMED_AT_MOST])
    names = [
        f"{people[one].name} {people[one].id_number[-4:]}" for one in seeker_ids[:_NAMED_AT_MOST]
    ]
    if len(seeker_ids) > _NAMED_AT_MOST:
        names.append(translate(N_("%(n)s more"), n=len(seeker_ids) - _NAMED_AT_MOST))
    return translate(N_(", ")).join(names)


def _check_settled(session: Session, batch_id: int) -> None:
    row = find_batch(session, batch_id)
    riders = list_riders(session, row) if row else []
    open_ones = [one.seeker_id for one in riders if one.gap in OPEN_AT_CLOSING]
    if open_ones:
        raise GapsOpen(names=_named(session, open_ones))


def riders_of(
    session: Session, batch_id: int, ids: Collection[int] | None = None
) -> list[BatchRider]:
    """Return the riders of a batch, those taken off included; or some of them."""
    query = select(BatchRider).where(BatchRider.batch_id == batch_id)
    if ids is not None:
        query = query.where(BatchRider.id.in_(ids))
    return list(session.execute(query.order_by(BatchRider.id)).scalars())
