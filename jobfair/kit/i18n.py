"""Language: English message ids, Chinese catalogue, one current language per request or command."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from flask_babel import force_locale, gettext

from jobfair.kit.messages import N_

__all__ = ["DEFAULT_LANGUAGE", "LANGUAGES", "N_", "Words", "in_each_language", "translate"]

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"


def translate(message: str, /, **params: object) -> str:
    """Return the message in the current language with its parameters filled in.

    A parameter that is itself a marked message is not translated: translate it first.
    """
    return str(gettext(message, **params)) if params else str(gettext(message))


def in_each_language(message: str, /, **params: object) -> dict[str, str]:
    """Return the message by language, as for who may change the language without asking again."""
    found = {}
    for code in LANGUAGES:
        with force_locale(code):
            found[code] = translate(message, **params)
    return found


class Words(Mapping[str, str]):
    """The labels of some codes, each translated when it is asked for."""

    def __init__(self, labels: Mapping[StrEnum, str] | Mapping[str, str]) -> None:
        self._labels = {str(code): label for code, label in labels.items()}

    def __getitem__(self, code: str) -> str:
        """Return the label in the current language; KeyError for an unknown code."""
        return translate(self._labels[code])

    def __iter__(self) -> Iterator[str]:
        """Give the codes in their order."""
        return iter(self._labels)

    def __len__(self) -> int:
        """Return how many codes there are."""
        return len(self._labels)
