"""Every string a user may see has its Chinese, once, with the same places to fill."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
_KEYWORDS = {"_": None, "gettext": None, "N_": None, "translate": None, "ngettext": (1, 2)}
_FILES = sorted((ROOT / "translations" / "zh").glob("*.po"))
_PLACES = re.compile(r"%\((\w+)\)[sd]")


def _used(folder: str, kind: str, method: str) -> Iterator[str]:
    for _file, _line, message, _comments, _context in extract_from_dir(
        ROOT / folder, [(kind, method)], keywords=_KEYWORDS
    ):
        yield message if isinstance(message, str) else message[0]


@cache
def _catalogues() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in _FILES:
        with path.open("rb") as file:
            entries = [m for m in read_po(file) if m.id]
        assert not [m.id for m in entries if m.fuzzy], path.name
        found[path.name] = {str(m.id): str(m.string) for m in entries}
    return found


def _all_used() -> set[str]:
    return {*_used("jobfair", "**.py", "python"), *_used("templates", "**.html", "jinja2")}


def _untranslated(used: set[str]) -> list[str]:
    known = {m: text for part in _catalogues().values() for m, text in part.items()}
    return sorted(m for m in used if not known.get(m))


def test_every_message_is_translated() -> None:
    assert _untranslated(_all_used()) == []


def test_a_new_message_without_chinese_is_noticed() -> None:
    assert _untranslated({"A sentence nobody has translated."}) != []


def test_a_message_is_found_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('<p>{{ _("On a page") }}</p>', encoding="utf-8")
    (tmp_path / "rule.py").write_text('MESSAGE = N_("In a rule")', encoding="utf-8")
    assert [*_used(str(tmp_path), "**.html", "jinja2")] == ["On a page"]
    assert [*_used(str(tmp_path), "**.py", "python")] == ["In a rule"]


@pytest.mark.parametrize("name", [path.name for path in _FILES])
def test_the_places_to_fill_are_the_same(name: str) -> None:
    for message, text in _catalogues()[name].items():
        assert set(_PLACES.findall(message)) == set(_PLACES.findall(text)), message


def test_every_text_of_a_page_can_be_filled() -> None:
    """A page fills each of its texts, so that a per cent sign in one makes an error page."""
    known = {m: text for part in _catalogues().values() for m, text in part.items()}
    unfilled = [
        text
        for message in _used("templates", "**.html", "jinja2")
        for text in (message, known[message])
        if "%" in _PLACES.sub("", text).replace("%%", "")
    ]
    assert unfilled == []
