"""Personal columns open only where they were sealed, with the key they were sealed with."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit import crypto
from jobfair.kit.crypto import KeyFault, Vault

PLACE = {"table": "seeker", "column": "name", "row": "a" * 32}


def _vault(folder: Path, name: str = "keys") -> Vault:
    path = folder / name / "data-keys.json"
    crypto.create_key_file(path)
    return crypto.open_vault(path)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return _vault(tmp_path_factory.mktemp("vault"))


@given(st.text())
def test_what_is_sealed_opens(vault: Vault, said: str) -> None:
    sealed = vault.seal(said, **PLACE)
    assert vault.open(sealed, **PLACE) == said
    assert sealed != vault.seal(said, **PLACE)


@pytest.mark.parametrize("moved", [{"row": "b" * 32}, {"column": "phone"}, {"table": "student"}])
def test_a_moved_value_does_not_open(vault: Vault, moved: dict[str, str]) -> None:
    sealed = vault.seal("text", **PLACE)
    with pytest.raises(KeyFault, match="does not open"):
        vault.open(sealed, **(PLACE | moved))


@given(st.data())
def test_an_altered_value_does_not_open(vault: Vault, data: st.DataObject) -> None:
    sealed = bytearray(vault.seal("text", **PLACE))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(KeyFault):
        vault.open(bytes(sealed), **PLACE)


@given(st.binary(max_size=13))
def test_a_stump_does_not_open(vault: Vault, stump: bytes) -> None:
    with pytest.raises(KeyFault):
        vault.open(stump, **PLACE)


def test_another_key_does_not_open(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="wrong key"):
        _vault(tmp_path).open(vault.seal("text", **PLACE), **PLACE)


@given(st.text())
def test_an_index_is_stable_and_separated(vault: Vault, said: str) -> None:
    index = vault.index(said, field="phone")
    assert len(index) == 32
    assert index == vault.index(said, field="phone")
    assert index != vault.index(said, field="id_number")
    assert index != vault.index(said + "x", field="phone")


def test_an_index_needs_the_key(vault: Vault, tmp_path: Path) -> None:
    assert vault.index("1", field="phone") != _vault(tmp_path).index("1", field="phone")


def test_a_key_file_is_private_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "data-keys.json"
    crypto.create_key_file(path)
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    crypto.create_key_file(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"current": 1, "keys": {}, "index": ""}'])
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "data-keys.json"
    path.write_text(content)
    with pytest.raises(KeyFault, match=r"is damaged|does not hold"):
        crypto.open_vault(path)


def test_a_missing_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="is missing; restore it"):
        crypto.open_vault(tmp_path / "none.json")


def test_a_vault_does_not_print_its_keys(vault: Vault) -> None:
    assert repr(vault) == "Vault(current=1)"
