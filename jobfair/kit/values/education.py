"""Schooling as forms and boards write it → GB/T 4658 code and rank.

Codes: 10 postgraduate, 21 university, 31 college, 41 secondary specialised, 44 vocational senior,
47 technician school, 61 senior, 71 junior, 81 primary, 90 other. The code order is not the order
of levels, so levels are compared by rank.
"""

import re
from dataclasses import dataclass

from jobfair.kit.i18n import N_
from jobfair.kit.values.reading import Unread, simplified, tidy

NOT_UNDERSTOOD = N_(
    "The education level is not known. Write it like 初中, 高中, 中专, 大专 or 本科."
)

# The longer and rarer words first: 高中专 is no 高中, 初中中专 means the higher.
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("10", re.compile(r"研究生|博士|硕士|\bmba\b|\bemba\b|\bph\.?d|master|doctor", re.IGNORECASE)),
    ("31", re.compile(r"大学?专科|大专|高职(?!中)|高专|专科|专升|associate", re.IGNORECASE)),
    (
        "21",
        re.compile(r"大学?本科|本科|统招|学士|大学|本\s*及以上|二本|一本|bachelor", re.IGNORECASE),
    ),
    ("47", re.compile(r"技工|技校")),
    ("44", re.compile(r"职高|职业高中|职中|职业中学|中职")),
    ("41", re.compile(r"中专|中技|中等|中师")),
    ("61", re.compile(r"高中|普通中学|普高|high school", re.IGNORECASE)),
    ("71", re.compile(r"初中|初级中学|中学|junior", re.IGNORECASE)),
    ("81", re.compile(r"小学|primary", re.IGNORECASE)),
    ("90", re.compile(r"文盲|半文盲|不识字|其他|其它|无学历")),
)
_UNLIMITED = re.compile(r"学历不限|不限|不要求|无要求|不拘|unlimited|any", re.IGNORECASE)
_ABOVE = re.compile(r"以上|起|不低于|\+")
_CODE = re.compile(r"[1-9]\d")
_CODES = {"1": "10", "2": "21", "3": "31", "6": "61", "7": "71", "8": "81", "9": "90"}
_VOCATIONAL = {"0": "41", "1": "41", "2": "41", "3": "41", "4": "44", "5": "44", "6": "44"}
_RANKS = {"10": 6, "21": 5, "31": 4, "41": 3, "44": 3, "47": 3, "61": 3, "71": 2, "81": 1, "90": 0}


@dataclass(frozen=True, slots=True)
class Education:
    """A level of schooling.

    Attributes:
        code: GB/T 4658; None when the text says that any will do.
        rank: 0 none or other, 1 primary, 2 junior, 3 senior and secondary vocational, 4 college,
            5 university, 6 postgraduate.
        or_above: the text says "and above".
    """

    code: str | None
    rank: int = 0
    or_above: bool = False


def rank_of(code: str | None) -> int:
    """Return the rank of any GB/T 4658 code; 0 for none, other or unknown."""
    return _RANKS.get(_group(code), 0) if code else 0


def _group(code: str) -> str:
    return _VOCATIONAL.get(code[1:2], "47") if code[0] == "4" else _CODES.get(code[0], "90")


def read_education(text: str) -> Education | Unread | None:
    """Read a level, also out of a mixed cell (``3-5年本科``); the lowest one of several counts."""
    plain = simplified(tidy(text))
    if not plain:
        return None
    if _CODE.fullmatch(plain):
        return _of(_group(plain), plain)
    found = [code for code, pattern in _WORDS if pattern.search(_without_inner(plain, code))]
    if found:
        return _of(min(found, key=lambda code: (_RANKS[code], code)), plain)
    if _UNLIMITED.search(plain):
        return Education(None)
    return Unread(NOT_UNDERSTOOD)


def _without_inner(text: str, code: str) -> str:
    """Hide words that contain another level's word."""
    if code == "21":
        return re.sub(r"大学?专科|统招(?=大?专)", "", text)
    if code == "61":
        return re.sub(r"职业高中|高中专", "", text)
    if code == "41":
        return text.replace("高中专", "中专")
    if code == "71":
        return re.sub(r"普通中学|职业中学|大学|中学历", "", text)
    return text


def _of(code: str, text: str) -> Education:
    return Education(code, _RANKS[code], or_above=bool(_ABOVE.search(text)))
