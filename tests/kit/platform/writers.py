"""What a writing process does; a module of its own, so that a spawned child finds it."""

from jobfair.kit import audit
from jobfair.kit.changes import next_revision
from jobfair.kit.db import Database


def write_many(url: str, writer: int, times: int) -> None:
    """Write one audited change ``times`` times, each in a transaction of its own."""
    database = Database(url, before_commit=(audit.seal_chain,))
    audit.act_as(writer, "test")
    for _ in range(times):
        with database.writing() as session:
            number = next_revision(session, "test")
            audit.record(session, "test.write", subject="test", subject_id=number)
    database.close()
