"""Opening what a ledger's line keeps sealed."""

import json

from jobfair.kit.crypto import vault

TABLE, TOLD = "ledger_line", "told_sealed"


def open_told(sealed: bytes | None, key: str) -> dict[str, str]:
    """Return what only the ledger says, by field."""
    if sealed is None:
        return {}
    found: dict[str, str] = json.loads(vault().open(sealed, table=TABLE, column=TOLD, row=key))
    return found
