"""What a public notice shows, how long it stands, and what an objection does. Pure.

Sources: Civil Code, articles 201 and 203 (the day of publication is not counted; a last day on a
statutory holiday moves to the day after it); State Council's yearly notices on public holidays
(``codes/public_holidays.csv`` names each).
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.clock import BEIJING
from jobfair.kit.errors import Invalid, Refusal, TooMany
from jobfair.kit.i18n import N_, translate

USUAL_DAYS = 10
# Whoever asks "is this me?" or objects may do so this often from one address.
WINDOW = timedelta(minutes=10)
QUESTIONS = 5
OBJECTIONS = 10
LONGEST_REASON = 1_000
_ONE_DAY = timedelta(days=1)


class NoticeKind(StrEnum):
    """What is announced."""

    SUBSIDY = "subsidy"


class NoticeColumn(StrEnum):
    """What a line may say; there is no column for anything else."""

    NAME = "name"
    VILLAGE = "village"
    AMOUNT = "amount"
    RULE = "rule"


class Way(StrEnum):
    """How an objection came."""

    PAGE = "page"
    TELEPHONE = "telephone"
    PAPER = "paper"


class LineState(StrEnum):
    """Where the notice of one line stands."""

    MISSING = "missing"
    OPEN = "open"
    HELD = "held"
    REMOVED = "removed"
    OVER = "over"


# Never the reason for poverty, illness or disability, nor anything to find a person by.
COLUMNS: Mapping[NoticeKind, tuple[NoticeColumn, ...]] = MappingProxyType(
    {
        NoticeKind.SUBSIDY: (
            NoticeColumn.NAME,
            NoticeColumn.VILLAGE,
            NoticeColumn.AMOUNT,
            NoticeColumn.RULE,
        )
    }
)
COLUMN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        NoticeColumn.NAME: N_("Name"),
        NoticeColumn.VILLAGE: N_("Village"),
        NoticeColumn.AMOUNT: N_("Amount in yuan"),
        NoticeColumn.RULE: N_("Subsidy"),
    }
)
KIND_NAMES: Mapping[str, str] = MappingProxyType({NoticeKind.SUBSIDY: N_("Subsidies")})
WAY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Way.PAGE: N_("On the public page"),
        Way.TELEPHONE: N_("By telephone"),
        Way.PAPER: N_("On paper"),
    }
)
STATE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        LineState.MISSING: N_("Not announced"),
        LineState.OPEN: N_("Announced, open to objections"),
        LineState.HELD: N_("Held by an objection"),
        LineState.REMOVED: N_("Taken off the list"),
        LineState.OVER: N_("Announced, time over"),
    }
)


class ColumnNotAllowed(Invalid):
    """A line says something that a notice of its kind may not."""

    code = "column_not_allowed"
    message = N_("A public notice may not show the column “%(column)s”.")


class NumberShown(Invalid):
    """A text holds an ID number, a phone or a card number."""

    code = "number_shown"
    message = N_(
        "Line %(number)s, column “%(column)s” holds an ID number, a phone or a card number. Take "
        "it out; nothing was published."
    )


class NumberWritten(Invalid):
    """An answer holds an ID number, a phone or a card number."""

    code = "number_written"
    message = N_("The answer holds an ID number, a phone or a card number. Take it out.")


class NothingToShow(Invalid):
    """A notice without a line, or without a title."""

    code = "nothing_to_show"
    message = N_("There is nothing to announce here: enter a title and choose at least one line.")


class AnnouncedAlready(Refusal):
    """A line of another notice stands for the same claim."""

    code = "announced_already"
    message = N_("This is announced already and stands on a list.")


class NoticeOver(Refusal):
    """The notice came down."""

    status = 410
    code = "notice_over"
    message = N_("This notice is over and was taken down. Ask the office if you need to see it.")


class ObjectionOver(Refusal):
    """The time for objections has ended."""

    code = "objection_over"
    message = N_("Objections could be made until %(day)s, 24:00. Tell the office directly.")


class SayWhy(Invalid):
    """An objection or a decision without a reason."""

    code = "say_why"
    message = N_("Enter the reason, at most %(most)s characters.")


class NoSuchLine(Invalid):
    """The list has no line of this number."""

    code = "no_such_line"
    message = N_("Enter the number of a line of this list.")


class DecidedBefore(Refusal):
    """Somebody else decided meanwhile."""

    code = "decided_before"
    message = N_("This objection was decided meanwhile. Look at the answer before you go on.")


class NotYours(Refusal):
    """Whoever put the line forward or approved it does not decide about an objection to it."""

    code = "not_yours_to_decide"
    message = N_("You put this line forward or approved it: somebody else must decide.")


class DecidedIt(Refusal):
    """Whoever decided an objection to a line does not approve it."""

    code = "decided_its_objection"
    message = N_("You decided an objection to this line: somebody else must check and approve it.")


class TooOften(TooMany):
    """An address asks too often."""

    code = "asked_too_often"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day of a public holiday, and the notice that says so."""

    day: date
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line to publish.

    Attributes:
        subject_id: whose notice it is: a claim's id.
        cells: column → text; the name is masked before it comes here.
        person: name and the last four of the ID number, for "is this me?"; only its digest is
            stored.
        approvers: who put it forward.
    """

    subject_id: int
    cells: Mapping[str, str]
    person: tuple[str, str]
    approvers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A list to publish; ``place`` is the division whose people it is about."""

    kind: NoticeKind
    title: str
    place: str
    days: int
    lines: Sequence[LineDraft]


