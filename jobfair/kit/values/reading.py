"""What every reader of a cell shares: the tidy text and the answer "cannot be read"."""

import re
import unicodedata
from dataclasses import dataclass

_WRAPPED = re.compile(r"\[\s*(?:(['\"])(.*)\1)?\s*\]", re.DOTALL)
_EMPTY = frozenset(
    {"", "none", "null", "nan", "n/a", "[]", "-", "--", "—", "/", "\\", "无数据", "#n/a"}
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that says something that cannot be used.

    Attributes:
        reason: msgid that says what to do; never repeats what was typed.
    """

    reason: str


def tidy(text: str) -> str:
    """Return a cell's text in one form: NFKC, no wrapping ``['…']``, no edge spaces.

    Texts that stand for nothing (``None``, ``nan``, ``[]``, ``--``) become empty.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = plain.replace("\u200b", "").replace("\ufeff", "").strip()
    if plain.startswith("[") and (found := _WRAPPED.fullmatch(plain)):
        plain = (found.group(2) or "").strip()
    return "" if plain.lower() in _EMPTY else plain
