"""Faults are found in a page of many rows though rows of one build are looked at once or twice."""

import pytest
from playwright.sync_api import Browser

from tests import axe

pytestmark = pytest.mark.browser

_SOUND = "<li><a href='/{n}'>Row {n}</a></li>"


def _faults(chromium: Browser, rows: list[str]) -> list[str]:
    page = chromium.new_page()
    page.set_content(
        f"<html lang='en'><title>Rows</title><main><h1>Rows</h1><ul>{''.join(rows)}</ul></main>"
    )
    found = axe.violations(page, ["wcag2a", "wcag2aa"])
    page.close()
    return [fault.split(":")[0] for fault in found]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("<li><a href='/x'></a></li>", "link-name"),
        ("<li><a href='/x' class='pale'>Row 9</a></li><style>.pale {color: #ddd}</style>",
         "color-contrast"),
        ("<li><input></li>", "label"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_found_among_many(chromium: Browser, row: str, fault: str) -> None:
    sound = [_SOUND.format(n=n) for n in range(9)]
    assert _faults(chromium, sound) == []
    assert _faults(chromium, [*sound, row]) == [fault]
    assert _faults(chromium, [row] * 9) == [fault]
