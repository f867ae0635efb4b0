"""Who an employer is: the Unified Social Credit Code, and the name when there is no code."""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from jobfair.kit.i18n import N_

_LENGTH = 18
_OLD_ORGANISATION = 9
_OLD_LICENCE = 15
_NOT_NAME = re.compile(r"[\s\W_]+")

LENGTH = N_("A credit code has 18 characters; count them again.")
OLD_ORGANISATION = N_(
    "This is an old organisation code (9 characters). Enter the 18-character credit code "
    "printed on today's business licence."
)
OLD_LICENCE = N_(
    "This is an old licence number (15 characters). Enter the 18-character credit code "
    "printed on today's business licence."
)
CHARACTERS = N_(
    "A credit code has only digits and capital letters, and never I, O, S, V or Z. "
    "Look again at 1 and I, 0 and O, 2 and Z, 5 and S."
)
CHECK = N_("The last character does not fit the others: one of them is mistyped.")


def tidy_code(text: str) -> str:
    """Return a credit code as typed, without spaces, dashes, small letters or full width."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def credit_code_fault(text: str) -> str | None:
    """Return what is wrong with a credit code as a msgid, or None when it is right.

    The expected check character is not told: typing it in would hide the real mistake.
    Source: GB 32100-2015 (MOD 31).
    """
    code = tidy_code(text)
    by_length = {_OLD_ORGANISATION: OLD_ORGANISATION, _OLD_LICENCE: OLD_LICENCE}
    if len(code) != _LENGTH:
        return by_length.get(len(code), LENGTH)
    try:
        uscc.validate(code)
    except InvalidChecksum:
        return CHECK
    except InvalidLength:
        return LENGTH
    except ValidationError:
        return CHARACTERS
    return None


@dataclass(frozen=True, slots=True)
class CreditCode:
    """统一社会信用代码: 18 characters that check out."""

    value: str

    def __post_init__(self) -> None:
        fault = credit_code_fault(self.value)
        if fault:
            raise ValueError(fault)

    @classmethod
    def parse(cls, text: str) -> "CreditCode":
        """Return the code of what was typed.

        Raises:
            ValueError: it is no credit code; the text is the msgid that says why.
        """
        return cls(tidy_code(text))


def name_key(name: str) -> str:
    """Return what makes two spellings of an employer's name one: no width, space or brackets."""
    return _NOT_NAME.sub("", unicodedata.normalize("NFKC", name)).lower()
