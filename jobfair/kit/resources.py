"""Finds the top-level data folders in a checkout, an editable install and a wheel."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def folder(name: str) -> Path:
    """Return the folder ``templates``, ``static``, ``seed`` or ``translations``.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for path in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if path.is_dir():
            return path
    raise FileNotFoundError(f"{name}/ is missing; reinstall jobfair")
