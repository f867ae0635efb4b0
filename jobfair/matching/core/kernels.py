"""Which of two ways finds the best of a position; both give the same to the bit.

``numpy`` is always there. ``compiled`` does the same in one pass where numba is installed.
"""

from functools import cache
from importlib import import_module
from typing import Any

NUMPY = "numpy"
COMPILED = "compiled"
EXTRA = "jobfair[fast]"


@cache
def installed() -> str:
    """Return the quickest kernel that runs here: whether numba can be loaded decides."""
    try:
        compiled()
    except ImportError:
        return NUMPY
    return COMPILED


def compiled() -> Any:
    """Return the module of the compiled kernel; loads numba, which takes about a second.

    Raises:
        ImportError: numba is missing, or does not go with this numpy.
    """
    return import_module("jobfair.matching.core.compiled")
