"""Whether a monthly wage can be what somebody really earns at a post."""

from collections.abc import Sequence
from statistics import median

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_

# Beyond five times what others earn at the post, or below a fifth, something was mistyped.
_TIMES = 5
_MONTHS = 12


class OddWage(Invalid):
    """The wage is far from what others earn there."""

    code = "odd_wage"
    message = N_(
        "%(wage)s yuan a month? The median here is %(median)s. Correct it, or confirm that it is "
        "right."
    )


class YearlyWage(Invalid):
    """The wage fits the post when it is taken for a year's."""

    code = "yearly_wage"
    message = N_(
        "%(wage)s yuan a month? The median here is %(median)s. If it is a year's pay, enter "
        "%(monthly)s; or confirm that it is right."
    )


def check_wage(wage: int, others: Sequence[int]) -> None:
    """Check a wage against what others earn at the post.

    Args:
        wage: fen a month.
        others: fen a month; empty where nothing is known, and then any wage passes.

    Raises:
        YearlyWage: a twelfth of it would be usual.
        OddWage: it is far from usual.
    """
    if not others:
        return
    usual = median(others)
    if usual / _TIMES <= wage <= usual * _TIMES:
        return
    words = {"wage": f"{wage / 100:,.0f}", "median": f"{usual / 100:,.0f}"}
    if usual * 2 / 3 <= wage / _MONTHS <= usual * 3 / 2:
        raise YearlyWage(**words, monthly=f"{wage / _MONTHS / 100:,.0f}")
    raise OddWage(**words)
