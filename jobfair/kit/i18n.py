"""Language: English message ids, Chinese catalogue, one current language per request or command."""

from flask_babel import gettext

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"


def N_(text: str) -> str:  # noqa: N802 - the gettext convention for marking a msgid
    """Mark a message for translation and return it unchanged."""
    return text


def translate(message: str, /, **params: object) -> str:
    """Return the message in the current language with its parameters filled in.

    A parameter that is itself a marked message is not translated: translate it first.
    """
    return str(gettext(message, **params)) if params else str(gettext(message))
