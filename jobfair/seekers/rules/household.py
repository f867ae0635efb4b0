"""What is known of a person's household: number, relation to the head, ability to work, exit.

Sources: relations by GB/T 4761-2008 (two-digit codes); words of labour ledgers and of the poverty
register. The ability to work is a verdict: why somebody cannot work is never read.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from jobfair.kit.clock import day_of
from jobfair.kit.i18n import N_
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.reading import Unread

HEAD = "02"
# GB/T 4761-2008 without 01, which is the person asked about, and 98, which it leaves free.
RELATIONS = (
    HEAD,
    *(str(code) for code in range(10, 13)),
    *(str(code) for code in range(20, 98)),
    "99",
)
# The sex that a relation says; the others say none.
_MALE = frozenset(
    {"11", "41", "43", "46", "47", "51", "53", "55", "57", "61", "63"}
    | {"66", "71", "73", "76", "78", "81", "83", "85", "87", "89", "93", "95"}
)
_FEMALE = frozenset(
    {"12", "42", "44", "45", "48", "52", "54", "56", "58", "62", "64"}
    | {"67", "72", "74", "75", "77", "82", "84", "86", "88", "90", "94", "96"}
)
_TENS = {"2": "1", "3": "2"}  # sons with sons-in-law, daughters with daughters-in-law


class LabourCapacity(StrEnum):
    """劳动能力: the verdict."""

    ORDINARY = "ordinary"  # 普通劳动力
    SKILLED = "skilled"  # 技能劳动力
    WEAK = "weak"  # 弱劳动力或半劳动力
    NONE = "none"  # 丧失劳动力、无劳动力


class ExitState(StrEnum):
    """脱贫状态: where a household of the poverty register stands."""

    NOT_LIFTED = "not_lifted"
    LIFTED = "lifted"
    FALLEN_BACK = "fallen_back"


CAPACITY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        LabourCapacity.ORDINARY: N_("Ordinary worker"),
        LabourCapacity.SKILLED: N_("Skilled worker"),
        LabourCapacity.WEAK: N_("Able to work in part"),
        LabourCapacity.NONE: N_("Not able to work"),
    }
)
EXIT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        ExitState.NOT_LIFTED: N_("Not yet out of poverty"),
        ExitState.LIFTED: N_("Out of poverty"),
        ExitState.FALLEN_BACK: N_("Fallen back into poverty"),
    }
)
# As ledgers write them; what is given out is read back as the same.
CAPACITY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        LabourCapacity.ORDINARY: "普通劳动力",
        LabourCapacity.SKILLED: "技能劳动力",
        LabourCapacity.WEAK: "弱劳动力或半劳动力",
        LabourCapacity.NONE: "无劳动力",
    }
)
EXIT_WORDS: Mapping[str, str] = MappingProxyType(
    {ExitState.NOT_LIFTED: "未脱贫", ExitState.LIFTED: "已脱贫", ExitState.FALLEN_BACK: "返贫"}
)
_CAPACITIES = (
    (re.compile(r"丧失|无劳动|没有劳动|不具备|不能劳动|^无$|^否$|^没有$"), LabourCapacity.NONE),
    (re.compile(r"弱|半|部分"), LabourCapacity.WEAK),
    (re.compile(r"技能|技术"), LabourCapacity.SKILLED),
    (re.compile(r"普通|正常|具备|有劳动|^有$|^是$|^全劳"), LabourCapacity.ORDINARY),
)
_EXITS = (
    (re.compile(r"返贫"), ExitState.FALLEN_BACK),
    (re.compile(r"未脱贫|尚未|没有脱贫"), ExitState.NOT_LIFTED),
    (re.compile(r"脱贫"), ExitState.LIFTED),
)
_OF_THE_HEAD = re.compile(r"^(?:户主)?(?:之|的)(?=.)|^户主(?=.)")
_DAY_INSIDE = re.compile(r"\d{4}[\d年月日./-]*")
_NUMBER_AT_MOST = 40

ODD_RELATION = N_("The relation to the head is not in the list; it was left out.")
ODD_CAPACITY = N_(
    "The ability to work is not understood; it was left out. Write 普通劳动力, 技能劳动力, "
    "弱劳动力或半劳动力 or 无劳动力, and never a reason."
)
ODD_EXIT = N_("The state of the exit from poverty is not understood; it was left out.")
ODD_EXIT_DAY = N_("The day of the exit from poverty is not a date; it was left out.")


@dataclass(frozen=True, slots=True)
class Household:
    """What is said of a person's household; None is "not said".

    Attributes:
        household_no: the number in the register of households.
        relation: to the head, by GB/T 4761.
        household_since: the day from which number and relation hold.
        labour_capacity_since: the day from which the verdict holds.
        exit_since: of the exit, as exactly as it is known: 2019, 2019-12 or 2019-12-05.
    """

    household_no: str | None = field(default=None, repr=False)
    relation: str | None = None
    household_since: date | None = None
    labour_capacity: str | None = None
    labour_capacity_since: date | None = None
    exit_state: str | None = None
    exit_since: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        values = (self.household_no, self.relation, self.labour_capacity, self.exit_state)
        return not any(values)


# The day from which facts hold, and the facts: a changed fact does not hold since the old day.
HOLDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "household_since": ("household_no", "relation"),
        "labour_capacity_since": ("labour_capacity",),
        "exit_since": ("exit_state",),
    }
)
FACTS = (*HOLDS, *(name for names in HOLDS.values() for name in names))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was on record of a household from an instant on."""

    at: datetime
    said: Household