def last_day(published: date, days: int, holidays: Collection[date]) -> date:
    """Return the last day of a notice: the day of publication is not counted.

    A last day on a public holiday moves to the first day that is none.
    """
    last = published + timedelta(days=days)
    while last in holidays:
        last += _ONE_DAY
    return last


def end_of(day: date) -> datetime:
    """Return the instant at which a Beijing day is over; from then on may be paid."""
    return datetime.combine(day + _ONE_DAY, time(), BEIJING)


def line_state(*, closes_at: datetime | None, removed: bool, held: bool, at: datetime) -> LineState:
    """Return where a line's notice stands at an instant.

    Args:
        closes_at: when its notice is over; None when there is none.
        removed: an objection to it was upheld.
        held: an objection to it waits.
        at: the instant.
    """
    if closes_at is None:
        return LineState.MISSING
    if removed:
        return LineState.REMOVED
    if held:
        return LineState.HELD
    return LineState.OPEN if at < closes_at else LineState.OVER


_SPACES = re.compile(r"[\s\-–—_.·,，、()（）/]+")
_DIGITS = re.compile(r"\d+[Xx]?")


def shows_number(text: str) -> bool:
    """Return whether a text holds an ID number, a phone or a bank card number.

    Digits in any script, with spaces and dashes between them, are read as one number: 11 digits
    are a phone, 15 an old and 18 a new ID number, 16 to 19 a card.
    """
    plain = _SPACES.sub("", unicodedata.normalize("NFKC", text))
    found = (re.sub(r"\D", "", run) for run in _DIGITS.findall(plain))
    lengths = [len(run) for run in found]
    return any(length >= 15 or length in {11, 13} for length in lengths)


def check_lines(draft: NoticeDraft) -> None:
    """Check that a list shows only what it may.

    Raises:
        NothingToShow: no line, or no title.
        ColumnNotAllowed: a column that is not on the whitelist of its kind.
        NumberShown: a cell or the title holds a number by which a person is found.
    """
    if not draft.lines or not draft.title.strip():
        raise NothingToShow
    if shows_number(draft.title):
        raise NumberShown(number="–", column=translate(N_("Title")))
    allowed = set(COLUMNS[draft.kind])
    for number, line in enumerate(draft.lines, 1):
        for column, text in line.cells.items():
            if column not in allowed:
                raise ColumnNotAllowed(column=column)
            if shows_number(text):
                raise NumberShown(number=number, column=translate(COLUMN_NAMES[column]))


def check_reason(text: str) -> str:
    """Return a reason without white space around it.

    Raises:
        SayWhy: empty or too long.
    """
    plain = text.strip()
    if not 0 < len(plain) <= LONGEST_REASON:
        raise SayWhy(most=LONGEST_REASON)
    return plain
