"""Marking of messages, apart from their translation: who only marks starts without Flask."""


def N_(text: str) -> str:  # noqa: N802 - the gettext convention for marking a msgid
    """Mark a message for translation and return it unchanged."""
    return text