def known(
    records: Iterable[Recorded], fact: str, *, day: date, at: datetime | None = None
) -> str | None:
    """Return what was known of a fact: what held on a day, as known at an instant.

    What has no day of its own held from the day on which it was recorded.

    Args:
        records: of one person, in the order of recording.
        fact: a name of `HOLDS`' facts.
        day: on which it holds.
        at: nothing recorded later counts; None for now.
    """
    since = next(name for name, facts in HOLDS.items() if fact in facts)
    found: str | None = None
    for one in records:
        if at is not None and one.at > at:
            break
        if (_first_day(getattr(one.said, since)) or day_of(one.at)) <= day:
            found = getattr(one.said, fact)
    return found


def _first_day(since: date | str | None) -> date | None:
    if since is None or isinstance(since, date):
        return since
    year, month, day = [*since.split("-"), "1", "1"][:3]
    return date(int(year), int(month), int(day))


def sex_of(relation: str) -> str | None:
    """Return the sex (GB/T 2261.1) that a relation says, None where it says none."""
    if relation in _MALE:
        return "1"
    if relation in _FEMALE:
        return "2"
    return _TENS.get(relation[:1])


def plain_relation(text: str) -> str:
    """Return a relation as the list names it: 户主之妻 and 之妻 are 妻."""
    return _OF_THE_HEAD.sub("", text.strip())


def read_capacity(text: str) -> str | None:
    """Return the verdict that a text gives, None when it gives none."""
    return next((str(one) for shape, one in _CAPACITIES if shape.search(text)), None)


def read_exit(text: str) -> str | None:
    """Return the state of the exit that a text names, None when it names none."""
    return next((str(one) for shape, one in _EXITS if shape.search(text)), None)


def read_exit_day(text: str) -> str | Unread | None:
    """Return a day as exactly as it is written: 2019, 2019-12 or 2019-12-05."""
    found = read_day(text)
    if not isinstance(found, Day):
        return found
    first, last = found.first, found.last
    if first == last:
        return first.isoformat()
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"{first:%Y-%m}" if same_month else f"{first:%Y}"


def read_household(
    said: Mapping[str, str], relation: Callable[[str], str | None]
) -> tuple[Household, list[str]]:
    """Return what a row says of the household, and what is to be told about it.

    Args:
        said: texts by field, as they stand in the row.
        relation: a name of the list, to its code.
    """
    notes: list[str] = []

    def found(name: str, read: Callable[[str], str | None], otherwise: str) -> str | None:
        text = said.get(name, "").strip()
        value = read(text) if text else None
        if text and value is None:
            notes.append(otherwise)
        return value

    number = said.get("household_no", "").strip()[:_NUMBER_AT_MOST] or None
    to_head = found("relation", lambda text: relation(plain_relation(text)), ODD_RELATION)
    capacity = found("capacity", read_capacity, ODD_CAPACITY)
    state = read_exit(said.get("exit_state", ""))
    inside = _DAY_INSIDE.search(said.get("exit_state", ""))
    day = read_exit_day(said.get("exit_since", "") or (inside[0] if inside else ""))
    if isinstance(day, Unread):
        notes.append(ODD_EXIT_DAY)
        day = None
    collected = read_day(said.get("collected_on", ""))
    told = collected.value if isinstance(collected, Day) and collected.exact else None
    return (
        Household(
            household_no=number,
            relation=to_head,
            household_since=told if number or to_head else None,
            labour_capacity=capacity,
            labour_capacity_since=told if capacity else None,
            exit_state=state,
            exit_since=day if state else None,
        ),
        notes,
    )


# Which states of the exit a household category can stand beside; a general household has none.
_AGREE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "registered_poor": frozenset({ExitState.NOT_LIFTED, ExitState.FALLEN_BACK}),
        "lifted_out": frozenset({ExitState.LIFTED}),
        "at_risk": frozenset({ExitState.LIFTED, ExitState.FALLEN_BACK}),
        "general": frozenset(),
    }
)
CONTRADICTING = tuple(
    (category, str(state))
    for category, agreeing in _AGREE.items()
    for state in ExitState
    if state not in agreeing
)
