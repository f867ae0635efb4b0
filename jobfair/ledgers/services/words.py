"""Headers that an office taught."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from jobfair.kit import audit
from jobfair.kit.sheets.headers import plain_header
from jobfair.ledgers.models import LedgerWord
from jobfair.ledgers.rules.rows import FIELDS

_FIELDS = {spec.name for spec in FIELDS}
_LONGEST = 100


def teach_words(session: Session, office_id: int, said: Mapping[str, str | None]) -> int:
    """Keep what an office's headers mean; return how many words it said.

    Args:
        session: the writing session.
        office_id: whose headers they are.
        said: header → field, empty for a column that is not used, None to forget the word.
    """
    words = {plain_header(header)[:_LONGEST]: name for header, name in said.items()}
    words.pop("", None)
    if not words:
        return 0
    session.execute(
        delete(LedgerWord).where(
            LedgerWord.office_id == office_id, LedgerWord.header.in_(sorted(words))
        )
    )
    for header, name in words.items():
        if name == "" or name in _FIELDS:
            session.add(LedgerWord(office_id=office_id, header=header, field=name))
    detail = {"count": len(words)}
    audit.record(session, "ledger.teach", subject="ledger_word", detail=detail)
    return len(words)
