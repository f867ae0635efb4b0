"""What becomes of the demands that were read from a position's text.

A value somebody typed wins over a read one. What somebody took out stays out, however often the
text is read again or imported. Each demand is kept with its words, so that whoever looks sees why
it is there: nothing read decides that is not among them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from jobfair.employers.rules.drafts import PositionDraft
from jobfair.employers.rules.requirements import (
    NO,
    SEVERAL,
    YES,
    Kind,
    read_requirements,
)
from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_
from jobfair.kit.values.education import rank_of
from jobfair.kit.values.terms import Vocabulary

# The fields a text is read in, with those whose words weigh more first.
PLACES = ("title", "requirements", "description")
_FLAGS = frozenset({Kind.NIGHT_SHIFT, Kind.HEIGHT_WORK, Kind.RESTRICTED, Kind.DISPATCH})
_NUMBERS = frozenset({Kind.EXPERIENCE, Kind.MIN_AGE, Kind.MAX_AGE})


class State(StrEnum):
    """What a reading does."""

    USED = "used"
    WISH = "wish"
    TYPED = "typed"
    OVERRULED = "overruled"
    TAKEN_OUT = "taken_out"


STATE_LABELS: dict[State, str] = {
    State.USED: N_("used"),
    State.WISH: N_("a wish, shuts nobody out"),
    State.TYPED: N_("was typed, too"),
    State.OVERRULED: N_("not used: something else was typed"),
    State.TAKEN_OUT: N_("taken out by hand"),
}


class NoSuchReading(Invalid):
    """The text does not say this, or not any more."""

    code = "no_such_reading"
    message = N_("The text does not say this any more. Look at the position again.")


@dataclass(frozen=True, slots=True)
class Reading:
    """A demand read from a position's text, and what it does.

    Attributes:
        kind: see ``requirements.Kind``.
        value: see ``requirements.Found``.
        hard: whoever lacks it cannot be taken.
        phrase: the words that say so.
        place: the field they stand in.
        start: where they begin in the field.
        end: where they end, not included.
        state: see ``State``.
    """

    kind: str
    value: str
    hard: bool
    phrase: str
    place: str
    start: int
    end: int
    state: str

    @property
    def key(self) -> str:
        """What names this demand, whatever words say it."""
        return f"{self.kind}:{self.value}"

    @property
    def field(self) -> Kind:
        """The field it is about: a certificate that is only wished counts as a skill."""
        kind = Kind(self.kind)
        return Kind.SKILL if kind is Kind.CERTIFICATE and not self.hard else kind

    @property
    def fills(self) -> bool:
        """Whether its field holds what it says because the text says so."""
        return self.state == State.USED or (self.state == State.WISH and self.kind in SEVERAL)

    def stored(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)


def stored_readings(rows: Iterable[dict[str, Any]]) -> tuple[Reading, ...]:
    """Return readings as they were stored."""
    return tuple(Reading(**row) for row in rows)


def removed_keys(readings: Iterable[Reading]) -> frozenset[str]:
    """Return what somebody took out."""
    return frozenset(one.key for one in readings if one.state == State.TAKEN_OUT)


def read_position(
    draft: PositionDraft, vocabulary: Vocabulary, *, removed: Iterable[str] = ()
) -> tuple[PositionDraft, tuple[Reading, ...]]:
    """Return a draft with what its texts demand where nothing was typed, and the readings.

    Args:
        draft: what was typed or stood in columns.
        vocabulary: certificates and skills by their names.
        removed: the keys of demands that somebody took out.
    """
    out = frozenset(removed)
    readings = tuple(
        replace(one, state=_state(draft, one, out, vocabulary)) for one in _read(draft, vocabulary)
    )
    filled = _filled(draft, readings)
    if filled.min_age and filled.max_age and filled.min_age > filled.max_age:
        readings = tuple(_without_age(one) for one in readings)
        filled = _filled(draft, readings)
    return filled, readings


def _without_age(one: Reading) -> Reading:
    """Return a reading that does nothing where the ages read would shut out everybody."""
    if one.state == State.USED and one.kind in {Kind.MIN_AGE, Kind.MAX_AGE}:
        return replace(one, state=State.OVERRULED)
    return one


def without_readings(
    draft: PositionDraft, before: Sequence[Reading]
) -> tuple[PositionDraft, set[str]]:
    """Return what of a form was typed, and the keys of readings that were taken out in it.

    The form showed each reading in its field. What stands there still was not typed; what is gone
    or was changed to nothing was taken out.

    Args:
        draft: the form as it came back.
        before: the readings of the position it was made from.
    """
    removed = set(removed_keys(before))
    typed = draft
    for one in before:
        field = one.field
        if not one.fills:
            if field in SEVERAL and one.value in getattr(typed, field):
                removed.discard(one.key)  # typed again by hand
        elif field in SEVERAL:
            named = getattr(typed, field)
            if one.value in named:
                typed = _changed(typed, field, tuple(name for name in named if name != one.value))
            else:
                removed.add(one.key)
        elif _said(typed, field) == one.value:
            typed = _unsaid(typed, field)
        elif _said(typed, field) is None:
            removed.add(one.key)
    return typed, removed


def marked(text: str, place: str, readings: Iterable[Reading]) -> list[tuple[str, Reading | None]]:
    """Return a text cut into pieces, each with the reading it is the words of, or none.

    Of readings whose words overlap the first has them; what was taken out marks nothing.
    """
    pieces: list[tuple[str, Reading | None]] = []
    done = 0
    for one in sorted(readings, key=lambda one: one.start):
        there = one.place == place and one.state != State.TAKEN_OUT
        if there and one.start >= done and text[one.start : one.end] == one.phrase:
            pieces += [(text[done : one.start], None), (one.phrase, one)]
            done = one.end
    pieces.append((text[done:], None))
    return [piece for piece in pieces if piece[0]]


def _read(draft: PositionDraft, vocabulary: Vocabulary) -> list[Reading]:
    """Return what the texts demand: of the same thing said twice the hard one, else the first."""
    found: dict[object, Reading] = {}
    for place in PLACES:
        for one in read_requirements(getattr(draft, place), draft.title, vocabulary):
            what = (one.kind, one.value) if one.kind in SEVERAL else one.kind
            before = found.get(what)
            if before is None or (one.hard and not before.hard):
                found[what] = Reading(place=place, state="", **asdict(one))
    return list(found.values())


def _state(
    draft: PositionDraft, one: Reading, removed: frozenset[str], vocabulary: Vocabulary
) -> State:
    if one.key in removed:
        return State.TAKEN_OUT
    if one.field in SEVERAL:
        typed = map(vocabulary.name_of, getattr(draft, one.field))
        unsaid = State.USED if one.hard else State.WISH
        return State.TYPED if one.value in typed else unsaid
    said = _said(draft, one.field)
    if not one.hard:
        return State.WISH
    if said is None:
        return State.USED
    return State.TYPED if said == one.value else State.OVERRULED


def _said(draft: PositionDraft, kind: Kind) -> str | None:
    """Return what a draft says of a kind, as readings write it; None when it says nothing."""
    value = getattr(draft, kind)
    if kind in _FLAGS:
        if value is None or (kind is not Kind.NIGHT_SHIFT and value is False):
            return None
        return YES if value else NO
    return None if value is None else str(value)


def _changed(draft: PositionDraft, field: str, value: object) -> PositionDraft:
    change: dict[str, Any] = {field: value}
    return replace(draft, **change)


def _unsaid(draft: PositionDraft, kind: Kind) -> PositionDraft:
    if kind is Kind.EDUCATION:
        return replace(draft, min_education=None, education_rank=None)
    empty = False if kind in _FLAGS and kind is not Kind.NIGHT_SHIFT else None
    return _changed(draft, kind.value, empty)


def _filled(draft: PositionDraft, readings: Sequence[Reading]) -> PositionDraft:
    for one in readings:
        if one.fills and one.field in SEVERAL:
            draft = _changed(draft, one.field, (*getattr(draft, one.field), one.value))
        elif one.fills:
            draft = _with_value(draft, one.field, one.value)
    return draft


def _with_value(draft: PositionDraft, kind: Kind, value: str) -> PositionDraft:
    if kind is Kind.EDUCATION:
        return replace(draft, min_education=value, education_rank=rank_of(value))
    if kind in _NUMBERS:
        return _changed(draft, kind.value, int(value))
    return _changed(draft, kind.value, value == YES)
