"""Rows of a ledger as an office writes them, and taking them in by the real import."""

import json
from collections.abc import Collection, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from jobfair.kit import audit, clock, crypto
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.kit.ids import new_key
from jobfair.kit.sheets.importing import BATCH, ImportResult, run_import
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.ledgers.models import LedgerImport, LedgerLine
from jobfair.ledgers.queries import TABLE, TOLD
from jobfair.ledgers.rules.words import Did, State
from jobfair.ledgers.services.taking_in import Incoming, ledger_spec
from jobfair.occupations.core.resolver import Occupations
from jobfair.regions import queries as regions
from jobfair.seekers.models import Seeker
from jobfair.seekers.services.importing import places_of
from tests.accounts.factory import make_organisation
from tests.planted import person

# An office's own words for its columns.
WORK = {
    "转移就业状态": "01 转移就业",
    "是否有组织劳务输出": "否",
    "就业渠道": "自发",
    "转移就业地点": "广东省东莞市",
    "转移就业时间": "2010-03-08",
    "单位名称": "东莞某鞋厂",
    "岗位/工种": "普工",
    "月收入": "1800",
    "返乡时间": "",
}
HOME = "520502"


def line(n: int, **cells: str) -> dict[str, str]:
    """Return one person's row; what is named replaces or adds a column."""
    who = person(n)
    return {"姓名": who.name, "身份证号": who.id_number, "电话": who.phone} | WORK | cells


def workbook(rows: Sequence[Mapping[str, str]]) -> BytesIO:
    """Return a workbook with a column for every word that a row has."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    out = BytesIO()
    cells = [[row.get(name, "") for name in head] for row in rows]
    write_table(out, [Column(name, text=True) for name in head], cells)
    out.seek(0)
    return out


def take_in(
    database: Database,
    folder: Path,
    rows: Sequence[Mapping[str, str]],
    *,
    scope: str | None = HOME,
    office: int | None = None,
    confirmed: Collection[str] = (),
    batch: int = BATCH,
) -> ImportResult:
    """Take rows in as an office's file, so many in one transaction."""
    path = folder / f"{new_key()}.xlsx"
    path.write_bytes(workbook(rows).getvalue())
    incoming = Incoming(
        new_key(), path.name, Recorder(None, office), scope=scope, confirmed=confirmed
    )
    with database.reading() as session:
        places = places_of(regions.gazetteer(session), Occupations(()), default=scope)
        spec = ledger_spec(session, places, incoming)
    return run_import(database, spec, path, batch=batch)


def told(result: ImportResult) -> str:
    """Return every reason of a refusal, filled."""
    return " ".join(
        e.reason % e.params if e.params else e.reason for r in result.refused for e in r.errors
    )


def kinds(result: ImportResult) -> tuple[int, int, int, int]:
    """Return how many rows are new, changed, unchanged and refused."""
    found = result.report
    return found.created, found.updated, found.unchanged, found.refused


def make_office(database: Database, division: str, name: str) -> int:
    """Add a labour office and return its id."""
    return make_organisation(database, kind="labour_office", division=division, name=name)


def make_import(database: Database, office_id: int) -> int:
    """Add a file that an office took in, and return its id."""
    with database.writing() as session:
        made = LedgerImport(
            key=new_key(),
            office_id=office_id,
            file_name="台账.xlsx",
            digest="",
            taken_in_at=clock.now(),
            created=0,
            updated=0,
            unchanged=0,
            undo_reason="",
            kept=0,
        )
        session.add(made)
        session.flush()
        audit.record(session, "ledger.take_in", subject="ledger_import", subject_id=made.id)
        return made.id


def make_overlap(
    database: Database, seeker_id: int, office_id: int, *, placement_id: int | None = None
) -> int:
    """Add a row of another office's ledger about a person, and return its id."""
    import_id, key = make_import(database, office_id), new_key()
    told = json.dumps(WORK | {"employer": "某厂", "workplace": "深圳市", "started": "2010-03-08"})
    with database.writing() as session:
        person = session.get(Seeker, seeker_id)
        assert person is not None
        made = LedgerLine(
            key=key,
            import_id=import_id,
            seeker_id=seeker_id,
            placement_id=placement_id,
            office_id=office_id,
            home_division=person.home_division,
            state=State.EMPLOYED,
            did=Did.NOTHING,
            slot=key,
            overlap=True,
            told_sealed=crypto.vault().seal(told, table=TABLE, column=TOLD, row=key),
            told_mark=key,
            current=True,
            undone=False,
            created_at=clock.now(),
        )
        session.add(made)
        session.flush()
        audit.record(session, "ledger.lines", subject="ledger_line", subject_id=made.id)
        return made.id
