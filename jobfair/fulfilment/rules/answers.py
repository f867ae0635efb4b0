"""Reading what an employer answers about one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from jobfair.fulfilment.rules.duties import SAYABLE, Said, Term, Why
from jobfair.kit.i18n import N_
from jobfair.kit.values.dates import Day, read_day

NO_DAY = N_("Enter the day, like 2010-03-08.")
AHEAD = N_("That day lies in the future.")
NO_WHY = N_("Choose the reason.")
NO_PAY = N_("Enter what was paid for the last month in yuan, 0 if nothing was.")
NOT_OFFERED = N_("Choose one of the answers offered.")
_MOST_YUAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What an employer says of one person at one term.

    Attributes:
        day: of arrival, the first day at work, or the last.
        why: of not coming or leaving.
        signed_on: of the contract; None when it is not signed, or not asked.
        paid_fen: for the last month; None when it is not asked.
    """

    said: Said
    day: date | None = None
    why: str = ""
    signed_on: date | None = None
    paid_fen: int | None = None


def read_answer(
    term: Term, typed: Mapping[str, str], today: date
) -> Answer | dict[str, str] | None:
    """Return an answer, what is wrong by field, or None where nothing was said.

    Args:
        term: decides what must be told.
        typed: ``said``, ``day``, ``why``, ``signed_on``, ``paid``, as typed.
        today: no day may lie after it.
    """
    word = typed.get("said", "")
    if not word:
        return None
    if word not in {str(one) for one in SAYABLE[term]}:
        return {"said": NOT_OFFERED}
    said = Said(word)
    wrong: dict[str, str] = {}
    needs_day = said in {Said.CAME, Said.LEFT} or (said is Said.ON_POST and term is Term.DAY_30)
    day = _day(typed.get("day", ""), "day", wrong, today, needed=needs_day) if needs_day else None
    why = typed.get("why", "") if said in {Said.LEFT, Said.NOT_COME} else ""
    if said in {Said.LEFT, Said.NOT_COME} and why not in set(Why):
        wrong["why"] = NO_WHY
    signed_on = paid = None
    if said is Said.ON_POST and term is Term.DAY_30:
        signed_on = _day(typed.get("signed_on", ""), "signed_on", wrong, today, needed=False)
    if said is Said.ON_POST and term is Term.DAY_90:
        paid = _paid(typed.get("paid", ""), wrong)
    return wrong or Answer(said, day, why, signed_on, paid)


def _day(text: str, field: str, wrong: dict[str, str], today: date, *, needed: bool) -> date | None:
    if not text.strip() and not needed:
        return None
    found = read_day(text)
    if not isinstance(found, Day) or not found.exact:
        wrong[field] = NO_DAY
        return None
    if found.value > today:
        wrong[field] = AHEAD
        return None
    return found.value


def _paid(text: str, wrong: dict[str, str]) -> int | None:
    try:
        yuan = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        yuan = Decimal(-1)
    if not yuan.is_finite() or not 0 <= yuan <= _MOST_YUAN:
        wrong["paid"] = NO_PAY
        return None
    return int(yuan * 100)
