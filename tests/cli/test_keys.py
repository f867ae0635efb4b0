"""A home whose data keys are gone is not given new ones, which would open nothing of it."""

import sys
from pathlib import Path

import pytest

from jobfair.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run a command as from the shell; return its exit status."""
    monkeypatch.setattr(sys, "argv", ["jobfair", "--lang", "zh", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_keys_are_made_once_and_never_instead_of_lost_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOBFAIR_HOME", str(tmp_path))
    monkeypatch.delenv("JOBFAIR_DATABASE_URL", raising=False)
    keys = tmp_path / "keys" / "data-keys.json"
    office = ("--new-organisation", "毕节市人社局", "--division", "5205")
    assert run(monkeypatch, "db", "upgrade") == 0
    assert run(monkeypatch, "users", "add", "a.b", "--name", "甲", "--role", "admin", *office) == 0
    assert keys.exists()
    kept = keys.read_bytes()
    keys.unlink()
    capsys.readouterr()
    assert run(monkeypatch, "users", "list") == 1
    said = capsys.readouterr().err
    assert str(keys) in said
    assert "请从安全备份中放回该文件" in said
    assert not keys.exists()
    keys.write_bytes(kept)
    assert run(monkeypatch, "audit", "verify") == 0
