"""What a clerk types into the search box, told apart by its looks."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

_LAST4 = re.compile(r"\d{3}[\dX]")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}")
_ID = re.compile(r"\d{17}[\dX]|\d{15}")
_INITIALS = re.compile(r"[A-Z]{2,6}")


class Find(StrEnum):
    """Which index answers a search."""

    NAME = "name"
    INITIALS = "initials"
    ID_NUMBER = "id_number"
    LAST4 = "last4"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Search:
    """A search text and the index that answers it."""

    by: Find
    text: str = field(repr=False)


def tidy_phone(text: str) -> str:
    """Return a phone number without spaces, dashes, full width, country code or a float's tail."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text)).removesuffix(".0")
    return digits.removeprefix("+").removeprefix("86") if len(digits) > 11 else digits


def tidy_name(text: str) -> str:
    """Return a name without spaces and with one kind of middle dot."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\u2022\u30fb.\u2027]", "\u00b7", re.sub(r"\s+", "", plain))


def understand(text: str) -> Search | None:
    """Return what is searched for; None for an empty box."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    if not plain:
        return None
    for by, shape in (
        (Find.ID_NUMBER, _ID),
        (Find.PHONE, _PHONE),
        (Find.LAST4, _LAST4),
        (Find.INITIALS, _INITIALS),
    ):
        if shape.fullmatch(plain):
            return Search(by, plain.lower() if by is Find.INITIALS else plain)
    return Search(Find.NAME, tidy_name(text))
