"""``jobfair import placements``: the questions and their answers, for scripts."""

import json
from pathlib import Path

from click.testing import CliRunner

from jobfair.cli.importing import import_group
from jobfair.config import Settings
from jobfair.kit.db import Database
from jobfair.kit.terminal import Terminal
from tests.ledgers.factory import line, workbook


def test_a_script_sees_what_is_asked_and_answers_for_the_whole_file(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "台账.xlsx"
    later = line(1, 单位名称="深圳某电子厂", 转移就业时间="2010-08-01")
    path.write_bytes(workbook([line(1), line(2, 月收入="35000"), later]).getvalue())
    terminal = Terminal("en")
    terminal.__dict__.update(database=database, settings=settings)

    def run(*more: str) -> dict[str, object]:
        words = ["placements", str(path), "--division", "520502", "--json", *more]
        answer = CliRunner().invoke(import_group, words, obj=terminal)
        assert answer.exit_code == 0, answer.output
        found: dict[str, object] = json.loads(answer.stdout)
        return {key: found[key] for key in ("created", "unchanged", "refused", "asked")}

    asked = {"wages": 1, "changes": 1}
    assert run("--dry-run") == {"created": 1, "unchanged": 0, "refused": 2, "asked": asked}
    answered = run("--confirm", "wages", "--confirm", "changes")
    assert answered == {"created": 3, "unchanged": 0, "refused": 0, "asked": {}}
    assert run("--confirm", "wages")["unchanged"] == 3
