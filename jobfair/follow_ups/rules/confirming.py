"""What an employer writes about its own people once a month: still here, left, never came."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobfair.kit.i18n import N_
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.reading import Unread
from jobfair.kit.values.wages import Wage, read_wage


class Said(StrEnum):
    """What the employer says of one person."""

    HERE = "here"
    LEFT = "left"
    NEVER = "never"


# Field to the headers it stands under; the first is the one of our own sheet.
HEADERS: dict[str, tuple[str, ...]] = {
    "key": ("编号",),
    "name": ("姓名",),
    "id_number": ("证件号",),
    "title": ("岗位",),
    "started_on": ("到岗日期",),
    "said": ("现状",),
    "left_on": ("离开日期",),
    "wage": ("上月实发工资（元）", "上月实发工资", "实发工资"),
}
SAID_WORDS = {Said.HERE: "在岗", Said.LEFT: "已离开", Said.NEVER: "从未到岗"}
_SHAPES = (
    (re.compile(r"从未|没来|未到|没有到|never", re.IGNORECASE), Said.NEVER),
    (re.compile(r"离|辞|走|left|gone", re.IGNORECASE), Said.LEFT),
    (re.compile(r"在|here|yes", re.IGNORECASE), Said.HERE),
)

NO_CODE = N_("The row has no code. Fill in the sheet that was downloaded; its first column stays.")
NOT_SAID = N_("Say whether the person is still here, has left or never came.")
NO_LEFT_ON = N_("Enter the day on which the person left, like 2010-12-20.")
NO_WAGE = N_("The pay is not understood; it was left out.")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What an employer says of one placement.

    Attributes:
        key: of the placement.
        wage_fen: paid last month; None when it is not said.
        notes: what was left out.
    """

    key: str
    said: Said
    left_on: date | None = None
    wage_fen: int | None = None
    notes: tuple[str, ...] = ()


def read_confirmation(
    *, key: str, said: str, left_on: str, wage: str
) -> Confirmation | list[tuple[str, str]]:
    """Return what a row says, or field and reason of what is wrong with it."""
    found = next((one for shape, one in _SHAPES if shape.search(said)), None)
    day = read_day(left_on)
    left = day.value if isinstance(day, Day) and day.exact else None
    wrong = []
    if not key:
        wrong.append(("key", NO_CODE))
    if found is None:
        wrong.append(("said", NOT_SAID))
    if found is Said.LEFT and left is None:
        wrong.append(("left_on", NO_LEFT_ON))
    if wrong or found is None:
        return wrong
    paid = read_wage(wage, unit="元/月")
    fen = paid.monthly()[1] if isinstance(paid, Wage) else None
    notes = (NO_WAGE,) if wage and (fen is None or isinstance(paid, Unread)) else ()
    return Confirmation(key, found, left if found is Said.LEFT else None, fen, notes)
