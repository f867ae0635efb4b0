"""What is asked of an announcement, and when a station counts as silent. Pure."""

from datetime import timedelta

from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_

LONGEST_TEXT = 120  # what is read at a glance from across a hall
LASTS = timedelta(minutes=30)
SILENT_AFTER = timedelta(minutes=1)
MINUTES_SHOWN = 30


class NothingSaid(Invalid):
    """An announcement needs a text."""

    code = "announcement_empty"
    message = N_("Write what is to be announced, in Chinese at least.")


def check_texts(text_zh: str, text_en: str) -> tuple[str, str]:
    """Return the texts of an announcement as they are kept.

    Raises:
        NothingSaid: no Chinese text.
    """
    zh, en = (" ".join(text.split())[:LONGEST_TEXT] for text in (text_zh, text_en))
    if not zh:
        raise NothingSaid
    return zh, en
