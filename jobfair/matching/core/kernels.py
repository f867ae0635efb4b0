"""Which of two ways finds the best of a position; both give the same to the bit.

``numpy`` is always there. ``compiled`` does the same in one pass where the package was installed
with a C compiler at hand.
"""

from functools import cache
from importlib import import_module
from typing import Any

NUMPY = "numpy"
COMPILED = "compiled"


@cache
def installed() -> str:
    """Return the quickest kernel that runs here."""
    try:
        compiled()
    except OSError:
        return NUMPY
    return COMPILED


def compiled() -> Any:
    """Return the module of the compiled kernel.

    Raises:
        OSError: there is no library of it, or it is of another machine.
    """
    return import_module("jobfair.matching.core.compiled")
