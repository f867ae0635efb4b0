"""Loads the code lists that live in the database."""

from datetime import date
from typing import cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from jobfair.kit import audit
from jobfair.kit.bulk import insert_rows
from jobfair.kit.changes import next_revision
from jobfair.regions.codes import read_rows
from jobfair.regions.models import Division, Twinning

_DIVISIONS = cast(Table, Division.__table__)


def load_seed(session: Session) -> int:
    """Load divisions and pairs into an empty base; return how many divisions were new.

    A division that is there stays as it is: an office may have added its own functional zones.
    """
    there = set(session.execute(select(Division.code)).scalars())
    rows = [
        {
            "code": row["code"],
            "name": row["name"],
            "level": row["level"],
            "parent_code": row["parent_code"] or None,
            "valid_from": int(row["valid_from"]) if row["valid_from"] else None,
            "valid_to": int(row["valid_to"]) if row["valid_to"] else None,
            "successor_code": row["successor_code"] or None,
        }
        for row in read_rows("divisions")
        if row["code"] not in there
    ]
    if rows:
        insert_rows(session, _DIVISIONS, rows)
        next_revision(session, "division")  # whoever holds the gazetteer reads it again
        audit.record(session, "division.load", subject="division", detail={"rows": len(rows)})
    if not session.execute(select(func.count()).select_from(Twinning)).scalar_one():
        session.execute(
            insert(Twinning),
            [
                {
                    "host_code": row["host_code"],
                    "home_code": row["home_code"],
                    "valid_from": date.fromisoformat(row["valid_from"]),
                    "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                }
                for row in read_rows("twinning")
            ],
        )
    return len(rows)
